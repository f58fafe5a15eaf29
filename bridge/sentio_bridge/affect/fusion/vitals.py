"""Measured bodily values: the newest of each, joined where several modalities have one."""

from __future__ import annotations

from sentio_models import PHYSIOLOGY, Estimate

_RANGE = {
    "heart_rate": (20.0, 250.0),
    "rmssd": (0.0, 1000.0),
    "breathing_rate": (1.0, 80.0),
    "scl": (0.0, 200.0),
    "scr_rate": (0.0, 120.0),
}
"""What a living body can show; anything else is a fault of the estimate and left out."""


class Vitals:
    """Holds readings of ``PHYSIOLOGY`` for a while.

    Args:
        age: Seconds for which a reading counts.
    """

    def __init__(self, age: float) -> None:
        self._age = age
        self._readings: dict[tuple[str, str], tuple[float, float, float]] = {}

    def take(self, estimate: Estimate, captured: float) -> None:
        """Keep an estimate's readings, unless newer ones of the modality are there."""
        for name in PHYSIOLOGY:
            reading = estimate.readings.get(name)
            if reading is None or not _RANGE[name][0] <= reading.mean <= _RANGE[name][1]:
                continue
            before = self._readings.get((name, estimate.modality))
            if before is None or before[0] <= captured:
                self._readings[name, estimate.modality] = (captured, reading.mean, reading.variance)

    def known(self, now: float) -> dict[str, float]:
        """Return the fresh values by name, weighted by precision across modalities."""
        sums: dict[str, tuple[float, float]] = {}
        for (name, _), (captured, mean, variance) in self._readings.items():
            if now - captured <= self._age:
                top, bottom = sums.get(name, (0.0, 0.0))
                sums[name] = (top + mean / variance, bottom + 1.0 / variance)
        return {name: top / bottom for name, (top, bottom) in sums.items()}

    def forget(self, modality: str) -> None:
        """Drop all that a modality said."""
        self._readings = {k: v for k, v in self._readings.items() if k[1] != modality}

    def clear(self) -> None:
        """Drop everything."""
        self._readings = {}
