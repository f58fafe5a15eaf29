"""Tests that a slow, failing or invalid model alone is switched off."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_models.errors import ModelFailedError
from sentio_models.estimate import Estimate, Reading
from sentio_models.estimator import Needs, Norm
from sentio_models.runtime.guarded_estimator import Budget, GuardedEstimator
from sentio_models.window import Window

GOOD = Estimate("body", {"arousal": Reading(0.2, 0.1)}, quality=0.9)
NAN = Estimate("body", {"arousal": Reading(float("nan"), 0.1)}, quality=0.9)
TICK = Window({}, step=0.1)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Model:
    modality = "body"
    needs = Needs(frozenset({"ppg"}), 1.0, 0.1)

    def __init__(self, act: Callable[[], Estimate]) -> None:
        self.act = act
        self.calls = 0
        self.baseline: Mapping[str, Norm] | None = None

    def estimate(self, window: Window) -> Estimate:
        self.calls += 1
        return self.act()

    def personalise(self, baseline: Mapping[str, Norm]) -> None:
        self.baseline = baseline


def raising(error: Exception) -> Callable[[], Estimate]:
    def act() -> Estimate:
        raise error

    return act


def test_a_good_model_passes_through() -> None:
    model = Model(lambda: GOOD)
    guarded = GuardedEstimator(model, clock=Clock())
    assert (guarded.modality, guarded.needs) == ("body", model.needs)
    assert [guarded.estimate(TICK) for _ in range(50)] == [GOOD] * 50
    assert guarded.off == guarded.why == ""


@pytest.mark.parametrize("error", [ModelFailedError("broke"), ZeroDivisionError(), MemoryError()])
def test_a_failing_model_is_switched_off_after_three(error: Exception) -> None:
    model = Model(raising(error))
    guarded = GuardedEstimator(model, clock=Clock())
    for _ in range(6):
        answer = guarded.estimate(TICK)
        assert (answer.quality, answer.reasons) == (0.0, ("model_failed",))
    assert model.calls == 3
    assert guarded.off == "model_failed"
    assert guarded.why


def test_one_failure_is_forgiven() -> None:
    acts = iter([raising(ValueError()), lambda: GOOD] * 20)
    guarded = GuardedEstimator(Model(lambda: next(acts)()), clock=Clock())
    for _ in range(20):
        assert guarded.estimate(TICK).quality == 0
        assert guarded.estimate(TICK) == GOOD
    assert guarded.off == ""


def test_not_finite_never_leaves() -> None:
    guarded = GuardedEstimator(Model(lambda: NAN), clock=Clock())
    for _ in range(5):
        assert guarded.estimate(TICK).reasons == ("model_not_finite",)
    assert guarded.off == "model_not_finite"


def slow_model(clock: Clock, seconds: Callable[[int], float]) -> Model:
    model = Model(lambda: GOOD)

    def act() -> Estimate:
        clock.now += seconds(model.calls)
        return GOOD

    model.act = act
    return model


def test_slow_model_runs_less_often_and_stays_on() -> None:
    clock = Clock()
    model = slow_model(clock, lambda _: 0.08)
    guarded = GuardedEstimator(model, clock=clock)
    answers = [guarded.estimate(TICK) for _ in range(600)]
    assert answers == [GOOD] * 600
    assert guarded.limit_hz == 1.0
    assert "80 ms" in guarded.why
    before = model.calls
    for _ in range(100):
        guarded.estimate(TICK)
    assert model.calls - before == pytest.approx(10, abs=1)


@pytest.mark.parametrize("step", [1 / 30, 0.1, 0.5])
def test_model_that_was_slow_for_a_while_has_its_rate_back_within_5_s(step: float) -> None:
    clock = Clock()
    busy = [True]
    model = slow_model(clock, lambda _: 0.08 if busy[0] else 0.001)
    guarded = GuardedEstimator(model, clock=clock)
    tick = Window({}, step=step)
    for _ in range(int(60 / step)):
        assert guarded.estimate(tick) == GOOD
    assert guarded.limit_hz == 1.0
    busy[0] = False
    for _ in range(int(5 / step)):
        assert guarded.estimate(tick) == GOOD
    assert guarded.limit_hz == 0.0


def test_model_that_takes_most_of_the_time_even_at_the_lowest_rate_is_switched_off() -> None:
    clock = Clock()
    guarded = GuardedEstimator(slow_model(clock, lambda _: 0.8), clock=clock)
    answers = [guarded.estimate(TICK) for _ in range(600)]
    assert answers[0] == GOOD
    assert ("model_slow",) in [answer.reasons for answer in answers]
    assert "800 ms" in guarded.why


def test_failed_model_is_tried_again_after_growing_pauses() -> None:
    model = Model(raising(ValueError()))
    guarded = GuardedEstimator(model, clock=Clock())
    tries = []
    for second in range(1000):
        before = model.calls
        for _ in range(10):
            guarded.estimate(TICK)
        if model.calls > before:
            tries.append(second)
    assert tries[1] == pytest.approx(5, abs=1)
    pauses = [later - earlier for earlier, later in zip(tries, tries[1:], strict=False)]
    assert pauses == pytest.approx([5, 10, 20, 40, 80, 160, 300, 300], abs=2)


def test_model_that_works_again_stays_on() -> None:
    model = Model(raising(ValueError()))
    guarded = GuardedEstimator(model, clock=Clock())
    for _ in range(20):
        guarded.estimate(TICK)
    model.act = lambda: GOOD
    answers = [guarded.estimate(TICK) for _ in range(100)]
    assert answers[-1] == GOOD
    assert guarded.off == ""
    assert 0 < answers.index(GOOD) < 50  # within 5 s
    model.act = raising(ValueError())  # it has three failures again
    assert [guarded.estimate(TICK).reasons for _ in range(2)] == [("model_failed",)] * 2
    assert guarded.off == ""


def test_a_slow_start_and_a_rare_slow_estimate_are_tolerated() -> None:
    clock = Clock()
    guarded = GuardedEstimator(
        slow_model(clock, lambda call: 2.0 if call <= 3 or call % 4 == 0 else 0.001), clock=clock
    )
    assert all(guarded.estimate(TICK) == GOOD for _ in range(100))


def test_rate_is_capped_in_capture_time() -> None:
    model = Model(lambda: GOOD)
    guarded = GuardedEstimator(model, clock=Clock(), budget=Budget(max_hz=10))
    for _ in range(100):
        assert guarded.estimate(Window({}, step=0.01)) == GOOD
    assert model.calls == pytest.approx(10, abs=1)


def test_another_person_is_another_chance() -> None:
    model = Model(raising(ValueError()))
    guarded = GuardedEstimator(model, clock=Clock())
    for _ in range(5):
        guarded.estimate(TICK)
    model.act = lambda: GOOD
    guarded.personalise({"scl": Norm(1, 1, 1)})
    assert model.baseline == {"scl": Norm(1, 1, 1)}
    assert guarded.estimate(TICK) == GOOD


@given(st.lists(st.sampled_from([GOOD, NAN, None]), max_size=60))
def test_whatever_the_model_does_nothing_is_raised_and_all_is_finite(
    course: list[Estimate | None],
) -> None:
    acts = iter(course)

    def act() -> Estimate:
        answer = next(acts)
        if answer is None:
            raise RuntimeError("no")
        return answer

    guarded = GuardedEstimator(Model(act), clock=Clock())
    for _ in course:
        assert guarded.estimate(TICK).finite()


def test_defects_are_counted_and_logged_once_with_their_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    answers: list[Exception | None] = [ZeroDivisionError("oh"), None] * 3
    answers.append(ValueError("ah"))

    def act() -> Estimate:
        error = answers.pop(0)
        if error is not None:
            raise error
        return GOOD

    guarded = GuardedEstimator(Model(act), clock=Clock())
    for _ in range(7):
        guarded.estimate(TICK)
    assert guarded.failures == 4
    logged = [r for r in caplog.records if r.levelname == "ERROR"]
    assert [type(r.exc_info[1]) for r in logged if r.exc_info] == [ZeroDivisionError, ValueError]
