import numpy as np
import pytest

from sentio_models.estimate import EMOTIONS
from sentio_models.modalities.voice import VoiceEstimator
from sentio_models.modalities.voice.classes import class_shares, named
from sentio_models.runtime.onnx_session import OnnxSession

SENT = ("neutral", "sadness")
PLACES = [EMOTIONS.index(name) for name in SENT]
REST = [c for c in range(len(EMOTIONS)) if c not in PLACES]


def test_classes_that_are_not_sent_are_not_evidence():
    shares = class_shares(np.array([[1.0, -1.0], [0.0, 0.0]]), SENT, 0.3)
    assert shares.sum(axis=1) == pytest.approx(1)
    assert shares[:, REST] == pytest.approx(1 / 8)
    assert shares[1] == pytest.approx(1 / 8)
    assert shares[0].argmax() == EMOTIONS.index("neutral")


def test_no_class_is_more_certain_than_the_uniform_part_allows():
    shares = class_shares(np.array([[800.0, -800.0]]), SENT, 0.25)
    assert shares[0, PLACES] == pytest.approx([0.75 * 2 / 8 + 0.25 / 8, 0.25 / 8])
    assert class_shares(np.array([[5.0, 0.0]]), SENT, 1.0) == pytest.approx(1 / 8)


def test_shares_have_the_names_of_the_emotions():
    shares = class_shares(np.array([[2.0, 0.0]]), SENT, 0.0)
    assert named(shares[0])["neutral"] == shares[0, EMOTIONS.index("neutral")]
    assert list(named(shares[0])) == list(EMOTIONS)


def test_shipped_classes_are_those_that_carry_over():
    session = OnnxSession.shipped("voice_person")
    labels = next(one.labels for one in session.manifest.outputs if one.name == "classes")
    assert labels == ["neutral", "happiness", "sadness", "disgust"]
    assert 0 < session.manifest.constants["uniform"] < 1
    VoiceEstimator(person=session)
