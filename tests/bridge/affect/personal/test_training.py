"""A personal model is made where it is surely better, and refused where it is not."""

from __future__ import annotations

import numpy as np
import pytest

from sentio_bridge.affect.personal.labels import LabelledMoment
from sentio_bridge.affect.personal.training import PersonalError, train


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


def test_a_better_model_is_trained_with_its_gain():
    trained = train(moments(96, 0.5), "body", "arousal")
    assert trained.gain > 0.5
    assert 0 < trained.gain_low <= trained.gain <= 1
    assert trained.variance < 0.09
    assert trained.features == ("heart_rate", "ln_scl")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (moments(20, 0.5), "at least"),
        (moments(96, 0.05), "no clear gain"),
        (moments(96, 0.5, informative=False), "no clear gain"),
        ([], "0 labels"),
    ],
)
def test_a_model_that_is_not_better_is_refused(found, words):
    with pytest.raises(PersonalError, match=words):
        train(found, "body", "arousal")


def test_labels_that_do_not_vary_are_refused():
    constant = [
        LabelledMoment(float(i), "arousal", 0.5, 0.0, {"body": {"x": float(i)}}) for i in range(50)
    ]
    with pytest.raises(PersonalError, match="do not vary"):
        train(constant, "body", "arousal")


def test_the_weights_predict_held_back_moments():
    model = train(moments(96, 0.5), "body", "arousal")
    fresh = moments(60, 0.5, seed=1)
    errors = [model.read(m.features["body"]).mean - m.value for m in fresh]
    assert np.mean(np.square(errors)) < 0.03
    assert np.mean(np.square([m.generic - m.value for m in fresh])) > 0.15
