"""The facade: states, reasons, bad input and bounded effect."""

from __future__ import annotations

from math import inf, isfinite, nan, sin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentio_bridge.affect.subject_model import SubjectModel
from sentio_bridge.errors import RequestError
from sentio_bridge.protocol.frame import LAYOUT, State, pack
from sentio_models import EMOTIONS, MODALITIES, READINGS, Estimate, Reading


def body(arousal: float, **more) -> Estimate:
    return Estimate("body", {"arousal": Reading(arousal, 0.1)}, quality=0.9, **more)


numbers = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True), st.sampled_from([0.0, -1.0, 1e308, nan, inf])
)
estimates = st.builds(
    Estimate,
    modality=st.sampled_from((*MODALITIES, "smell")),
    readings=st.dictionaries(
        st.sampled_from((*READINGS, "mana")), st.builds(Reading, numbers, numbers), max_size=5
    ),
    emotions=st.none() | st.dictionaries(st.sampled_from((*EMOTIONS, "awe")), numbers, max_size=8),
    quality=numbers,
    reasons=st.just(()),
    features=st.dictionaries(st.sampled_from(("heart_rate", "x")), numbers, max_size=2),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(estimates, numbers, st.floats(0, 5)), max_size=25))
def test_no_input_makes_it_raise_or_return_nan(calls):
    person = SubjectModel("anyone")
    now = 1000.0
    for estimate, captured, step in calls:
        now += step
        person.estimate(estimate, captured, now)
        person.estimate(estimate, now - step / 2, now)
        snapshot = person.snapshot(now)
        assert set(snapshot.values) <= set(LAYOUT)
        assert all(isfinite(value) for value in snapshot.values.values())
        for name in ("valence", "arousal", "dominance"):
            assert -1 <= snapshot.values.get(name, 0) <= 1
        mask, _ = pack(snapshot.values)
        assert mask.bit_count() == len(snapshot.values)
        probabilities = [v for k, v in snapshot.values.items() if k.startswith("p_")]
        assert not probabilities or sum(probabilities) == pytest.approx(1)
        assert sum(share.weight for share in snapshot.modalities.values()) <= 1 + 1e-9
        assert 0 <= snapshot.values["confidence"] <= 1


def test_it_reports_its_state():
    person = SubjectModel("p")
    assert person.snapshot(0.0).state is State.WARMING
    person.estimate(body(0.5), 10.0, 10.1)
    assert person.snapshot(10.1).state is State.OK
    assert person.snapshot(30.0).state is State.STALE
    assert person.snapshot(30.0).modalities["body"].state == "stale"
    person.estimate(Estimate("body", quality=0.0, reasons=("not_worn",)), 31.0, 31.0)
    assert person.snapshot(31.0).state is State.NO_SUBJECT
    person.modality_state("body", "gap", ("stalled",), "check the strap", 32.0)
    share = person.snapshot(32.0).modalities["body"]
    assert (share.state, share.reasons, share.fix) == ("gap", ("stalled",), "check the strap")
    person.modality_state("body", "withdrawn", (), "", 33.0)
    assert person.snapshot(33.0).state is State.WITHDRAWN


def test_withdrawing_takes_out_the_influence_at_once_and_ignores_what_still_comes():
    person = SubjectModel("p")
    for i in range(20):
        person.estimate(body(0.8), 10 + i * 0.5, 10 + i * 0.5)
    assert person.snapshot(20.0).values["arousal"] > 0.3
    person.modality_state("body", "withdrawn", (), "", 20.0)
    person.estimate(body(0.8), 20.0, 20.1)
    snapshot = person.snapshot(20.1)
    assert "arousal" not in snapshot.values
    assert snapshot.values["confidence"] == 0
    assert person.dropped["withdrawn"] == 1
    person.modality_state("body", "ok", (), "", 21.0)
    person.estimate(body(0.8), 21.0, 21.0)
    assert person.snapshot(21.0).values["arousal"] > 0


def test_wrong_clocks_are_reported_and_cannot_hold_the_future():
    person = SubjectModel("p")
    person.estimate(body(0.5), 5000.0, 100.0)
    snapshot = person.snapshot(100.0)
    assert "clock_ahead" in snapshot.modalities["body"].reasons
    assert snapshot.captured == 100.0
    person.estimate(body(0.5), 40.0, 101.0)
    assert person.dropped["late"] == 1


def test_out_of_range_and_tiny_variances_have_a_bounded_effect():
    person = SubjectModel("p")
    person.estimate(Estimate("face", {"valence": Reading(1e9, 1e-12)}, quality=1.0), 10.0, 10.0)
    snapshot = person.snapshot(10.0)
    assert snapshot.values["valence"] <= 1
    assert snapshot.values["valence_sd"] > 0.02
    assert "out_of_range" in snapshot.modalities["face"].reasons


def test_mixed_emotions_stay_mixed_and_fade_to_unknown():
    person = SubjectModel("p")
    for i in range(40):
        one = ("happiness", "surprise")[i % 2]
        estimate = Estimate("face", emotions={one: 0.9, "neutral": 0.1}, quality=0.9)
        person.estimate(estimate, 10 + i * 0.05, 12.0)
    now = person.snapshot(12.0)
    assert {name for name, _ in now.emotions} == {"happiness", "surprise"}
    assert now.values["p_happiness"] == pytest.approx(now.values["p_surprise"], rel=0.3)
    later = person.snapshot(16.5)
    assert later.values["entropy"] > now.values["entropy"]
    assert "entropy" not in person.snapshot(18.0).values  # no face for five seconds


def test_two_modalities_that_agree_about_an_emotion_are_not_more_certain_than_one():
    sure = {}
    for names in (("face",), ("face", "voice", "text")):
        person = SubjectModel("p")
        for name in names:
            estimate = Estimate(name, emotions={"anger": 0.7, "neutral": 0.3}, quality=1.0)
            person.estimate(estimate, 10.0, 10.0)
        sure[len(names)] = person.snapshot(10.0).values["p_anger"]
    assert sure[3] == pytest.approx(sure[1], abs=0.01)


def test_the_same_calls_give_the_same_snapshots():
    def play():
        person = SubjectModel("p")
        for i in range(200):
            person.estimate(
                body(0.4 if i % 3 else -0.2), 10 + i * 0.1 - (i % 5) * 0.3, 10 + i * 0.1
            )
        return person.snapshot(31.0)

    assert play() == play()


def test_a_self_report_is_evidence():
    person = SubjectModel("p")
    person.self_report("stress", 0.9, 10.0, 10.1)
    snapshot = person.snapshot(10.2)
    assert snapshot.values["stress"] > 0.6
    assert snapshot.modalities["self"].weight > 0.5
    assert len(person.labels) == 0


def test_a_label_never_changes_the_fused_state():
    person, other = SubjectModel("p"), SubjectModel("p")
    for one in (person, other):
        one.estimate(body(0.2), 10.0, 10.0)
    assert person.label("arousal", -0.9, 10.0, 10.1) == 1
    assert person.snapshot(10.2) == other.snapshot(10.2)
    person.estimate(body(0.2), 11.0, 11.0)
    other.estimate(body(0.2), 11.0, 11.0)
    assert person.snapshot(11.1) == other.snapshot(11.1)


@pytest.mark.parametrize(("name", "value"), [("mana", 0.5), ("stress", -0.5), ("arousal", nan)])
def test_reports_that_cannot_be_used_change_nothing(name, value):
    person = SubjectModel("p")
    for send in (person.label, person.self_report):
        with pytest.raises(RequestError):
            send(name, value, 10.0, 10.1)
    assert len(person.labels) == 0
    assert "self" not in person.snapshot(10.2).modalities


def test_the_line_names_what_moved_and_what_is_not_used():
    person = SubjectModel("p")
    person.estimate(Estimate("face", quality=0.0, reasons=("turned_away",)), 9.0, 9.0)
    for i in range(120):
        rising = i >= 100
        estimate = body(
            (0.9 if rising else -0.3) - 0.02 * (i % 3),
            features={"heart_rate": 84.0 if rising else 70.0 + i % 2},
        )
        person.estimate(estimate, 10.0 + i, 10.0 + i)
        if i % 5 == 0:
            person.estimate(Estimate("face", reasons=("turned_away",)), 10.0 + i, 10.0 + i)
        why = person.why(person.snapshot(10.0 + i))
    assert why.startswith("arousal up: heart rate +1")
    assert "over your baseline" in why
    assert "face not used: turned away" in why


@pytest.mark.slow
def test_three_days_without_a_pause_change_nothing_about_how_it_follows():
    """Two modalities for four days: the last day's first hour is as good."""
    person = SubjectModel("someone")
    errors = {}
    names = ("body", "face")
    for second in range(3 * 86_400 + 3600):
        now = 1e5 + second
        truth = 0.6 * sin(second / 40.0)
        wobble = 0.2 * sin(second * 1.7)
        estimate = Estimate(
            names[second % 2], {"arousal": Reading(truth * 0.7 + wobble, 0.07)}, quality=0.9
        )
        person.estimate(estimate, now, now)
        if second < 3600 or second >= 3 * 86_400:
            values = person.snapshot(now).values
            assert all(isfinite(value) for value in values.values())
            errors.setdefault(second >= 3600, []).append(abs(values["arousal"] - truth))
    first, last = (sum(e[300:]) / len(e[300:]) for e in (errors[False], errors[True]))
    assert last == pytest.approx(first, abs=0.02)
    assert last < 0.3


def test_constant_contradictory_late_and_repeated_estimates_are_named():
    person = SubjectModel("someone")
    for i in range(150):
        now = 100.0 + i * 0.2
        value = 0.5 + 0.05 * sin(i)
        for name, mean in (("body", value), ("voice", value + 0.02), ("face", -value)):
            readings = {dim: Reading(mean, 0.07) for dim in ("valence", "arousal")}
            person.estimate(Estimate(name, readings, quality=0.9), now, now)
        person.estimate(Estimate("eeg", {"arousal": Reading(0.3, 0.1)}, quality=0.9), now, now)
    person.estimate(body(0.5), now, now)  # the same moment again
    person.estimate(body(0.5), now - 60.0, now)
    snapshot = person.snapshot(now)
    assert "contradicts" in snapshot.modalities["face"].reasons
    assert "contradicts" not in snapshot.modalities["body"].reasons
    assert "constant" in snapshot.modalities["eeg"].reasons
    assert person.dropped == {"duplicate": 1, "late": 1}
    assert "face counts less: contradicts the rest" in person.why(snapshot)
    assert "eeg counts less: does not change" in person.why(snapshot)
    assert snapshot.values["arousal"] > 0.3
