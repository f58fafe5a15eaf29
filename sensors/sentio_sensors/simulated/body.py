"""Simulate heart beats, breaths, skin responses and blinks of a scenario's loop.

The ranges are those of resting and stressed adults in the cited literature. The mappings are
plausible, not personal: the simulator demonstrates the product and is no evidence of accuracy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.simulated.moments import (
    HEART_BEATS,
    PAUSE,
    SKIN_DELAY,
    heart_course,
    since,
)
from sentio_sensors.simulated.scenario import Floats, Scenario, Truth

GRID_HZ = 50
"""Rate of the parameter curves, Hz; ten times the fastest of them."""


def generator(seed: int, part: int) -> np.random.Generator:
    """Return the random generator of one part, independent of other parts."""
    return np.random.default_rng([seed, part])


def lag(curve: Floats, seconds: float, rate: float) -> Floats:
    """Apply a first-order low-pass of that time constant to a looping curve."""
    frequencies = np.fft.rfftfreq(len(curve), 1 / rate)
    response = 1 / (1 + 2j * np.pi * frequencies * seconds)
    followed: Floats = np.fft.irfft(np.fft.rfft(curve) * response, len(curve))
    return followed


def band_noise(rng: np.random.Generator, n: int, rate: float, shape: Floats) -> Floats:
    """Return looping Gaussian noise of unit variance with spectrum ``shape``.

    Args:
        rng: Random generator.
        n: Samples in the loop.
        rate: Samples a second.
        shape: Amplitudes at ``np.fft.rfftfreq(n, 1 / rate)``.
    """
    bins = n // 2 + 1
    spectrum = (rng.standard_normal(bins) + 1j * rng.standard_normal(bins)) * shape
    spectrum[0] = 0
    noise: Floats = np.fft.irfft(spectrum, n)
    noise /= max(float(noise.std()), 1e-12)
    return noise


def whole_cycles(rate: Floats, grid_hz: float) -> Floats:
    """Integrate a rate (cycles a second) to a phase of whole cycles a loop.

    Returns:
        Phase in cycles at each grid point and at the loop's end: one element more than
        ``rate``, rising from 0 to a whole number.
    """
    phase: Floats = np.concatenate([[0.0], np.cumsum(rate) / grid_hz])
    phase *= max(1.0, np.round(phase[-1])) / phase[-1]
    return phase


@dataclass(frozen=True, slots=True)
class Phase:
    """Cycle count over time: the number of beats or breaths until ``t``.

    Attributes:
        curve: Cycles at each grid point of one loop, and at its end.
        seconds: Length of the loop.
    """

    curve: Floats
    seconds: int

    def at(self, t: Floats) -> Floats:
        """Return cycles since the start, at any times."""
        loops, within = np.divmod(t, self.seconds)
        grid = np.arange(len(self.curve)) * (self.seconds / (len(self.curve) - 1))
        cycles: Floats = np.interp(within, grid, self.curve) + loops * self.curve[-1]
        return cycles

    def events(self) -> Floats:
        """Return the times at which cycles begin in one loop, seconds, ascending."""
        grid = np.arange(len(self.curve)) * (self.seconds / (len(self.curve) - 1))
        times: Floats = np.interp(np.arange(round(self.curve[-1])), self.curve, grid)
        return times


@dataclass(frozen=True, slots=True)
class Body:
    """Physiology of one person during one loop of a scenario.

    Attributes:
        seconds: Length of the loop.
        truth: Scripted values at ``GRID_HZ``.
        heart_rate: Beats a minute without its variability, at ``GRID_HZ``.
        rmssd: Its short-term variability, ms, at ``GRID_HZ``.
        breathing_rate: Breaths a minute, at ``GRID_HZ``.
        beat: Heart beats; whole numbers are R peaks.
        breath: Breaths; whole numbers are the starts of inspiration.
        blinks: Start times of blinks, seconds.
        responses: Onsets of skin conductance responses, seconds.
        amplitudes: Their amplitudes, microsiemens.
        startles: When something startles the person, seconds.
        startled: How strongly each is shown, about 1.
        sighs: Starts of the breaths that are sighs, seconds.
    """

    seconds: int
    truth: Truth
    heart_rate: Floats
    rmssd: Floats
    breathing_rate: Floats
    beat: Phase
    breath: Phase
    blinks: Floats
    responses: Floats
    amplitudes: Floats
    startles: Floats
    startled: Floats
    sighs: Floats

    def curve(self, name: str, t: Floats) -> Floats:
        """Interpolate the scripted or physiological curve ``name`` at times ``t``."""
        values = getattr(self, name, None)
        values = getattr(self.truth, name) if values is None else values
        grid = np.arange(len(values)) / GRID_HZ
        looped: Floats = np.interp(np.mod(t, self.seconds), grid, values, period=self.seconds)
        return looped


def simulate_body(scenario: Scenario, seed: int) -> Body:
    """Return the physiology of ``scenario``; equal seeds give equal results.

    Sources: resting heart rate and RMSSD (42 +- 15 ms) from Nunan, Sandercock & Brodie 2010,
    and the fall of RMSSD under stress from Kim et al. 2018; respiratory sinus arrhythmia by
    integral pulse frequency modulation with a 0.1 Hz Mayer wave (Malik et al. 1996); breathing
    of 8..20 a minute, faster and shallower under stress (Grassmann et al. 2016); blinks of 5 a
    minute in concentration, 17 at rest, 26 in conversation (Bentivoglio et al. 1997); 1..3
    spontaneous skin responses a minute at rest and over 10 under stress, 0.1..1 microsiemens
    (Dawson, Schell & Filion 2007).
    """
    n = scenario.seconds * GRID_HZ
    t = np.arange(n) / GRID_HZ
    truth = scenario.truth(t)
    rng = generator(seed, 1)

    startles, sighs = scenario.moments("startles"), scenario.moments("sighs")
    startled = generator(seed, 80).lognormal(0, 0.3, len(startles))
    arousal = lag(truth.arousal, 4.0, GRID_HZ)
    heart_rate = 69 + 14 * arousal + 6 * truth.stress + 5 * truth.moving
    for at, size in zip(startles, startled, strict=True):
        delay = since(t, np.array([at]), scenario.seconds)
        heart_rate = heart_rate + HEART_BEATS * size * heart_course(delay)
    rmssd = 38 * np.exp(-0.75 * arousal)
    breathing_rate = 14.5 + 4.5 * arousal + 1.5 * truth.stress

    breath_hz = breathing_rate / 60 * (1 + 0.05 * _slow(rng, n, 0.2))
    after = since(t, sighs, scenario.seconds)
    breath_hz = np.where((after > 3.0) & (after < 6.5), PAUSE * breath_hz, breath_hz)
    breath = whole_cycles(np.maximum(breath_hz, 0.08), GRID_HZ)
    # A sine of amplitude A in the beat interval T at frequency f gives an RMSSD of
    # sqrt(2) A sin(pi f T); solved for A.
    interval = 60 / heart_rate
    sine = np.clip(np.sin(np.pi * breath_hz * interval), 0.2, 1)
    swing = np.minimum(rmssd / 1000 / (np.sqrt(2) * sine), 0.12 * interval)
    mayer = 0.012 * np.sin(2 * np.pi * round(0.1 * scenario.seconds) * t / scenario.seconds)
    # The heart speeds up while breathing in.
    change = -swing * np.sin(2 * np.pi * breath[:-1]) + mayer + 0.008 * _slow(rng, n, 0.05)
    beat = whole_cycles(1 / (interval + change), GRID_HZ)

    blink_rate = 17 + 12 * truth.talking - 14 * truth.engagement + 6 * truth.stress
    blinks = _event_times(generator(seed, 2), np.maximum(blink_rate, 3) / 60, refractory=0.5)
    blinks = np.sort(np.concatenate([blinks, np.mod(startles + 0.05, scenario.seconds)]))
    response_rate = 2.0 * np.exp(1.9 * np.clip(truth.arousal, -1, 1))
    responses = _event_times(generator(seed, 3), response_rate / 60, refractory=1.0)
    strength = np.interp(responses, t, 0.25 + 0.35 * np.clip(truth.arousal, 0, 1))
    amplitudes = strength * generator(seed, 4).lognormal(0, 0.4, len(responses))
    delays = SKIN_DELAY + generator(seed, 81).uniform(-0.4, 0.4, len(startles))
    responses = np.concatenate([responses, np.mod(startles + delays, scenario.seconds)])
    amplitudes = np.concatenate([amplitudes, 0.6 * startled])
    order = np.argsort(responses, kind="stable")
    phases = Phase(breath, scenario.seconds)

    return Body(
        seconds=scenario.seconds,
        truth=truth,
        heart_rate=heart_rate,
        rmssd=rmssd,
        breathing_rate=breathing_rate,
        beat=Phase(beat, scenario.seconds),
        breath=phases,
        blinks=blinks,
        responses=responses[order],
        amplitudes=np.clip(amplitudes, 0.05, 2.0)[order],
        startles=startles,
        startled=startled,
        sighs=_nearest(phases.events(), sighs),
    )


def _nearest(events: Floats, times: Floats) -> Floats:
    """Return the event nearest to each time."""
    if not len(times):
        return times
    nearest: Floats = events[np.abs(times[:, None] - events[None, :]).argmin(axis=1)]
    return nearest


def _slow(rng: np.random.Generator, n: int, cutoff_hz: float) -> Floats:
    shape = np.exp(-((np.fft.rfftfreq(n, 1 / GRID_HZ) / cutoff_hz) ** 2))
    return band_noise(rng, n, GRID_HZ, shape)


def _event_times(rng: np.random.Generator, rate_hz: Floats, refractory: float) -> Floats:
    """Draw event times of a renewal process with a dead time."""
    # In the integrated rate `opportunity` the intervals are exponential; the rate is corrected for
    # the dead time.
    rate = rate_hz / np.maximum(1 - rate_hz * refractory, 0.2)
    opportunity = np.concatenate([[0.0], np.cumsum(rate) / GRID_HZ])
    grid = np.arange(len(opportunity)) / GRID_HZ
    times: list[float] = []
    now, end = 0.0, float(grid[-1])
    while True:
        at = float(np.interp(now, grid, opportunity)) + rng.exponential()
        if at >= opportunity[-1]:
            return np.array(times)
        now = float(np.interp(at, opportunity, grid))
        if now < end:
            times.append(now)
        now += refractory


def samples_near(
    t: Floats, events: Floats, seconds: float, before: float, after: float
) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats]:
    """Pair each event of a loop with the samples near it.

    Returns:
        Index of the sample, index of the event, and the sample's time after the event (between
        ``-before`` and ``after``), for every pair.
    """
    step = t[1] - t[0]
    offsets = np.arange(-int(before / step), int(after / step) + 1)
    first = np.ceil(events / step).astype(np.intp)
    samples = first[:, None] + offsets
    delays = samples * step - events[:, None]
    which = np.broadcast_to(np.arange(len(events))[:, None], samples.shape)
    return np.mod(samples, len(t)).ravel(), which.ravel(), delays.ravel()
