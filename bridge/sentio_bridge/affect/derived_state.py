"""State derived from one person's estimates and fused state; no I/O, no clock.

Responses to markers, mood over minutes, levels in the person's own range, changes, expressions,
lasting frustration, and the appraisal of the game's course.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from sentio_bridge.affect.appraisal import Appraisal
from sentio_bridge.affect.changes import Change, Changes
from sentio_bridge.affect.event_responses import SLOW, ResponseAnalyzer
from sentio_bridge.affect.evidence import UNIFORM_SD, Evidence
from sentio_bridge.affect.expressions import Expressions
from sentio_bridge.affect.frustration import LastingFrustration
from sentio_bridge.affect.levels import Levels
from sentio_bridge.affect.mood import Mood
from sentio_bridge.protocol.frame import APPRAISALS
from sentio_models import AFFECT, Estimate


class DerivedState:
    """Derived state of one subject; a function of its calls alone."""

    def __init__(self) -> None:
        self.responses = ResponseAnalyzer()
        self.mood = Mood()
        self.levels = Levels()
        self.appraisal = Appraisal()
        self.changes = Changes()
        self.expressions = Expressions()
        self.frustration = LastingFrustration()
        self._changed: list[Change] = []
        self._moments: deque[tuple[str, str, float, dict[str, Any]]] = deque(maxlen=MOST_MOMENTS)

    def estimate(self, estimate: Estimate, captured: float) -> None:
        """Take the features of one modality's window that ended at ``captured``."""
        self.appraisal.take(estimate, captured)
        if estimate.modality == "text":
            change = self.frustration.add(captured, estimate)
            if change is not None:
                data = {"level": change.level, "target": change.target}
                self._moments.append(("frustration", change.kind, change.at, data))
        for found in self.expressions.take(estimate, captured):
            shown: dict[str, Any] = {"strength": found.strength, "found": captured}
            if found.probability is not None:
                shown["probability"] = found.probability
            if found.sources:
                shown["sources"] = list(found.sources)
            self._moments.append(("expression", found.name, found.onset, shown))
        if estimate.quality < LEAST_QUALITY:
            return
        for name, value in estimate.features.items():
            if name not in SLOW:
                self.responses.feature(name, captured, value)

    def marker(self, name: str, time: float, data: Mapping[str, Any]) -> None:
        """Take a named moment of the game."""
        self.responses.marker(name, time)
        self.appraisal.marker(name, time, data)

    def follow(self, now: float, fused: Mapping[str, float]) -> None:
        """Learn from the fused state at ``now``, by entry."""
        self.mood.update(now, fused)
        self.levels.learn(fused, now)
        self._changed += self.changes.take(fused, now)
        for name in AFFECT:
            if name in fused:
                self.responses.feature(name, now, fused[name])

    def values(self, now: float, fused: Mapping[str, float]) -> dict[str, float]:
        """Return levels, mood and appraisal for the affect vector; nothing is learnt."""
        values = {**self.levels.values(fused), **self.mood.values()}
        appraised = self.appraisal.values(now, fused)
        if appraised:
            values.update(appraised)
            deviation = self.appraisal.deviation(now, fused)
            values.update({f"{name}_sd": deviation for name in appraised})
        return values

    def evidence(
        self, values: Mapping[str, float], fused: Mapping[str, Evidence], now: float
    ) -> dict[str, Evidence]:
        """Return age and confidence of each entry in ``values`` that is derived here.

        Args:
            values: Entries of the frame.
            fused: Evidence of the fused state.
            now: When.
        """
        found = {**self.levels.evidence(values, fused), **self.mood.evidence(values, now)}
        age = self.appraisal.age(now)
        if age is None and "valence" in fused and "arousal" in fused:
            age = max(fused["valence"].age, fused["arousal"].age)
        for name in APPRAISALS:
            if age is not None and name in values:
                narrower = max(0.0, 1.0 - values[f"{name}_sd"] / UNIFORM_SD)
                found[name] = Evidence(age, narrower)
        return found

    def answered(self, now: float) -> Iterator[tuple[str, str, float, dict[str, Any]]]:
        """Yield what is new at ``now`` as events: kind, name, time, data.

        Kind ``first_response`` comes two seconds after a marker and ``response`` when its window
        has closed, both with the marker's name and time; ``expression`` and ``frustration`` as
        they are found.
        """
        while self._moments:
            yield self._moments.popleft()
        for response in self.responses.poll_first(now, MOST_ANSWERS):
            yield "first_response", response.name, response.time, response.body()
        for response in self.responses.poll(now, MOST_ANSWERS):
            summary = self.responses.summary.sentence(response.name)
            data = {**response.body(), "so_far": summary}
            yield "response", response.name, response.time, data

    def changed(self) -> list[Change]:
        """Return the changes found since the last call."""
        found, self._changed = self._changed, []
        return found


MOST_ANSWERS = 1
"""Responses to markers in one poll: each takes milliseconds, and a flood of markers waits."""

MOST_MOMENTS = 64
"""Expressions that wait for a poll; the oldest are dropped."""

LEAST_QUALITY = 0.3
"""Least quality: features of worse windows would show as false responses."""
