"""Newest measured bodily values, joined over modalities."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from sentio_bridge.affect.evidence import Evidence, freshness
from sentio_models import PHYSIOLOGY, Estimate


@dataclass(frozen=True, slots=True)
class _Limits:
    """Range of one bodily value, and how long a reading counts.

    Attributes:
        low: Least possible value; what is below is a fault of the estimate and left out.
        high: Largest possible value.
        spread: Deviation over people and moments: what is known without a reading.
        life: Seconds after its capture for which a reading counts.
    """

    low: float
    high: float
    spread: float
    life: float


_LIMITS = {
    "heart_rate": _Limits(20.0, 250.0, 15.0, 2.5),
    "rmssd": _Limits(0.0, 1000.0, 25.0, 10.0),
    "breathing_rate": _Limits(1.0, 80.0, 4.0, 6.0),
    "scl": _Limits(0.0, 200.0, 4.0, 2.5),
    "scr_rate": _Limits(0.0, 120.0, 5.0, 10.0),
}
"""By name of ``PHYSIOLOGY``. A heart or a skin of three seconds ago is no longer the present one;
variability, breaths and responses are counted over longer."""


@dataclass(frozen=True, slots=True)
class _Taken:
    """A reading with its capture time and the quality of its estimate (0..1)."""

    captured: float
    mean: float
    variance: float
    quality: float


class Vitals:
    """Store of readings of ``PHYSIOLOGY`` while they are fresh.

    Args:
        age: Most seconds for which any of them counts.
    """

    def __init__(self, age: float) -> None:
        self._lives = {name: min(age, limits.life) for name, limits in _LIMITS.items()}
        self._readings: dict[tuple[str, str], _Taken] = {}

    def take(self, estimate: Estimate, captured: float) -> None:
        """Keep an estimate's readings, unless newer ones of the modality are there."""
        for name in PHYSIOLOGY:
            reading, limits = estimate.readings.get(name), _LIMITS[name]
            if reading is None or not limits.low <= reading.mean <= limits.high:
                continue
            before = self._readings.get((name, estimate.modality))
            if before is None or before.captured <= captured:
                quality = min(1.0, max(0.0, estimate.quality))
                taken = _Taken(captured, reading.mean, reading.variance, quality)
                self._readings[name, estimate.modality] = taken

    def known(self, now: float) -> dict[str, float]:
        """Return fresh values and deviations, weighted by precision over modalities."""
        values: dict[str, float] = {}
        for name, parts in self._fresh(now).items():
            precision = sum(1.0 / part.variance for part in parts)
            values[name] = sum(part.mean / part.variance for part in parts) / precision
            values[f"{name}_sd"] = sqrt(1.0 / precision)
        return values

    def evidence(self, now: float) -> dict[str, Evidence]:
        """Return age and confidence of each value that is known at ``now``."""
        found: dict[str, Evidence] = {}
        for name, parts in self._fresh(now).items():
            found[name] = max(
                (self._evidence(name, part, now) for part in parts),
                key=lambda evidence: evidence.confidence,
            )
        return found

    def _evidence(self, name: str, part: _Taken, now: float) -> Evidence:
        age = max(0.0, now - part.captured)
        narrower = max(0.0, 1.0 - sqrt(part.variance) / _LIMITS[name].spread)
        return Evidence(age, min(part.quality, narrower) * freshness(age, self._lives[name]))

    def _fresh(self, now: float) -> dict[str, list[_Taken]]:
        fresh: dict[str, list[_Taken]] = {}
        for (name, _), taken in self._readings.items():
            if now - taken.captured <= self._lives[name]:
                fresh.setdefault(name, []).append(taken)
        return fresh

    def forget(self, modality: str) -> None:
        """Drop all that a modality gave."""
        self._readings = {k: v for k, v in self._readings.items() if k[1] != modality}

    def clear(self) -> None:
        """Drop everything."""
        self._readings = {}
