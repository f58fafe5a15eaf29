"""Tests of a profile's drift: against its sessions and against people in general."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from sentio_bridge.affect.mood import SessionSummary
from sentio_bridge.affect.personal.drift import drift
from sentio_bridge.affect.personal.profile import Baseline, Profile
from sentio_bridge.cli.app import application
from sentio_bridge.profiles.store import ProfileStore
from sentio_models import Norm
from sentio_models.modalities.at_rest import at_rest


def session(arousal: float, valence: float = 0.1, peaks: int = 4) -> SessionSummary:
    mean = {"arousal": arousal, "valence": valence}
    return SessionSummary(seconds=1200.0, mean=mean, sd={"arousal": 0.2}, zones={}, peaks=peaks)


def profile(sessions: list[SessionSummary], heart_rate: float = 74.0) -> Profile:
    at = Baseline(mean=heart_rate, sd=4.0, weight=10.0, low=65.0, high=90.0)
    return Profile(subject="p", baselines={"body": {"heart_rate": at}}, sessions=sessions)


USUAL = [session(a) for a in (0.10, 0.15, 0.12, 0.08, 0.14, 0.11, 0.13, 0.09)]
PEOPLE = {"body": {"heart_rate": Norm(79.0, 13.0, 3.0)}}


def test_sessions_like_the_earlier_ones_have_not_moved() -> None:
    found = drift(profile([*USUAL, session(0.12), session(0.09), session(0.13)]), PEOPLE)
    assert found.moved == []
    assert found.lacking == []
    assert {value.name for value in found.history} >= {"mean arousal", "peaks an hour"}


def test_shift_of_the_last_sessions_is_found_and_comes_first() -> None:
    found = drift(profile([*USUAL, session(0.5), session(0.55), session(0.48)]), PEOPLE)
    assert [value.name for value in found.moved] == ["mean arousal"]
    assert found.history[0].name == "mean arousal"
    assert found.history[0].now == pytest.approx(0.5)
    assert found.history[0].deviation > 3


def test_one_odd_session_does_not_move_a_profile() -> None:
    found = drift(profile([*USUAL, session(0.12), session(0.9), session(0.10)]), PEOPLE)
    assert "mean arousal" not in {value.name for value in found.moved}


def test_baseline_far_from_people_in_general_is_found() -> None:
    found = drift(profile([], heart_rate=135.0), PEOPLE)
    assert [value.name for value in found.moved] == ["body heart_rate"]
    assert found.training[0].deviation == pytest.approx((135 - 79) / 13)
    assert found.lacking == ["history: 0 sessions, at least 11 are needed"]


def test_what_cannot_be_compared_is_reported() -> None:
    at = Baseline(mean=1.0, sd=1.0, weight=1.0, low=0.0, high=2.0)
    voice = Profile(subject="p", baselines={"voice": {"loudness_db": at}})
    assert drift(voice, PEOPLE).lacking[1] == "training: nothing is kept of voice at rest"
    assert "no baseline" in drift(Profile(subject="p"), PEOPLE).lacking[1]


def test_chance_seldom_moves_a_value() -> None:
    rng = np.random.default_rng(0)
    moved = 0
    for _ in range(300):
        means = rng.normal(0.1, 0.1, 20)
        found = drift(profile([session(float(m)) for m in means]), {})
        moved += any(value.name == "mean arousal" for value in found.moved)
    assert moved / 300 < 0.03


def test_shipped_norms_of_people_are_usable() -> None:
    known = at_rest()
    assert 60 < known["body"]["heart_rate"].mean < 95
    assert all(norm.sd > 0 for norms in known.values() for norm in norms.values())


def test_command_prints_the_comparison(tmp_path: Path) -> None:
    ProfileStore(tmp_path).save("p", profile(USUAL, heart_rate=135.0))
    result = CliRunner().invoke(
        application("profile"), ["profile", "drift", "p", "--folder", str(tmp_path)]
    )
    assert result.exit_code == 0
    assert "moved body heart_rate: 135" in result.output
    assert "not compared: history: 8 sessions" in result.output
    assert "calibrate again" in result.output
