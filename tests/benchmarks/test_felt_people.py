"""Gaps of people, played clips, and startles and sighs of the felt bench."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import felt_clips, felt_moments, felt_sections
from benchmarks.felt_figures import MUST, changes
from benchmarks.felt_intervals import GAP, with_gap
from benchmarks.felt_run import Felt
from benchmarks.felt_sessions import START, Arrived
from sentio_models import Estimate
from sentio_sensors.simulated.scenario import Segment

TIMES = np.arange(0.25, 200.0, 0.25)


def course(error: float, deviation: float, late: int = 0) -> Felt:
    """Return a course whose valence follows its labels."""
    names = ("happiness", "sadness", "neutral", "anger")
    segments = tuple(felt_clips.segment(names[i % 4], 10) for i in range(20))
    session = felt_clips.ClipSession("x", 0, segments, 200.0, ())
    truth = session.scenario().truth(TIMES).valence
    value = np.roll(truth, late) + error
    values = {"valence": value, "valence_sd": np.full(len(TIMES), deviation)}
    return Felt(session, TIMES, values, {"valence": truth}, ())


def test_a_deviation_as_large_as_the_gap_holds_two_thirds() -> None:
    held = with_gap([course(0.0, GAP)] * 6, "valence")
    assert held["holds_68"] == pytest.approx(0.68, abs=0.06)
    assert held["holds_95"] == pytest.approx(0.95, abs=0.03)


def test_stress_moves_with_the_gap_by_half_of_it() -> None:
    one = course(0.0, 0.1)
    one.truth["valence"] *= 0.2  # so that stress is hardly ever cut at 0 or 1
    one.truth["arousal"] = np.ones(len(TIMES))
    one.values["stress"] = (one.truth["arousal"] - one.truth["valence"]) / 2.0
    one.values["stress_sd"] = np.full(len(TIMES), GAP / 2.0)
    assert with_gap([one] * 6, "stress")["error_in_sd"] == pytest.approx(1.0, abs=0.12)


def test_a_deviation_of_a_perfect_sensor_holds_too_little() -> None:
    assert with_gap([course(0.0, 0.1)] * 3, "valence")["holds_68"] < 0.4


def test_a_step_that_the_entry_does_not_show_is_counted_apart() -> None:
    moving, still = course(0.0, 0.2), course(0.0, 0.2)
    still.values["valence"][:] = 0.1
    for one in (moving, still):
        one.values.update({n: np.full(len(TIMES), np.nan) for n in MUST if n != "valence"})
    row = changes([moving, still], [])
    assert row["valence"]["shown"] == row["valence"]["steps"] / 2
    assert (row["shown"], row["found"], row["found_of_shown"]) == (0.5, 0.0, 0.0)


def test_clips_are_followed_with_their_lag() -> None:
    row = felt_clips.follow(course(0.3, 0.2, late=8), "valence")
    assert row["lag"] == pytest.approx(2.0)
    assert row["r_at_lag"] == pytest.approx(1.0, abs=0.02)
    assert row["r"] < row["r_at_lag"]
    assert row["holds_95"] > 0.7 > row["holds_68"]


def test_an_entry_that_stays_unknown_has_no_r() -> None:
    one = course(0.0, 0.2)
    one.values["valence"][:] = np.nan
    assert felt_clips.follow(one, "valence") == {"known": 0.0}


def test_clips_change_at_once_and_no_two_scenes_are_alike() -> None:
    order = felt_clips.order(felt_clips.SHOWN, 40, np.random.default_rng(1))
    assert len(order) == 40
    assert all(a != b for a, b in zip(order, order[1:], strict=False))


def test_a_sigh_that_is_found_counts_and_another_is_false() -> None:
    def arrived(at: float, age: float) -> Arrived:
        features = {"sigh_age": age, "sigh_probability": 0.9, "sigh_size": 2.5}
        now = START + at
        return Arrived(now, now, "body", Estimate("body", quality=0.9, features=features))

    one = felt_moments.Eventful(
        300.0, {"startle": [], "sigh": [50.0, 150.0]}, (arrived(51.5, 1.5), arrived(251.0, 1.0))
    )
    row = felt_moments.figures([one], {"body"}, "sigh")
    assert (row["true"], row["found"], row["false_in_5_minutes"]) == (2, 0.5, 1.0)
    assert row["delay"] == pytest.approx(1.5)
    assert row["right"] == 0.5
    assert "50 % of 2" in felt_sections.moments({"startle": {}, "sigh": row})


def test_scripts_with_moments_keep_them_apart() -> None:
    for seed in range(5):
        for segment in felt_moments.script(seed):
            assert isinstance(segment, Segment)
            assert all(
                b - a > 9 for a, b in zip(segment.startles, segment.startles[1:], strict=False)
            )


def test_what_does_not_follow_is_reported() -> None:
    rows = {"valence": {"r": 0.1, "lag": 3.0}, "arousal": {"r": 0.8, "step_63": 4.0, "lag": 2.0}}
    table = {name: {"entries": rows} for name in ("all", "body", "face", "voice", "eeg")}
    text = felt_sections.by_dimension(table)
    assert "| `valence` | no | no |" in text
    assert "| `arousal` | 0.80, 4.0 s |" in text
    assert "| `stress` | - | - |" in text
