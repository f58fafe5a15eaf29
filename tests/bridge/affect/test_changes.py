"""Changes: real steps are found once and soon, noise is not."""

from __future__ import annotations

import numpy as np
import pytest

from sentio_bridge.affect.changes import SPREADS, Change, Changes


def watched(values: list[float], name: str = "arousal", hz: float = 10.0) -> list[Change]:
    """Return the changes in a series."""
    changes, found = Changes(), []
    for tick, value in enumerate(values):
        found += changes.take({name: value, f"{name}_sd": 0.3}, 100.0 + tick / hz)
    return found


def noise(seconds: int, sd: float, seed: int, hz: float = 10.0, memory: float = 2.0) -> list[float]:
    """Return a walk around 0 that forgets in ``memory`` seconds."""
    draw, x, found = np.random.default_rng(seed), 0.0, []
    keep = float(np.exp(-1 / hz / memory))
    for _ in range(int(seconds * hz)):
        x = keep * x + float(np.sqrt(1 - keep * keep)) * sd * draw.normal()
        found.append(x)
    return found


@pytest.mark.parametrize("name", SPREADS)
def test_a_step_is_found_once_with_its_onset(name: str) -> None:
    size = 5.0 * SPREADS[name]
    values = [0.1 + x for x in noise(30, SPREADS[name] / 3, 1)]
    values += [0.1 + size + x for x in noise(30, SPREADS[name] / 3, 2)]
    (change,) = watched(values, name)
    assert change.up
    assert change.name == name
    assert 129.0 < change.onset < 131.0
    assert change.after - change.before == pytest.approx(size, rel=0.3)
    assert 0.9 <= change.probability <= 1.0


def test_a_fall_is_a_change_down() -> None:
    (change,) = watched([0.5] * 300 + [-0.5] * 100)
    assert not change.up


def test_noise_of_rest_makes_less_than_one_in_five_minutes() -> None:
    found = [watched(noise(300, SPREADS["arousal"] / 2, seed)) for seed in range(10)]
    assert sum(map(len, found)) <= 10


def test_noise_of_a_dimension_is_learnt() -> None:
    """Engagement of an EEG changes by three minimal spreads, few false alarms."""
    noisy = [noise(600, 0.13, seed, memory=4.0) for seed in range(6)]
    found = [watched([0.5 + x for x in values], "engagement") for values in noisy]
    assert sum(map(len, found)) / 12.0 < 1.0  # in five minutes


def test_a_noisy_dimension_still_shows_a_large_change() -> None:
    values = [0.3 + x for x in noise(120, 0.08, 4, memory=4.0)]
    values += [0.9 + x for x in noise(30, 0.08, 5, memory=4.0)]
    rises = [c for c in watched(values, "engagement") if c.up and c.onset > 215.0]
    assert len(rises) == 1
    assert rises[0].onset == pytest.approx(220.0, abs=2.0)


def test_changes_do_not_count_as_noise() -> None:
    scenes = ([0.2] * 300 + [0.7] * 300) * 4
    assert len(watched(scenes, "engagement")) == 7


def test_a_slow_drift_is_not_a_change() -> None:
    assert not watched([0.0002 * tick for tick in range(3000)])


def test_what_was_unknown_for_long_has_no_before() -> None:
    changes = Changes()
    for tick in range(100):
        assert not changes.take({"arousal": -0.5, "arousal_sd": 0.3}, tick / 10)
    for tick in range(200):
        assert not changes.take({"arousal": 0.5, "arousal_sd": 0.3}, 60.0 + tick / 10)


def test_it_does_not_depend_on_how_often_it_is_read() -> None:
    slow = watched([0.0] * 120 + [0.6] * 120, hz=4.0)
    fast = watched([0.0] * 1800 + [0.6] * 1800, hz=60.0)
    assert len(slow) == len(fast) == 1
    assert slow[0].onset == pytest.approx(fast[0].onset, abs=0.5)


def test_relaxation_that_arousal_suggests_needs_a_smaller_change() -> None:
    values = [0.2] * 300 + [0.28] * 150
    assert watched(values, "relaxation") == []
    changes, found = Changes(), []
    for tick, value in enumerate(values):
        fused = {"relaxation": value, "relaxation_sd": 0.15, "arousal": 0.0, "arousal_sd": 0.3}
        found += changes.take(fused, 100.0 + tick / 10.0)
    assert [(change.name, change.up) for change in found] == [("relaxation", True)]
