"""The course of the game, and what it suggests."""

from __future__ import annotations

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_bridge.affect.appraisal import Appraisal
from sentio_bridge.affect.evidence import UNIFORM_SD
from sentio_bridge.protocol.frame import APPRAISALS
from sentio_models import Estimate


def played(won, lost, challenge=None):
    appraisal = Appraisal()
    if challenge is not None:
        appraisal.marker("challenge", 0.0, {"value": challenge})
    for name, count in (("success", won), ("failure", lost)):
        for i in range(count):
            appraisal.marker(name, i * 1.0)
    return appraisal


def leading(values):
    return max(values, key=values.get)


UPSET = {"valence": -0.6, "arousal": 0.6, "valence_sd": 0.2, "arousal_sd": 0.2}


def operated(activity, errors=None, at=10.0):
    appraisal = Appraisal()
    features = {"input_activity": activity}
    if errors is not None:
        features["input_errors"] = errors
    appraisal.take(Estimate("game", quality=1.0, features=features), at)
    return appraisal


def test_nothing_is_stated_without_game_input_and_state():
    assert Appraisal().values(1.0, {}) == {}
    assert played(0, 0, challenge=0.9).values(1.0, {}) == {}
    vague = {**UPSET, "valence_sd": 0.5}
    assert Appraisal().values(1.0, vague) == {}


def test_a_state_alone_is_described_with_a_wide_deviation():
    quiet = Appraisal()
    assert leading(quiet.values(1.0, UPSET)) in ("frustration", "anxiety")
    bored = {**UPSET, "arousal": -0.6}
    assert leading(quiet.values(1.0, bored)) == "boredom"
    alone = quiet.deviations(1.0, UPSET)["frustration_sd"]
    with_markers = played(2, 9, 0.4).deviations(12.0, UPSET)["frustration_sd"]
    assert with_markers < alone <= UNIFORM_SD


def test_a_less_certain_state_is_described_with_a_wider_deviation():
    sure = Appraisal().deviations(1.0, {**UPSET, "arousal": 0.1})["frustration_sd"]
    unsure = Appraisal().deviations(1.0, {**UPSET, "arousal": 0.1, "arousal_sd": 0.4})
    assert sure < unsure["frustration_sd"]


@pytest.mark.parametrize(
    ("activity", "errors", "state", "expected"),
    [
        (1.5, 30.0, {}, "frustration"),
        (-1.5, 30.0, {}, "anxiety"),
        (-3.0, 0.0, {}, "boredom"),
        (0.3, 0.0, {}, "flow"),
        (1.5, 30.0, {"valence": -0.6, "arousal": 0.5, "dominance": 0.3}, "frustration"),
    ],
)
def test_input_statistics_stand_for_the_course_of_the_game(activity, errors, state, expected):
    assert leading(operated(activity, errors).values(11.0, state)) == expected


def test_input_statistics_are_forgotten_after_seconds():
    game = operated(1.0, 10.0)
    assert game.values(15.0, {})
    assert game.age(15.0) == 5.0
    assert game.values(40.0, {}) == {}
    assert game.age(40.0) is None


@pytest.mark.parametrize(
    ("won", "lost", "challenge", "state", "expected"),
    [
        (8, 2, 0.75, {"valence": 0.5, "arousal": 0.3}, "flow"),
        (12, 0, 0.1, {"valence": -0.4, "arousal": -0.6}, "boredom"),
        (2, 9, 0.4, {"valence": -0.6, "arousal": 0.5, "dominance": 0.5}, "frustration"),
        (2, 9, 1.0, {"valence": -0.5, "arousal": 0.7, "dominance": -0.7}, "anxiety"),
    ],
)
def test_the_four_corners_of_challenge_and_skill(won, lost, challenge, state, expected):
    assert leading(played(won, lost, challenge).values(12.0, state)) == expected


def test_the_person_can_veto_what_the_game_suggests():
    game = played(8, 2, challenge=0.75)
    alone = game.values(10.0, {})["flow"]
    bored = game.values(10.0, {"valence": -0.9, "arousal": -0.9})["flow"]
    assert bored < 0.3 * alone


def test_old_successes_are_forgotten():
    game = played(5, 1)
    assert game.values(10.0, {})
    assert game.values(2000.0, {}) == {}


@pytest.mark.parametrize(
    ("name", "time", "data", "reason"),
    [
        ("challenge", 1.0, None, "no_value"),
        ("challenge", 1.0, {"value": "hard"}, "no_value"),
        ("success", 1.0, {"value": True}, "no_value"),
        ("failure", nan, None, "not_finite"),
        ("failure", 1.0, {"value": inf}, "not_finite"),
        ("boss_spawned", nan, None, ""),
    ],
)
def test_bad_markers_are_refused_with_a_reason_and_change_nothing(name, time, data, reason):
    game = played(3, 3)
    before = game.values(10.0, {})
    assert game.marker(name, time, data) == reason
    assert game.values(10.0, {}) == before


@given(
    st.lists(
        st.tuples(
            st.sampled_from(("challenge", "success", "failure")),
            st.floats(0, 1e5),
            st.floats(-1e300, 1e300),
        ),
        max_size=30,
    ),
    st.dictionaries(st.sampled_from(("valence", "arousal", "dominance")), st.floats(-1, 1)),
)
def test_the_four_stay_within_0_and_1(markers, state):
    game = Appraisal()
    for name, time, value in markers:
        game.marker(name, time, {"value": value})
    values = game.values(1e5, state)
    assert set(values) <= set(APPRAISALS)
    assert all(0 <= v <= 1 for v in values.values())
