"""Compute power in frequency bands: one FFT and one matrix product."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

EDGES = {
    "delta": (1.0, 4.0),
    "theta": (4.0, 8.0),
    "alpha": (8.0, 13.0),
    "beta": (13.0, 30.0),
    "gamma": (30.0, 45.0),
}
"""Band edges in hertz, upper one excluded; gamma ends before both mains frequencies."""

NAMES = tuple(EDGES)

PROBES = {
    "all": (0.9, 45.0),
    "middle": (8.0, 30.0),
    "high": (32.0, 45.0),
    "mains_50": (49.0, 51.0),
    "mains_60": (59.0, 61.0),
}
"""Ranges whose mean density separates EEG from artefacts."""

WORK = {
    "theta": (4.0, 7.5),
    "low_beta": (14.0, 20.0),
    "high_beta": (20.0, 30.0),
    "gamma": (30.0, 45.0),
}
"""Ranges that follow mental work, one line of the spectrum away from alpha on either side."""

SLOW_HZ = 6.0
"""Upper frequency limit of blinks."""


@dataclass(frozen=True, slots=True)
class Spectrum:
    """Precomputed tables to get powers of ``n`` samples.

    Attributes:
        taper: Hann window, shape ``(n,)``, scaled so that squared FFT values are a density.
        weights: Shape ``(2 * lines, bands + probes + work)``: integrates over bands, averages
            over the others. Lines beyond the last range are omitted.
        slow: Gain of each line, 0..1, in the blink detector.
    """

    taper: Floats
    weights: Floats
    slow: Floats

    @classmethod
    def of(cls, n: int, rate_hz: float) -> Spectrum:
        """Compute the tables for ``n`` samples at ``rate_hz``."""
        hann = np.asarray(np.hanning(n), np.float64)
        taper = hann * float(np.sqrt(2.0 / (rate_hz * np.sum(hann**2))))
        frequency: Floats = np.asarray(np.fft.rfftfreq(n, 1 / rate_hz), np.float64)
        bands = [_inside(frequency, *edges) * (rate_hz / n) for edges in EDGES.values()]
        ranges = (*PROBES.values(), *WORK.values())
        probes = [_inside(frequency, *edges) for edges in ranges]
        probes = [row / max(float(row.sum()), 1.0) for row in probes]
        slow = np.clip((SLOW_HZ + 2 - frequency) / 4, 0, 1) * (frequency > 0)
        table = np.array(bands + probes).T
        used = int(np.flatnonzero(table.any(axis=1))[-1]) + 1 if table.any() else 1
        # Each row twice: real and imaginary parts are interleaved.
        return cls(taper, np.repeat(table[:used], 2, axis=0), slow)

    def measure(self, samples: Floats) -> tuple[Floats, Floats, Floats]:
        """Measure band powers, probes and the ranges of mental work.

        Args:
            samples: Shape ``(channels, n)``, microvolts.

        Returns:
            Power of each band, uV^2, shape ``(channels, 5)``; mean density of each of ``PROBES``,
            uV^2/Hz, shape ``(channels, 5)``, 0 beyond Nyquist; and the same of ``WORK``, shape
            ``(channels, 4)``.
        """
        lines = np.fft.rfft(samples * self.taper, axis=1).view(np.float64)
        parts = lines[:, : len(self.weights)]
        powers: Floats = (parts * parts) @ self.weights
        after = len(NAMES) + len(PROBES)
        return powers[:, : len(NAMES)], powers[:, len(NAMES) : after], powers[:, after:]


def _inside(frequency: Floats, low: float, high: float) -> Floats:
    return np.asarray((frequency >= low) & (frequency < high), np.float64)
