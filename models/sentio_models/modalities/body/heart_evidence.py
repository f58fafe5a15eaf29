"""Evidence of the heart rate in the newest seconds of a pulse or an ECG."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import log, nan, pi, sqrt

import numpy as np

from sentio_models.modalities.body.beats import (
    beat_period,
    beat_times,
    complex_energy,
    complex_times,
)
from sentio_models.modalities.body.signals import (
    Floats,
    Grid,
    band_pass,
    column,
    grid,
    middle,
    moving_mean,
    newest,
)
from sentio_models.window import Signal

COLUMNS = 4
"""Columns of a sensor that are looked at."""

SPAN = 8.0
"""Seconds whose spectrum is read."""

LATE = 1.6
"""How late the spectrum's window is full: 1 is in the middle, 1.6 at two thirds."""

SEGMENT = 10.0
"""Seconds that are filtered: some more than are read, so that the filters have settled."""

LEAST = 3.0
"""Seconds of signal from which anything is estimated."""

PPG_HZ, ECG_HZ, TONE_HZ = 64.0, 128.0, 32.0

SLOWEST_PPG, SLOWEST_ECG = 12.0, 50.0
"""Samples a second below which beats are not seen."""

COUNTED_SECONDS, COUNTED_LEAST = 4.0, 3
"""The newest intervals that count: those of the last seconds, and at least a number."""

COUNTED_RANGE = 25.0, 240.0
"""Beats a minute that a strap may report."""

STALE = 3.0
"""Seconds after which a strap's report is too old."""

ALIVE_SECONDS = 2.5
"""Newest seconds that must repeat what was a beat before."""

BACK, TWICE = (0.88, 0.92, 0.96, 1.0, 1.04, 1.08, 1.12), (1.95, 2.0, 2.05)
"""Beats that are looked back."""

SAME, UNLIKE = 0.8, 0.15
"""Likeness to a beat before, and how much less that to half a beat before is, from which half a
beat is none."""

MAINS = 0.03
"""Part of an ECG's slope that is complexes, below which it is mains hum."""

FAINT = 0.12
"""Size of the newest second, in parts of the usual, below which the sensor was taken off."""

BETWEEN, PAUSE, LONGEST_BEAT = 1.1, 1.5, 2.2
"""Beats without one after which an optical sensor was taken off, and an ECG's, whose pause after an
early beat is longer; at most the seconds."""


@dataclass(frozen=True, slots=True)
class Wave:
    """The newest seconds of one channel of a heart sensor, evened out.

    Attributes:
        level: Peaks once a beat, every second of the same size; ends at the window's end.
        rate_hz: Of ``level``.
        sound: 0..1, share of the newest ``SPAN`` that was measured, neither flat nor at a rail.
        fresh: 0..1, the same of the newest 2 s.
        reasons: What was wrong with the samples.
        times: Of beats, seconds before the window's end, ascending.
        electric: Whether it is an ECG.
    """

    level: Floats
    rate_hz: float
    sound: float
    fresh: float
    reasons: tuple[str, ...]
    times: Floats = field(default_factory=lambda: np.empty(0))
    electric: bool = False

    @property
    def tone(self) -> Floats:
        """The same at ``TONE_HZ``: what the spectrum is taken of."""
        return self.level[::-1][:: round(self.rate_hz / TONE_HZ)][::-1]


@dataclass(frozen=True, slots=True)
class Beats:
    """Beats of the newest seconds.

    Attributes:
        times: Seconds before the window's end, ascending.
        rate: Beats a minute by their intervals; NaN where there are too few.
        sd: Standard deviation of the error of its logarithm.
        regular: 0..1, share of the intervals that fit each other.
    """

    times: Floats
    rate: float = nan
    sd: float = 1.0
    regular: float = 0.0


def pulse_wave(signal: Signal, index: int, upright: float) -> tuple[Wave, float] | None:
    """Even out one channel of a photoplethysmogram.

    Args:
        signal: The stream.
        index: Which column.
        upright: Above 0 where the pulse has risen faster than it fell so far.

    Returns:
        The wave, and the polarity of this stretch (skewness of its slope); None where there is less
        than ``LEAST`` of it.
    """
    even = _even(signal, PPG_HZ, SLOWEST_PPG, index)
    if even is None:
        return None
    passed = band_pass(even.values, PPG_HZ, 0.5, 6.0)
    slope = np.gradient(passed)
    steep = np.clip(slope / (np.std(slope) + 1e-12), -4, 4)
    skewed = float(np.mean(steep * steep * steep))
    if 0.9 * upright + 0.1 * skewed < 0:
        slope = -slope
    wave = _wave(even, slope, optical=True)
    if wave.sound > 0:
        period, _ = beat_period(wave.level, PPG_HZ)
        if is_overtone(wave, period):
            period *= 2
        wave = replace(wave, times=beat_times(wave.level, PPG_HZ, period))
    return wave, skewed


def heart_current(signal: Signal, index: int) -> Wave | None:
    """Even out one channel of an ECG: the energy of its complexes peaks once a beat."""
    even = _even(signal, ECG_HZ, SLOWEST_ECG, index)
    if even is None:
        return None
    complexes, energy = complex_energy(even.values, ECG_HZ)
    wave = _wave(even, energy - moving_mean(energy, round(1.2 * ECG_HZ)))
    times = complex_times(energy, ECG_HZ) if wave.sound > 0 else wave.times
    last = slice(-round(2.0 * ECG_HZ), None)
    steps, complex_steps = np.diff(even.values[last]), np.diff(complexes[last])
    if len(steps) > 1 and float(np.std(complex_steps)) < MAINS * float(np.std(steps)):
        wave = replace(wave, fresh=0.0, reasons=(*wave.reasons, "noisy"))
    if wave.sound > 0 and not len(times):
        wave = replace(wave, fresh=0.0, reasons=(*wave.reasons, "irregular"))
    return replace(wave, times=times, electric=True)


def _even(signal: Signal, rate_hz: float, least_hz: float, index: int) -> Grid | None:
    """Resample the newest ``SEGMENT``; a stream that is too slow is all gap."""
    part = newest(signal, SEGMENT + 1.0)
    even = grid(part, rate_hz, SEGMENT, index) if len(part.offsets) > 1 else None
    if even is None or even.seconds < LEAST:
        return None
    if middle(np.diff(part.offsets)) > 1 / least_hz:
        return replace(even, good=np.zeros(len(even.values), bool), reasons=("wrong_rate",))
    return even


def _wave(even: Grid, detect: Floats, *, optical: bool = False) -> Wave:
    rate = even.rate_hz
    strength = np.sqrt(moving_mean(detect * detect, round(2.0 * rate)))
    typical = middle(strength)
    if typical < 1e-9 * max(1.0, float(np.abs(even.values).max())):
        return Wave(detect, rate, 0.0, 0.0, ("flat",))
    # A jerk must not drown the seconds around it.
    level = np.clip(detect / np.maximum(strength, 0.1 * typical), -3, 3)
    sound = float(even.good[-round(SPAN * rate) :].mean())
    fresh = float(even.good[-round(2.0 * rate) :].mean())
    faint = float(strength[-round(rate) :].min()) < FAINT * typical
    if faint:
        # Between two beats of a slow heart there is nothing for over a second.
        period, _ = beat_period(level, rate)
        longest = min((BETWEEN if optical else PAUSE) * period, LONGEST_BEAT)
        between = detect[-round(longest * rate) :]
        faint = sqrt(float(between @ between) / len(between)) < FAINT * typical
    if faint:
        return Wave(level, rate, sound, 0.0, (*even.reasons, "not_worn"))
    return Wave(level, rate, sound, fresh, even.reasons)


def best_column(signal: Signal) -> int:
    """Return which column of a photoplethysmogram shows the clearest pulse of late."""
    columns = min(COLUMNS, signal.values.shape[1])
    clear = []
    for index in range(columns if columns > 1 else 0):
        found = pulse_wave(signal, index, 0.0)
        beats = count(found[0].times) if found is not None else Beats(np.empty(0))
        same = repeats(found[0], 60 / beats.rate) if found is not None and beats.rate > 0 else -1.0
        clear.append(same + beats.regular)
    return int(np.argmax(clear)) if clear else 0


def count(times: Floats) -> Beats:
    """Count the newest beats so that early and missed ones do little harm.

    Two successive intervals together are what they should be where a beat comes early and its
    pause follows (also where every second one does); the mean of the middle half of such sums
    is the period.
    """
    if len(times) < 4:
        return Beats(times)
    first = int(np.searchsorted(times, times[-1] - COUNTED_SECONDS))
    latest = times[max(0, min(first, len(times) - 1 - COUNTED_LEAST)) :]
    pairs = np.sort(latest[2:] - latest[:-2])
    n = len(pairs)
    cut = n // 4
    kept = pairs[cut : n - cut]
    usual = float(kept.mean()) / 2
    near = np.abs(np.log(pairs / (2 * usual))) < 0.15
    regular = float(near.mean())
    spread = float(np.std(np.log(pairs[near] / usual))) if near.sum() > 1 else 0.15
    return Beats(times, 60.0 / usual, sqrt(0.012**2 + spread**2 * 2 / n), regular)


def repeats(wave: Wave, period: float) -> float:
    """Return how alike the newest seconds are to one beat earlier, -1..1.

    Of an ECG also to two beats earlier: every second beat may be an extrasystole.
    """
    n = round(ALIVE_SECONDS * wave.rate_hz)
    here = wave.level[-n:]
    size = float(here @ here)
    parts = BACK + TWICE if wave.electric else BACK
    best = -1.0
    for part in parts:
        back = round(part * period * wave.rate_hz)
        before = wave.level[-n - back : len(wave.level) - back]
        if len(before) == n:
            both = size + float(before @ before)
            best = max(best, 2 * float(here @ before) / max(both, 1e-12))
    return best


def is_overtone(wave: Wave, period: float) -> bool:
    """Return whether a pulse is like itself after two such periods and not one.

    A high second wave half a beat after the first makes it so.
    """
    if wave.electric:
        return False
    twice = repeats(wave, 2 * period)
    return twice > SAME and twice - repeats(wave, period) > UNLIKE


class Spectrum:
    """Power at the rates of a grid and at their doubles, in the newest ``SPAN``.

    Args:
        rates: The grid, a minute, evenly spaced in the logarithm.
    """

    def __init__(self, rates: Floats) -> None:
        pitch = log(rates[1] / rates[0])
        self._count = len(rates)
        self._octave = round(log(2.0) / pitch)
        wide = rates[0] / 60 * np.exp(pitch * np.arange(self._count + self._octave))
        self.rates: Floats = 60 * wide
        self._n = int(SPAN * TONE_HZ)
        at = (np.arange(self._n) - (self._n - 1)) / TONE_HZ
        # The newest seconds count more: what the heart did 8 s ago is nearly over.
        fade = np.sin(pi * ((np.arange(self._n) + 0.5) / self._n) ** LATE) ** 2
        turns = np.exp(-2j * pi * np.outer(wide, at))
        self._matrix = np.concatenate([turns.real, turns.imag]) * (fade * 2 / fade.sum())
        # Integrated over frequency a sinusoid gives its peak times the window's noise bandwidth.
        self._widths: Floats = wide * pitch * SPAN / 1.5

    def power(self, tone: Floats) -> Floats:
        """Return the power at every rate and double; a sinusoid of amplitude 1 has 1."""
        latest = tone[-self._n :]
        both = self._matrix[:, self._n - len(latest) :] @ (latest - latest.mean())
        half = len(self._widths)
        power: Floats = both[:half] ** 2 + both[half:] ** 2
        return power

    def explained(self, power: Floats, harmonic: float) -> Floats:
        """Return the share of the energy that each rate and its double explain, 0..0.98."""
        total = float(power @ self._widths)
        first = power[: self._count]
        second = power[self._octave : self._octave + self._count]
        # Half the heart rate has no power of its own: its double is no evidence for it.
        both = first + np.minimum(harmonic * second, first)
        return np.clip(both / max(total, 1e-30), 0.0, 0.98)


def counted_rate(signal: Signal) -> Beats | None:
    """Read the newest rate that a strap counted; rate 0 where it feels nothing.

    Returns:
        None where the newest reading is older than two of its periods (3 s at least).
    """
    values, offsets = column(signal)
    if not len(values):
        return None
    period = middle(np.diff(offsets)) if len(offsets) > 2 else 1.0
    if offsets[-1] < -min(max(STALE, 2 * period), 10.0):
        return None
    rate = float(values[-1])
    worn = COUNTED_RANGE[0] <= rate <= COUNTED_RANGE[1]
    return Beats(offsets[-1:], rate if worn else 0.0, 0.02, 1.0)


def interval_rate(signal: Signal) -> Beats | None:
    """Read the newest beat intervals of a strap, in seconds or milliseconds.

    Returns:
        None where the newest is older than 3 s; NaN for a rate where there are too few.
    """
    values, offsets = column(signal)
    seconds = np.where(values > 10.0, values / 1000.0, values)
    good = (seconds > 60 / COUNTED_RANGE[1]) & (seconds < 60 / COUNTED_RANGE[0])
    if not good.any() or offsets[good][-1] < -STALE:
        return None
    times = np.concatenate([[0.0], np.cumsum(seconds[good][-12:])])
    return count(times - times[-1])
