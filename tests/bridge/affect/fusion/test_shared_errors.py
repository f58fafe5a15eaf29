"""Sensors whose errors are alike widen the published arousal, and only that."""

from __future__ import annotations

import pytest

from sentio_bridge.affect.fusion.filter import Filter, Prediction
from sentio_bridge.affect.fusion.measurement import DIMENSIONS, measure
from sentio_bridge.affect.fusion.settings import FusionSettings
from sentio_bridge.affect.fusion.shared_errors import ALIKE, published
from sentio_models import Estimate, Reading

SETTINGS = FusionSettings()
FILTER = Filter(SETTINGS)
AROUSAL, VALENCE = DIMENSIONS.index("arousal"), DIMENSIONS.index("valence")


def after(*modalities: str) -> Prediction:
    at = FILTER.start()
    readings = {name: Reading(0.3, 0.1) for name in ("valence", "arousal")}
    for place, modality in enumerate(modalities):
        estimate = Estimate(modality, readings, quality=1.0)
        at = FILTER.step(at, measure(estimate, 1.0 + 0.01 * place, SETTINGS)[0])
    return at


@pytest.mark.parametrize("names", [("body",), ("body", "self"), ("face", "text")])
def test_one_sensor_keeps_its_variance(names: tuple[str, ...]) -> None:
    at = after(*names)
    assert published(FILTER, at, AROUSAL, 2.0) == FILTER.believe(at, AROUSAL, 2.0)


def test_two_sensors_have_the_covariance_of_their_shares() -> None:
    at = after("face", "body")
    plain, wide = FILTER.believe(at, AROUSAL, 2.0), published(FILTER, at, AROUSAL, 2.0)
    face, body = (part for part in plain.share if part)
    noise = [one.noise[AROUSAL] for one in at.measurements if one is not None]
    both = [one.usual**0.5 for one in noise if one is not None]
    added = 2 * ALIKE * face * body * both[0] * both[1]
    assert wide.variance - plain.variance == pytest.approx(added)
    assert (wide.mean, wide.share) == (plain.mean, plain.share)
    assert plain.variance < wide.variance < FILTER.dimensions[AROUSAL].variance


def test_other_dimensions_stay() -> None:
    at = after("face", "body", "voice")
    assert published(FILTER, at, VALENCE, 2.0) == FILTER.believe(at, VALENCE, 2.0)
