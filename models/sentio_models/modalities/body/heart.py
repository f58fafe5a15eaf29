"""Heart beats of a pulse wave or an ECG, with their quality.

Two roads that fail differently must meet: beats one by one (the steepest rise of the pulse, or
the energy of the QRS complex) and the period of the wave as a whole (autocorrelation).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp, sqrt

import numpy as np

from sentio_models.modalities.body.beats import (
    FASTEST,
    SLOWEST,
    beat_period,
    beat_times,
    clean_intervals,
    complex_energy,
    complex_times,
)
from sentio_models.modalities.body.signals import Floats, Grid, band_pass, grid, middle, moving_mean
from sentio_models.window import Signal

RECENT = 10.0
"""Seconds that the present heart rate is read from."""

JUMP = 8.0, 12.0
"""Beats a minute between the recent and the whole window from which, and at which, the recent
seconds are used alone: smaller differences are breathing and noise, larger ones are changes."""

LEAST = 6.0
"""Seconds of signal before a heart rate is estimated."""

_PPG_HZ, _ECG_HZ = 64.0, 128.0


@dataclass(frozen=True, slots=True)
class Heart:
    """The heart as seen by one sensor.

    Attributes:
        heart_rate: Beats a minute: the mean of the whole window, as wearables report it (an
            Empatica E4's own is a one-minute mean), unless the heart has just changed its pace.
        recent_rate: Beats a minute over the newest ``RECENT`` seconds.
        quality: 0..1, how well beats, rhythm and shape agree.
        reasons: Why quality is low: ``flat``, ``clipping``, ``gap``, ``noisy``, ``irregular``.
        beats: Times of the beats, seconds before the window's end, ascending.
        intervals: Cleaned beat intervals, seconds.
        interval_ends: When each of them ended, seconds before the window's end.
        amplitude: Typical swing of the pulse, in the sensor's unit.
        skewness: Of the typical beat: how peaked the wave is (Elgendi 2016); NaN where there are
            too few beats.
        sizes: Swing of the beat at which each interval ended, in the sensor's unit; empty where
            the beats were not seen.
    """

    heart_rate: float
    recent_rate: float
    quality: float
    reasons: tuple[str, ...]
    beats: Floats
    intervals: Floats
    interval_ends: Floats
    amplitude: float
    skewness: float
    sizes: Floats = field(default_factory=lambda: np.empty(0))

    def rmssd(self) -> tuple[float, float] | None:
        """Return RMSSD and its standard error, ms (Task Force of the ESC 1996).

        Only successive intervals count, and a third of the window must be covered.
        """
        follows = np.abs(np.diff(self.interval_ends) - self.intervals[1:]) < 0.02
        change = 1000 * np.diff(self.intervals)[follows]
        if len(change) < 12:
            return None
        # Ectopic beats and slips of the detector are not vagal tone.
        change = change[np.abs(change) <= max(60.0, 4.5 * middle(np.abs(change)))]
        value = float(np.sqrt(np.mean(change**2)))
        error = value / sqrt(2 * len(change)) + 0.1 * value
        return value, max(4.0, error)

    def sdnn(self) -> float | None:
        """Return the standard deviation of the beat intervals, ms."""
        return 1000 * float(self.intervals.std()) if len(self.intervals) >= 12 else None


def pulse(signal: Signal, seconds: float = 60.0, index: int = 0) -> Heart | None:
    """Find beats in a photoplethysmogram of 20 Hz or more, of either polarity.

    Args:
        signal: The stream.
        seconds: How much of its end.
        index: Which column.

    Returns:
        None while there is too little signal.
    """
    even = grid(signal, _PPG_HZ, seconds, index)
    if even is None or even.seconds < LEAST:
        return None
    wave = band_pass(even.values, _PPG_HZ, 0.6, 6.0)
    slope = np.gradient(wave)
    # A pulse rises faster than it falls; a sensor that counts light the other way shows it.
    steep = np.clip(slope / (np.std(slope) + 1e-12), -4, 4)
    if float(np.mean(steep * steep * steep)) < 0:
        wave, slope = -wave, -slope
    return _heart(even, wave, slope)


def electrocardiogram(signal: Signal, seconds: float = 60.0) -> Heart | None:
    """Find R peaks in an ECG of any lead (after Pan & Tompkins 1985)."""
    even = grid(signal, _ECG_HZ, seconds)
    if even is None or even.seconds < LEAST:
        return None
    complexes, energy = complex_energy(even.values, _ECG_HZ)
    # The energy rises and falls once a beat: the rest is the same as for a pulse.
    level = energy - moving_mean(energy, round(1.2 * _ECG_HZ))
    return _heart(even, complexes, level, complex_times(energy, _ECG_HZ), energy)


@dataclass(frozen=True, slots=True)
class _Span:
    """Rate and quality of the newest part of a window."""

    rate: float
    regular: float
    alike: float
    rhythmic: float
    agreement: float
    skewness: float

    @property
    def quality(self) -> float:
        return sqrt(self.regular * self.alike * max(self.rhythmic, 0.3) * self.agreement)


def _heart(
    even: Grid,
    wave: Floats,
    detect: Floats,
    beats: Floats | None = None,
    energy: Floats | None = None,
) -> Heart:
    rate = even.rate_hz
    # Beats after a big movement are small: every two seconds count the same.
    strength = np.sqrt(moving_mean(detect**2, round(2.0 * rate)))
    typical = middle(strength)
    amplitude = 2.0 * float(np.sqrt(np.median(moving_mean(wave**2, round(2.0 * rate)))))
    if typical < 1e-9 * max(1.0, float(np.abs(even.values).max())) or amplitude <= 0:
        return _none(("flat",))
    level = detect / np.maximum(strength, 0.1 * typical)
    level = np.clip(level, -3, 3)
    period, periodic = beat_period(level, rate)
    if beats is None:
        beats = beat_times(level, rate, period)
    intervals, ends, kept = clean_intervals(beats)

    def span(seconds: float, period: float, periodic: float) -> _Span:
        latest = ends > -seconds
        by_period = 60 / period
        heart_rate, agreement, regular = by_period, 0.0, 0.0
        if latest.sum() >= 3:
            heart_rate = 60 / float(intervals[latest].mean())
            agreement = exp(-0.5 * ((heart_rate - by_period) / 6.0) ** 2)
            covered = float(intervals[latest].sum()) / min(seconds, even.seconds)
            share = float(kept[beats[1:] > -seconds].mean())
            regular = float(np.clip((covered - 0.4) / 0.4, 0, 1)) * share
        alike, skewness = _shape(wave, beats[beats > -(seconds + 2)], rate, period)
        return _Span(
            float(np.clip(heart_rate, SLOWEST, FASTEST)),
            regular,
            float(np.clip((alike - 0.45) / 0.4, 0, 1)),
            float(np.clip((periodic - 0.15) / 0.35, 0, 1)),
            agreement,
            skewness,
        )

    whole = span(even.seconds, period, periodic)
    recent = whole
    if even.seconds > 1.5 * RECENT:
        recent = span(RECENT, *beat_period(level[-round((RECENT + 2) * rate) :], rate))
    # Raw agreement of 0.75 is where nine of ten windows come out right (docs/evaluation.md).
    quality = float(np.clip(2 * whole.quality - 1, 0, 1)) * even.sound
    quality *= min(1.0, recent.quality / 0.4)
    changed = (abs(recent.rate - whole.rate) - JUMP[0]) / (JUMP[1] - JUMP[0])
    changed = min(max(changed, 0.0), 1.0) if recent.quality > 0.7 else 0.0
    reasons = list(even.reasons) if even.sound < 0.9 else []
    if min(whole.alike, recent.alike) < 0.5:
        reasons.append("noisy")
    if min(whole.regular * whole.agreement, recent.regular * recent.agreement) < 0.5:
        reasons.append("irregular")
    return Heart(
        whole.rate + changed * (recent.rate - whole.rate),
        recent.rate,
        quality,
        tuple(reasons),
        beats,
        intervals,
        ends,
        amplitude,
        whole.skewness,
        _sizes(wave if energy is None else energy, ends, rate, period),
    )


def _none(reasons: tuple[str, ...]) -> Heart:
    empty = np.empty(0)
    return Heart(60.0, 60.0, 0.0, reasons, empty, empty, empty, 0.0, np.nan)


def _shape(wave: Floats, beats: Floats, rate: float, period: float) -> tuple[float, float]:
    """Return the beats' mean correlation with their shape, and its skewness.

    The first after the signal quality index of Orphanidou et al. 2015.
    """
    half = round(0.4 * min(period, 1.2) * rate)
    at = np.round(beats * rate).astype(int) + len(wave) - 1
    at = at[(at >= half) & (at < len(wave) - half)]
    if len(at) < 4:
        return 0.0, np.nan
    cut = wave[at[:, None] + np.arange(-half, half + 1)]
    cut = cut - cut.mean(axis=1, keepdims=True)
    cut /= np.sqrt((cut**2).sum(axis=1, keepdims=True)) + 1e-12
    template = np.median(cut, axis=0)
    template /= np.sqrt((template**2).sum()) + 1e-12
    centred = template - template.mean()
    skewness = float(np.mean(centred**3) / (np.mean(centred**2) + 1e-12) ** 1.5)
    return float((cut @ template).mean()), skewness


def _sizes(wave: Floats, beats: Floats, rate: float, period: float) -> Floats:
    """Return the swing of each beat, over half a period to either side."""
    half = round(0.45 * min(period, 1.2) * rate)
    at = np.clip(np.round(beats * rate).astype(int) + len(wave) - 1, 0, len(wave) - 1)
    near = np.clip(at[:, None] + np.arange(-half, half + 1), 0, len(wave) - 1)
    cut = wave[near]
    return cut.max(axis=1) - cut.min(axis=1) if len(beats) else np.empty(0)
