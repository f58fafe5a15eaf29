"""Tests of the personal model: one matrix product replaces the reading."""

from __future__ import annotations

import json

import msgspec
import pytest

from sentio_bridge.affect.personal.model import CLIP, PersonalModel
from sentio_bridge.affect.personal.profile import Profile, ProfileError, decode, encode
from sentio_bridge.affect.subject_model import SubjectModel
from sentio_models import Estimate, Reading

MODEL = PersonalModel(
    modality="body",
    dimension="arousal",
    features=("heart_rate", "ln_scl"),
    mean=(70.0, 0.5),
    scale=(10.0, 2.0),
    weights=(0.4, -0.1),
    bias=0.05,
    variance=0.01,
    gain=0.5,
    gain_low=0.2,
    labels=30,
)


@pytest.mark.parametrize(
    ("heart_rate", "ln_scl", "expected"),
    [(70.0, 0.5, 0.05), (80.0, 2.5, 0.35), (1e6, 0.5, 0.4 * CLIP + 0.05), (70.0, -1e6, 0.45)],
)
def test_a_reading_is_the_clipped_linear_combination(heart_rate, ln_scl, expected):
    reading = MODEL.read({"heart_rate": heart_rate, "ln_scl": ln_scl, "other": 3.0})
    assert reading == Reading(pytest.approx(expected), 0.01)


def test_a_missing_feature_gives_no_reading():
    assert MODEL.read({"heart_rate": 70.0}) is None


def test_it_replaces_the_generic_reading_in_fusion():
    person = SubjectModel("ana")
    person.use_profile(decode(encode(Profile(subject="ana", personal=[MODEL])), "ana"))
    features = {"heart_rate": 88.0, "ln_scl": 0.5}
    generic = Estimate("body", {"arousal": Reading(-0.9, 0.1)}, quality=1.0, features=features)
    for i in range(30):
        person.estimate(generic, 10.0 + i, 10.0 + i)
    assert person.snapshot(40.0).values["arousal"] > 0.15  # a second after the last


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"weights": [0.1]}, "different lengths"),
        ({"scale": [1.0, 0.0]}, "scale"),
        ({"variance": 0.0}, "variance"),
        ({"bias": "x"}, "bias"),
    ],
)
def test_a_damaged_model_is_refused(change, words):
    data = json.loads(encode(Profile(subject="ana", personal=[MODEL])))
    data["personal"][0] |= change
    with pytest.raises(ProfileError, match=words):
        decode(json.dumps(data).encode())


def test_weights_that_are_not_finite_are_refused():
    with pytest.raises(ValueError, match="not finite"):
        msgspec.structs.replace(MODEL, bias=float("nan"))
