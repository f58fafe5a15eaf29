"""Tests of the guided baseline: a quiet minute passes, others give reasons."""

from __future__ import annotations

import numpy as np
import pytest

from sentio_bridge.affect.personal.profile import Profile, ProfileError
from sentio_bridge.affect.subject_model import SubjectModel
from sentio_bridge.errors import RequestError
from sentio_models import Estimate


def body(rate: float, quality: float = 0.9, reasons: tuple[str, ...] = ()) -> Estimate:
    return Estimate("body", quality=quality, reasons=reasons, features={"heart_rate": rate})


def sit(person: SubjectModel, rates, start: float, **more) -> dict:
    for i, rate in enumerate(rates):
        person.estimate(body(rate, **more), start + i, start + i)
    return person.calibrate_status(start + len(rates) + 1)


def quiet(seconds: int, mean: float = 65.0) -> np.ndarray:
    return mean + np.random.default_rng(1).normal(0, 2, seconds)


def test_a_quiet_minute_becomes_a_profile_and_an_active_one_adds_range():
    person = SubjectModel("ana")
    person.calibrate_start("rest", 60, 100.0, "ana-vr")
    person.estimate(body(65.0), 130.0, 130.0)
    half = person.calibrate_status(130.0)
    assert (half.state, half.progress) == ("running", 0.5)
    status = sit(person, quiet(60), 100.0)
    assert (status.state, status.profile, status.reasons) == ("done", "ana-vr", ())
    name, profile = person.calibrated()
    assert name == "ana-vr"
    assert person.calibrated() is None
    at_rest = profile.baselines["body"]["heart_rate"]
    assert at_rest.mean == pytest.approx(65, abs=1)
    assert at_rest.sd == pytest.approx(2, abs=0.6)
    assert profile.norms()["body"]["heart_rate"].weight == pytest.approx(59 / 30, abs=0.1)
    assert person.profile is profile
    person.calibrate_start("active", 60, 200.0)
    assert sit(person, quiet(60, 95.0), 200.0).state == "done"
    wider = person.calibrated()[1].baselines["body"]["heart_rate"]
    assert wider.mean == pytest.approx(65, abs=1)
    assert wider.sd > 15
    assert wider.high > 92


@pytest.mark.parametrize(
    ("rates", "more", "code"),
    [
        (quiet(20), {}, "body:too_short"),
        (quiet(60), {"quality": 0.3}, "body:bad_quality"),
        (quiet(60), {"reasons": ("motion",)}, "body:moving"),
        (np.linspace(110, 70, 60), {}, "body:not_at_rest"),
        (np.full(60, 65.0), {}, "body:nothing_to_learn"),
        ([], {}, "nothing_heard"),
    ],
)
def test_a_bad_baseline_is_refused_with_its_reason(rates, more, code):
    person = SubjectModel("ana")
    person.calibrate_start("rest", 60, 100.0)
    sit(person, rates, 100.0, **more)
    status = person.calibrate_status(161.0)
    assert status.state == "refused"
    assert code in status.reasons
    assert person.calibrated() is None
    assert person.profile is None


@pytest.mark.parametrize(
    ("disturbing", "code"),
    [
        (Estimate("voice", quality=0.9, features={"speaking": 1.0}), "voice:talking"),
        (Estimate("face", quality=0.9, features={"smile": 0.8}), "face:smiling"),
        (Estimate("eeg", quality=0.9, reasons=("motion",)), "eeg:moving"),
    ],
)
def test_a_rest_with_talk_smiles_or_movement_is_refused_as_a_whole(disturbing, code):
    person = SubjectModel("ana")
    person.calibrate_start("rest", 30, 100.0)
    for i, rate in enumerate(quiet(30)):
        person.estimate(body(rate), 100.0 + i, 100.0 + i)
        person.estimate(disturbing, 100.0 + i, 100.0 + i)
    running = person.calibrate_status(129.0)
    assert (running.state, running.reasons) == ("running", (code,))
    status = person.calibrate_status(131.0)
    assert status.state == "refused"
    assert code in status.reasons
    assert person.calibrated() is None


def test_half_a_minute_of_rest_with_a_few_words_is_accepted():
    person = SubjectModel("ana")
    person.calibrate_start("rest", 30, 100.0)
    for i, rate in enumerate(quiet(30)):
        person.estimate(body(rate), 100.0 + i, 100.0 + i)
        words = Estimate("voice", quality=0.9, features={"speaking": float(i % 4 == 0)})
        person.estimate(words, 100.0 + i, 100.0 + i)
    assert person.calibrate_status(131.0).state == "done"


def test_an_active_block_may_be_anything():
    person = SubjectModel("ana")
    person.calibrate_start("rest", 30, 100.0)
    assert sit(person, quiet(30), 100.0).state == "done"
    person.calibrate_start("active", 30, 200.0)
    assert sit(person, quiet(30, 90.0), 200.0, reasons=("motion",)).state == "done"


@pytest.mark.parametrize("when", ["in the rest", "after the rest"])
def test_nothing_of_a_modality_is_kept_that_was_withdrawn(when):
    person = SubjectModel("ana")
    for at, kind in ((100.0, "rest"), (200.0, "active")):
        person.calibrate_start(kind, 60, at)
        for i, rate in enumerate(quiet(60)):
            person.estimate(body(rate), at + i, at + i)
            face = Estimate("face", quality=0.9, features={"smile": 0.1 + rate / 1000})
            person.estimate(face, at + i, at + i)
            if kind == "rest" and when == "in the rest" and i == 50:
                person.modality_state("body", "withdrawn", (), "", at + i)
                person.modality_state("body", "on", (), "", at + i)  # granted again: begins anew
        assert person.calibrate_status(at + 61).state == "done"
        if kind == "rest":
            if when == "after the rest":
                person.modality_state("body", "withdrawn", (), "", 180.0)
                person.modality_state("body", "on", (), "", 190.0)
            else:
                assert "body" not in person.calibrated()[1].baselines
    assert list(person.calibrated()[1].baselines) == ["face"]


def test_requests_out_of_order_or_range_change_nothing():
    person = SubjectModel("ana")
    for kind, seconds in (("active", 60), ("rest", 19), ("rest", float("nan")), ("sleep", 60)):
        with pytest.raises(RequestError):
            person.calibrate_start(kind, seconds, 0.0)
    with pytest.raises(RequestError):
        person.calibrate_stop(0.0)
    assert person.calibrate_status(0.0).state == "none"
    person.calibrate_start("rest", 60, 0.0)
    with pytest.raises(RequestError):
        person.calibrate_start("rest", 60, 1.0)
    person.calibrate_stop(5.0)
    assert person.calibrate_status(6.0).reasons == ("stopped",)


def test_another_persons_profile_is_refused():
    person = SubjectModel("ana")
    with pytest.raises(ProfileError, match="'ben'"):
        person.use_profile(Profile(subject="ben"))
    assert person.profile is None
