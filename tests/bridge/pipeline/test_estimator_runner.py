"""One estimator, on a thread of its own or on those that bring the samples."""

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
DEADLINE = 20.0


def frame(index: int) -> Chunk:
    return Chunk("cam/video", np.array([index / 30]), np.full((1, 2, 2, 3), index, np.uint8))


class Looks:
    """Looks at pictures, one at a time, when it is let."""

    modality = "face"
    needs = Needs(frozenset({"video"}), 0.0, 0.0, newest=True)

    def __init__(self) -> None:
        self.seen: list[int] = []
        self.looking = threading.Semaphore(0)
        self.go = threading.Semaphore(0)
        self.fails = False

    def estimate(self, window: Window) -> Estimate:
        self.seen.append(int(window.signals["video"].values[0, 0, 0, 0]))
        self.looking.release()
        assert self.go.acquire(timeout=DEADLINE)
        if self.fails:
            raise ModelFailedError("it broke")
        return Estimate("face", quality=0.9)

    def personalise(self, baseline: Mapping[str, Norm]) -> None:
        pass


class Posts:
    def __init__(self) -> None:
        self.news: list[EstimateReceived | ModelChanged] = []
        self.there = threading.Semaphore(0)

    def post(self, news: EstimateReceived | ModelChanged) -> None:
        self.news.append(news)
        self.there.release()


def runner(
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
    made = runner(make, posts, observe)
    made.offer(VIDEO)
    made.start()
    return made


def test_a_slow_look_never_makes_pictures_wait() -> None:
    looks, posts = Looks(), Posts()
    made = started(lambda: looks, posts)
    made.offer(frame(0))
    assert looks.looking.acquire(timeout=DEADLINE)
    for index in range(1, 31):  # a second of pictures while it looks at the first
        made.offer(frame(index))
    looks.go.release(2)
    assert looks.looking.acquire(timeout=DEADLINE)
    assert posts.there.acquire(timeout=DEADLINE)
    made.stop()
    assert looks.seen == [0, 30]
    assert made.drops == 29


@pytest.mark.parametrize(
    ("error", "state"),
    [(ModelMissingError("gone", "get it"), "absent"), (ValueError("x"), "error")],
)
def test_a_model_that_cannot_be_made_is_told(error: Exception, state: str) -> None:
    def make() -> Looks:
        raise error

    posts = Posts()
    made = started(make, posts)
    assert posts.there.acquire(timeout=DEADLINE)
    made.stop()
    (news,) = posts.news
    assert isinstance(news, ModelChanged)
    assert news.state == state
    assert made.dead


def test_a_recording_gets_every_stream_and_sample_though_the_model_is_missing() -> None:
    def make() -> Looks:
        raise ModelMissingError("gone", "get it")

    posts, seen = Posts(), list[PipelineInput]()
    made = started(make, posts, lambda _, __, item: seen.append(item))
    assert posts.there.acquire(timeout=DEADLINE)
    second = StreamSpec("second/video", Role.VIDEO, 30.0, (Channel("rgb"),))
    picture = frame(0)
    made.offer(second)
    made.offer(picture)
    made.stop()
    assert seen == [VIDEO, second, picture]


def test_a_model_that_keeps_failing_is_switched_off_once_and_told() -> None:
    looks, posts = Looks(), Posts()
    looks.fails = True
    made = started(lambda: looks, posts)
    for index in range(4):
        made.offer(frame(index))
        if index < 3:
            assert looks.looking.acquire(timeout=DEADLINE)
            looks.go.release()
            while made.runs <= index:
                assert posts.there.acquire(timeout=DEADLINE)
    problems = [n for n in posts.news if isinstance(n, ModelChanged)]
    made.stop()
    assert len(problems) == 1
    assert problems[0].reason.startswith("model_failed")
    assert len(looks.seen) == 3


class Notes:
    """Notes on which thread it looked, and at what."""

    modality = "eeg"
    needs = Needs(frozenset({"eeg"}), 0.1, 0.0)

    def __init__(self) -> None:
        self.threads: list[threading.Thread] = []
        self.held: list[int] = []

    def estimate(self, window: Window) -> Estimate:
        self.threads.append(threading.current_thread())
        self.held.append(len(window.signals["eeg"].values))
        return Estimate("eeg", quality=0.9)

    def personalise(self, baseline: Mapping[str, Norm]) -> None:
        pass


def test_a_quick_estimator_runs_where_its_samples_come_from() -> None:
    notes, posts = Notes(), Posts()
    kind = EstimatorKind("eeg", "eeg", "eeg", frozenset({"eeg"}), lambda: notes, quick=True)
    made = EstimatorRunner(
        "player", kind, clock=MonotonicClock(), budget=Budget(seconds=60.0), post=posts.post
    )
    made.offer(StreamSpec("cap/eeg", Role.EEG, 250.0, (Channel("Cz"),)))

    def samples(index: int) -> Chunk:
        times = 1000.0 + np.arange(10 * index, 10 * index + 10) / 250
        return Chunk("cap/eeg", times, np.ones((10, 1), np.float32))

    made.offer(samples(0))  # it waits for the estimator
    made.start()
    assert posts.there.acquire(timeout=DEADLINE)
    assert notes.threads[0] is not threading.current_thread()
    made.offer(samples(1))
    assert len(posts.news) == 2
    assert notes.threads[1] is threading.current_thread()
    made.forget()
    made.offer(samples(2))
    assert notes.held == [10, 20, 10]
    made.stop()
    made.offer(samples(3))
    assert len(posts.news) == 3


def test_an_estimate_is_not_posted_when_consent_went_while_the_model_ran() -> None:
    looks, posts, seen = Looks(), Posts(), list[PipelineInput]()
    applied = threading.Semaphore(0)

    def observe(subject: str, worker: str, item: PipelineInput) -> None:
        seen.append(item)
        if isinstance(item, Forget):
            applied.release()

    made = started(lambda: looks, posts, observe)
    made.offer(frame(0))
    assert looks.looking.acquire(timeout=DEADLINE)
    made.offer(frame(1))
    made.forget()
    looks.go.release()
    assert applied.acquire(timeout=DEADLINE)
    made.offer(frame(2))
    assert looks.looking.acquire(timeout=DEADLINE)
    looks.go.release()
    assert posts.there.acquire(timeout=DEADLINE)
    made.stop()
    assert looks.seen == [0, 2]
    assert len(posts.news) == 1
    assert made.drops == 0
    assert [type(item) for item in seen] == [StreamSpec, Chunk, Forget, Chunk]


def test_no_baseline_is_lost_while_samples_come() -> None:
    """A baseline set at any moment is applied; the last one last."""
    notes, posts, norms = Notes(), Posts(), list[Mapping[str, Norm]]()
    notes.personalise = norms.append  # type: ignore[method-assign]
    kind = EstimatorKind("eeg", "eeg", "eeg", frozenset({"eeg"}), lambda: notes, quick=True)
    made = EstimatorRunner(
        "player", kind, clock=MonotonicClock(), budget=Budget(seconds=60.0), post=posts.post
    )
    made.offer(StreamSpec("cap/eeg", Role.EEG, 250.0, (Channel("Cz"),)))
    made.start()

    def bring() -> None:
        for index in range(2000):
            times = np.array([1000.0 + index / 250])
            made.offer(Chunk("cap/eeg", times, np.ones((1, 1), np.float32)))

    thread = threading.Thread(target=bring)
    thread.start()
    for index in range(500):
        made.personalise({"x": Norm(float(index), 1.0, 1.0)})
    thread.join(DEADLINE)
    made.offer(Chunk("cap/eeg", np.array([2000.0]), np.ones((1, 1), np.float32)))
    made.stop()
    assert norms[-1]["x"].mean == 499.0
    means = [norm["x"].mean for norm in norms]
    assert means == sorted(means)


def test_a_defect_around_the_model_costs_an_input_and_is_logged_and_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    notes, posts = Notes(), Posts()

    def observe(subject: str, worker: str, item: PipelineInput) -> None:
        if isinstance(item, Chunk) and item.times[0] < 1001.0:
            raise ZeroDivisionError("a defect of the recorder")

    kind = EstimatorKind("eeg", "eeg", "eeg", frozenset({"eeg"}), lambda: notes, quick=True)
    made = EstimatorRunner(
        "player",
        kind,
        clock=MonotonicClock(),
        budget=Budget(seconds=60.0),
        post=posts.post,
        observe=observe,
    )
    made.offer(StreamSpec("cap/eeg", Role.EEG, 250.0, (Channel("Cz"),)))
    made.start()
    for time in (1000.0, 1000.1, 1001.0):
        made.offer(Chunk("cap/eeg", np.array([time]), np.ones((1, 1), np.float32)))
    assert posts.there.acquire(timeout=DEADLINE)
    assert posts.there.acquire(timeout=DEADLINE)
    made.stop()
    problem, measured = posts.news
    assert isinstance(problem, ModelChanged)
    assert "a defect of the recorder" in problem.reason
    assert isinstance(measured, EstimateReceived)
    assert made.failures == 2
    (record,) = [r for r in caplog.records if r.exc_info]
    assert "lost an input" in record.message


@pytest.mark.parametrize("quick", [False, True])
def test_the_estimator_is_closed_with_its_runner(quick: bool) -> None:
    class Closes(Notes):
        closed = 0

        def close(self) -> None:
            self.closed += 1

    notes, posts = Closes(), Posts()
    kind = EstimatorKind("eeg", "eeg", "eeg", frozenset({"eeg"}), lambda: notes, quick)
    made = EstimatorRunner(
        "player", kind, clock=MonotonicClock(), budget=Budget(seconds=60.0), post=posts.post
    )
    made.offer(StreamSpec("cap/eeg", Role.EEG, 250.0, (Channel("Cz"),)))
    made.start()
    made.offer(Chunk("cap/eeg", np.array([1.0]), np.ones((1, 1), np.float32)))
    assert posts.there.acquire(timeout=DEADLINE)
    made.stop(DEADLINE)
    assert notes.closed == 1
