"""Frustration that lasts over the lines of a conversation.

One angry line is an outburst; several in a row are a player about to leave. This keeps a level
with exponential memory over lines and over time, and never the lines themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sentio_models.estimate import Estimate

LINE_SHARE = 0.35
"""Share of the newest line in the level: about five lines are remembered."""

HALF_LIFE = 180.0
"""Seconds of silence in which the level falls by half."""

BEGINS, ENDS = 0.55, 0.3
"""Levels at which lasting frustration begins and ends."""

LEAST_LINES = 3
"""Frustrated lines before it may begin."""


@dataclass(frozen=True, slots=True)
class FrustrationChange:
    """Lasting frustration began or ended.

    Attributes:
        kind: Which.
        at: Time of the line that made the change, in seconds of the caller's clock.
        level: 0..1.
        target: ``game`` or ``people``, at whom more of the anger was aimed; ``unclear`` else.
    """

    kind: Literal["began", "ended"]
    at: float
    level: float
    target: Literal["game", "people", "unclear"]


class LastingFrustration:
    """State of one person's frustration over lines of text."""

    def __init__(self) -> None:
        self._at = float("-inf")
        self._aims = {"game": 0.0, "people": 0.0}
        self._frustrated = 0
        self.level = 0.0
        self.lasting = False

    def add(self, at: float, estimate: Estimate) -> FrustrationChange | None:
        """Take a line's estimate; return the change that it makes, or None.

        Lines that were not read, or of which frustration is unclear, only let time pass.

        Args:
            at: When the line came, in seconds of any clock; earlier than the last counts as
                the same time.
            estimate: Of ``TextEstimator.read``.
        """
        self._pass_time(at)
        odds = estimate.features.get("frustration")
        if estimate.quality > 0 and odds is not None:
            share = LINE_SHARE * estimate.quality
            self.level += share * (odds - self.level)
            self._frustrated = self._frustrated + 1 if odds >= 0.5 else self._frustrated
            for name in self._aims:
                aimed = estimate.features.get(f"anger_at_{name}", 0.0)
                self._aims[name] += share * (aimed - self._aims[name])
        return self._change(at)

    def _pass_time(self, at: float) -> None:
        if at > self._at:
            kept = 0.5 ** ((at - self._at) / HALF_LIFE)
            self.level *= kept
            self._aims = {name: value * kept for name, value in self._aims.items()}
            self._at = at

    def _change(self, at: float) -> FrustrationChange | None:
        if not self.lasting and self.level >= BEGINS and self._frustrated >= LEAST_LINES:
            self.lasting = True
            return FrustrationChange("began", at, self.level, self._target())
        if self.level <= ENDS:
            self._frustrated = 0 if self.level < 0.05 else self._frustrated
            if self.lasting:
                self.lasting, self._frustrated = False, 0
                return FrustrationChange("ended", at, self.level, self._target())
        return None

    def _target(self) -> Literal["game", "people", "unclear"]:
        game, people = self._aims["game"], self._aims["people"]
        if max(game, people) < 0.2 or abs(game - people) < 0.1:
            return "unclear"
        return "game" if game > people else "people"
