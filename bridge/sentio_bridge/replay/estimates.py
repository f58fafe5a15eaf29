"""The estimates of a replay: made again from the recorded chunks, or as they were recorded."""

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
"""Whose estimate, and the capture time of its newest sample."""

AHEAD = 60.0
"""Seconds that are looked ahead for an estimate: it is recorded within seconds of its samples."""


def estimates(recording: Recording, known: tuple[EstimatorKind, ...]) -> Iterator[Item]:
    """Run the estimators over the recorded chunks, as far as their estimates are asked for.

    Args:
        recording: With raw or feature streams.
        known: The estimators that can be made.
    """
    makers = {kind.name: kind.make for kind in known}
    pipelines: dict[Key, EstimatorPipeline | None] = {}
    owner: dict[int, Key] = {}
    with ExitStack() as opened:
        for number, item in recording.sensors():
            found: PipelineInput | None
            if isinstance(item, Chunk):
                key, found = owner.get(number, ("", "")), item
            elif isinstance(item, StreamSpec):
                key, found = (item.meta.get("subject", ""), item.meta.get("worker", "")), item
                owner[number] = key
                if key not in pipelines:
                    pipelines[key] = _pipeline(key, makers, opened)
                if "lossy" in item.meta:
                    pipelines[key] = None  # estimates of the samples themselves are recorded
            else:
                key, found = _ordered(item)
            pipeline = pipelines.get(key)
            if pipeline is None or found is None:
                continue
            made = pipeline.apply(found)
            if made is not None:
                yield key, made[1], made[0]


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

    def find(self, entry: EstimateUsed) -> Estimate | None:
        """Return the estimate that ``entry`` means, or None where there is none."""
        key, at = (entry.subject, entry.estimator), entry.captured
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


def _pipeline(
    key: Key, makers: Mapping[str, Callable[[], Estimator]], opened: ExitStack
) -> EstimatorPipeline | None:
    """Make the pipeline of one worker, closed with ``opened``; None where it cannot run here."""
    make = makers.get(key[1])
    if make is None:
        return None
    try:
        pipeline = EstimatorPipeline(make())
        opened.callback(pipeline.close)
        return pipeline
    except ModelError as error:
        logger.info("%s: %s; its recorded estimates are used", key[1], error)
    except Exception:  # a replay without this model is worth more than none
        logger.exception("%s could not be made; its recorded estimates are used", key[1])
    return None


def _ordered(text: str) -> tuple[Key, PipelineInput | None]:
    """Read an input that was recorded in order with the chunks; None for one of no known kind."""
    try:
        word, subject, worker, norms = msgspec.json.decode(
            text, type=tuple[str, str, str, dict[str, Norm]]
        )
    except (msgspec.ValidationError, msgspec.DecodeError):
        return ("", ""), None
    known: dict[str, PipelineInput] = {"forget": Forget(), "personalise": Personalise(norms)}
    return (subject, worker), known.get(word)
