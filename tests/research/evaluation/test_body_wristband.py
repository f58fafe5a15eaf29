"""Comparison of a tracked heart rate with a device's rate and with its own beats."""

from __future__ import annotations

import numpy as np
import pytest

from sentio_research.evaluation.body_played import Trace
from sentio_research.evaluation.body_wristband import DeviceBeats, compare, pooled

TIMES = np.arange(60.0, 360.0, 1.0)


def beats(rate: float, until: float = 360.0) -> DeviceBeats:
    """Return beats of an even rate."""
    starts = np.arange(0.0, until, 60.0 / rate)
    return DeviceBeats(starts, np.full(len(starts), 60.0 / rate))


def trace(rate: float) -> Trace:
    """Return an even rate that is always known."""
    return Trace(TIMES, np.full(len(TIMES), rate), np.full(len(TIMES), 2.0))


def test_beats_give_their_rate_and_how_much_they_cover() -> None:
    rate, covered = beats(75.0, until=180.0).rate(np.array([100.0, 300.0]), 60.0)
    assert rate[0] == pytest.approx(75.0)
    assert covered[0] == pytest.approx(1.0, abs=0.02)
    assert np.isnan(rate[1])
    assert covered[1] == 0.0


def test_a_right_rate_agrees_with_the_beats_and_not_with_a_wrong_device() -> None:
    worn = np.ones(len(TIMES), bool)
    row = compare(trace(75.5), np.full(len(TIMES), 90.0), beats(75.0), worn)
    assert row["within_5_of_60_s"] == 0.0
    assert row["minute_within_5_of_beats"] == 1.0
    assert row["device_rate_within_5_of_beats"] == 0.0
    assert row["apart_minute_within_5_of_beats"] == 1.0
    assert row["moment_mae"] == pytest.approx(0.5, abs=0.1)
    assert row["moment_covered_68"] == 1.0


def test_unknown_is_counted_as_wrong_and_without_beats_nothing_is_claimed() -> None:
    nothing = Trace(TIMES, np.full(len(TIMES), np.nan), np.full(len(TIMES), np.nan))
    none = DeviceBeats(np.empty(0), np.empty(0))
    row = compare(nothing, np.full(len(TIMES), 70.0), none, np.ones(len(TIMES), bool))
    assert row["known"] == row["within_5_of_60_s"] == row["minutes_with_beats"] == 0.0
    assert "minute_within_5_of_beats" not in row


def test_figures_are_pooled_by_weight() -> None:
    people = [{"x": 1.0, "n": 3.0}, {"x": 0.0, "n": 1.0}, {"n": 5.0}]
    assert pooled(people, "x", "n") == pytest.approx(0.75)
