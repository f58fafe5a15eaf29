"""Probability of a startle from all sudden moments; no I/O, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, isfinite

from sentio_bridge.affect.startle.body_alone import BodyAlone
from sentio_bridge.affect.startle.sudden import SCORED, Scores, Sudden, clear_face
from sentio_models import Estimate

WEIGHTS: Mapping[str, float] = {
    "face": 2.5,
    "head": 3.0,
    "voice": 2.6,
    "skin": 0.5,
    "heart": 0.4,
}
"""Log odds for a score of 1: a logistic fit on simulated persons of seeds 11 to 14 with random
signals missing (face 2.4, head 6.7, voice 0, skin 0.4, heart 0.4). The head counts less: simulated
heads move little otherwise. A voice alone counts for .55
where it is held 4 dB over the person's loud syllables: set, as all simulated cries are louder."""

BIAS = -3.7
"""Log odds of a moment at which nothing is sudden: a startle in a minute, less often than in the
simulation (fit: -3.4)."""

TOGETHER: Mapping[str, float] = {"face": 0.6, "head": 0.6, "voice": 0.6, "skin": 1.3, "heart": 1.3}
"""Seconds by which a signal's moment may be off."""

REPORTED, CLEAR = 0.5, 0.9
"""Probability from which a startle is reported, and from which at once."""

WAIT = 0.4
"""Seconds that a less clear one waits for other signals."""

APART = 5.0
"""Seconds between two startles, at least."""

KEPT = 6.0
"""Seconds for which a score counts: a skin's answer comes late."""


@dataclass(frozen=True, slots=True)
class Startle:
    """Something has startled the person.

    Attributes:
        time: When, by the signal that showed it first (LSL clock, seconds).
        probability: 0..1.
        strength: 0..1, mean score of the signals that showed it.
        sources: Those signals.
    """

    time: float
    probability: float
    strength: float
    sources: tuple[str, ...]


class StartleDetector:
    """Detector of startles of one person.

    Estimates may come in any order of modality; within one, in the order of capture.
    """

    def __init__(self) -> None:
        self._scores = Scores()
        self._best: dict[str, Sudden] = {}
        self._waiting: float | None = None
        self._last: float | None = None
        self._body = BodyAlone()

    def take(self, estimate: Estimate, captured: float) -> Startle | None:
        """Take an estimate; return a startle once it is probable."""
        if not (self._best or estimate.modality in SCORED):
            return None  # as nearly always
        if not isfinite(captured):
            return None
        late = self._late(estimate, captured)
        if late is not None:
            return late
        for sudden in self._scores.take(estimate, captured):
            before = self._best.get(sudden.source)
            stale = before is None or captured - before.time > KEPT
            if stale or (before is not None and sudden.score >= before.score):
                self._best[sudden.source] = sudden
        if not self._best:
            return None
        at, together = self.moment()
        if self._last is not None and at < self._last + APART:
            self._waiting = None
            return None
        probability = _probability({one.source: one.score for one in together})
        if probability < REPORTED:
            self._waiting = None
            return None
        if self._waiting is None:
            self._waiting = captured
        if probability < CLEAR and captured - self._waiting < WAIT:
            return None
        self._waiting, self._last = None, at
        self._best = {}
        return Startle(
            at,
            probability,
            min(1.0, sum(one.score for one in together) / len(together)),
            tuple(one.source for one in together),
        )

    def _late(self, estimate: Estimate, captured: float) -> Startle | None:
        """Return a startle that heart and skin show late and no other signal has shown."""
        if clear_face(estimate):
            self._body.see_face(captured)
        if estimate.modality != "body":
            return None
        shown = self._body.take(estimate.features, captured)
        if shown is None or (self._last is not None and shown.time < self._last + APART):
            return None
        self._last = shown.time
        return Startle(shown.time, shown.probability, shown.probability, ("heart", "skin"))

    def moment(self) -> tuple[float, list[Sudden]]:
        """Return the most probable moment now and the signals that show it."""
        best, chosen = float("-inf"), None
        for reference in self._best.values():
            near = [
                one
                for one in self._best.values()
                if one.score > 0.0
                and abs(one.time - reference.time)
                <= max(TOGETHER[one.source], TOGETHER[reference.source])
            ]
            total = sum(WEIGHTS[one.source] * one.score for one in near)
            if total > best:
                best, chosen = total, (reference, near)
        assert chosen is not None
        reference, near = chosen
        # The quickest signal dates it best.
        first = min(near, key=lambda one: (TOGETHER[one.source], one.time), default=reference)
        return first.time, near


def _probability(scores: Mapping[str, float]) -> float:
    """Return the probability of a startle by the scores of the signals that show it."""
    odds = BIAS + sum(WEIGHTS[source] * score for source, score in scores.items())
    return 1.0 / (1.0 + exp(-odds))
