"""Heart rate without the swings of breath and blood pressure; no I/O, no clock.

A heart at rest speeds up with each breath in, and with waves of blood pressure of about ten
seconds (Mayer waves; Malik et al. 1996). Neither is arousal. For a Kalman filter the rate is a sum

    rate = trend + swing of breath + swing of blood pressure + noise

of a trend with a speed that decays and two damped oscillations, as in structural time series
(Harvey 1989). The filter follows the phase of a regular swing, so that it takes it out without the
delay of an average over a breath or a wave. Beats and filter are two seconds late together, so
that the trend is given for that much ahead. Constants were chosen on simulated persons of
seeds 11 to 14 and on twelve wristband recordings, without labels.
"""

from __future__ import annotations

from math import cos, exp, pi, sin

import numpy as np

DRIFT = 0.1
"""What the trend's variance grows by in a second on top of its speed, (beats/min)^2."""

SPEED, SPEED_LIFE = 2.0, 10.0
"""Usual deviation of the trend's speed, beats/min in a second, and its life, seconds (e-fold)."""

SWING, SWING_LIFE = 2.0, 20.0
"""Usual deviation of either swing, beats/min, and seconds for which it is regular (e-fold)."""

BREATH_HZ, PRESSURE_HZ = 0.25, 0.1
"""Frequency of a breath until it is known, and of the waves of blood pressure."""

NOISE = 2.0
"""Least variance of one measured rate, (beats/min)^2."""

SURPRISES, MEMORY, LARGEST = 2.0, 30.0, 3.0
"""A person whose rates are less regular has a larger one: the mean square of what surprised the
filter, times a factor, over a memory in seconds (e-fold), each cut at a number of deviations."""

AHEAD = 2.0
"""Seconds: a good one from the middle of the newest three beat intervals to the moment, and what
the filter itself is late by."""

GAP = 10.0
"""Seconds without a rate after which the filter starts again."""

_SEEN = np.array([1.0, 0.0, 1.0, 0.0, 1.0, 0.0])


class HeartTrend:
    """Trend of one person's heart rate, causal.

    The state is the trend and its speed, then of each swing its value and that a quarter of its
    period later.
    """

    __slots__ = ("_breath_hz", "_covariance", "_last", "_noise", "_state")

    def __init__(self) -> None:
        self._breath_hz = BREATH_HZ
        self._noise = NOISE
        self._last: float | None = None
        self._start(0.0)

    def _start(self, rate: float) -> None:
        self._state = np.array([rate, 0.0, 0.0, 0.0, 0.0, 0.0])
        swing = SWING * SWING
        first = 2.0 * swing + NOISE
        self._covariance = np.diag([first, SPEED * SPEED, swing, swing, swing, swing])

    def take(self, rate: float, breathing: float | None, time: float) -> float:
        """Take rate and breathing, if none is newer; return the trend, beats/min.

        Args:
            rate: Heart rate of the newest beats, beats/min.
            breathing: Breaths a minute where known; else the last known one holds.
            time: When it was captured, seconds.
        """
        if breathing is not None and (self._last is None or time >= self._last):
            self._breath_hz = breathing / 60.0
        if self._last is None or time - self._last > GAP:
            self._start(rate)
            self._last = time
        elif time > self._last:
            self._pass(time - self._last)
            self._measure(rate, time - self._last)
            self._last = time
        return float(self._state[0] + AHEAD * self._state[1])

    def _pass(self, seconds: float) -> None:
        step, noise = np.zeros((6, 6)), np.zeros(6)
        kept = exp(-seconds / SPEED_LIFE)
        step[0, :2] = 1.0, SPEED_LIFE * (1.0 - kept)
        step[1, 1] = kept
        noise[:2] = DRIFT * seconds, SPEED * SPEED * (1.0 - kept * kept)
        left = exp(-seconds / SWING_LIFE)
        noise[2:] = SWING * SWING * (1.0 - left * left)
        for place, hertz in ((2, self._breath_hz), (4, PRESSURE_HZ)):
            angle = 2.0 * pi * hertz * seconds
            c, s = left * cos(angle), left * sin(angle)
            step[place : place + 2, place : place + 2] = (c, s), (-s, c)
        self._state = step @ self._state
        self._covariance = step @ self._covariance @ step.T + np.diag(noise)

    def _measure(self, rate: float, seconds: float) -> None:
        cross = self._covariance @ _SEEN
        seen = float(_SEEN @ cross)
        surprise = rate - float(_SEEN @ self._state)
        square = min(surprise * surprise, LARGEST * LARGEST * (seen + self._noise))
        share = 1.0 - exp(-seconds / MEMORY)
        self._noise = max(NOISE, self._noise + share * (SURPRISES * square - self._noise))
        gain = cross / (seen + self._noise)
        self._state = self._state + gain * surprise
        self._covariance = self._covariance - np.outer(gain, cross)
