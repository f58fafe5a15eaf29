"""Levels: the person's own range, learnt from the past, never filled by rest."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from sentio_bridge.affect.evidence import Evidence
from sentio_bridge.affect.levels import BINS, RANGES, KnownRange, Levels, RunningRange

SD = 0.2


def played(values: list[float], name: str = "arousal") -> list[float]:
    """Return the levels of one value a second."""
    range_ = RunningRange(name)
    found = []
    for second, value in enumerate(values):
        range_.learn(value, float(second))
        found.append(range_.level(value, SD)[0])
    return found


def restless(seconds: int, middle: float, sd: float, seed: int = 1) -> list[float]:
    """Return an Ornstein-Uhlenbeck walk of 10 s around a middle."""
    draw, x, found = np.random.default_rng(seed), 0.0, []
    for _ in range(seconds):
        x = 0.905 * x + 0.425 * sd * draw.normal()
        found.append(middle + x)
    return found


def test_a_value_never_seen_has_the_populations_rank() -> None:
    assert RunningRange("arousal").level(0.0, SD)[0] == pytest.approx(0.5, abs=0.02)
    assert RunningRange("arousal").level(0.9, SD)[0] > 0.9
    assert RunningRange("stress").level(0.0, SD)[0] < 0.25


def test_two_minutes_of_play_use_most_of_0_to_1_though_the_values_do_not() -> None:
    scenes = [-0.25] * 30 + [0.35] * 30 + [-0.2] * 30 + [0.3] * 30
    levels = played([v + w for v, w in zip(scenes, restless(120, 0, 0.1), strict=True)])
    assert max(levels[30:]) - min(levels[30:]) > 0.6


@pytest.mark.parametrize("name", RANGES)
def test_ten_minutes_of_mere_rest_do_not_fill_it(name: str) -> None:
    range_ = RANGES[name]
    values = restless(600, range_.middle, range_.rest * 0.7)
    levels = played(values, name)
    assert np.percentile(levels, 98) - np.percentile(levels, 2) < 0.75
    assert max(levels) < 0.95
    assert min(levels) > 0.05


def test_it_never_jumps_while_the_value_stays() -> None:
    levels = played([-0.5] * 60 + [0.5] * 300)
    assert max(abs(np.diff(levels[:60]))) < 0.05
    assert max(abs(np.diff(levels[60:]))) < 0.05


def test_a_level_depends_on_the_past_alone() -> None:
    values = restless(120, 0.0, 0.3)
    assert played(values)[:60] == played(values[:60])


def test_it_widens_with_little_evidence() -> None:
    range_ = RunningRange("arousal")
    young = range_.level(0.0, SD)[1]
    for second, value in enumerate(restless(600, 0.0, 0.3)):
        range_.learn(value, float(second))
    assert range_.level(0.0, SD)[1] < 0.6 * young
    assert range_.level(0.0, 0.5)[1] > range_.level(0.0, 0.1)[1]


def test_how_often_it_is_read_and_updated_does_not_matter() -> None:
    slow, fast = RunningRange("arousal"), RunningRange("arousal")
    for tick in range(1200):
        value = 0.3 if tick < 600 else -0.3
        fast.learn(value, tick / 10)
        if tick % 10 == 0:
            slow.learn(value, tick / 10)
    assert fast.known() == slow.known()


def test_it_follows_a_drift_slowly() -> None:
    levels = played([0.0 + 0.3 * (-1) ** (s // 30) for s in range(1200)] + [0.5] * 3600)
    assert levels[1201] > 0.85
    assert levels[-1] < levels[1201] - 0.1


def test_ranges_go_through_a_profile() -> None:
    levels = Levels()
    for second, value in enumerate(restless(300, -0.3, 0.1)):
        levels.learn({"arousal": value}, float(second))
    kept = msgspec.json.decode(msgspec.json.encode(levels.known()), type=dict[str, KnownRange])
    again = Levels()
    again.restore(kept)
    state = {"arousal": 0.0, "arousal_sd": SD}
    assert again.values(state)["arousal_level"] == pytest.approx(
        levels.values(state)["arousal_level"], abs=0.01
    )
    assert again.values(state)["arousal_level"] > Levels().values(state)["arousal_level"] + 0.1
    assert set(again.values(state)) == {"arousal_level", "arousal_level_sd"}


def test_a_profile_used_twice_counts_once() -> None:
    kept = {"arousal": KnownRange(seconds=[0.0] * (BINS - 1) + [300.0])}
    once, twice = Levels(), Levels()
    for levels in (once, twice):
        levels.restore(kept)
        levels.learn({"arousal": 0.0}, 1.0)
    twice.restore(kept)
    state = {"arousal": 0.5, "arousal_sd": SD}
    assert once.values(state) == pytest.approx(twice.values(state), abs=1e-3)


@pytest.mark.parametrize(
    "seconds", [[1.0], [1.0] * (BINS + 1), [-1.0] * BINS, [float("nan")] * BINS]
)
def test_a_damaged_range_is_refused(seconds: list[float]) -> None:
    with pytest.raises(ValueError, match="a range is"):
        KnownRange(seconds=seconds)


def test_a_level_is_as_old_as_what_it_ranks() -> None:
    values = Levels().values({"stress": 0.3, "stress_sd": 0.2})
    found = Levels.evidence(values, {"stress": Evidence(1.5, 0.4)})
    assert found["stress_level"].age == 1.5
    assert 0.4 <= found["stress_level"].confidence <= 1.0
    assert Levels.evidence(values, {}) == {}
