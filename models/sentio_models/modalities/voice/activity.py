"""Detect voice activity frame by frame, causally."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from sentio_models.modalities.voice.frames import HOP, Frames

LEAST_DB = -60.0
"""Lowest level of a voice that exceeds a microphone's noise, dB."""

ABOVE_DB = 6.0
"""Least level of a periodic frame above the noise floor, dB."""

FAR_ABOVE_DB = 12.0
"""The same of an aperiodic frame: consonants, breath, a sigh."""

HARMONIC = 0.45
"""Harmonicity from which a frame is periodic: white noise stays below 0.35 (measured)."""

CLOSE = 0.3
"""Seconds within which an aperiodic frame belongs to a periodic one: consonants do."""

LEAST_FLOOR_DB = -75.0
"""Lowest noise floor of a microphone; below is digital silence without room noise."""

MOST_FLOOR_DB = -30.0
"""Highest noise floor, so that continuous shouting does not count as room noise."""

START_DB = -65.0
"""Initial noise floor: a quiet room with a common microphone."""


class Activity:
    """Voice activity detector that tracks the noise floor.

    Args:
        memory: Seconds over which the quietest level is the noise floor: longer than speech
            without a pause.
    """

    def __init__(self, memory: float = 8.0) -> None:
        self._cell = 50
        self._lows: deque[float] = deque(maxlen=round(memory / HOP / self._cell))
        self.restart()

    def restart(self) -> None:
        """Reset the noise floor."""
        self._lows.clear()
        self._now: list[float] = []
        self._since = 1e9
        self.floor = START_DB

    def __call__(self, frames: Frames) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return for each new frame whether it is active and whether it is voiced."""
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
            # The fifth-lowest frame of half a second: single outliers are ignored.
            self._lows.append(sorted(self._now)[4])
            self._now.clear()
        if self._lows:
            self.floor = min(max(min(self._lows), LEAST_FLOOR_DB), MOST_FLOOR_DB)
