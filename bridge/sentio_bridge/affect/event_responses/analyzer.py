"""Responses to markers, when their windows close; no I/O, no clock."""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, isfinite

import numpy as np

from sentio_bridge.affect.event_responses.history import History
from sentio_bridge.affect.event_responses.measures import (
    EYELID,
    HEART,
    Floats,
    Measure,
    first_measures_for,
    measures_for,
)
from sentio_bridge.affect.event_responses.response import Response
from sentio_bridge.affect.event_responses.significance import Significance, significance
from sentio_bridge.affect.event_responses.summary import Summary


@dataclass(frozen=True, slots=True)
class ResponseSettings:
    """Assumptions of the analysis.

    Attributes:
        first: Seconds after a marker at which a first answer is given, of what is quick.
        window: Seconds after a marker until its answer is over (a skin response that begins at
            5 s peaks by 8 s).
        settle: Seconds waited further for samples that come late.
        memory: Seconds that are searched for quiet moments to compare a marker with: neighbours
            are alike, so that a short stretch knows too few kinds of quiet.
        step: Seconds between the quiet moments that are compared; closer ones add nothing new.
        guard: Seconds before a marker, from the start of a quiet moment's own windows.
        false_alarms: Share of markers without any response that may be called one.
        least: Quiet moments without which nothing is called a response (p cannot fall below
            ``1 / (1 + least / 4)``).
        late: Seconds by which a marker may be late.
        ahead: Seconds by which a marker may lie in the future of all that is known.
        signals: Signals kept at most; further names are refused.
        pending: Markers awaiting their window at most: each answer takes milliseconds.
        past: Answered markers that still bound the quiet time.
        spacing: Seconds between samples kept of one signal.
    """

    first: float = 1.9
    window: float = 8.0
    settle: float = 1.0
    memory: float = 900.0
    step: float = 2.0
    guard: float = 4.0
    false_alarms: float = 0.05
    least: int = 76
    late: float = 60.0
    ahead: float = 5.0
    signals: int = 64
    pending: int = 64
    past: int = 1024
    spacing: float = 0.04


class ResponseAnalyzer:
    """Analysis of each signal after each marker.

    Args:
        settings: Windows and limits.
    """

    def __init__(self, settings: ResponseSettings | None = None) -> None:
        self._set = settings or ResponseSettings()
        self._signals: OrderedDict[str, tuple[History, tuple[Measure, ...]]] = OrderedDict()
        self._pending: list[tuple[float, str]] = []
        self._first: list[tuple[float, str]] = []
        self._past: deque[float] = deque(maxlen=self._set.past)
        self._newest = -inf
        self.summary = Summary()
        self.refused: Counter[str] = Counter()

    def feature(self, name: str, time: float, value: float) -> str:
        """Take one sample; return why it was refused, or an empty text."""
        known = self._signals.get(name)
        if known is None:
            if len(self._signals) >= self._set.signals:
                return self._refuse("too_many_signals")
            keep = self._set.memory + self._set.late + 4 * self._set.window
            measures = measures_for(name)
            if not measures:
                return "too_slow"
            known = (History(keep, self._set.spacing), measures)
            self._signals[name] = known
        if isfinite(time) and self._newest > -inf and time > self._newest + FORWARD:
            return self._refuse("clock_ahead")
        reason = known[0].add(time, value)
        if reason:
            return self._refuse(reason)
        self._newest = max(self._newest, time)
        return ""

    def marker(self, name: str, time: float) -> str:
        """Take a marker; return why it cannot be answered, or an empty text."""
        if not isfinite(time):
            return self._refuse("not_finite")
        if self._newest > -inf:
            if time > self._newest + self._set.ahead:
                return self._refuse("marker_ahead")
            if time < self._newest - self._set.late:
                return self._refuse("marker_too_late")
        if len(self._pending) >= self._set.pending:
            return self._refuse("too_many_markers")
        self._pending.append((time, name))
        self._pending.sort()
        self._first.append((time, name))
        self._first.sort()
        return ""

    def poll_first(self, now: float, most: int | None = None) -> list[Response]:
        """Return first answers to the newest markers: a startle shows within two seconds.

        A marker so late that its whole answer is due has none.

        Args:
            now: Time, seconds.
            most: Answers at most; the next call gives the rest. None for all.
        """
        if not self._first or not isfinite(now):
            return []
        done = [pair for pair in self._first if pair[0] <= now - self._set.first][:most]
        if not done:
            return []
        self._first = self._first[len(done) :]
        over = now - self._set.window - self._set.settle
        signals = [
            (measure, *history.arrays())
            for name, (history, _) in self._signals.items()
            for measure in first_measures_for(name)
        ]
        others = np.array(sorted([*self._past, *(t for t, _ in self._pending)]))
        return [self._answer(t, name, signals, others) for t, name in done if t > over]

    def poll(self, now: float, most: int | None = None) -> list[Response]:
        """Return the responses whose windows have closed, in the order of their markers.

        Args:
            now: Time, seconds.
            most: Responses at most; the next call gives the rest. None for all.
        """
        if not isfinite(now):
            return []
        self._newest = max(self._newest, now)
        if not self._pending:
            return []
        closing = now - self._set.window - self._set.settle
        done = [(time, name) for time, name in self._pending if time <= closing][:most]
        if not done:
            return []
        waiting = self._pending[len(done) :]  # in the order of their times
        signals = [(m, *h.arrays()) for h, ms in self._signals.values() for m in ms]
        others = sorted([*self._past, *(t for t, _ in self._pending)])
        found = [self._answer(time, name, signals, np.array(others)) for time, name in done]
        self._pending = waiting
        self._first = [pair for pair in self._first if pair[0] > closing]
        self._past.extend(time for time, _ in done)
        for response in found:
            self.summary.add(response)
        return found

    def _answer(
        self,
        time: float,
        name: str,
        signals: list[tuple[Measure, Floats, Floats]],
        markers: Floats,
    ) -> Response:
        same = int(np.searchsorted(markers, time))
        near = np.delete(markers, same)
        gap = np.abs(near - time).min(initial=inf)
        alone = min(1.0, float(gap) / self._set.window)
        result = significance(signals, time, self._quiet(time, markers), alone)
        reasons = []
        if not result.changes:
            reasons.append("no_data")
        elif result.comparisons < self._set.least:
            reasons.append("warming")
        if alone < 1.0:
            reasons.append("overlap")
        sure = result.comparisons >= self._set.least
        detected = sure and result.p <= self._set.false_alarms
        reliabilities = [c.reliability for c in result.changes.values()]
        return Response(
            name=name,
            time=time,
            changes=result.changes,
            score=result.score,
            p=result.p if sure else 1.0,
            detected=detected,
            pattern=_pattern(result) if detected else "",
            reliability=float(np.mean(reliabilities)) if reliabilities else 0.0,
            reasons=tuple(reasons),
        )

    def _quiet(self, time: float, markers: Floats) -> Floats:
        """Return moments whose windows end before this marker and touch no other's answer."""
        last = time - self._set.window
        count = int(self._set.memory / self._set.step)
        at = last - self._set.step * np.arange(count, dtype=np.float64)
        if not len(markers):
            return at
        after = np.searchsorted(markers, at - self._set.window - self._set.guard)
        nearest = np.r_[markers, inf][after]
        return np.asarray(at[nearest >= at + self._set.window], dtype=np.float64)

    def _refuse(self, reason: str) -> str:
        self.refused[reason] += 1
        return reason


FORWARD = 3600.0
"""Seconds that a sample may lie ahead of all others: a longer gap is a wrong clock, and one such
sample would else make everything after it too late. ``poll`` moves the time on."""


def _pattern(result: Significance) -> str:
    """Name a known bodily pattern (Graham & Clifton 1966; Blumenthal et al. 2005)."""
    early, late = (
        next((c for n in HEART if (c := result.changes.get(f"{n}.{part}"))), None)
        for part in ("early", "late")
    )
    lid = [c for name, c in result.changes.items() if name in EYELID]
    if lid and max(c.effect for c in lid) >= STRONG and (late is None or late.effect > 0):
        return "startle"
    if late is not None and late.effect >= STRONG:
        return "defence"
    if early is not None and early.effect <= -STRONG:
        return "orienting"
    return ""


STRONG = 2.0
"""Robust z from which a part of a pattern counts as there."""


def aggregates(analyzer: ResponseAnalyzer) -> Mapping[str, str]:
    """Return one sentence by marker name, on arousal or the first known signal."""
    sentences = {}
    for name in analyzer.summary.names():
        signals = analyzer.summary.of(name)
        signal = "arousal" if "arousal" in signals else next(iter(signals), "")
        sentences[name] = analyzer.summary.sentence(name, signal)
    return {name: text for name, text in sentences.items() if text}
