"""Power in frequency bands: one FFT and one matrix product."""

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
"""Hertz, from .. below; gamma ends before either mains frequency."""

NAMES = tuple(EDGES)


@dataclass(frozen=True, slots=True)
class Spectrum:
    """How to turn ``n`` samples into powers: made once, used for every window.

    Attributes:
        taper: Hann window, shape ``(n, 1)``, scaled so that squared FFT values are a density.
        frequency: Hertz of each FFT line.
        sum_bands: Shape ``(bands, lines)``: integrates the density over each band.
    """

    taper: Floats
    frequency: Floats
    sum_bands: Floats

    @classmethod
    def of(cls, n: int, rate_hz: float) -> Spectrum:
        """Plan for ``n`` samples at ``rate_hz``."""
        taper: Floats = np.hanning(n).astype(np.float64)
        taper = taper * np.sqrt(2.0 / (rate_hz * np.sum(taper**2)))
        frequency = np.fft.rfftfreq(n, 1 / rate_hz)
        width = rate_hz / n
        rows = [
            np.where((frequency >= low) & (frequency < high), width, 0.0)
            for low, high in EDGES.values()
        ]
        return cls(taper[:, None], frequency, np.array(rows))

    def density(self, samples: Floats) -> Floats:
        """Return the power spectral density, uV^2/Hz, shape ``(lines, channels)``."""
        lines = np.fft.rfft(samples * self.taper, axis=0)
        power: Floats = lines.real**2 + lines.imag**2
        return power

    def powers(self, density: Floats) -> Floats:
        """Return the power of each band, uV^2, shape ``(bands, channels)``."""
        power: Floats = self.sum_bands @ density
        return power

    def mean_between(self, density: Floats, low: float, high: float) -> Floats:
        """Return each channel's mean density between two frequencies; 0 beyond Nyquist."""
        first, last = np.searchsorted(self.frequency, (low, high))
        if last <= first:
            return np.zeros(density.shape[1])
        mean: Floats = density[first:last].mean(axis=0)
        return mean
