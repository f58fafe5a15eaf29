"""Run one estimator for one subject, on the threads of the sources or on its own."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from sentio_bridge.core.commands import EstimateReceived, ModelChanged
from sentio_bridge.core.metrics import Recent
from sentio_bridge.pipeline.estimator_pipeline import (
    EstimatorPipeline,
    Forget,
    Personalise,
    PipelineInput,
    drop_superseded,
)
from sentio_bridge.pipeline.messages import model_problem
from sentio_bridge.pipeline.serial_queue import SerialQueue
from sentio_bridge.pipeline.user_models import EstimatorKind
from sentio_models import Estimate, ModelError, Norm
from sentio_models.runtime.guarded_estimator import Budget, GuardedEstimator
from sentio_sensors import Chunk, Clock, StreamSpec

logger = logging.getLogger(__name__)

Observer = Callable[[str, str, PipelineInput], None]
"""Called with subject, worker and input just before it is applied; from any thread."""


class EstimatorRunner:
    """Runner of one estimator for one subject.

    The estimator is created on the runner's own thread, so that a model that takes seconds to load
    delays nothing else. A slow one stays on that thread; a quick one runs on the threads that
    bring the samples, which saves waking another thread for each chunk.

    Attributes:
        cost: Duration of each estimate, milliseconds.
        runs: Number of estimates.
        off: Why the model is switched off, as a code; empty while it runs.
        dead: Whether the estimator could not be created.

    Args:
        subject: Subject of the streams.
        kind: Kind of estimator; its name and the subject identify the runner.
        clock: Clock to measure the estimator.
        budget: Time limit; a slower estimator is switched off.
        post: Receives the results; must not block.
        observe: Called with each input in the order in which it is used (the recorder); or None.
    """

    def __init__(
        self,
        subject: str,
        kind: EstimatorKind,
        *,
        clock: Clock,
        budget: Budget,
        post: Callable[[EstimateReceived | ModelChanged], None],
        observe: Observer | None = None,
    ) -> None:
        self.subject = subject
        self.name = kind.name
        self.modality = kind.modality
        self._kind = kind
        self._clock = clock
        self._budget = budget
        self._post = post
        self._observe = observe
        self._inputs: SerialQueue[PipelineInput] = SerialQueue(self._process, self._bound)
        self._pipeline: EstimatorPipeline | None = None
        self._forget_requested: Forget | None = None
        self._forget_done: Forget | None = None
        self._skipped = 0
        self._defects = 0
        self._defect = ""
        self._stopping = threading.Event()
        self._arrived = threading.Event()
        self._thread = threading.Thread(
            target=self._run, name=f"sentio-{subject}-{kind.name}", daemon=True
        )
        self.cost = Recent()
        self.runs = 0
        self.off = ""
        self.limit_hz = 0.0
        self.dead = False

    def start(self) -> None:
        """Start; the estimator is loaded in the background."""
        self._thread.start()

    def offer(self, item: Chunk | StreamSpec) -> None:
        """Add a chunk, or a stream that was opened; from any thread.

        Drops the oldest samples if the estimator is too slow. Never blocks for longer than a
        quick estimator takes.
        """
        self._put(item)

    def forget(self) -> None:
        """Discard all samples and learnt state of the person; one caller at a time."""
        self._forget_requested = Forget()
        self._put(self._forget_requested)

    def personalise(self, norms: Mapping[str, Norm]) -> None:
        """Set a person's baseline, used from the next chunk on; from any thread."""
        # Called by the hub: must not compute.
        self._inputs.put(Personalise(norms, self.modality))

    @property
    def drops(self) -> int:
        """Number of samples dropped because the estimator was too slow."""
        return self._inputs.drops + self._skipped

    @property
    def failures(self) -> int:
        """Number of caught defects, of the model and of the pipeline."""
        return self._defects + (self._pipeline.guard.failures if self._pipeline else 0)

    def request_stop(self) -> None:
        """Request that the thread ends; returns at once."""
        self._stopping.set()
        self._arrived.set()

    def stop(self, timeout: float = 8.0) -> None:
        """Stop the thread and free the estimator; waits up to ``timeout`` seconds.

        Loading a model cannot be interrupted. A thread that is inside native code when the
        interpreter ends would abort the process, so the wait is longer than a load takes.
        """
        self.request_stop()
        if self._thread.is_alive():
            self._thread.join(timeout)
        if not self._thread.is_alive():
            self._close()

    def _put(self, item: PipelineInput) -> None:
        if self.dead or (self._kind.quick and self._pipeline is not None):
            self._inputs.post(item)
        else:
            self._inputs.put(item)
            self._arrived.set()

    def _run(self) -> None:
        """Create the estimator; then apply inputs, unless it is quick."""
        try:
            self._pipeline = EstimatorPipeline(
                self._kind.make(),
                clock=self._clock.now,
                budget=self._budget,
                observe=partial(self._observe, self.subject, self.name) if self._observe else None,
            )
        except Exception as error:  # a defect costs this modality
            if not isinstance(error, ModelError):  # raised by a model's package at import
                logger.exception("%s of %s could not be created", self.name, self.subject)
                self._defects += 1
            else:
                logger.warning("no %s of %s: %s", self.modality, self.subject, error)
            self.dead = True
            self._post(model_problem(self.subject, self.modality, error))
        self._inputs.run()
        while not (self.dead or self._kind.quick or self._stopping.is_set()):
            self._arrived.wait()
            self._arrived.clear()
            self._inputs.run()
        if self._stopping.is_set():
            self._close()

    def _bound(self, waiting: deque[PipelineInput]) -> int:
        """Drop queued inputs that are outdated; return their number of samples."""
        pipeline = self._pipeline
        return drop_superseded(waiting) + (pipeline.bound(waiting) if pipeline is not None else 0)

    def _close(self) -> None:
        with self._inputs.exclusive():
            pipeline, self._pipeline = self._pipeline, None
        if pipeline is not None:
            pipeline.close()

    def _process(self, items: Sequence[PipelineInput]) -> None:
        """Apply queued inputs in order; a defect loses only its input."""
        pipeline = self._pipeline
        if self._stopping.is_set():
            return
        if pipeline is not None:
            items, skipped = pipeline.skip_outdated(items)
            self._skipped += skipped
        for item in items:
            try:
                if pipeline is None:
                    self._only_observe(item)
                else:
                    self._apply(pipeline, item)
            except Exception as error:  # a defect costs this input
                problem = model_problem(self.subject, self.modality, error)
                self._defects += 1
                if problem.reason != self._defect:  # a repeated defect is only counted
                    self._defect = problem.reason
                    logger.exception("%s of %s lost an input", self.name, self.subject)
                    self._post(problem)

    def _apply(self, pipeline: EstimatorPipeline, item: PipelineInput) -> None:
        if isinstance(item, Chunk) and self._forget_requested is not self._forget_done:
            return  # received before consent was withdrawn
        before = self._clock.now()
        result = pipeline.apply(item)
        if isinstance(item, Forget):
            self._forget_done = item
        if result is None:
            return
        now = self._clock.now()
        self._pass_on(pipeline.guard, *result)
        # The frame is sent: what it does not need follows.
        self.runs += 1
        self.cost.add((now - before) * 1000.0, now)
        self._report_limit(pipeline.guard)

    def _pass_on(self, guard: GuardedEstimator, estimate: Estimate, captured: float) -> None:
        """Post an estimate, or that its model was switched off."""
        if self._forget_requested is not self._forget_done:
            return  # consent was withdrawn while the model ran
        if guard.off != self.off:
            self.off = guard.off
            if self.off:
                reason = f"{self.off}: {guard.why}"
                fix = "see 'sentio models verify'"
                logger.warning("%s of %s is off: %s", self.name, self.subject, reason)
                self._post(ModelChanged(self.subject, self.modality, "error", reason, fix))
        if not self.off:
            self._post(EstimateReceived(self.subject, self.name, captured, estimate))

    def _report_limit(self, guard: GuardedEstimator) -> None:
        """Log that a slow model is limited, or no longer is; `health` has its rate."""
        if guard.limit_hz == self.limit_hz:
            return
        if not self.limit_hz:
            logger.warning("%s of %s runs less often: %s", self.name, self.subject, guard.why)
        elif not guard.limit_hz:
            logger.info("%s of %s runs as often as before", self.name, self.subject)
        self.limit_hz = guard.limit_hz

    def _only_observe(self, item: PipelineInput) -> None:
        """Pass an input to the recorder; there is no estimator."""
        if self._observe is not None and isinstance(item, Chunk | StreamSpec):
            self._observe(self.subject, self.name, item)
