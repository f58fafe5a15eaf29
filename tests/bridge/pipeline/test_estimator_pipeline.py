"""Pipeline of one estimator: inputs, estimates and superseded inputs."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, repeat

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_bridge.pipeline.estimator_pipeline import (
    INPUTS,
    PICTURES,
    EstimatorPipeline,
    Forget,
    Pace,
    Personalise,
    PipelineInput,
    drop_superseded,
)
from sentio_models import Estimate, ModelFailedError, Needs, Norm, Window
from sentio_sensors import Channel, Chunk, Role, StreamSpec

EEG = StreamSpec("cap/eeg", Role.EEG, 100.0, (Channel("Cz"),))
PPG = StreamSpec("watch/ppg", Role.PPG, 100.0, (Channel("ppg"),))
VIDEO = StreamSpec("cam/video", Role.VIDEO, 30.0, (Channel("rgb"),))
CALM = {"x": Norm(1.0, 1.0, 10.0)}


def samples(at: float, stream: str = EEG.id, count: int = 10) -> Chunk:
    return Chunk(stream, at + np.arange(count) / 100, np.ones((count, 1), np.float32))


class Counts:
    """Estimator that reports the number of samples and the mean of the norms."""

    modality = "eeg"

    def __init__(self, *, newest: bool = False) -> None:
        roles = frozenset({"video"}) if newest else frozenset({"eeg"})
        self.needs = Needs(roles, 1.0, 0.0, newest=newest)
        self.norms: Mapping[str, Norm] = {}
        self.fails = False

    def estimate(self, window: Window) -> Estimate:
        if self.fails:
            raise ModelFailedError("it broke")
        (signal,) = window.signals.values()
        return Estimate("eeg", quality=1.0, features={"n": len(signal.values), **self._mean()})

    def personalise(self, baseline: Mapping[str, Norm]) -> None:
        self.norms = baseline

    def _mean(self) -> dict[str, float]:
        return {name: norm.mean for name, norm in self.norms.items()}


def test_inputs_are_observed_and_give_estimates() -> None:
    observed: list[PipelineInput] = []
    pipeline = EstimatorPipeline(Counts(), observe=observed.append)
    inputs = [EEG, samples(1000.0), samples(1000.1), Personalise(CALM, "eeg"), samples(1000.2),
              Forget(), samples(1000.3), samples(1000.4, "unknown")]  # fmt: skip
    results = [pipeline.apply(item) for item in inputs]
    assert observed == inputs
    estimates = [(m[0].features, m[1]) for m in results if m is not None]
    assert [features for features, _ in estimates] == [
        {"n": 10},
        {"n": 20},
        {"n": 30, "x": 1.0},
        {"n": 10},
    ]
    assert [captured for _, captured in estimates] == pytest.approx(
        [1000.09, 1000.19, 1000.29, 1000.39]
    )


def test_same_inputs_give_the_same_estimates() -> None:
    observed: list[PipelineInput] = []
    first = EstimatorPipeline(Counts(), observe=observed.append)
    inputs: list[PipelineInput] = [EEG]
    for index in range(50):
        inputs.append(samples(1000.0 + index / 10))
        if index % 20 == 7:
            inputs += [Forget(), Personalise(CALM, "eeg"), EEG]
    results = [first.apply(item) for item in inputs]
    second = EstimatorPipeline(Counts())
    assert [second.apply(item) for item in observed] == results


def test_failed_model_gives_quality_0_and_a_reason() -> None:
    counts = Counts()
    pipeline = EstimatorPipeline(counts)
    pipeline.apply(EEG)
    counts.fails = True
    results = pipeline.apply(samples(1000.0))
    assert results is not None
    assert (results[0].quality, results[0].reasons) == (0.0, ("model_failed",))
    assert pipeline.guard.failures == 1


def test_only_the_newest_video_frame_is_kept() -> None:
    frames = [
        Chunk(VIDEO.id, np.array([1000.0 + n]), np.zeros((1, 2, 2, 3), np.uint8)) for n in range(4)
    ]
    pipeline = EstimatorPipeline(Counts(newest=True))
    forget = Forget()
    waiting = [VIDEO, *frames[:2], forget, *frames[2:]]
    assert pipeline.skip_outdated(waiting) == ([VIDEO, forget, frames[3]], 3)
    assert EstimatorPipeline(Counts()).skip_outdated(waiting) == (waiting, 0)


def pictures(count: int, side: int) -> list[Chunk]:
    return [
        Chunk(VIDEO.id, np.array([1000.0 + n / 30]), np.zeros((1, side, side, 3), np.uint8))
        for n in range(count)
    ]


def test_queue_of_a_busy_estimator_holds_one_video_frame() -> None:
    pipeline = EstimatorPipeline(Counts(newest=True))
    frames, forget = pictures(4, 2), Forget()
    waiting: deque[PipelineInput] = deque([VIDEO, *frames[:2], forget, *frames[2:]])
    assert pipeline.bound(waiting) == 3
    assert list(waiting) == [VIDEO, forget, frames[3]]
    assert pipeline.bound(waiting) == 0
    every: deque[PipelineInput] = deque(frames)
    assert EstimatorPipeline(Counts()).bound(every) == 0
    assert list(every) == frames


def test_queued_pictures_are_limited_in_bytes() -> None:
    frames = pictures(20, 1000)
    remaining, dropped = queue_all([VIDEO, samples(1000.0), *frames])
    assert remaining[:2] == [VIDEO, remaining[1]]
    kept = [item for item in remaining if isinstance(item, Chunk) and item.stream == VIDEO.id]
    assert kept == frames[-len(kept) :]
    assert PICTURES - 3_000_000 < sum(frame.values.nbytes for frame in kept) <= PICTURES
    assert dropped == len(frames) - len(kept)
    huge = pictures(3, 3000)
    assert queue_all([VIDEO, *huge]) == ([VIDEO, huge[-1]], 2)


def queue_all(items: Iterable[PipelineInput]) -> tuple[list[PipelineInput], int]:
    """Queue inputs one by one; return the rest and the number of drops."""
    waiting: deque[PipelineInput] = deque()
    dropped = 0
    for item in items:
        waiting.append(item)
        if len(waiting) > 1:
            dropped += drop_superseded(waiting)
    return list(waiting), dropped


def test_samples_older_than_two_seconds_are_dropped() -> None:
    chunks = [samples(1000.0 + n) for n in range(5)]
    remaining, dropped = queue_all([EEG, *chunks])
    assert remaining == [EEG, *chunks[2:]]
    assert dropped == 20


def test_constant_timestamps_do_not_fill_memory() -> None:
    remaining, dropped = queue_all([EEG, *(samples(1000.0, count=1) for _ in range(INPUTS + 10))])
    assert len(remaining) == INPUTS
    assert remaining[0] is EEG
    assert dropped == 11


def test_forget_supersedes_all_except_streams_without_drops() -> None:
    forget = Forget()
    remaining, dropped = queue_all(
        [EEG, samples(1000.0), Personalise(CALM, "eeg"), Forget(), samples(1000.1), forget]
    )
    assert remaining == [EEG, forget]
    assert dropped == 0


def test_later_baseline_replaces_a_queued_one() -> None:
    chunk, later = samples(1000.0), Personalise({}, "eeg")
    assert queue_all([EEG, Personalise(CALM, "eeg"), chunk, later]) == ([EEG, chunk, later], 0)


def test_reopened_stream_supersedes_its_samples() -> None:
    other, again = samples(1000.0, PPG.id), StreamSpec(EEG.id, Role.EEG, 50.0, EEG.channels)
    remaining, dropped = queue_all([EEG, PPG, samples(1000.0), other, again])
    assert remaining == [PPG, other, again]
    assert dropped == 10


@given(st.lists(st.sampled_from("cpfos"), max_size=60))
def test_queue_is_bounded_and_keeps_the_newest(kinds: str) -> None:
    makes = {"c": lambda n: samples(1000.0 + n / 4), "p": lambda _: Personalise(CALM, "eeg"),
             "f": lambda _: Forget(), "o": lambda n: samples(1000.0 + n / 4, PPG.id),
             "s": lambda _: EEG}  # fmt: skip
    items = [makes[kind](number) for number, kind in enumerate(kinds)]
    remaining, dropped = queue_all(items)
    assert remaining[-1:] == items[-1:]
    assert sum(isinstance(item, Forget) for item in remaining) <= 1
    assert sum(isinstance(item, Personalise) for item in remaining) <= 1
    assert sum(isinstance(item, StreamSpec) for item in remaining) <= 1
    assert dropped <= sum(len(item) for item in items if isinstance(item, Chunk))


class Follows:
    """Estimator that depends on each window before; its time can be set."""

    modality = "eeg"
    needs = Needs(frozenset({"eeg"}), 1.0, 0.0)

    def __init__(self, took: Iterator[float]) -> None:
        self.now = 0.0
        self._took = took
        self._windows = 0

    def estimate(self, window: Window) -> Estimate:
        self._windows += 1
        self.now += next(self._took)
        return Estimate("eeg", quality=1.0, features={"windows": self._windows})

    def personalise(self, baseline: Mapping[str, Norm]) -> None:
        self._windows = 0


@pytest.mark.parametrize("slow", [0.2, 2.0])  # limited; switched off and tried again
def test_a_replay_follows_a_model_that_was_slow(slow: float) -> None:
    took = chain([0.001] * 10, [slow] * 60, repeat(0.001))
    live = Follows(took)
    observed: list[PipelineInput] = []
    pipeline = EstimatorPipeline(live, clock=lambda: live.now, observe=observed.append)
    inputs = [EEG, *(samples(1000.0 + i / 10) for i in range(900))]
    results = [pipeline.apply(item) for item in inputs]
    assert {(item.limit_hz > 0, item.is_slow) for item in observed if isinstance(item, Pace)} >= (
        {(True, True)} if slow > 1 else {(True, False), (False, False)}
    )
    expected = sent(results)
    unpaced = [item for item in observed if not isinstance(item, Pace)]
    other, same = (replayed(items) for items in (unpaced, observed))
    assert {at: other[at] for at in expected} != expected  # the model has seen other windows
    assert {at: same[at] for at in expected} == expected


def replayed(items: Iterable[PipelineInput]) -> dict[float, Estimate]:
    pipeline = EstimatorPipeline(Follows(repeat(0.0)))
    return sent(pipeline.apply(item) for item in items)


def sent(results: Iterable[tuple[Estimate, float] | None]) -> dict[float, Estimate]:
    """Return the estimates by time; a model that is off sends none."""
    return {at: made for found in results if found for made, at in [found] if made.quality}
