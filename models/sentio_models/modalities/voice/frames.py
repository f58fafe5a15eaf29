"""Compute frames of 40 ms every 10 ms: level, pitch, harmonicity, mel bands.

The same code runs live, in training and in evaluation.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import log10

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

HOP = 0.01
"""Seconds between frames."""

LENGTH = 0.04
"""Length of a frame, seconds: two and a half periods of the lowest pitch."""

LOW_HZ, HIGH_HZ = 65.0, 600.0
"""Range of pitch: from low male voices to shouting and laughing."""

MELS = 40
MEL_LOW, MEL_HIGH = 60.0, 7600.0

FLOOR_DB = -100.0
"""Least level: below the noise of any microphone."""

OCTAVE_COST = 0.01
"""Preference for the higher of two equally good pitches, for each octave (Boersma 1993)."""

PITCH_HZ = (1200.0, 1900.0)
"""Spectrum for the period search: full up to the first, zero from the second on."""

FLATTEN = 0.6
"""Exponent of the spectrum before the search: reduces the effect of a strong formant. Tuned on
EmoDB by jumps of the pitch alone: with 1.0 there were five times as many (8.5 % of frames)."""

RATES = (6000.0, 100000.0)
"""Valid sampling rates: below, the second formant is missing."""


@dataclass(frozen=True, slots=True)
class Frames:
    """Frames, one row each.

    Attributes:
        level: dB of full scale: RMS without the mean; a full-scale square wave is 0.
        peak: Largest magnitude, full scale 1.
        offset: Mean of the samples, full scale 1.
        pitch: Hz of the best period, also in aperiodic frames.
        harmonicity: 0 (noise) .. 1 (strictly periodic) at that period.
        mel: Shape ``(n, MELS)``, dB.
    """

    level: Floats
    peak: Floats
    offset: Floats
    pitch: Floats
    harmonicity: Floats
    mel: Floats

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self.level)

    def part(self, first: int, end: int) -> Frames:
        """Return the frames ``first .. end``."""
        return Frames(*(column[first:end] for column in self._columns()))

    def last(self, count: int) -> Frames:
        """Return the newest ``count`` frames."""
        return self.part(max(0, len(self) - count), len(self))

    def __add__(self, after: Frames) -> Frames:
        """Append later frames."""
        pairs = zip(self._columns(), after._columns(), strict=True)
        return Frames(*(np.concatenate(pair) for pair in pairs))

    def _columns(self) -> tuple[Floats, ...]:
        return self.level, self.peak, self.offset, self.pitch, self.harmonicity, self.mel


class FrontEnd:
    """Computation of frames at one sampling rate.

    Args:
        rate: Hz, within ``RATES``.
    """

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self.hop = round(HOP * rate)
        self.length = round(LENGTH * rate)
        lags = int(rate / LOW_HZ) + 2
        # Long enough for every lag without wrap-around.
        self._size = 2 ** int(np.ceil(np.log2(self.length + lags)))
        self._window = np.hanning(self.length + 1)[:-1].astype(np.float32)
        self._first = max(2, int(rate / HIGH_HZ))
        own = np.fft.irfft(np.abs(np.fft.rfft(self._window, self._size)) ** 2, self._size)[:lags]
        self._own = own / own[0]
        lag = np.arange(self._first, lags)
        hertz = np.arange(self._size // 2 + 1) * rate / self._size
        full, none = PITCH_HZ
        self._taper = np.clip((none - hertz) / (none - full), 0, 1).astype(np.float32) ** 2
        self._cost = OCTAVE_COST * np.log2(lag / self._first)
        self._bank = _bank(rate, self._size) / float((self._window**2).sum())

    def count(self, samples: int) -> int:
        """Return the number of complete frames in ``samples`` samples."""
        return 0 if samples < self.length else 1 + (samples - self.length) // self.hop

    def __call__(self, samples: NDArray[np.floating]) -> Frames:
        """Measure the complete frames of ``samples``, shape ``(n,)``, -1..1."""
        count = self.count(len(samples))
        if not count:
            return empty()
        # Sums and a division: numpy's mean costs twice as much on so few samples.
        cut = self._cut(samples, count)
        offset = cut.sum(axis=1) / self.length
        peak = np.abs(cut).max(axis=1)
        cut -= offset[:, None]
        level = _decibel((cut * cut).sum(axis=1) / self.length)
        power = np.abs(np.fft.rfft(cut * self._window, self._size)) ** 2
        pitch, harmonicity = self._pitch(power)
        return Frames(
            level,
            peak.astype(np.float64),
            offset.astype(np.float64),
            pitch,
            harmonicity,
            _decibel(power @ self._bank),
        )

    def _cut(self, samples: NDArray[np.floating], count: int) -> NDArray[np.float32]:
        """Return the first ``count`` frames of ``samples`` as rows."""
        if count == 1:
            return samples[None, : self.length].astype(np.float32)
        wide = np.lib.stride_tricks.sliding_window_view(samples, self.length)
        return wide[:: self.hop][:count].astype(np.float32)

    def _pitch(self, power: Floats) -> tuple[Floats, Floats]:
        """Find each frame's period in the autocorrelation (Boersma 1993)."""
        lags = len(self._own)
        own = np.fft.irfft(power**FLATTEN * self._taper, self._size)[:, :lags]
        own /= np.maximum(own[:, :1], 1e-12) * self._own
        rows = np.arange(len(own))
        # A maximum at the edge of the range is a slope, not a period.
        inner = own[:, self._first : -1]
        hill = (inner >= own[:, self._first - 1 : -2]) & (inner > own[:, self._first + 1 :])
        best = np.where(hill, inner - self._cost[:-1], -1.0).argmax(axis=1) + self._first
        left, middle, right = own[rows, best - 1], own[rows, best], own[rows, best + 1]
        bend = left - 2 * middle + right
        shift = np.where(bend < -1e-9, 0.5 * (left - right) / np.minimum(bend, -1e-9), 0.0)
        period = best + np.clip(shift, -0.5, 0.5)
        found = hill[rows, best - self._first]
        return self.rate / period, np.where(found, np.clip(middle, 0.0, 1.0), 0.0)


@lru_cache(maxsize=4)
def front_end(rate: float) -> FrontEnd:
    """Return the front end of a rate, with cached tables."""
    return FrontEnd(rate)


def empty() -> Frames:
    """Return no frames."""
    none = np.empty(0)
    return Frames(none, none, none, none, none, np.empty((0, MELS)))


def _decibel(power: NDArray[np.floating]) -> Floats:
    least = 10 ** (FLOOR_DB / 10)
    return 10 * np.log10(np.maximum(power.astype(np.float64), least))


def _bank(rate: float, size: int) -> Floats:
    """Return mel filters (O'Shaughnessy 1987), shape ``(size // 2 + 1, MELS)``."""
    edges = np.linspace(_mel(MEL_LOW), _mel(MEL_HIGH), MELS + 2)
    edges = 700 * (10 ** (edges / 2595) - 1)
    hertz = np.arange(size // 2 + 1) * rate / size
    low, middle, high = edges[:-2], edges[1:-1], edges[2:]
    up = (hertz[:, None] - low) / (middle - low)
    down = (high - hertz[:, None]) / (high - middle)
    bank = np.maximum(0.0, np.minimum(up, down))
    # One-sided power spectrum of a frame; doubled for the negative frequencies.
    filters: Floats = 2 * bank / size
    return filters


def _mel(hertz: float) -> float:
    return 2595 * log10(1 + hertz / 700)
