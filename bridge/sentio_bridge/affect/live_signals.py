"""Momentary signals beside affect: smile, blink, laughter, breath."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sentio_bridge.affect.evidence import Evidence, freshness
from sentio_models import Estimate


@dataclass(frozen=True, slots=True)
class _Signal:
    """An entry that a feature of an estimate fills.

    Attributes:
        entry: Of the affect vector.
        feature: Its name in ``Estimate.features``.
        modalities: Which may have it.
        low: Least value; others are clipped.
        high: Largest value.
        life: Seconds for which a value counts.
        least: Quality of the estimate from which it is taken; silence is known at any.
    """

    entry: str
    feature: str
    modalities: tuple[str, ...]
    low: float
    high: float
    life: float = 1.0
    least: float = 0.3


_FACES = ("face", "headset")
_SIGNALS = (
    _Signal("smile", "smile", _FACES, 0.0, 1.0),
    _Signal("blink", "blink", _FACES, 0.0, 1.0),
    _Signal("laughter", "laughter", ("voice",), 0.0, 1.0),
    _Signal("speaking", "speaking", ("voice",), 0.0, 1.0, least=0.0),
    _Signal("heart_rate_acceleration", "heart_rate_acceleration", ("body",), -30.0, 30.0, 2.5),
    _Signal("breath_phase", "breath_phase", ("body",), 0.0, 1.0, 1.5),
    _Signal("scr_now", "scl_phasic", ("body",), 0.0, 50.0, 2.5),
)
_OF_MODALITY = {
    modality: tuple(signal for signal in _SIGNALS if modality in signal.modalities)
    for modality in {name for signal in _SIGNALS for name in signal.modalities}
}


UNITS_LIFE = 1.0
"""Seconds for which action units count."""

UNITS_LEAST = 0.3
"""Quality of the estimate from which its action units are taken."""


@dataclass(frozen=True, slots=True)
class _Units:
    captured: float
    modality: str
    strengths: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Taken:
    captured: float
    value: float
    quality: float
    modality: str


class LiveSignals:
    """Store of the newest value of each signal while it is fresh."""

    def __init__(self) -> None:
        self._taken: dict[str, _Taken] = {}
        self._units: _Units | None = None

    def take(self, estimate: Estimate, captured: float) -> None:
        """Keep an estimate's signals, unless newer ones are there."""
        units = self._units
        if (
            estimate.action_units
            and estimate.quality >= UNITS_LEAST
            and (units is None or units.captured <= captured)
        ):
            self._units = _Units(captured, estimate.modality, estimate.action_units)
        for signal in _OF_MODALITY.get(estimate.modality, ()):
            value = estimate.features.get(signal.feature)
            if value is None or estimate.quality < signal.least:
                continue
            before = self._taken.get(signal.entry)
            if before is None or before.captured <= captured:
                quality = 1.0 if signal.least == 0.0 else min(1.0, estimate.quality)
                value = min(signal.high, max(signal.low, value))
                taken = _Taken(captured, value, quality, estimate.modality)
                self._taken[signal.entry] = taken

    def known(self, now: float) -> dict[str, float]:
        """Return the fresh values by entry."""
        if not self._taken:
            return {}
        return {
            signal.entry: taken.value
            for signal in _SIGNALS
            if (taken := self._taken.get(signal.entry)) and now - taken.captured <= signal.life
        }

    def action_units(self, now: float) -> Mapping[str, float]:
        """Return the newest strength of each facial movement, 0..1; empty without a face."""
        units = self._units
        return units.strengths if units and now - units.captured <= UNITS_LIFE else {}

    def evidence(self, now: float) -> dict[str, Evidence]:
        """Return age and confidence of the fresh values by entry."""
        found: dict[str, Evidence] = {}
        for signal in _SIGNALS:
            taken = self._taken.get(signal.entry)
            if taken is None or now - taken.captured > signal.life:
                continue
            age = max(0.0, now - taken.captured)
            found[signal.entry] = Evidence(age, taken.quality * freshness(age, signal.life))
        return found

    def forget(self, modality: str) -> None:
        """Drop all that a modality gave."""
        self._taken = {name: t for name, t in self._taken.items() if t.modality != modality}
        if self._units is not None and self._units.modality == modality:
            self._units = None
