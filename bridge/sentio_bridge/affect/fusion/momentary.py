"""Arousal of the moment: a model gives the level, quick features give its changes.

A model that reads a minute of heartbeats or two seconds of voice is calibrated over people but
slow, or hardly moves within one person. Features of the moment move at once, but their level means
nothing: one heart beats at 60 and another at 80. The two are joined as in a complementary filter:

    refined = slope x feature + running mean of (model - slope x feature)

so that what lasts for minutes comes from the model and what lasts for seconds from the feature.
The slopes are those of people in general: voices of activated people are some 6 dB louder and
5 semitones higher for a unit of arousal (Banse & Scherer 1996; Juslin & Laukka 2003), hearts some
13 beats a minute faster (Kreibig 2010), skin conducts a third more (Dawson et al. 2007). A heart's
swings with breath and blood pressure are taken out first (``heart_trend``). No I/O, no clock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, log, log2

import msgspec

from sentio_bridge.affect.fusion.heart_trend import HeartTrend
from sentio_models import Estimate, Reading


@dataclass(frozen=True, slots=True)
class _Hint:
    """Relation of a feature to arousal within a person.

    Attributes:
        feature: Name in ``Estimate.features``.
        slope: Arousal (-1..1) for a unit of the scaled feature.
        weight: Against the other hints of the modality.
        scale: Makes differences of the feature comparable over people.
    """

    feature: str
    slope: float
    weight: float
    scale: Callable[[float], float]


def _same(value: float) -> float:
    return value


def _semitones(hertz: float) -> float:
    return 12.0 * log2(max(hertz, 20.0))


def _logarithm(value: float) -> float:
    return log(max(value, 0.05))


@dataclass(frozen=True, slots=True)
class _Moment:
    """Quick features of a modality.

    Attributes:
        hints: Its features.
        sd: Error of the refined arousal as a measurement, -1..1.
        tau: Seconds over which model and feature are compared (e-fold): what lasts longer comes
            from the model.
    """

    hints: tuple[_Hint, ...]
    sd: float
    tau: float


_HEART = "heart_rate_now"

_MOMENTS = {
    "voice": _Moment(
        (
            _Hint("loudness_db", 1 / 7.0, 1.0, _same),
            _Hint("pitch_hz", 1 / 5.5, 1.0, _semitones),
        ),
        sd=0.35,
        tau=20.0,
    ),
    "body": _Moment(
        (
            _Hint(_HEART, 1 / 13.0, 1.0, _same),
            _Hint("scl_now", 1 / 0.3, 0.5, _logarithm),
        ),
        sd=0.38,
        tau=60.0,
    ),
}
"""By modality. The body's model reads a minute, a voice's two seconds. Real people, in CogWear
and EmoDB, show why ``tau`` is not longer: what the models find of load and anger got lost."""

_APART = 1.0
"""Seconds that make two comparisons count as two."""


class _Offset:
    """A leaky mean of (model - slope x feature)."""

    __slots__ = ("_last", "_mean", "_tau", "_weight")

    def __init__(self, tau: float) -> None:
        self._tau = tau
        self._mean = 0.0
        self._weight = 0.0
        self._last: float | None = None

    def learn(self, value: float, time: float) -> float:
        """Take a difference and return the mean; an older one changes nothing."""
        step = _APART if self._last is None else time - self._last
        if step > 0.0:
            self._last = time
            new = min(1.0, step / _APART)
            self._weight = self._weight * exp(-step / self._tau) + new
            self._mean += new / self._weight * (value - self._mean)
        return self._mean


class Momentary:
    """Refinement of arousal by quick features, causal.

    Args:
        spread: Deviation of arousal over people and moments.
    """

    def __init__(self, spread: float) -> None:
        self._variance = spread * spread
        self._offsets: dict[tuple[str, str], _Offset] = {}
        self._trends: dict[str, HeartTrend] = {}

    def refine(self, estimate: Estimate, captured: float) -> Estimate:
        """Return the estimate with the arousal of the moment.

        Args:
            estimate: Of a modality; itself where it has no arousal or no quick feature.
            captured: When it was captured.
        """
        moment = _MOMENTS.get(estimate.modality)
        reading = estimate.readings.get("arousal")
        if moment is None or reading is None:
            return estimate
        total = weights = 0.0
        for hint in moment.hints:
            feature = estimate.features.get(hint.feature)
            if feature is None:
                continue
            if hint.feature == _HEART:
                feature = self._trend(estimate, feature, captured)
            moved = hint.slope * hint.scale(feature)
            key = (estimate.modality, hint.feature)
            offset = self._offsets.setdefault(key, _Offset(moment.tau))
            total += hint.weight * (moved + offset.learn(reading.mean - moved, captured))
            weights += hint.weight
        if not weights:
            return estimate
        # Given as what a fitted model would: fusion divides the prior out again.
        error = moment.sd * moment.sd
        kept = self._variance / (self._variance + error)
        mean = min(1.0, max(-1.0, total / weights))
        refined = Reading(kept * mean, kept * error)
        return msgspec.structs.replace(estimate, readings={**estimate.readings, "arousal": refined})

    def _trend(self, estimate: Estimate, rate: float, captured: float) -> float:
        breathing = estimate.readings.get("breathing_rate")
        trend = self._trends.setdefault(estimate.modality, HeartTrend())
        return trend.take(rate, None if breathing is None else breathing.mean, captured)

    def forget(self, modality: str) -> None:
        """Drop what was learnt of a modality."""
        self._trends.pop(modality, None)
        self._offsets = {key: o for key, o in self._offsets.items() if key[0] != modality}
