"""Read labelled voices, map their labels, and augment them for training."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelMissingError
from sentio_models.estimate import EMOTIONS
from sentio_research.data.sounds import RATE, Samples, read_sound
from sentio_research.data.tables import read_table

Floats = NDArray[np.float64]

CLASSES = (*EMOTIONS[:-1], "boredom")
"""Classes of the network. Contempt is not in the data; boredom is reported as neutral."""

EMODB = {
    "W": "anger",
    "L": "boredom",
    "E": "disgust",
    "A": "fear",
    "F": "happiness",
    "T": "sadness",
    "N": "neutral",
}

BURSTS = {
    "amusement": "happiness",
    "anger": "anger",
    "contentment": "",
    "disappointment": "sadness",
    "disgust": "disgust",
    "fear": "fear",
    "neutral": "neutral",
    "pain": "",
    "relief": "",
    "sadness": "sadness",
    "surprise (negative)": "surprise",
    "triumph": "happiness",
}
"""Class of each EmoGator category; empty if none matches."""

HIGH = frozenset({"W", "A", "F", "amusement", "anger", "fear", "pain", "triumph"}) | {
    "surprise (negative)"
}
"""High arousal. EmoDB as in Schuller et al. 2009 (ASRU): disgust there is low."""

BETWEEN = frozenset({"disgust"})
"""Bursts of neither: the category contains loud and quiet sounds."""

POSITIVE = frozenset({"F", "amusement", "contentment", "relief", "triumph"})
INDIFFERENT = frozenset({"N", "neutral"})


@dataclass(frozen=True, slots=True)
class Voices:
    """Recordings with their labels.

    Attributes:
        sounds: Mono, 16 kHz.
        labels: Labels of the corpus.
        speakers: Speaker of each, unique over corpora.
        corpus: ``emodb`` or ``bursts`` of each.
    """

    sounds: list[Samples]
    labels: NDArray[np.str_]
    speakers: NDArray[np.str_]
    corpus: NDArray[np.str_]

    @property
    def emotion(self) -> NDArray[np.int64]:
        """Index into ``CLASSES``; -1 if none matches."""
        names = [EMODB.get(label) or BURSTS.get(label, "") for label in self.labels.tolist()]
        return np.array([CLASSES.index(n) if n else -1 for n in names], np.int64)

    @property
    def arousal(self) -> Floats:
        """1 high, 0 low, NaN neither."""
        return np.array(
            [np.nan if n in BETWEEN else float(n in HIGH) for n in self.labels.tolist()]
        )

    @property
    def valence(self) -> Floats:
        """1 positive, 0 negative, 0.5 indifferent."""
        names = self.labels.tolist()
        return np.array(
            [0.5 if n in INDIFFERENT else float(n in POSITIVE) for n in names], np.float64
        )

    @property
    def laughter(self) -> Floats:
        """1 for bursts of amusement, which are mostly laughter; else 0."""
        laughs: Floats = (self.labels == "amusement").astype(np.float64)
        return laughs

    def only(self, chosen: NDArray[np.intp]) -> Voices:
        """Return some of the recordings."""
        return Voices(
            [self.sounds[i] for i in chosen],
            self.labels[chosen],
            self.speakers[chosen],
            self.corpus[chosen],
        )


def read(data: Path) -> Voices:
    """Read EmoDB and the EmoGator bursts in the data folder.

    Raises:
        ModelMissingError: One of them is missing.
    """
    emodb, bursts = data / "voice_emodb", data / "voice_emogator_bursts"
    if not (emodb.is_dir() and (bursts / "labels.csv").is_file()):
        raise ModelMissingError(
            f"no voice_emodb and voice_emogator_bursts in {data}", "set --data to their folder"
        )
    rows = [(p, p.stem[5], p.stem[:2], "emodb") for p in sorted(emodb.glob("*.flac"))]
    rows += [
        (bursts / row["file"], row["emotion"], row["speaker"], "bursts")
        for row in read_table(
            "EmoGator bursts", bursts / "labels.csv", ("file", "emotion", "speaker")
        )
    ]
    paths, labels, speakers, corpus = zip(*rows, strict=True)
    return Voices(
        [read_sound(p) for p in paths], np.array(labels), np.array(speakers), np.array(corpus)
    )


NEMO_HIGH = frozenset({"anger", "fear", "happiness", "surprised"})
"""High arousal in nEMO; neutral and sadness are low."""


@dataclass(frozen=True, slots=True)
class Nemo:
    """Utterances of nEMO, for evaluation only.

    Attributes:
        sounds: Mono, 16 kHz.
        labels: Its six emotions, ``surprised`` called ``surprise``.
        speakers: Actor of each.
        men: Whether a man speaks.
        high: Whether arousal is high.
    """

    sounds: list[Samples]
    labels: NDArray[np.str_]
    speakers: NDArray[np.str_]
    men: NDArray[np.bool_]
    high: NDArray[np.bool_]


def read_nemo(data: Path) -> Nemo:
    """Read nEMO in the data folder: never for fitting or for choosing anything.

    Raises:
        ModelMissingError: It is missing.
        ModelRefusedError: Its table has no such column.
    """
    folder = data / "voice_nemo_pl"
    cells = read_table("nEMO", folder / "labels.csv", ("file", "emotion", "speaker", "gender"))
    labels = [c["emotion"] for c in cells]
    return Nemo(
        [read_sound(folder / c["file"]) for c in cells],
        np.array(["surprise" if n == "surprised" else n for n in labels]),
        np.array([c["speaker"] for c in cells]),
        np.array([c["gender"] == "male" for c in cells]),
        np.array([n in NEMO_HIGH for n in labels]),
    )


def vary(sound: Samples, rng: np.random.Generator) -> Samples:
    """Augment a sound: other microphone, room, codec and slightly other person."""
    y = sound.astype(np.float64)
    if rng.random() < 0.7:
        y = _other_tempo(y, rng.uniform(0.9, 1.12))
    if rng.random() < 0.7:
        y = _other_microphone(y, rng)
    if rng.random() < 0.25:
        y = band(y, rng.uniform(50, 350), rng.uniform(3000, 7500))
    if rng.random() < 0.5:
        y = noisy(y, rng.uniform(8, 35), rng, brown=bool(rng.random() < 0.5))
    if rng.random() < 0.2:
        y = companded(y)
    if rng.random() < 0.3:
        length = int(rng.uniform(1.0, 1.7) * RATE)
        first = int(rng.integers(max(1, len(y) - length)))
        y = y[first : first + length]
    peak = 10 ** (rng.uniform(-25, -1) / 20)
    return (y * peak / max(float(np.abs(y).max()), 1e-6)).astype(np.float32)


def vary_person(sound: Samples, who: str) -> Samples:
    """Augment a sound, in the same way for all sounds of ``who``.

    They share one microphone and room.
    """
    rng = np.random.default_rng(zlib.crc32(who.encode()))
    y = _other_tempo(sound.astype(np.float64), rng.uniform(0.78, 1.28))
    y = _other_microphone(y, rng)
    if rng.random() < 0.3:
        y = band(y, rng.uniform(50, 300), rng.uniform(3500, 7500))
    if rng.random() < 0.6:
        y = noisy(y, rng.uniform(10, 35), rng, brown=bool(rng.random() < 0.5))
    return (0.3 * y / max(float(np.abs(y).max()), 1e-6)).astype(np.float32)


def noisy(y: Floats, snr: float, rng: np.random.Generator, *, brown: bool = False) -> Floats:
    """Add noise ``snr`` dB below the sound: white, or falling with frequency."""
    noise = rng.standard_normal(len(y))
    if brown:
        noise = np.cumsum(noise)
        noise -= np.convolve(noise, np.full(400, 1 / 400), "same")
    power = float((y**2).mean()) / max(float((noise**2).mean()), 1e-12)
    mixed: Floats = y + noise * np.sqrt(power) * 10 ** (-snr / 20)
    return mixed


def band(y: Floats, low: float, high: float) -> Floats:
    """Apply a band-pass filter, as in a telephone."""
    from scipy.signal import butter, sosfilt

    kept: Floats = sosfilt(butter(4, [low, high], "band", fs=RATE, output="sos"), y)
    return kept


def companded(y: Floats, steps: int = 32) -> Floats:
    """Quantise in mu-law steps, coarser than G.711, like a codec."""
    peak = max(float(np.abs(y).max()), 1e-9)
    small = np.sign(y) * np.log1p(255 * np.abs(y) / peak) / np.log(256)
    small = np.round(small * steps) / steps
    wide: Floats = np.sign(small) * (256 ** np.abs(small) - 1) / 255 * peak
    return wide


def _other_tempo(y: Floats, factor: float) -> Floats:
    count = int(len(y) / factor)
    played: Floats = np.interp(np.arange(count) * factor, np.arange(len(y)), y)
    return played


def _other_microphone(y: Floats, rng: np.random.Generator) -> Floats:
    spectrum = np.fft.rfft(y)
    hertz = np.linspace(0, RATE / 2, len(spectrum))
    knots = np.array([0, 250, 500, 1000, 2000, 4000, 8000])
    gain = np.cumsum(rng.normal(0, 1.5, len(knots)))
    gain -= gain.mean()
    filtered: Floats = np.fft.irfft(spectrum * 10 ** (np.interp(hertz, knots, gain) / 20), len(y))
    return filtered
