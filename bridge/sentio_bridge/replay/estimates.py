"""Estimates of a replay: recomputed from the recorded chunks, or as recorded."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from math import inf

import msgspec

from sentio_bridge.core.command_log import EstimateUsed
from sentio_bridge.pipeline.estimator_pipeline import (
    EstimatorPipeline,
    Forget,
    Pace,
    Personalise,
    PipelineInput,
)
from sentio_bridge.pipeline.user_models import EstimatorKind
from sentio_models import Estimate, Estimator, ModelError, Norm
from sentio_recording.recording import Recording
from sentio_sensors import Chunk, StreamSpec

logger = logging.getLogger(__name__)

Key = tuple[str, str]
"""Subject and worker."""

Item = tuple[Key, float, Estimate]
"""Key, capture time of the newest sample, and estimate."""

AHEAD = 60.0
"""Seconds to search ahead for an estimate; it is recorded within seconds of its samples."""


def estimates(recording: Recording, known: tuple[EstimatorKind, ...]) -> Iterator[Item]:
    """Run the estimators over the recorded chunks, lazily.

    Args:
        recording: Recording with raw or feature streams.
        known: Kinds of estimators.
    """
    makers = {kind.name: kind.make for kind in known}
    pipelines: dict[Key, EstimatorPipeline | None] = {}
    key_of_stream: dict[int, Key] = {}
    with ExitStack() as opened:
        for number, item in recording.sensors():
            applied: PipelineInput | None
            if isinstance(item, Chunk):
                key, applied = key_of_stream.get(number, ("", "")), item
            elif isinstance(item, StreamSpec):
                key, applied = (item.meta.get("subject", ""), item.meta.get("worker", "")), item
                key_of_stream[number] = key
            else:
                key, applied = _ordered(item)
            if key not in pipelines:  # a baseline comes before the first stream
                pipelines[key] = _pipeline(key, makers, opened)
            if isinstance(item, StreamSpec) and "lossy" in item.meta:
                pipelines[key] = None  # the estimates of the original samples are recorded
            pipeline = pipelines[key]
            if pipeline is None or applied is None:
                continue
            result = pipeline.apply(applied)
            if result is not None:
                yield key, result[1], result[0]


def recorded_estimates(recording: Recording) -> Iterator[Item]:
    """Yield the recorded estimates, for recordings without raw samples."""
    for captured, text in recording.rows(recording.numbers("estimates")):
        try:
            entry = _recorded.decode(text)
        except (ValueError, RecursionError):
            continue
        yield (entry.subject, entry.worker), captured, entry.estimate


class EstimateLookup:
    """Lookup of estimates in the order of the log, with a buffer for skipped ones.

    Args:
        items: Estimates, in order of creation for each worker.
    """

    def __init__(self, items: Iterator[Item]) -> None:
        self._items = items
        self._buffers: dict[Key, deque[tuple[float, Estimate]]] = {}
        self._reached = -inf

    def find(self, entry: EstimateUsed) -> Estimate | None:
        """Return the estimate of a log entry, or None if there is none."""
        key, at = (entry.subject, entry.estimator), entry.captured
        buffered = self._buffers.setdefault(key, deque())
        while all(captured < at for captured, _ in buffered) and self._reached < at + AHEAD:
            item = next(self._items, None)
            if item is None:
                break
            owner, self._reached, estimate = item
            self._buffers.setdefault(owner, deque()).append((self._reached, estimate))
        # By position, not by time: clocks may jump. Earlier estimates were never used.
        if all(captured != at for captured, _ in buffered):
            return None
        while buffered[0][0] != at:
            buffered.popleft()
        return buffered.popleft()[1]


class _RecordedEstimate(msgspec.Struct):
    subject: str
    worker: str
    estimate: Estimate


_recorded = msgspec.json.Decoder(_RecordedEstimate)


def _pipeline(
    key: Key, makers: Mapping[str, Callable[[], Estimator]], opened: ExitStack
) -> EstimatorPipeline | None:
    """Create one worker's pipeline, closed with ``opened``; None if it cannot run."""
    make = makers.get(key[1])
    if make is None:
        return None
    try:
        pipeline = EstimatorPipeline(make())
        opened.callback(pipeline.close)
        return pipeline
    except ModelError as error:
        logger.info("%s: %s; its recorded estimates are used", key[1], error)
    except Exception:  # a replay without this model is better than none
        logger.exception("%s could not be created; its recorded estimates are used", key[1])
    return None


_inputs = msgspec.json.Decoder(tuple[str, str, str, msgspec.Raw])
_norms = msgspec.json.Decoder(dict[str, Norm])
_pace = msgspec.json.Decoder(Pace)


def _ordered(text: str) -> tuple[Key, PipelineInput | None]:
    """Decode an input recorded in order with the chunks; None for an unknown kind."""
    try:
        kind, subject, worker, content = _inputs.decode(text)
        key = subject, worker
        if kind == "pace":
            return key, _pace.decode(content)
        if kind == "personalise":
            return key, Personalise(_norms.decode(content), "")
    except (ValueError, RecursionError):
        return ("", ""), None
    return key, Forget() if kind == "forget" else None
