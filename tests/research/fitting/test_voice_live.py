import numpy as np
import pytest
from tests.packages import require

from sentio_models.estimate import EMOTIONS
from sentio_models.modalities.voice.statistics import NAMES
from sentio_models.runtime.onnx_session import OnnxSession
from sentio_research.fitting.voice_classes import fit_classes
from sentio_research.fitting.voice_live import (
    PITCHES,
    SELF,
    causally_centred,
    centred,
    export_gate,
    export_person,
    fit_arousal,
    fit_gate,
    population,
    softer,
    spread,
    temperature,
    whitening,
)

require("sklearn", "onnx")

SIZE = len(NAMES)
PEOPLE = np.repeat([f"p{i}" for i in range(8)], 30)


def rows(seed=0):
    """Rows of eight people: own offsets, and arousal in a few statistics."""
    rng = np.random.default_rng(seed)
    high = rng.integers(0, 2, len(PEOPLE)).astype(float)
    offsets = np.repeat(rng.standard_normal((8, SIZE)) * 2, 30, axis=0)
    values = rng.standard_normal((len(PEOPLE), SIZE)) + offsets
    values[:, :20] += 1.5 * high[:, None]
    return values, high


def test_norm_of_the_person_is_removed():
    values, _ = rows()
    start = population(values, np.repeat(["a", "b"], len(values) // 2))
    own = centred(values, PEOPLE, start, 0.0)
    for person in np.unique(PEOPLE):
        assert np.allclose(own[PEOPLE == person].mean(axis=0), 0, atol=1e-9)
    running = causally_centred(values, PEOPLE, start, 1.0, 0)
    assert running[:, 30:].std() < values[:, 30:].std()


def test_arousal_of_unseen_people_and_without_pitch():
    values, high = rows()
    seen = np.isin(PEOPLE, [f"p{i}" for i in range(5)])
    own = centred(values, PEOPLE, np.zeros(SIZE), 1.0)
    high_or_not = high.copy()
    high_or_not[:7] = np.nan
    model = fit_arousal(own[seen], high_or_not[seen], np.array(["x"] * seen.sum()))
    assert (model.weights[[NAMES.index(n) for n in PITCHES]] == 0).all()
    logits = model(own[~seen])
    assert ((logits > 0) == (high[~seen] > 0)).mean() > 0.9
    degree = temperature(logits * 5, high[~seen])
    assert degree > temperature(logits, high[~seen])
    assert 0.25 < spread(logits, high[~seen]) < 0.6


def test_exported_models_equal_the_fitted_ones(tmp_path):
    values, high = rows()
    speech = np.column_stack([high * 4 - 2, high * 2 - 1])
    both = np.column_stack([values, speech])
    gate = fit_gate(both, high > 0, np.where(high > 0, "voice", "music"))
    export_gate(gate, tmp_path, "synthetic")
    session = OnnxSession.shipped("voice_gate", tmp_path)
    for row, logit in zip(both[:20], gate(both[:20]), strict=True):
        got = session.run(
            {
                "statistics": row[None, :SIZE].astype(np.float32),
                "speech": row[None, SIZE:].astype(np.float32),
            }
        )
        assert got["voice"][0, 0] == pytest.approx(1 / (1 + np.exp(-logit)), abs=1e-4)
    model = softer(fit_arousal(values, high, np.array(["x"] * len(values))), 2.0)
    matrix = whitening(values, PEOPLE)
    names = ("happiness", "sadness", "neutral")
    emotion = np.array([EMOTIONS.index(n) for n in names])[np.arange(len(values)) % 3]
    classes = fit_classes(values, emotion, np.array(["x"] * len(values)), names)
    export_person(model, (classes, names), matrix, tmp_path, {"other_voice": 3.0}, "synthetic")
    session = OnnxSession.shipped("voice_person", tmp_path)
    got = session.run(
        {"own": values[:1].astype(np.float32), "difference": values[1:2].astype(np.float32)}
    )
    assert got["arousal"][0, 0] == pytest.approx(model(values[:1])[0], abs=1e-4)
    assert got["classes"][0] == pytest.approx(classes(values[:1])[0], abs=1e-4)
    assert got["distance"][0, 0] == pytest.approx(((values[1] @ matrix) ** 2).sum(), rel=1e-4)


def test_variation_within_people_is_white():
    values, _ = rows()
    white = values @ whitening(values, PEOPLE)
    rest = np.concatenate([white[PEOPLE == p] - white[PEOPLE == p].mean(0) for p in set(PEOPLE)])
    assert white.shape[1] == len(SELF)
    assert np.allclose(rest.T @ rest / len(rest), np.eye(len(SELF)), atol=0.05)
