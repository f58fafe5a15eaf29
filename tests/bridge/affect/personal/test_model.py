"""A personal head is made where it is surely better, refused where not, and runs as ONNX."""

from __future__ import annotations

import numpy as np
import pytest

from sentio_bridge.affect.personal.model import LabelledMoment, PersonalError, train
from sentio_bridge.affect.personal.profile import Profile, decode, encode
from sentio_bridge.affect.subject_model import SubjectModel
from sentio_models import Estimate, Reading


def moments(count: int, generic_error: float, seed: int = 0, informative: bool = True):
    rng = np.random.default_rng(seed)
    truth = np.repeat(rng.uniform(-0.8, 0.8, count // 6 + 1), 6)[:count]
    found = []
    for i, value in enumerate(truth):
        signal = value if informative else rng.uniform(-0.8, 0.8)
        features = {"heart_rate": 70 + 20 * signal + rng.normal(0, 2), "ln_scl": rng.normal()}
        generic = value + rng.normal(0, generic_error) if generic_error else value
        found.append(
            LabelledMoment(100.0 + i * 20, "arousal", float(value), generic, {"body": features})
        )
    return found


def test_a_head_that_knows_the_person_better_is_trained_with_its_gain():
    trained = train(moments(96, 0.5), "body", "arousal")
    assert trained.gain > 0.5
    assert 0 < trained.gain_low <= trained.gain <= trained.gain_high
    assert trained.sd < 0.3
    assert trained.features == ("heart_rate", "ln_scl")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (moments(20, 0.5), "at least"),
        (moments(96, 0.05), "no sure gain"),
        (moments(96, 0.5, informative=False), "no sure gain"),
        ([], "0 labels"),
    ],
)
def test_it_is_refused_where_it_is_not_better(found, words):
    with pytest.raises(PersonalError, match=words):
        train(found, "body", "arousal")


def test_labels_that_do_not_vary_are_refused():
    constant = [
        LabelledMoment(float(i), "arousal", 0.5, 0.0, {"body": {"x": float(i)}}) for i in range(50)
    ]
    with pytest.raises(PersonalError, match="do not vary"):
        train(constant, "body", "arousal")


def test_the_exported_head_says_the_same_and_takes_over_in_fusion():
    pytest.importorskip("onnx")
    pytest.importorskip("onnxruntime")
    from sentio_bridge.profiles.onnx_heads import export, open_heads

    found = moments(96, 0.5)
    trained = train(found, "body", "arousal")
    profile = decode(encode(Profile(subject="ana", personal=[export(trained)])), "ana")
    heads = open_heads(profile)
    features = dict(found[0].features["body"])
    reading = heads["body"][0].read(features)
    assert reading is not None
    expected = trained.predict(np.array([[features[n] for n in trained.features]]))[0]
    assert reading.mean == pytest.approx(float(expected), abs=1e-5)
    assert heads["body"][0].read({"heart_rate": 70.0}) is None
    person = SubjectModel("ana")
    person.use_profile(profile, heads)
    generic = Estimate(
        "body",
        {"arousal": Reading(-0.9, 0.1)},
        quality=1.0,
        features={"heart_rate": 88.0, "ln_scl": 0.0},
    )
    for i in range(30):
        person.estimate(generic, 10.0 + i, 10.0 + i)
    assert person.snapshot(40.0).values["arousal"] > 0.2


def test_labels_keep_fresh_features_and_forget_withdrawn_ones():
    person = SubjectModel("ana")
    said = Estimate("body", quality=1.0, features={"heart_rate": 80.0})
    person.estimate(said, 10.0, 10.0)
    person.label("arousal", 0.5, 11.0, 11.0)
    person.label("arousal", 0.5, 60.0, 60.0)
    kept = [dict(m.features) for m in person.labels.moments]
    assert kept == [{"body": {"heart_rate": 80.0}}, {}]
    person.modality_state("body", "withdrawn", (), "", 61.0)
    assert all("body" not in m.features for m in person.labels.moments)
