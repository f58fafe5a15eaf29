"""One estimator, on a thread of its own or on those that bring the samples."""

from __future__ import annotations

import threading
from collections.abc import Mapping

import numpy as np
import pytest

from sentio_bridge.pipeline.estimator_runner import EstimatorRunner, Measured, ModelProblem, Tap
from sentio_models import Estimate, ModelFailedError, ModelMissingError, Needs, Norm, Window
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
        self.news: list[Measured | ModelProblem] = []
        self.there = threading.Semaphore(0)

    def post(self, news: Measured | ModelProblem) -> None:
        self.news.append(news)
        self.there.release()


def worker(
    make: object, posts: Posts, tap: Tap | None = None, *, quick: bool = False
) -> EstimatorRunner:
    made = EstimatorRunner(
        "face",
        "player",
        "face",
        make,  # type: ignore[arg-type]
        clock=MonotonicClock(),
        budget=Budget(seconds=60.0, failures=3),
        post=posts.post,
        quick=quick,
        tap=tap,
    )
    made.stream(VIDEO)
    made.start()
    return made


def test_a_slow_look_never_makes_pictures_wait() -> None:
    looks, posts = Looks(), Posts()
    made = worker(lambda: looks, posts)
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
    made = worker(make, posts)
    assert posts.there.acquire(timeout=DEADLINE)
    made.stop()
    (news,) = posts.news
    assert isinstance(news, ModelProblem)
    assert news.state == state
    assert made.dead


class Told:
    """A tap that notes the streams that a recording is told of."""

    def __init__(self) -> None:
        self.streams: list[str] = []

    def stream(self, worker: str, spec: StreamSpec) -> None:
        self.streams.append(spec.id)

    def chunk(self, worker: str, chunk: Chunk) -> None: ...

    def forget(self, worker: str) -> None: ...

    def personalise(self, worker: str, norms: Mapping[str, Norm]) -> None: ...


def test_a_recording_is_told_of_every_stream_though_its_model_is_missing() -> None:
    def make() -> Looks:
        raise ModelMissingError("gone", "get it")

    posts, told = Posts(), Told()
    made = worker(make, posts, told)
    assert posts.there.acquire(timeout=DEADLINE)
    made.stream(StreamSpec("second/video", Role.VIDEO, 30.0, (Channel("rgb"),)))
    made.stop()
    assert told.streams == ["cam/video", "second/video"]


def test_a_model_that_keeps_failing_is_switched_off_once_and_told() -> None:
    looks, posts = Looks(), Posts()
    looks.fails = True
    made = worker(lambda: looks, posts)
    for index in range(4):
        made.offer(frame(index))
        if index < 3:
            assert looks.looking.acquire(timeout=DEADLINE)
            looks.go.release()
            while made.runs <= index:
                assert posts.there.acquire(timeout=DEADLINE)
    problems = [n for n in posts.news if isinstance(n, ModelProblem)]
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
    made = EstimatorRunner(
        "eeg",
        "player",
        "eeg",
        lambda: notes,
        clock=MonotonicClock(),
        budget=Budget(seconds=60.0),
        post=posts.post,
        quick=True,
    )
    made.stream(StreamSpec("cap/eeg", Role.EEG, 250.0, (Channel("Cz"),)))

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


class Rehearses(Looks):
    """Answers at once, and tells what it rehearsed."""

    def __init__(self) -> None:
        super().__init__()
        self.rehearsed: list[int] = []

    def estimate(self, window: Window) -> Estimate:
        return Estimate("face", quality=0.9)

    def rehearse(self, window: Window) -> None:
        self.rehearsed.append(int(window.signals["video"].values[0, 0, 0, 0]))


def test_a_quick_worker_rehearses_its_newest_window_and_forgets_it() -> None:
    inner, posts = Rehearses(), Posts()
    made = worker(lambda: inner, posts, quick=True)
    made.rehearse()
    for index in range(2):
        made.offer(frame(index))
        assert posts.there.acquire(timeout=DEADLINE)
        made.rehearse()
    made.forget()
    made.rehearse()
    made.stop()
    assert inner.rehearsed == [0, 1]
    assert len(posts.news) == 2


def test_a_slow_worker_does_not_rehearse() -> None:
    inner, posts = Rehearses(), Posts()
    made = worker(lambda: inner, posts)
    made.offer(frame(0))
    assert posts.there.acquire(timeout=DEADLINE)
    made.rehearse()
    made.stop()
    assert inner.rehearsed == []
