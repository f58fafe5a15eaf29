"""The one way from streams to estimates: the same live, in a replay and for foreign files."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_bridge.pipeline.estimator_pipeline import (
    INPUTS,
    EstimatorPipeline,
    Forget,
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
    """Says how many samples it was given, and of which person."""

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


def test_inputs_lead_to_estimates_and_are_observed_before_they_are_applied() -> None:
    seen: list[PipelineInput] = []
    pipeline = EstimatorPipeline(Counts(), observe=seen.append)
    inputs = [EEG, samples(1000.0), samples(1000.1), Personalise(CALM), samples(1000.2), Forget(),
              samples(1000.3), samples(1000.4, "unknown")]  # fmt: skip
    made = [pipeline.apply(item) for item in inputs]
    assert seen == inputs
    found = [(m[0].features, m[1]) for m in made if m is not None]
    assert [features for features, _ in found] == [
        {"n": 10},
        {"n": 20},
        {"n": 30, "x": 1.0},
        {"n": 10},
    ]
    assert [captured for _, captured in found] == pytest.approx(
        [1000.09, 1000.19, 1000.29, 1000.39]
    )


def test_the_same_inputs_give_the_same_estimates_again() -> None:
    seen: list[PipelineInput] = []
    first = EstimatorPipeline(Counts(), observe=seen.append)
    inputs: list[PipelineInput] = [EEG]
    for index in range(50):
        inputs.append(samples(1000.0 + index / 10))
        if index % 20 == 7:
            inputs += [Forget(), Personalise(CALM), EEG]
    made = [first.apply(item) for item in inputs]
    again = EstimatorPipeline(Counts())
    assert [again.apply(item) for item in seen] == made


def test_a_model_that_fails_answers_with_no_quality_and_the_reason() -> None:
    counts = Counts()
    pipeline = EstimatorPipeline(counts)
    pipeline.apply(EEG)
    counts.fails = True
    made = pipeline.apply(samples(1000.0))
    assert made is not None
    assert (made[0].quality, made[0].reasons) == (0.0, ("model_failed",))
    assert pipeline.guard.failures == 1


def test_only_the_newest_picture_of_a_wait_is_worth_looking_at() -> None:
    pictures = [
        Chunk(VIDEO.id, np.array([1000.0 + n]), np.zeros((1, 2, 2, 3), np.uint8)) for n in range(4)
    ]
    pipeline = EstimatorPipeline(Counts(newest=True))
    forget = Forget()
    waiting = [VIDEO, *pictures[:2], forget, *pictures[2:]]
    assert pipeline.worth_applying(waiting) == ([VIDEO, forget, pictures[3]], 3)
    assert EstimatorPipeline(Counts()).worth_applying(waiting) == (waiting, 0)


def waited(items: Iterable[PipelineInput]) -> tuple[list[PipelineInput], int]:
    """Let inputs wait one after the other; return those left, and how many samples were not."""
    waiting: deque[PipelineInput] = deque()
    dropped = 0
    for item in items:
        waiting.append(item)
        if len(waiting) > 1:
            dropped += drop_superseded(waiting)
    return list(waiting), dropped


def test_samples_over_two_seconds_old_stop_waiting_but_streams_do_not() -> None:
    chunks = [samples(1000.0 + n) for n in range(5)]
    left, dropped = waited([EEG, *chunks])
    assert left == [EEG, *chunks[2:]]
    assert dropped == 20


def test_a_clock_that_stands_still_does_not_fill_memory() -> None:
    left, dropped = waited([EEG, *(samples(1000.0, count=1) for _ in range(INPUTS + 10))])
    assert len(left) == INPUTS
    assert left[0] is EEG
    assert dropped == 11


def test_forgetting_ends_the_wait_of_all_but_streams_and_is_no_drop() -> None:
    forget = Forget()
    left, dropped = waited(
        [EEG, samples(1000.0), Personalise(CALM), Forget(), samples(1000.1), forget]
    )
    assert left == [EEG, forget]
    assert dropped == 0


def test_a_later_baseline_replaces_one_that_waits() -> None:
    chunk, later = samples(1000.0), Personalise({})
    assert waited([EEG, Personalise(CALM), chunk, later]) == ([EEG, chunk, later], 0)


def test_a_stream_that_is_opened_again_ends_the_wait_of_its_samples() -> None:
    other, again = samples(1000.0, PPG.id), StreamSpec(EEG.id, Role.EEG, 50.0, EEG.channels)
    left, dropped = waited([EEG, PPG, samples(1000.0), other, again])
    assert left == [PPG, other, again]
    assert dropped == 10


@given(st.lists(st.sampled_from("cpfos"), max_size=60))
def test_what_waits_is_bounded_and_the_newest_always_stays(kinds: str) -> None:
    makes = {"c": lambda n: samples(1000.0 + n / 4), "p": lambda _: Personalise(CALM),
             "f": lambda _: Forget(), "o": lambda n: samples(1000.0 + n / 4, PPG.id),
             "s": lambda _: EEG}  # fmt: skip
    items = [makes[kind](number) for number, kind in enumerate(kinds)]
    left, dropped = waited(items)
    assert left[-1:] == items[-1:]
    assert sum(isinstance(item, Forget) for item in left) <= 1
    assert sum(isinstance(item, Personalise) for item in left) <= 1
    assert sum(isinstance(item, StreamSpec) for item in left) <= 1
    assert dropped <= sum(len(item) for item in items if isinstance(item, Chunk))
