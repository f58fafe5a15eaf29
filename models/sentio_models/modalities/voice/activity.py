"""Tells voice from silence and from noise, frame by frame and without looking ahead."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from sentio_models.modalities.voice.frames import HOP, Frames

LEAST_DB = -60.0
"""A voice below this level cannot be told from a microphone's own noise."""

ABOVE_DB = 6.0
"""How far a periodic frame must stand above the noise floor."""

FAR_ABOVE_DB = 12.0
"""How far an aperiodic one must: consonants, breath, a sigh."""

HARMONIC = 0.45
"""Harmonicity from which a frame is periodic: white noise stays below 0.35 (measured)."""

CLOSE = 0.3
"""Seconds within which an aperiodic frame belongs to a periodic one: consonants do."""

LEAST_FLOOR_DB = -75.0
"""No microphone is quieter: below lies digital silence, which says nothing of the room."""

MOST_FLOOR_DB = -30.0
"""Who shouts without a pause is not the room."""

START_DB = -65.0
"""The noise floor before anything was heard: a quiet room with a common microphone."""


class Activity:
    """Follows the noise floor and marks frames that hold a voice.

    Args:
        memory: Seconds over which the quietest level is the noise floor: longer than anybody
            speaks without a pause.
    """

    def __init__(self, memory: float = 8.0) -> None:
        self._cell = 50
        self._lows: deque[float] = deque(maxlen=round(memory / HOP / self._cell))
        self.restart()

    def restart(self) -> None:
        """Forget the room."""
        self._lows.clear()
        self._now: list[float] = []
        self._since = 1e9
        self.floor = START_DB

    def __call__(self, frames: Frames) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return for each new frame whether it holds a voice, and whether that is voiced."""
        active = np.zeros(len(frames), np.bool_)
        voiced = np.zeros(len(frames), np.bool_)
        for i, (level, harmonicity) in enumerate(
            zip(frames.level.tolist(), frames.harmonicity.tolist(), strict=True)
        ):
            self._follow(level)
            above = level - self.floor
            voiced[i] = level > LEAST_DB and above > ABOVE_DB and harmonicity > HARMONIC
            self._since = 0.0 if voiced[i] else self._since + HOP
            loud = level > LEAST_DB and above > FAR_ABOVE_DB
            active[i] = voiced[i] or (loud and self._since < CLOSE)
        return active, voiced

    def _follow(self, level: float) -> None:
        self._now.append(level)
        if len(self._now) == self._cell:
            # Half a second's fifth-lowest frame: one odd frame is not the room.
            self._lows.append(sorted(self._now)[4])
            self._now.clear()
        if self._lows:
            self.floor = min(max(min(self._lows), LEAST_FLOOR_DB), MOST_FLOOR_DB)
