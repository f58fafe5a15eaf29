"""Find and make sounds that are not the player: music, effects, typing, mixtures.

The files are those of Debian's packages ``supertux-data`` and ``sound-theme-freedesktop``; nothing
of them is in this repository.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sentio_models.errors import ModelMissingError
from sentio_research.data.sounds import RATE, Samples

MUSIC = Path("/usr/share/games/supertux2/music")
EFFECTS = (Path("/usr/share/games/supertux2/sounds"), Path("/usr/share/sounds/freedesktop/stereo"))

VOCAL = ("excellent", "grunts", "gulp", "hurt", "mr_tree", "yeti_", "audio-channel", "audio-test")
"""Starts of the names of effects that people made with their voices: judged apart."""


@dataclass(frozen=True, slots=True)
class GameSound:
    """One file.

    Attributes:
        kind: ``music``, ``effects`` or ``vocal``.
        path: Of the file.
    """

    kind: str
    path: Path

    @property
    def development(self) -> bool:
        """Whether thresholds may be chosen with it; the others are for tests only."""
        return in_development(self.path.as_posix())


def in_development(name: str) -> bool:
    """Return whether a track or speaker of this name is in the half for development."""
    return zlib.crc32(name.encode()) % 2 == 0


def game_sounds() -> list[GameSound]:
    """List the installed files.

    Raises:
        ModelMissingError: The packages are not installed.
    """
    music = [GameSound("music", p) for p in sorted(MUSIC.rglob("*.ogg"))]
    effects = [
        GameSound("vocal" if path.name.startswith(VOCAL) else "effects", path)
        for folder in EFFECTS
        for path in sorted(folder.rglob("*"))
        if path.suffix in {".ogg", ".oga", ".wav"} and not path.is_symlink()
    ]
    if not music or not effects:
        raise ModelMissingError(
            "the game sounds are not installed",
            "apt-get install --no-install-recommends supertux-data sound-theme-freedesktop",
        )
    return music + effects


def typing(seconds: float, seed: int) -> Samples:
    """Synthesise a keyboard near the microphone: presses, releases, room noise."""
    rng = np.random.default_rng(seed)
    count = round(seconds * RATE)
    sound = room(count, rng, -65.0).astype(np.float64)
    time = rng.exponential(0.5)
    while time < seconds - 0.3:
        for at, gain in ((time, 1.0), (time + rng.uniform(0.06, 0.12), rng.uniform(0.2, 0.6))):
            key = _click(rng) * gain * 10 ** (rng.uniform(-28, -12) / 20)
            first = round(at * RATE)
            part = sound[first : first + len(key)]
            part += key[: len(part)]
        # Words, with pauses between them.
        time += rng.uniform(0.08, 0.25) if rng.random() < 0.85 else rng.uniform(0.3, 1.5)
    return sound.astype(np.float32)


def _click(rng: np.random.Generator) -> Samples:
    """Return one key: a click of the switch and the thump of the case."""
    t = np.arange(round(0.06 * RATE)) / RATE
    click = rng.standard_normal(len(t)) * np.exp(-t / rng.uniform(0.002, 0.006))
    ring = np.sin(2 * np.pi * rng.uniform(1800, 5000) * t) * np.exp(-t / rng.uniform(0.003, 0.01))
    thump = np.sin(2 * np.pi * rng.uniform(120, 350) * t) * np.exp(-t / rng.uniform(0.008, 0.02))
    sound = click + ring + rng.uniform(0.2, 1.0) * thump
    key: Samples = (sound / np.abs(sound).max()).astype(np.float32)
    return key


def room(count: int, rng: np.random.Generator, level_db: float = -65.0) -> Samples:
    """Return ``count`` samples of room noise of that level."""
    noise: Samples = (rng.standard_normal(count) * 10 ** (level_db / 20)).astype(np.float32)
    return noise


def mixed(voice: Samples, music: Samples, snr: float) -> Samples:
    """Return a voice over music that is ``snr`` dB lower; not louder than full scale."""
    other = music[: len(voice)].astype(np.float64)
    other = np.pad(other, (0, len(voice) - len(other)))
    power = float((voice.astype(np.float64) ** 2).mean()) / max(float((other**2).mean()), 1e-12)
    both = voice + other * np.sqrt(power) * 10 ** (-snr / 20)
    sound: Samples = (both / max(1.0, float(np.abs(both).max()))).astype(np.float32)
    return sound
