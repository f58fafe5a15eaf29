"""Tests of the unit of an acceleration that states none."""

from __future__ import annotations

import logging

import numpy as np
import pytest

from sentio_sensors.gravity import Gravity, to_g, unit_of

G = np.array([[0.0, 0.6, 0.8], [0.1, -0.5, 0.9], [np.nan, 0.0, 1.0]])
UNITS = {"g": 1.0, "m/s^2": 9.80665, "mg": 1000.0, "1/64g": 64.0}


@pytest.mark.parametrize("unit", UNITS)
def test_gravity_shows_the_unit(unit: str) -> None:
    values = G * UNITS[unit]
    assert unit_of(values, ["", "au", "unknown"]) == unit
    found, convert = to_g(values, ["", "", ""])
    assert found == unit
    assert convert.apply(values)[:2] == pytest.approx(G[:2], rel=1e-3)


@pytest.mark.parametrize("values", [G * 16384, G * 0, G[:, :2], np.full((2, 3), np.nan)])
def test_other_lengths_show_none(values: np.ndarray) -> None:
    assert unit_of(values, ["", "", ""][: values.shape[1]]) == ""


def test_a_unit_that_is_stated_is_never_replaced() -> None:
    assert unit_of(G * 1000, ["g", "g", "g"]) == ""


def test_a_live_unit_is_found_once_and_stays(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    live = Gravity("wrist")
    nothing = np.zeros((4, 3), np.float32)
    assert live.factor(nothing) == 1.0
    assert live.factor((G * 1000).astype(np.float32)) == pytest.approx(1e-3)
    assert live.factor((G * 9.8).astype(np.float32)) == pytest.approx(1e-3)
    assert [r.getMessage() for r in caplog.records] == [
        "stream wrist states no unit of its acceleration: by gravity, it is mg"
    ]
