"""Each entry's age and confidence, and that nothing outlives its evidence."""

from __future__ import annotations

import numpy as np
import pytest

from sentio_bridge.affect.evidence import Evidence, freshness, with_deviations
from sentio_bridge.affect.subject_model import SubjectModel
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.core.frame_pacer import FramePacer
from sentio_bridge.core.subject_state import SubjectState
from sentio_bridge.protocol.frame import LAYOUT, AffectFrame
from sentio_models import EMOTIONS, Estimate, Reading


def state() -> SubjectState:
    ledger = ConsentLedger()
    for sensor in ("body", "camera", "microphone"):
        ledger.grant(sensor, ["adapt"], "test", 0.0)
    return SubjectState(SubjectModel("p"), ledger, FramePacer(60.0))


def body(quality: float = 0.9, rate: float = 72.0, sd: float = 2.0) -> Estimate:
    readings = {
        "arousal": Reading(0.3, 0.1),
        "heart_rate": Reading(rate, sd * sd),
        "scr_rate": Reading(4.0, 4.0),
    }
    features = {"scl_phasic": 0.2, "breath_phase": 0.5, "heart_rate_acceleration": 1.0}
    return Estimate("body", readings, quality=quality, features=features)


def face(quality: float = 0.9) -> Estimate:
    emotions = dict.fromkeys(EMOTIONS, 0.0) | {"happiness": 1.0}
    features = {"smile": 0.7, "blink": 0.1}
    return Estimate(
        "face", {"valence": Reading(0.5, 0.1)}, emotions, quality=quality, features=features
    )


def frame(of: SubjectState, now: float) -> AffectFrame:
    return of.frame(of.snapshot(now), 1, now)


def test_what_is_known_has_an_age_and_a_confidence() -> None:
    one = state()
    for tick in range(40):
        now = 10.0 + tick * 0.5
        one.estimate(body(), now - 0.1, now)
        one.estimate(face(), now, now)
        last = frame(one, now)
    assert last.age is not None
    for name in last.known_values():
        if not name.endswith("_weight"):
            assert last.age_of(name) is not None, name
            assert 0.0 <= (last.confidence_of(name) or 0.0) <= 1.0, name
    assert last.age_of("heart_rate") == pytest.approx(0.1)
    assert last.age_of("smile") == 0.0
    assert last.age_of("heart_rate_sd") == last.age_of("heart_rate")
    assert last.confidence_of("arousal_level_sd") == last.confidence_of("arousal_level")
    assert last.get("scr_now") == pytest.approx(0.2)


def test_a_heart_that_is_gone_is_unknown_within_three_seconds() -> None:
    one = state()
    for tick in range(20):
        one.estimate(body(), tick * 0.5, tick * 0.5)
    fresh = frame(one, 9.6)
    old = frame(one, 11.5)
    gone = frame(one, 12.4)
    assert fresh.get("heart_rate") == 72.0
    assert old.confidence_of("heart_rate") < fresh.confidence_of("heart_rate")
    for name in ("heart_rate", "heart_rate_sd", "heart_rate_acceleration", "breath_phase"):
        assert gone.get(name) is None
    assert gone.get("scr_rate") == 4.0  # counted over a minute
    assert frame(one, 20.0).get("scr_rate") is None


def test_affect_is_unknown_without_readings_within_the_window() -> None:
    one = state()
    for tick in range(40):
        one.estimate(face(), tick * 0.1, tick * 0.1)
    assert frame(one, 6.0).get("valence") is not None
    later = frame(one, 10.0)
    for name in ("valence", "valence_sd", "valence_level", "p_happiness", "entropy", "smile"):
        assert later.get(name) is None, name


def test_a_bad_quality_lowers_confidence() -> None:
    good, bad = state(), state()
    good.estimate(body(0.9), 1.0, 1.0)
    bad.estimate(body(0.2), 1.0, 1.0)
    lower, higher = frame(bad, 1.0), frame(good, 1.0)
    for name in ("heart_rate", "breath_phase"):
        assert (lower.confidence_of(name) or 0.0) < (higher.confidence_of(name) or 0.0)


def test_stress_has_the_evidence_of_valence_and_arousal_together() -> None:
    one, two = state(), state()
    for tick in range(20):
        one.estimate(body(), tick * 0.5, tick * 0.5)
        two.estimate(body(), tick * 0.5, tick * 0.5)
        two.estimate(face(), tick * 0.5, tick * 0.5)
    alone, both = frame(one, 9.6), frame(two, 9.6)
    assert alone.get("stress") is not None
    assert 0.0 < alone.confidence_of("stress") < both.confidence_of("stress")
    assert both.get("stress") < alone.get("stress")  # the face is pleased


def test_evidence_comes_ten_times_a_second_and_at_once_when_something_changes() -> None:
    one = state()
    one.estimate(body(), 1.0, 1.0)
    assert frame(one, 1.0).age is not None
    assert frame(one, 1.02).age is None
    one.estimate(face(), 1.03, 1.03)
    assert frame(one, 1.04).age is not None  # a valence is known now
    sent = [frame(one, 1.05 + tick / 60).age is not None for tick in range(60)]
    assert 8 <= sum(sent) <= 12


def test_what_is_set_by_hand_is_sure() -> None:
    one = state()
    one.override({"flow": 0.5, "heart_rate": 60.0}, 10.0, 1.0)
    made = frame(one, 1.1)
    assert made.confidence_of("flow") == made.confidence_of("heart_rate") == 1.0
    assert made.age_of("flow") == 0.0


def test_withdrawing_forgets_what_was_live() -> None:
    one = state()
    one.estimate(face(), 1.0, 1.0)
    assert frame(one, 1.0).get("smile") is not None
    one.person.modality_state("face", "withdrawn", (), "", 1.1)
    assert frame(one, 1.1).get("smile") is None


def test_looking_learns_nothing() -> None:
    seen, unseen = state(), state()
    for tick in range(100):
        for one in (seen, unseen):
            one.estimate(face(), tick * 0.5, tick * 0.5)
        seen.peek(tick * 0.5 + 0.1)
        a, b = frame(seen, tick * 0.5 + 0.2), frame(unseen, tick * 0.5 + 0.2)
    np.testing.assert_array_equal(a.vector, b.vector)
    assert len(a.vector) == len(LAYOUT)


def test_freshness_lasts_half_a_life() -> None:
    assert [freshness(age, 2.0) for age in (0.0, 1.0, 1.5, 2.0, 3.0)] == [1.0, 1.0, 0.5, 0.0, 0.0]


def test_a_deviation_has_the_evidence_of_its_entry() -> None:
    found = {"rmssd": Evidence(1.0, 0.5)}
    assert with_deviations(found, ("rmssd", "rmssd_sd", "stress")) == {
        "rmssd": Evidence(1.0, 0.5),
        "rmssd_sd": Evidence(1.0, 0.5),
    }
