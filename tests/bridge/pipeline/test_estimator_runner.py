"""Runner of one estimator, on its own thread or on the threads of its sources."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

import numpy as np
import pytest

from sentio_bridge.core.commands import EstimateReceived, ModelChanged
from sentio_bridge.pipeline.estimator_pipeline import Forget, PipelineInput
from sentio_bridge.pipeline.estimator_runner import EstimatorRunner, Observer
from sentio_bridge.pipeline.user_models import EstimatorKind
from sentio_models import (
    Estimate,
    Estimator,
    ModelFailedError,
    ModelMissingError,
    Needs,
    Norm,
    Window,
)
from sentio_models.runtime.guarded_estimator import Budget
from sentio_sensors import Channel, Chunk, MonotonicClock, Role, StreamSpec

VIDEO = StreamSpec("cam/video", Role.VIDEO, 30.0, (Channel("rgb"),))
DEADLINE = 60.0


def frame(index: int) -> Chunk:
    return Chunk("cam/video", np.array([index / 30]), np.full((1, 2, 2, 3), index, np.uint8))


class SlowEstimator:
    """Estimator that processes one frame per permit."""

    modality = "face"
    needs = Needs(frozenset({"video"}), 0.0, 0.0, newest=True)

    def __init__(self) -> None:
        self.frames: list[int] = []
        self.started = threading.Semaphore(0)
        self.go = threading.Semaphore(0)
        self.fails = False

    def estimate(self, window: Window) -> Estimate:
        self.frames.append(int(window.signals["video"].values[0, 0, 0, 0]))
        self.started.release()
        assert self.go.acquire(timeout=DEADLINE)
        if self.fails:
            raise ModelFailedError("it broke")
        return Estimate("face", quality=0.9)

    def personalise(self, baseline: Mapping[str, Norm]) -> None:
        pass


class Posts:
    def __init__(self) -> None:
        self.messages: list[EstimateReceived | ModelChanged] = []
        self.arrived = threading.Semaphore(0)

    def post(self, message: EstimateReceived | ModelChanged) -> None:
        self.messages.append(message)
        self.arrived.release()


def make_runner(
    make: Callable[[], Estimator],
    posts: Posts,
    observe: Observer | None = None,
    *,
    quick: bool = False,
) -> EstimatorRunner:
    kind = EstimatorKind("face", "face", "camera", frozenset({"video"}), make, quick)
    return EstimatorRunner(
        "player",
        kind,
        clock=MonotonicClock(),
        budget=Budget(seconds=60.0, failures=3),
        post=posts.post,
        observe=observe,
    )


def started(
    make: Callable[[], Estimator], posts: Posts, observe: Observer | None = None
) -> EstimatorRunner:
    runner = make_runner(make, posts, observe)
    runner.offer(VIDEO)
    runner.start()
    return runner


def test_slow_estimator_skips_to_the_newest_frame() -> None:
    estimator, posts = SlowEstimator(), Posts()
    runner = started(lambda: estimator, posts)
    runner.offer(frame(0))
    assert estimator.started.acquire(timeout=DEADLINE)
    for index in range(1, 31):  # a second of frames while the first is processed
        runner.offer(frame(index))
    estimator.go.release(2)
    assert estimator.started.acquire(timeout=DEADLINE)
    assert posts.arrived.acquire(timeout=DEADLINE)
    runner.stop()
    assert estimator.frames == [0, 30]
    assert runner.drops == 29


@pytest.mark.parametrize(
    ("error", "state"),
    [(ModelMissingError("gone", "get it"), "absent"), (ValueError("x"), "error")],
)
def test_model_that_cannot_be_created_is_reported(error: Exception, state: str) -> None:
    def make() -> SlowEstimator:
        raise error

    posts = Posts()
    runner = started(make, posts)
    assert posts.arrived.acquire(timeout=DEADLINE)
    runner.stop()
    (message,) = posts.messages
    assert isinstance(message, ModelChanged)
    assert message.state == state
    assert runner.dead


def test_streams_and_samples_are_observed_without_a_model() -> None:
    def make() -> SlowEstimator:
        raise ModelMissingError("gone", "get it")

    posts, observed = Posts(), list[PipelineInput]()
    runner = started(make, posts, lambda _, __, item: observed.append(item))
    assert posts.arrived.acquire(timeout=DEADLINE)
    second = StreamSpec("second/video", Role.VIDEO, 30.0, (Channel("rgb"),))
    chunk = frame(0)
    runner.offer(second)
    runner.offer(chunk)
    runner.stop()
    assert observed == [VIDEO, second, chunk]


def test_model_that_keeps_failing_is_switched_off_and_reported_once() -> None:
    estimator, posts = SlowEstimator(), Posts()
    estimator.fails = True
    runner = started(lambda: estimator, posts)
    for index in range(4):
        runner.offer(frame(index))
        if index < 3:
            assert estimator.started.acquire(timeout=DEADLINE)
            estimator.go.release()
            while runner.runs <= index:
                assert posts.arrived.acquire(timeout=DEADLINE)
    problems = [n for n in posts.messages if isinstance(n, ModelChanged)]
    runner.stop()
    assert len(problems) == 1
    assert problems[0].reason.startswith("model_failed")
    assert len(estimator.frames) == 3


class QuickEstimator:
    """Estimator that records its threads and window lengths."""

    modality = "eeg"
    needs = Needs(frozenset({"eeg"}), 0.1, 0.0)

    def __init__(self) -> None:
        self.threads: list[threading.Thread] = []
        self.lengths: list[int] = []

    def estimate(self, window: Window) -> Estimate:
        self.threads.append(threading.current_thread())
        self.lengths.append(len(window.signals["eeg"].values))
        return Estimate("eeg", quality=0.9)

    def personalise(self, baseline: Mapping[str, Norm]) -> None:
        pass


def test_quick_estimator_runs_on_the_thread_of_the_source() -> None:
    estimator, posts = QuickEstimator(), Posts()
    kind = EstimatorKind("eeg", "eeg", "eeg", frozenset({"eeg"}), lambda: estimator, quick=True)
    runner = EstimatorRunner(
        "player", kind, clock=MonotonicClock(), budget=Budget(seconds=60.0), post=posts.post
    )
    runner.offer(StreamSpec("cap/eeg", Role.EEG, 250.0, (Channel("Cz"),)))

    def samples(index: int) -> Chunk:
        times = 1000.0 + np.arange(10 * index, 10 * index + 10) / 250
        return Chunk("cap/eeg", times, np.ones((10, 1), np.float32))

    runner.offer(samples(0))  # queued until the estimator is loaded
    runner.start()
    assert posts.arrived.acquire(timeout=DEADLINE)
    assert estimator.threads[0] is not threading.current_thread()
    runner.offer(samples(1))
    assert len(posts.messages) == 2
    assert estimator.threads[1] is threading.current_thread()
    runner.forget()
    runner.offer(samples(2))
    assert estimator.lengths == [10, 20, 10]
    runner.stop()
    runner.offer(samples(3))
    assert len(posts.messages) == 3


def test_estimate_is_not_posted_if_consent_is_withdrawn_meanwhile() -> None:
    estimator, posts, observed = SlowEstimator(), Posts(), list[PipelineInput]()
    applied = threading.Semaphore(0)

    def observe(subject: str, worker: str, item: PipelineInput) -> None:
        observed.append(item)
        if isinstance(item, Forget):
            applied.release()

    runner = started(lambda: estimator, posts, observe)
    runner.offer(frame(0))
    assert estimator.started.acquire(timeout=DEADLINE)
    runner.offer(frame(1))
    runner.forget()
    estimator.go.release()
    assert applied.acquire(timeout=DEADLINE)
    runner.offer(frame(2))
    assert estimator.started.acquire(timeout=DEADLINE)
    estimator.go.release()
    assert posts.arrived.acquire(timeout=DEADLINE)
    runner.stop()
    assert estimator.frames == [0, 2]
    assert len(posts.messages) == 1
    assert runner.drops == 0
    assert [type(item) for item in observed] == [StreamSpec, Chunk, Forget, Chunk]


def test_baselines_are_applied_in_order_during_samples() -> None:
    """Baselines set at any time are applied, the last one last."""
    estimator, posts, norms = QuickEstimator(), Posts(), list[Mapping[str, Norm]]()
    estimator.personalise = norms.append  # type: ignore[method-assign]
    kind = EstimatorKind("eeg", "eeg", "eeg", frozenset({"eeg"}), lambda: estimator, quick=True)
    runner = EstimatorRunner(
        "player", kind, clock=MonotonicClock(), budget=Budget(seconds=60.0), post=posts.post
    )
    runner.offer(StreamSpec("cap/eeg", Role.EEG, 250.0, (Channel("Cz"),)))
    runner.start()

    def offer_samples() -> None:
        for index in range(2000):
            times = np.array([1000.0 + index / 250])
            runner.offer(Chunk("cap/eeg", times, np.ones((1, 1), np.float32)))

    thread = threading.Thread(target=offer_samples)
    thread.start()
    for index in range(500):
        runner.personalise({"x": Norm(float(index), 1.0, 1.0)})
    thread.join(DEADLINE)
    runner.offer(Chunk("cap/eeg", np.array([2000.0]), np.ones((1, 1), np.float32)))
    runner.stop()
    assert norms[-1]["x"].mean == 499.0
    means = [norm["x"].mean for norm in norms]
    assert means == sorted(means)


def test_defect_loses_one_input_and_is_logged_and_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    estimator, posts = QuickEstimator(), Posts()

    def observe(subject: str, worker: str, item: PipelineInput) -> None:
        if isinstance(item, Chunk) and item.times[0] < 1001.0:
            raise ZeroDivisionError("a defect of the recorder")

    kind = EstimatorKind("eeg", "eeg", "eeg", frozenset({"eeg"}), lambda: estimator, quick=True)
    runner = EstimatorRunner(
        "player",
        kind,
        clock=MonotonicClock(),
        budget=Budget(seconds=60.0),
        post=posts.post,
        observe=observe,
    )
    runner.offer(StreamSpec("cap/eeg", Role.EEG, 250.0, (Channel("Cz"),)))
    runner.start()
    for time in (1000.0, 1000.1, 1001.0):
        runner.offer(Chunk("cap/eeg", np.array([time]), np.ones((1, 1), np.float32)))
    assert posts.arrived.acquire(timeout=DEADLINE)
    assert posts.arrived.acquire(timeout=DEADLINE)
    runner.stop()
    problem, measured = posts.messages
    assert isinstance(problem, ModelChanged)
    assert "a defect of the recorder" in problem.reason
    assert isinstance(measured, EstimateReceived)
    assert runner.failures == 2
    (record,) = [r for r in caplog.records if r.exc_info]
    assert "lost an input" in record.message


@pytest.mark.parametrize("quick", [False, True])
def test_estimator_is_closed_with_its_runner(quick: bool) -> None:
    class ClosableEstimator(QuickEstimator):
        closed = 0

        def close(self) -> None:
            self.closed += 1

    estimator, posts = ClosableEstimator(), Posts()
    kind = EstimatorKind("eeg", "eeg", "eeg", frozenset({"eeg"}), lambda: estimator, quick)
    runner = EstimatorRunner(
        "player", kind, clock=MonotonicClock(), budget=Budget(seconds=60.0), post=posts.post
    )
    runner.offer(StreamSpec("cap/eeg", Role.EEG, 250.0, (Channel("Cz"),)))
    runner.start()
    runner.offer(Chunk("cap/eeg", np.array([1.0]), np.ones((1, 1), np.float32)))
    assert posts.arrived.acquire(timeout=DEADLINE)
    runner.stop(DEADLINE)
    assert estimator.closed == 1
