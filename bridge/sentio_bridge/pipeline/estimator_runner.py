"""One worker for each estimator: chunks in, estimates out, nothing waits for a slower one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from sentio_bridge.core.metrics import Recent
from sentio_bridge.pipeline.serial_executor import SerialExecutor
from sentio_bridge.pipeline.windowing import Windower
from sentio_models import Estimate, Estimator, ModelError, ModelMissingError, Needs, Norm, Window
from sentio_models.runtime.guarded_estimator import Budget, GuardedEstimator
from sentio_sensors import Chunk, Clock, StreamSpec
from sentio_sensors.runtime.chunk_queue import ChunkQueue

RING_SECONDS = 2.0
"""Samples that may wait for a busy estimator; older ones are dropped and counted."""


@dataclass(frozen=True, slots=True)
class Measured:
    """An estimate on its way to the hub.

    Attributes:
        subject: Whose.
        worker: Name of the worker that made it.
        estimate: What it says.
        captured: Capture time of the newest sample it used (LSL clock).
    """

    subject: str
    worker: str
    estimate: Estimate
    captured: float


@dataclass(frozen=True, slots=True)
class ModelProblem:
    """An estimator could not be made or does not run.

    Attributes:
        subject: Whose.
        modality: Which modality is without it.
        state: ``absent`` (a file or package is missing) or ``error``.
        reason: What happened.
        fix: What a person can do.
    """

    subject: str
    modality: str
    state: str
    reason: str
    fix: str


class Tap(Protocol):
    """What a recording needs to know of a worker, in the order in which it happens."""

    def stream(self, worker: str, spec: StreamSpec) -> None:
        """A stream was opened for ``worker``."""
        ...

    def chunk(self, worker: str, chunk: Chunk) -> None:
        """``worker`` is about to consume a chunk."""
        ...

    def forget(self, worker: str) -> None:
        """``worker`` forgot samples and person."""
        ...

    def personalise(self, worker: str, norms: Mapping[str, Norm]) -> None:
        """``worker`` starts over for a person whose baseline is known."""
        ...


class EstimatorRunner:
    """Runs one estimator for one subject.

    The estimator is made on the worker's own thread, so that a model that takes seconds to
    load delays nobody. A slow one stays there; a quick one runs on the thread that brings the
    samples, which saves waking another for each of them.

    Args:
        name: For threads and health.
        subject: Whose streams it reads.
        modality: What its estimates will be called.
        make: Builds the estimator.
        clock: Times the estimator.
        budget: What the estimator may cost before it is switched off.
        post: Takes what comes out; called from the worker's thread, must not block.
        quick: Run the estimator on the threads that call ``offer``.
        tap: Told of what is consumed, in order (the recorder); or None.
    """

    def __init__(
        self,
        name: str,
        subject: str,
        modality: str,
        make: Callable[[], Estimator],
        *,
        clock: Clock,
        budget: Budget,
        post: Callable[[Measured | ModelProblem], None],
        quick: bool = False,
        tap: Tap | None = None,
    ) -> None:
        self.name = name
        self.subject = subject
        self.modality = modality
        self._make = make
        self._clock = clock
        self._budget = budget
        self._post = post
        self._tap = tap
        self._quick = quick
        self._ring = ChunkQueue(seconds=RING_SECONDS)
        self._baton = SerialExecutor(self._has_work, self._take_up)
        self._estimator: GuardedEstimator | None = None
        self._windower = Windower(_NOTHING)
        self._latest: Window | None = None
        self._specs: list[StreamSpec] = []
        self._forget = False
        self._norms: Mapping[str, Norm] | None = None
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"sentio-{name}", daemon=True)
        self.cost = Recent()
        self.runs = 0
        self.failures = 0
        self.off = ""
        self.dead = False
        self._skipped = 0

    def start(self) -> None:
        """Begin; the estimator is loaded in the background."""
        self._thread.start()

    def stream(self, spec: StreamSpec) -> None:
        """Learn of a stream that was opened; callable from any thread."""
        with self._lock:
            if not self.dead:
                self._specs.append(spec)
                return
        if self._tap is not None:
            self._tap.stream(self.name, spec)

    def offer(self, chunk: Chunk) -> None:
        """Take a chunk; drops the oldest where the estimator is too slow.

        Never blocks for longer than a quick estimator takes.
        """
        self._ring.push(chunk)
        if self._quick:
            self._baton.run()

    def rehearse(self) -> None:
        """Go through the newest window once more, so that the next finds everything at hand.

        Does nothing while somebody is at work, and for estimators that have a thread of their
        own or no rehearsal.
        """
        if self._quick:
            self._baton.try_to(self._rehearse)

    def _rehearse(self) -> None:
        if self._estimator is not None and self._latest is not None:
            self._estimator.rehearse(self._latest)

    def forget(self) -> None:
        """Drop all samples and what was learnt of the person, before the next chunk."""
        self._ring.clear()
        self._forget = True
        if self._quick:
            self._baton.run()
        else:
            self._ring.wake()

    def personalise(self, norms: Mapping[str, Norm]) -> None:
        """Let the estimator use a person's baseline, before the next chunk."""
        self._norms = norms

    @property
    def drops(self) -> int:
        """Samples that were dropped because the estimator was too slow."""
        return self._ring.drops + self._skipped

    def stop(self, timeout: float = 1.0) -> None:
        """End the thread."""
        self._stopping.set()
        self._ring.wake()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def _run(self) -> None:
        """Make the estimator; run it from then on, unless it is quick."""
        try:
            estimator = GuardedEstimator(self._make(), clock=self._clock.now, budget=self._budget)
        except ModelError as error:
            state = "absent" if isinstance(error, ModelMissingError) else "error"
            self._give_up(state, error.what, error.fix)
            return
        except Exception as error:  # whatever a model's package throws at import
            self._give_up("error", f"{type(error).__name__}: {error}", "")
            return
        self._windower = Windower(estimator.needs)
        self._estimator = estimator
        self._baton.run()
        while not (self._quick or self._stopping.is_set()):
            self._ring.wait(0.5)
            self._baton.run()

    def _has_work(self) -> bool:
        ready = self._estimator is not None and not self._stopping.is_set()
        return ready and (bool(self._ring) or self._forget)

    def _take_up(self) -> None:
        """Do all that waits, in the order that a recording is told of."""
        estimator, windower = self._estimator, self._windower
        assert estimator is not None
        chunks = self._ring.take()
        if self._forget:
            self._forget = False
            windower.clear()
            self._latest = None
            estimator.personalise({})
            chunks = []
            if self._tap is not None:
                self._tap.forget(self.name)
        norms, self._norms = self._norms, None
        if norms is not None:
            estimator.personalise(norms)
            if self._tap is not None:
                self._tap.personalise(self.name, norms)
        with self._lock:
            specs, self._specs = self._specs, []
        for spec in specs:
            windower.stream(spec)
            if self._tap is not None:
                self._tap.stream(self.name, spec)
        if estimator.needs.newest and len(chunks) > 1:
            # Pictures that waited while the last one was looked at have lost their use.
            self._skipped += sum(map(len, chunks[:-1]))
            chunks = chunks[-1:]
        for chunk in chunks:
            self._feed(windower, estimator, chunk)

    def _feed(self, windower: Windower, estimator: GuardedEstimator, chunk: Chunk) -> None:
        if self._tap is not None:
            self._tap.chunk(self.name, chunk)
        due = windower.push(chunk)
        if due is None:
            return
        window, captured = due
        self._latest = window
        before = self._clock.now()
        estimate = estimator.estimate(window)
        now = self._clock.now()
        self.runs += 1
        self.cost.add((now - before) * 1000.0, now)
        if self._forget:
            return  # consent went while we were thinking
        if estimator.off != self.off:
            self.off = estimator.off
            if self.off:
                self._problem("error", f"{self.off}: {estimator.why}", "see 'sentio models verify'")
        if self.off:
            self.failures += 1
            return
        self._post(Measured(self.subject, self.name, estimate, captured))

    def _give_up(self, state: str, reason: str, fix: str) -> None:
        """There is no estimator; what its streams bring is still of use to a recording."""
        with self._lock:
            self.dead = True
            specs, self._specs = self._specs, []
        if self._tap is not None:
            for spec in specs:
                self._tap.stream(self.name, spec)
        self._problem(state, reason, fix)

    def _problem(self, state: str, reason: str, fix: str) -> None:
        self._post(ModelProblem(self.subject, self.modality, state, reason, fix))


_NOTHING = Needs(frozenset(), 0.0, 0.0)
"""What a worker wants whose estimator is not made yet."""
