"""Boredom, flow, frustration and anxiety from the style of play; pure.

Players who fail press harder and more often (Sykes & Brown 2003), players who are bored do less
(Chanel et al. 2011 found low activation in easy play), and those who are afraid to fail hesitate.
These are assumptions: no open data has the four together with input statistics.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

from sentio_models import Estimate

LIFE = 10.0
"""Seconds for which statistics describe the present."""

FAILING = 6.0
"""Errors per minute at which half of the play counts as failing."""

UNCOUNTED = 0.2
"""Share of failing that is assumed where the game counts no errors."""

STEEP = 1.5
"""Steepness of more and less activity, per spread from the usual."""


@dataclass(frozen=True, slots=True)
class _Style:
    captured: float
    activity: float
    failing: float


class PlayStyle:
    """Newest input statistics of one person."""

    def __init__(self) -> None:
        self._newest: _Style | None = None

    def take(self, estimate: Estimate, captured: float) -> None:
        """Take an estimate of the modality ``game``; others are ignored."""
        activity = estimate.features.get("input_activity")
        if estimate.modality != "game" or activity is None:
            return
        if self._newest is not None and captured < self._newest.captured:
            return
        errors = estimate.features.get("input_errors")
        failing = UNCOUNTED if errors is None else errors / (errors + FAILING)
        self._newest = _Style(captured, activity, failing)

    def age(self, now: float) -> float | None:
        """Return the age of the statistics, seconds; None if missing or too old."""
        if self._newest is None or now - self._newest.captured > LIFE:
            return None
        return max(0.0, now - self._newest.captured)

    def course(self, now: float) -> dict[str, float] | None:
        """Return what the style suggests, each 0..1; None if nothing is fresh."""
        if self._newest is None or self.age(now) is None:
            return None
        more = 1.0 / (1.0 + exp(-STEEP * self._newest.activity))
        failing = self._newest.failing
        return {
            "flow": (1.0 - failing) * exp(-((self._newest.activity - 0.3) ** 2)),
            "boredom": (1.0 - failing) / (1.0 + exp(STEEP * (self._newest.activity + 1.0))),
            "frustration": failing * more,
            "anxiety": failing * (1.0 - more),
        }

    def forget(self) -> None:
        """Drop the statistics."""
        self._newest = None
