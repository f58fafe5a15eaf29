"""Arousal of the moment: quick features move it, the model places it."""

from __future__ import annotations

import pytest

from sentio_bridge.affect.fusion.momentary import Momentary
from sentio_models import Estimate, Reading

SPREAD = 0.52


def heart(rate: float | None, arousal: float = 0.0) -> Estimate:
    features = {} if rate is None else {"heart_rate_now": rate}
    return Estimate("body", {"arousal": Reading(arousal, 0.5)}, quality=1.0, features=features)


def direct(reading: Reading) -> float:
    """Return the value that fusion takes: the prior divided out."""
    return reading.mean / (1.0 - reading.variance / SPREAD**2)


def test_a_quicker_heart_is_more_arousal_within_seconds_wherever_it_rests() -> None:
    for resting in (55.0, 85.0):
        moment = Momentary(SPREAD)
        for second in range(60):
            calm = moment.refine(heart(resting), float(second)).readings["arousal"]
        for second in range(60, 64):
            quick = moment.refine(heart(resting + 13.0), float(second)).readings["arousal"]
        assert direct(calm) == pytest.approx(0.0, abs=0.01)
        assert direct(quick) == pytest.approx(1.0, abs=0.05)


def test_what_lasts_comes_from_the_model() -> None:
    moment = Momentary(SPREAD)
    for second in range(1200):
        refined = moment.refine(heart(75.0, 0.4), float(second))
    assert direct(refined.readings["arousal"]) == pytest.approx(0.4, abs=0.01)


def test_without_a_quick_feature_an_estimate_stays_as_it_is() -> None:
    moment, plain = Momentary(SPREAD), heart(None)
    assert moment.refine(plain, 1.0) is plain
    face = Estimate("face", {"arousal": Reading(0.1, 0.1)}, features={"heart_rate_now": 60.0})
    assert moment.refine(face, 1.0) is face
    nothing = Estimate("body", {}, features={"heart_rate_now": 60.0})
    assert moment.refine(nothing, 1.0) is nothing


def test_what_is_forgotten_starts_again() -> None:
    moment = Momentary(SPREAD)
    for second in range(60):
        moment.refine(heart(60.0), float(second))
    moment.forget("body")
    assert direct(moment.refine(heart(73.0), 61.0).readings["arousal"]) == pytest.approx(0.0)
