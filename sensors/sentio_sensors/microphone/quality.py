"""Detect clipped and silent sound and sound with an offset; no clock."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from math import sqrt

import numpy as np

from sentio_sensors.microphone.resample import Mono


@dataclass(frozen=True, slots=True)
class SoundLimits:
    """Limits of bad sound.

    Attributes:
        memory_s: Length of the window, seconds.
        full: Amplitude that counts as clipped; full scale is 1.
        clipped: Share of clipped samples at which quality begins to fall.
        unusable: Share of clipped samples at which quality is 0.
        silent: Root mean square below which nothing is connected or it is muted: -80 dB, under
            the noise of any microphone amplifier.
        offset: Absolute mean above which the input has a constant offset.
    """

    memory_s: float = 1.0
    full: float = 0.99
    clipped: float = 0.002
    unusable: float = 0.05
    silent: float = 1e-4
    offset: float = 0.05


class SoundQuality:
    """Quality check of sound, block by block over the last second.

    Args:
        rate: Samples a second.
        limits: Limits of bad sound.
    """

    def __init__(self, rate: float, limits: SoundLimits | None = None) -> None:
        self._limits = limits or SoundLimits()
        self._memory = int(rate * self._limits.memory_s)
        self._blocks: deque[tuple[int, float, float, int]] = deque()
        self._held = 0

    def assess(self, samples: Mono) -> tuple[float, tuple[str, ...]]:
        """Return quality 0..1 and the reasons that lower it.

        Args:
            samples: The newest samples, -1..1, finite.
        """
        limits = self._limits
        if len(samples):
            wide = samples.astype(np.float64)
            clipped = int(np.count_nonzero(np.abs(samples) >= limits.full))
            self._blocks.append((len(wide), float(wide.sum()), float(wide @ wide), clipped))
            self._held += len(wide)
        while len(self._blocks) > 1 and self._held > self._memory:
            self._held -= self._blocks.popleft()[0]
        # Summed again each time: a running sum would keep the rounding errors of loud sound.
        count, total, squares, clips = map(sum, zip(*self._blocks, strict=True))
        mean = total / count
        rms = sqrt(max(0.0, squares / count - mean * mean))
        quality, reasons = 1.0, []
        if clips / count > limits.clipped:
            left = 1 - (clips / count - limits.clipped) / (limits.unusable - limits.clipped)
            quality = max(0.0, left)
            reasons.append("clipping")
        if abs(mean) > limits.offset:
            quality = min(quality, 0.5)
            reasons.append("dc_offset")
        if rms < limits.silent:
            quality = 0.0
            reasons.append("silence")
        return quality, tuple(reasons)
