"""Samples of one chunk with one stamp are spread over the time they took."""

from __future__ import annotations

import numpy as np
import pytest

from sentio_sensors.runtime.spread import Spread


def test_the_first_chunk_waits_for_the_second() -> None:
    spread = Spread()
    first, second = np.full(73, 10.0), np.full(73, 10.0 + 73 / 130)
    assert spread.place(first) is None
    times = spread.place(np.concatenate([first, second]))
    assert times is not None
    assert np.diff(times) == pytest.approx(np.full(145, 1 / 130))
    assert times[72] == pytest.approx(10.0)
    third = spread.place(np.full(73, 10.0 + 2 * 73 / 130))
    assert third is not None
    assert third[0] - times[-1] == pytest.approx(1 / 130)


def test_single_samples_keep_their_stamps() -> None:
    spread = Spread()
    times = np.array([1.0, 1.5, 1.7])
    assert spread.place(times) is times
    intervals = spread.place(np.array([2.5, 2.5]))
    assert intervals is not None
    assert (np.diff(intervals) > 0).all()
    assert intervals[-1] == 2.5


def test_a_pause_is_not_filled() -> None:
    spread = Spread()
    chunks = [np.full(10, 1.0 + k) for k in range(4)]
    spread.place(np.concatenate(chunks[:2]))
    spread.place(chunks[2])
    times = spread.place(np.full(10, 60.0))
    assert times is not None
    assert times[0] > 58.0
