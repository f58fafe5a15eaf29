"""Measure the voice gate on the test half of tracks and people.

Every sound is played through the live estimator, with and without the speech detector.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelMissingError
from sentio_models.modalities.voice import VoiceEstimator
from sentio_models.window import Signal, Window
from sentio_research.data.game_sounds import (
    GameSound,
    game_sounds,
    in_development,
    mixed,
    room,
    typing,
)
from sentio_research.data.sounds import RATE, Samples, read_sound
from sentio_research.data.voice import read, read_nemo
from sentio_research.evaluation.voice import Progress

Bools = NDArray[np.bool_]

BLOCK = 0.1
"""Seconds between two windows: the frames are the same as with shorter blocks."""

QUIET = 0.6
"""Seconds of room noise before and after each sound."""

SNRS = (0, 5, 10, 20)
"""dB of speech over music."""

TRACK = 45
"""Seconds of each track."""

OTHERS = ("music", "effects", "typing")


def windows(sound: Samples, rate: float = RATE, block: float = BLOCK) -> Iterator[Window]:
    """Split a sound as the pipeline does: the newest two seconds at every block."""
    count = round(block * rate)
    for end in range(count, len(sound) + 1, count):
        part = sound[max(0, end - round(2 * rate)) : end]
        offsets = (np.arange(len(part)) - len(part) + 1) / rate
        step = block if end > count else float("inf")
        yield Window({"audio": Signal(part[:, None], offsets, rate, ("voice",))}, step)


def in_a_room(sound: Samples, seed: int = 0) -> Samples:
    """Return the sound with room noise before, below and after it."""
    padded = np.pad(sound, round(QUIET * RATE))
    return padded + room(len(padded), np.random.default_rng(seed))


def used(estimator: VoiceEstimator, sound: Samples) -> Bools:
    """Return for each block whether the estimate is used, from a fresh session on."""
    estimator.personalise({})
    return np.array([estimator.estimate(w).quality >= 0.1 for w in windows(in_a_room(sound))])


def measure_gate(data: Path, notify: Progress) -> dict[str, Any]:
    """Return the share of each kind of sound that is used.

    Raises:
        ModelMissingError: The game sounds, the data or the speech detector is missing.
    """
    with_detector, without = VoiceEstimator(), VoiceEstimator(detect_speech=False)
    if not with_detector.detects_speech:
        raise ModelMissingError(
            "the speech detector is not installed", "pip install 'sentio-affect[microphone]'"
        )
    sounds = list(_sounds(data))
    found: dict[str, list[tuple[Bools, Bools]]] = {}
    for done, (kind, sound) in enumerate(sounds):
        found.setdefault(kind, []).append((used(with_detector, sound), used(without, sound)))
        notify("gate", done + 1, len(sounds))
    report: dict[str, Any] = {kind: shares(pairs) for kind, pairs in found.items()}
    report["music, effects and typing"] = shares([p for k in OTHERS for p in found.get(k, [])])
    return report


def shares(pairs: list[tuple[Bools, Bools]]) -> dict[str, float]:
    """Return the shares of time used with and without the detector."""
    new = np.concatenate([a for a, _ in pairs])
    old = np.concatenate([b for _, b in pairs])
    had = [(a.any(), b.any()) for a, b in pairs if b.any()]
    return {
        "sounds": len(pairs),
        "minutes": round(len(new) * BLOCK / 60, 1),
        "used_without_detector": float(old.mean()),
        "used": float(new.mean()),
        "lost_of_used": float(1 - (new & old).sum() / max(1, old.sum())),
        "sounds_kept": float(np.mean([a for a, _ in had])) if had else float("nan"),
    }


def _sounds(data: Path) -> Iterator[tuple[str, Samples]]:
    voices, nemo = read(data), read_nemo(data)
    items = [item for item in game_sounds() if not item.development]
    tracks = [_part(item) for item in items if item.kind == "music"]
    for track in tracks:
        yield "music", track
    for item in items:
        if item.kind != "music":
            yield item.kind, read_sound(item.path)
    for seed in range(8):
        yield "typing", typing(60.0, 1000 + seed)
    tests = np.flatnonzero([not in_development(s) for s in voices.speakers])
    emodb = [i for i in tests if voices.corpus[i] == "emodb"]
    for i in emodb:
        yield "speech, EmoDB", voices.sounds[i]
    for sound in nemo.sounds:
        yield "speech, nEMO", sound
    for i in tests:
        if voices.corpus[i] == "bursts":
            label = "laughter" if voices.labels[i] == "amusement" else "other bursts"
            yield label, voices.sounds[i]
    rng = np.random.default_rng(1)
    for number, i in enumerate(emodb):
        track = tracks[rng.integers(len(tracks))]
        first = int(rng.integers(max(1, len(track) - 2 * RATE)))
        snr = SNRS[number % len(SNRS)]
        yield f"speech {snr} dB over music", mixed(voices.sounds[i], track[first:], snr)


def _part(item: GameSound) -> Samples:
    return read_sound(item.path)[: TRACK * RATE]
