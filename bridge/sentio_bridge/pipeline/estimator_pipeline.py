"""One estimator with its windows: applies inputs in order; no thread, no clock."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sentio_bridge.pipeline.windowing import Windower
from sentio_models import Estimate, Estimator, Norm, Window
from sentio_models.runtime.guarded_estimator import Budget, GuardedEstimator
from sentio_sensors import Chunk, StreamSpec

WAIT = 2.0
"""Seconds of samples, by capture time, that are queued for a busy estimator."""

INPUTS = 4096
"""Maximum number of queued inputs, also if their timestamps do not advance."""

PICTURES = 16 << 20
"""Most bytes of queued pictures: two seconds of a large camera would be hundreds of megabytes."""

_LARGE = 1 << 16
"""Bytes from which a chunk counts as a picture."""


@dataclass(frozen=True, slots=True, eq=False)
class Forget:
    """Discard all samples and all learnt state of the person."""


@dataclass(frozen=True, slots=True)
class Personalise:
    """Restart with a person's baseline.

    Attributes:
        norms: Baseline by feature; may be empty.
        modality: What the estimator estimates; empty in a replay.
    """

    norms: Mapping[str, Norm]
    modality: str


@dataclass(frozen=True, slots=True)
class Pace:
    """How slow the model was on this machine, for the windows that follow.

    Attributes:
        limit_hz: Rate to which it is limited; 0 for none.
        is_slow: Whether it was switched off because it was slow.
    """

    limit_hz: float
    is_slow: bool


PipelineInput = Chunk | StreamSpec | Forget | Personalise | Pace
"""All inputs of a pipeline. The same inputs in the same order give the same estimates: a recording
contains them, and a replay applies them again."""


class EstimatorPipeline:
    """Pipeline of one estimator for live streams, replays and foreign files.

    Args:
        estimator: The model; exceptions and time limits are handled here.
        clock: Monotonic seconds, to measure the model. None measures nothing: a replay must not
            depend on it, and applies each recorded ``Pace``.
        budget: Time limit of the model.
        observe: Called with each input just before it is applied, and with the pace that follows
            from the time of an estimate (a recorder); or None.
    """

    def __init__(
        self,
        estimator: Estimator,
        *,
        clock: Callable[[], float] | None = None,
        budget: Budget | None = None,
        observe: Callable[[PipelineInput], None] | None = None,
    ) -> None:
        self.guard = GuardedEstimator(estimator, clock=clock, budget=budget)
        self._windower = Windower(self.guard.needs)
        self._observe = observe

    def apply(self, item: PipelineInput) -> tuple[Estimate, float] | None:
        """Apply one input.

        Returns:
            An estimate and the capture time of the newest sample it used, if one was due.
        """
        if self._observe is not None:
            self._observe(item)
        if isinstance(item, Chunk):
            due = self._windower.push(item)
            return None if due is None else (self._estimate(due[0]), due[1])
        if isinstance(item, StreamSpec):
            self._windower.stream(item)
        elif isinstance(item, Personalise):
            self.guard.personalise(item.norms)
        elif isinstance(item, Pace):
            self.guard.follow(item.limit_hz, is_slow=item.is_slow)
        else:
            self._windower.clear()
            self.guard.personalise({})
        return None

    def _estimate(self, window: Window) -> Estimate:
        """Estimate; observe what the time that it took means for the next windows."""
        before = self.guard.limit_hz, self.guard.is_slow
        estimate = self.guard.estimate(window)
        after = self.guard.limit_hz, self.guard.is_slow
        if after != before and self._observe is not None:
            self._observe(Pace(*after))
        return estimate

    def close(self) -> None:
        """Free the model; the pipeline must not be used afterwards."""
        self.guard.close()

    def skip_outdated(self, items: Sequence[PipelineInput]) -> tuple[Sequence[PipelineInput], int]:
        """Return the inputs without outdated ones, and the number of skipped samples.

        An estimator that needs only the newest sample skips all older video frames.
        """
        if len(items) == 1 or not self.guard.needs.newest:
            return items, 0
        return _newest_only(items)

    def bound(self, waiting: deque[PipelineInput]) -> int:
        """Drop queued samples that ``skip_outdated`` would skip; return their number."""
        if not self.guard.needs.newest:
            return 0
        remaining, dropped = _newest_only(waiting)
        if dropped:
            waiting.clear()
            waiting.extend(remaining)
        return dropped


def _newest_only(items: Iterable[PipelineInput]) -> tuple[Sequence[PipelineInput], int]:
    """Return the inputs without older chunks, and the number of their samples."""
    items = list(items)
    chunks = [item for item in items if isinstance(item, Chunk)]
    remaining = [item for item in items if not isinstance(item, Chunk) or item is chunks[-1]]
    return remaining, sum(map(len, chunks[:-1]))


def drop_superseded(waiting: deque[PipelineInput]) -> int:
    """Drop inputs that the newest of ``waiting`` supersedes.

    A chunk supersedes chunks that are ``WAIT`` seconds older and pictures beyond ``PICTURES``,
    ``Forget`` everything except streams, ``Personalise`` an earlier one, and a reopened stream its
    earlier samples.

    Returns:
        Number of dropped samples; those that ``Forget`` discards do not count.
    """
    newest = waiting[-1]
    if isinstance(newest, Chunk):
        dropped = _drop_late(waiting, newest.times.item(-1) - WAIT)
        return dropped + (_drop_pictures(waiting) if newest.values.nbytes >= _LARGE else 0)
    if isinstance(newest, StreamSpec):
        remaining = [i for i in waiting if _stream_of(i) != newest.id]
    elif isinstance(newest, Personalise):
        remaining = [i for i in waiting if not isinstance(i, Personalise)]
    else:
        remaining = [i for i in waiting if isinstance(i, StreamSpec)]
    before = sum(len(i) for i in waiting if isinstance(i, Chunk))
    waiting.clear()
    waiting.extend((*remaining, newest))
    after = sum(len(i) for i in remaining if isinstance(i, Chunk))
    return 0 if isinstance(newest, Forget) else before - after


def _drop_late(waiting: deque[PipelineInput], oldest: float) -> int:
    """Drop the oldest chunks while they are too old or too many."""
    dropped = 0
    while True:
        first = next(n for n, item in enumerate(waiting) if isinstance(item, Chunk))
        chunk = waiting[first]
        assert isinstance(chunk, Chunk)
        if chunk.times[-1] >= oldest and len(waiting) <= INPUTS:
            return dropped
        del waiting[first]
        dropped += len(chunk)


def _drop_pictures(waiting: deque[PipelineInput]) -> int:
    """Drop the oldest pictures, never the newest, until they are small enough."""
    sizes = [item.values.nbytes if isinstance(item, Chunk) else 0 for item in waiting]
    over = sum(size for size in sizes if size >= _LARGE) - PICTURES
    dropped: list[int] = []
    for at, size in enumerate(sizes[:-1]):
        if over > 0 and size >= _LARGE:
            dropped.append(at)
            over -= size
    samples = 0
    for at in reversed(dropped):
        chunk = waiting[at]
        assert isinstance(chunk, Chunk)
        samples += len(chunk)
        del waiting[at]
    return samples


def _stream_of(item: PipelineInput) -> str:
    """Return the stream id of an input; empty for other inputs."""
    if isinstance(item, Chunk):
        return item.stream
    return item.id if isinstance(item, StreamSpec) else ""
