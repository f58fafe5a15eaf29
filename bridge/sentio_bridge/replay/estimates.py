"""The estimates of a replay: made again from the recorded chunks, or as they were recorded."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import inf

import msgspec

from sentio_bridge.core import command_log
from sentio_bridge.pipeline.user_models import EstimatorKind
from sentio_bridge.pipeline.windowing import Windower
from sentio_models import Estimate, Estimator, Norm
from sentio_models.runtime.guarded_estimator import GuardedEstimator
from sentio_recording.recording import Recording
from sentio_sensors import Chunk, StreamSpec

Key = tuple[str, str]
"""Subject and worker."""

Item = tuple[Key, float, Estimate]
"""Whose estimate, and the capture time of its newest sample."""

AHEAD = 60.0
"""Seconds that are looked ahead for an estimate: it is recorded within seconds of its samples."""


@dataclass(frozen=True, slots=True)
class _Lane:
    """One worker's windows and estimator."""

    windower: Windower
    estimator: Estimator

    def feed(self, chunk: Chunk) -> tuple[float, Estimate] | None:
        due = self.windower.push(chunk)
        if due is None:
            return None
        window, captured = due
        try:
            estimate = self.estimator.estimate(window)
        except Exception:  # the live run told of it, and that is in the hub's log
            return None
        if not estimate.finite():
            estimate = Estimate(estimate.modality, quality=0.0, reasons=("not_finite",))
        return captured, estimate


def estimates(recording: Recording, known: tuple[EstimatorKind, ...]) -> Iterator[Item]:
    """Run the estimators over the recorded chunks, as far as their estimates are asked for.

    Args:
        recording: With raw or feature streams.
        known: The estimators that can be made.
    """
    makers = {kind.name: kind.make for kind in known}
    subjects: dict[Key, _Lane | None] = {}
    owner: dict[str, Key] = {}
    for item in recording.sensors():
        if isinstance(item, StreamSpec):
            key = item.meta.get("subject", ""), item.meta.get("worker", "")
            owner[item.id] = key
            if key not in subjects:
                subjects[key] = _subject_state(makers.get(key[1]))
            if "lossy" in item.meta:
                subjects[key] = None  # what was estimated of the samples themselves is recorded
            subject_state = subjects[key]
            if subject_state is not None:
                subject_state.windower.stream(item)
        elif isinstance(item, Chunk):
            key = owner.get(item.stream, ("", ""))
            subject_state = subjects.get(key)
            found = subject_state.feed(item) if subject_state is not None else None
            if found is not None:
                yield key, *found
        else:
            _order(item, subjects)


def recorded_estimates(recording: Recording) -> Iterator[Item]:
    """Yield the estimates as they were recorded, for recordings without raw samples."""
    for captured, text in recording.rows(recording.numbers("estimates")):
        try:
            told = msgspec.json.decode(text, type=_Told)
        except (msgspec.ValidationError, msgspec.DecodeError):
            continue
        yield (told.subject, told.worker), captured, told.estimate


class EstimateLookup:
    """Finds estimates in the order of the log, holding what was passed on the way.

    Args:
        items: Of each worker in the order in which they were made.
    """

    def __init__(self, items: Iterator[Item]) -> None:
        self._items = items
        self._held: dict[Key, deque[tuple[float, Estimate]]] = {}
        self._reached = -inf

    def find(self, entry: command_log.Measure) -> Estimate | None:
        """Return the estimate that ``entry`` means, or None where there is none."""
        key, at = (entry.subject, entry.worker), entry.captured
        held = self._held.setdefault(key, deque())
        while all(captured < at for captured, _ in held) and self._reached < at + AHEAD:
            item = next(self._items, None)
            if item is None:
                break
            whose, self._reached, estimate = item
            self._held.setdefault(whose, deque()).append((self._reached, estimate))
        # By place, not by time: clocks jump. What lies before was made, and never used.
        if all(captured != at for captured, _ in held):
            return None
        while held[0][0] != at:
            held.popleft()
        return held.popleft()[1]


class _Told(msgspec.Struct):
    subject: str
    worker: str
    estimate: Estimate


def _subject_state(make: Callable[[], Estimator] | None) -> _Lane | None:
    if make is None:
        return None
    try:
        estimator = make()
    except Exception:  # not installed here: the recorded estimates stand in
        return None
    # The guard's cap on the rate is part of the live pipeline; its stopwatch is not.
    return _Lane(Windower(estimator.needs), GuardedEstimator(estimator, clock=lambda: 0.0))


def _order(text: str, subjects: Mapping[tuple[str, str], _Lane | None]) -> None:
    """Carry out what was recorded in order with the chunks."""
    try:
        word, subject, worker, norms = msgspec.json.decode(
            text, type=tuple[str, str, str, dict[str, Norm]]
        )
    except (msgspec.ValidationError, msgspec.DecodeError):
        return
    subject_state = subjects.get((subject, worker))
    if subject_state is None:
        return
    if word == "forget":
        subject_state.windower.clear()
        subject_state.estimator.personalise({})
    elif word == "personalise":
        subject_state.estimator.personalise(norms)
