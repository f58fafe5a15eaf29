"""Tests of what the trackers found in the newest 15 s."""

from math import inf

import numpy as np
import pytest

from sentio_models.modalities.body.heart_tracker import HeartNow
from sentio_models.modalities.body.phasic import Phasic
from sentio_models.modalities.body.recent import NAMES, Recent


def heart(rate, quality=1.0):
    return HeartNow(rate, 1.0, quality, rate, 0.0)


def skin(phasic, onsets=()):
    return Phasic(5.0, phasic, onsets[-1] if onsets else None, 0.1, np.array(onsets), np.zeros(0))


def follow(rates, step, phasic=0.0):
    recent = Recent()
    found = {}
    for number, rate in enumerate(rates):
        given = None if rate is None else heart(rate)
        found = recent.update(given, skin(phasic), step if number else inf)
    return found


@pytest.mark.parametrize("step", [0.5, 2.5])
def test_a_rise_has_about_the_same_features_in_any_step(step):
    found = follow(60.0 + np.arange(0.0, 30.0, step), step)
    assert found["tracked_rate_5s"] - found["tracked_rate_15s"] == pytest.approx(5.0, abs=0.1)
    assert found["tracked_rise_15s"] == pytest.approx(9.0, abs=0.3)


def test_only_the_newest_15_seconds_count():
    found = follow([60.0] * 40 + [100.0] * 30, 0.5)
    assert found["tracked_rate_15s"] == pytest.approx(100.0)
    assert found["tracked_rise_15s"] == pytest.approx(0.0)


def test_a_rate_that_is_not_known_is_left_out():
    recent = Recent()
    recent.update(heart(60.0), None, inf)
    assert recent.update(heart(90.0, quality=0.0), None, 0.5) == {
        "tracked_rate_15s": 60.0,
        "tracked_rate_5s": 60.0,
    }
    assert recent.update(None, None, 20.0) == {}


def test_a_rise_needs_twelve_seconds():
    assert "tracked_rise_15s" not in follow([60.0] * 24, 0.5)
    assert "tracked_rise_15s" in follow([60.0] * 25, 0.5)


def test_phasic_conductance_is_averaged_and_its_onsets_counted():
    recent = Recent()
    recent.update(None, skin(0.0), inf)
    found = recent.update(None, skin(0.4, [20.0, 14.0, 3.0]), 2.5)
    assert found == {"phasic_15s": 0.2, "phasic_now": 0.4, "onsets_15s": 2.0}


def test_a_restart_and_a_first_window_forget_what_was():
    recent = Recent()
    recent.update(heart(60.0), skin(1.0), inf)
    recent.restart()
    assert recent.update(heart(90.0), skin(0.0), 0.5)["tracked_rate_15s"] == 90.0
    assert recent.update(heart(70.0), skin(0.0), inf)["tracked_rate_15s"] == 70.0


def test_all_names_are_given():
    assert set(follow(np.full(60, 70.0), 0.5)) == set(NAMES)
