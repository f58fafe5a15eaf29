"""Heart rate of the moment: a Bayesian filter over pulse, ECG and counted rates."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import exp, log, sqrt

import numpy as np

from sentio_models.modalities.body.heart_evidence import (
    COLUMNS,
    Beats,
    Spectrum,
    Wave,
    count,
    counted_rate,
    heart_current,
    interval_rate,
    is_overtone,
    pulse_wave,
    repeats,
)
from sentio_models.modalities.body.movement import Movement, movement
from sentio_models.modalities.body.rate_filter import RateFilter
from sentio_models.modalities.body.signals import Floats
from sentio_models.window import Signal

LOWEST, HIGHEST, STATES = 28.0, 230.0, 240
"""Grid of heart rates, beats a minute."""

SPECTRUM_WEIGHT, BEATS_WEIGHT = 1.8, 1.0
"""Weights of half a second: a window of 8 s shares what it knows among 16 updates."""

HARMONIC = 0.5
"""Weight of the power at twice a rate."""

FIRST = 4.0
"""Seconds that the first window after a start or a gap weighs."""

FORGET = 30.0
"""Seconds without a window after which nothing is known."""

WIDEST = 0.09
"""Half the width of the posterior's middle 68 %, in parts of the rate, up to which it is given."""

REPEATS, FITS = 0.38, 0.12
"""Likeness of the newest seconds to a beat before, and share of the spectrum's energy, below
which no heart is seen."""

REGULAR, OVERTONE = 0.9, 0.12
"""Share of beats' intervals that fit, from which their rate's overtone is looked for; how wide that
is in the logarithm."""

SETTLES = 1.5
"""Time constant, seconds, with which both are averaged."""

LEAST_SD, WIDTH_SD, TURN_SD = 1.1, 0.4, 1.4
"""The error's standard deviation: at least 1.1 beats a minute, 0.4 of the posterior's width, and
what the heart does in 1.4 s while it changes; fitted on simulated persons and three runs."""

UNWATCHED = 0.75
"""Quality of an optical pulse without an accelerometer."""

STEPS = (85.0, 110.0), (0.004, 0.04), 30.0
"""Without an accelerometer a rhythm may be steps: the rates between which this becomes likely,
how likely it is below and above them, and how far off the heart then is, beats a minute."""

NEWEST, RECENT, APART = 3, 2.5, 0.25
"""Beat intervals of the instant, seconds since the last of them, and how far off in parts of the
rate they may be."""

STRAP = 0.02
"""Error of a rate that a strap counted, in parts of it."""


@dataclass(frozen=True, slots=True)
class HeartNow:
    """The heart of the moment.

    Attributes:
        rate: Beats a minute over the newest 5 s or so.
        sd: Standard deviation of its error.
        quality: 0..1; 0 where the rate is not known.
        instant: Beats a minute by the newest three intervals, where they are seen and fit; else
            ``rate``.
        acceleration: Change of the rate, beats a minute in a second, over the newest 3 s.
        reasons: ``gap``, ``flat``, ``clipping``, ``noisy``, ``motion``, ``not_worn``,
            ``no_accelerometer``.
    """

    rate: float
    sd: float
    quality: float
    instant: float
    acceleration: float
    reasons: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Return whether the rate is known."""
        return self.quality > 0


@dataclass(slots=True)
class _Seen:
    """Evidence of all sensors of one window."""

    evidence: Floats
    sound: float = 0.0
    fit: float = 0.0
    alike: float = -1.0
    optical: bool = False
    counted: float = 0.0
    beats: Beats | None = None
    reasons: tuple[str, ...] = ()

    @property
    def informs(self) -> bool:
        return self.sound > 0 or self.counted > 0


class HeartTracker:
    """Tracker of one person's heart rate from window to window.

    Windows may overlap: each weighs what the time since the one before allows. The same windows
    in the same order give the same answers.
    """

    def __init__(self) -> None:
        self._filter = RateFilter(
            LOWEST, HIGHEST, STATES, drift=0.03, jump=0.0005, usual=78.0, spread=0.35
        )
        self._spectrum = Spectrum(self._filter.rates)
        self._past: deque[tuple[float, float]] = deque(maxlen=32)
        self.restart()

    def restart(self) -> None:
        """Forget the person."""
        self._filter.restart()
        self._upright = [0.0] * COLUMNS
        self._fit = self._alike = 0.0
        self._past.clear()
        self._now = 0.0

    def update(self, signals: Mapping[str, Signal], step: float) -> HeartNow | None:
        """Take the newest window.

        Args:
            signals: By role: ``ppg``, ``ecg``, ``heart_rate``, ``rr``, ``accel``; any subset.
            step: Seconds since the window before; ``inf`` for the first.

        Returns:
            None where no sensor of the heart is there, or all of them are too young.
        """
        first = not step < FORGET
        if first:
            self.restart()
            step = FIRST
        self._now += step
        self._filter.predict(step)
        moves = movement(signals["accel"], self._spectrum) if "accel" in signals else None
        seen = self._look(signals, moves, min(step, FIRST) / 0.5)
        if seen is None:
            return None
        self._filter.update(seen.evidence)
        share = 1.0 if first else 1 - exp(-step / SETTLES)
        self._fit += share * (seen.fit - self._fit)
        self._alike += share * (seen.alike - self._alike)
        return self._answer(seen, moves)

    def _look(
        self, signals: Mapping[str, Signal], moves: Movement | None, weight: float
    ) -> _Seen | None:
        seen = _Seen(np.zeros(STATES))
        usual = self._filter.quantiles(0.5)[0]
        young = True
        for role in ("ecg", "ppg"):
            waves = self._waves(role, signals)
            live = [wave for wave in waves if wave.sound > 0 and wave.fresh > 0.3]
            young = young and not waves
            if not live:
                seen.reasons += waves[0].reasons if waves else ()
                continue
            optical = role == "ppg"
            self._add(seen, live, usual, moves if optical else None, weight)
            seen.optical = optical if not seen.sound else seen.optical and optical
            seen.sound = max(seen.sound, max(wave.sound for wave in live))
        for role, read in (("rr", interval_rate), ("heart_rate", counted_rate)):
            if role in signals:
                young = False
                counted_now = read(signals[role])
                if counted_now is None:
                    seen.reasons += ("gap",)
                elif counted_now.rate > 0:
                    away = (self._filter.logs - log(counted_now.rate)) / max(counted_now.sd, STRAP)
                    seen.evidence -= 0.5 * np.minimum(away * away, 40.0)
                    seen.counted = counted_now.rate
                else:
                    seen.reasons += ("not_worn",)
        return None if young else seen

    def _add(
        self,
        seen: _Seen,
        waves: list[Wave],
        usual: float,
        moves: Movement | None,
        weight: float,
    ) -> None:
        """Add the evidence of one sensor's columns: spectra and beats."""
        shares = []
        for wave in waves:
            if moves is None:
                power = self._spectrum.power(wave.tone)
            else:
                power = self._spectrum.power(moves.taken_from(wave.tone)) * moves.damping
            shares.append(self._spectrum.explained(power, HARMONIC))
        calm = 1 - moves.shaken if moves is not None else 1.0
        unlikely = np.mean([np.log(1 - share) for share in shares], axis=0)
        beats = max(
            (count(wave.times) for wave in waves), key=lambda found: found.regular - found.sd
        )
        if beats.rate > 0:
            if seen.beats is None or beats.regular > seen.beats.regular:
                seen.beats = beats
            same = max(repeats(wave, 60 / beats.rate) for wave in waves)
            counts = calm >= 1 and beats.regular > REGULAR
            if counts and any(is_overtone(wave, 30 / beats.rate) for wave in waves):
                unlikely[np.abs(self._filter.logs - log(2 * beats.rate)) < OVERTONE] = 0.0
            calm *= min(max((same - 0.3) / 0.4, 0.0), 1.0)
            seen.evidence += BEATS_WEIGHT * weight * self._counted(beats, calm)
        seen.evidence -= SPECTRUM_WEIGHT * weight * unlikely
        near = np.abs(self._filter.logs - log(usual)) < 0.08
        seen.fit = max(seen.fit, max(float(share[near].max()) for share in shares))
        seen.alike = max(seen.alike, max(repeats(wave, 60 / usual) for wave in waves))
        for wave in waves:
            seen.reasons += wave.reasons

    def _counted(self, beats: Beats, calm: float) -> Floats:
        """Return the log-likelihood of each rate, where the count may be wrong altogether."""
        away = (self._filter.logs - log(beats.rate)) / beats.sd
        belief = 0.9 * calm * max(0.0, 2 * beats.regular - 1)
        return np.log(belief * np.exp(-0.5 * away * away) + 1.02 - belief)

    def _waves(self, role: str, signals: Mapping[str, Signal]) -> list[Wave]:
        waves: list[Wave] = []
        if role not in signals:
            return waves
        signal = signals[role]
        for index in range(min(COLUMNS, signal.values.shape[1])):
            if role == "ecg":
                current = heart_current(signal, index)
                if current is not None:
                    waves.append(current)
            else:
                pulse = pulse_wave(signal, index, self._upright[index])
                if pulse is not None:
                    self._upright[index] = 0.95 * self._upright[index] + 0.05 * pulse[1]
                    waves.append(pulse[0])
        return waves

    def _answer(self, seen: _Seen, moves: Movement | None) -> HeartNow:
        low, rate, high = self._filter.quantiles(0.16, 0.5, 0.84)
        width = 0.5 * (high - low)
        if seen.sound <= 0 < seen.counted:
            rate, width = seen.counted, STRAP * seen.counted  # it has been averaged already
        reasons = list(seen.reasons)
        moving = seen.optical and moves is not None and moves.shaken > 0.1
        visible = self._alike > REPEATS or (moving and self._fit > FITS) or seen.counted > 0
        known = seen.informs and visible and width < WIDEST * rate
        if not known:
            self._past.clear()
            reasons += ["motion"] if moving else ["noisy"] if seen.sound > 0 else []
            answer = HeartNow(rate, max(width, 10.0), 0.0, rate, 0.0)
            return replace(answer, reasons=tuple(dict.fromkeys(reasons)))
        self._past.append((self._now, rate))
        turn = self._acceleration()
        variance = LEAST_SD**2 + (WIDTH_SD * width) ** 2 + (TURN_SD * turn) ** 2
        quality = 1.0 if seen.counted > 0 else seen.sound
        if seen.optical and moves is None and seen.counted <= 0:
            reasons.append("no_accelerometer")
            (begin, end), odds, far = STEPS
            variance += far**2 * float(np.interp(rate, (begin, end), odds))
            quality *= UNWATCHED
        quality *= min(max(1.15 - sqrt(variance) / 10.0, 0.05), 1.0)
        instant = _instant(seen.beats, rate)
        return HeartNow(rate, sqrt(variance), quality, instant, turn, tuple(dict.fromkeys(reasons)))

    def _acceleration(self) -> float:
        now, rate = self._past[-1]
        before = next((one for one in self._past if one[0] > now - 3.2), self._past[-1])
        return (rate - before[1]) / (now - before[0]) if now - before[0] > 1.0 else 0.0


def _instant(beats: Beats | None, rate: float) -> float:
    """Return the rate of the newest beats, if it is near the filter's."""
    if beats is None or len(beats.times) <= NEWEST or beats.times[-1] < -RECENT:
        return rate
    newest = 60.0 * NEWEST / float(beats.times[-1] - beats.times[-1 - NEWEST])
    return newest if abs(log(newest / rate)) < APART else rate
