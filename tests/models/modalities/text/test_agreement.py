"""Emotions of a line that agree with its valence."""

from __future__ import annotations

import pytest

from sentio_models import EMOTIONS
from sentio_models.modalities.text.agreement import VALENCE, agreeing
from sentio_models.modalities.text.estimator import TextEstimator

EVEN = {name: 0.0 if name == "contempt" else 1 / 7 for name in EMOTIONS}


def test_the_side_of_the_valence_decides_between_equal_emotions() -> None:
    pleasant, unpleasant = agreeing(EVEN, 0.4), agreeing(EVEN, -0.4)
    assert max(pleasant, key=lambda name: pleasant[name]) == "happiness"
    assert sum(unpleasant[name] for name in ("anger", "disgust", "sadness", "fear")) > 0.8
    for shares in (pleasant, unpleasant):
        assert list(shares) == list(EMOTIONS)
        assert sum(shares.values()) == pytest.approx(1)
        assert shares["contempt"] == 0


def test_certainty_stays_and_nothing_known_stays_nothing() -> None:
    sure = {**dict.fromkeys(EMOTIONS, 0.0), "fear": 1.0}
    assert agreeing(sure, 0.9) == pytest.approx(sure)
    assert set(VALENCE) == set(EMOTIONS) - {"contempt"}


@pytest.mark.parametrize(
    "line",
    ["this is not bad at all", "i am not sad at all", "nothing bad about it", "i don't hate it"],
)
def test_a_negated_complaint_is_not_anger(line: str) -> None:
    estimate = TextEstimator().read(line)
    assert estimate.emotions is not None
    assert estimate.readings["valence"].mean > 0.2
    assert max(estimate.emotions, key=lambda name: estimate.emotions[name]) == "happiness"
