"""Stamps of other clocks are converted as pyxdf does, also across a reset."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sentio_recording.clock_sync import synchronised
from sentio_recording.recording import Recording
from sentio_recording.stamps import times_of


def test_stamps_of_other_clocks_are_converted() -> None:
    times = np.array([0.0, 5.0, 10.0])
    converted = synchronised(times, [(0.0, 100.0), (10.0, 101.0)])
    assert converted.tolist() == pytest.approx([100.0, 105.5, 111.0])
    assert synchronised(times, []) is times


def test_no_line_crosses_a_reset() -> None:
    """The sender restarted: its clock fell from 5,000 s to 4 s, measured 5 s later."""
    times = np.r_[5000.0 + np.arange(600) / 100, 4.0 + np.arange(600) / 100]
    offsets = [(5000.5, -4000.0), (5003.0, -4000.0), (5.0, 1003.0), (9.0, 1003.0)]
    converted = synchronised(times, offsets)
    assert converted == pytest.approx(1000.0 + np.r_[np.arange(600), 700 + np.arange(600)] / 100)


def test_one_bad_measurement_does_not_bend_the_stamps() -> None:
    offsets = [(5.0 * k, 10.0 + (0.5 if k == 7 else 0.0)) for k in range(20)]
    converted = synchronised(np.arange(0, 95, 0.1), offsets)
    assert np.abs(converted - np.arange(0, 95, 0.1) - 10.0).max() < 1e-3


@pytest.mark.parametrize("seed", range(8))
def test_random_clocks_equal_pyxdf(seed: int) -> None:
    pyxdf = pytest.importorskip("pyxdf.pyxdf")
    rng = np.random.default_rng(seed)
    times, offsets = [], []
    for _ in range(rng.integers(1, 4)):
        start, count = rng.uniform(0, 1e5), int(rng.integers(2, 40))
        offset, drift = rng.uniform(-1e4, 1e4), rng.normal(0, 1e-5)
        at = start + 5 * np.arange(count)
        noise = rng.normal(0, 2e-4, count) + (rng.random(count) < 0.1) * 0.01
        offsets += list(zip(at, offset + drift * (at - start) + noise, strict=True))
        times.append(start + np.sort(rng.uniform(0, 5 * count, 50 * count)))
    stamps = np.concatenate(times)
    stream = pyxdf.StreamData.__new__(pyxdf.StreamData)
    stream.time_stamps = stamps.copy()
    stream.clock_times = [t for t, _ in offsets]
    stream.clock_values = [v for _, v in offsets]
    stream.clock_segments = []
    pyxdf._clock_sync({1: stream})  # noqa: SLF001 - the reference itself
    assert np.abs(synchronised(stamps, offsets) - stream.time_stamps).max() < 1e-5


@pytest.mark.parametrize("name", ["clock_resets", "minimal"])
def test_the_examples_of_xdf_equal_pyxdf(data_dir: Path, name: str) -> None:
    pyxdf = pytest.importorskip("pyxdf")
    path = data_dir / "xdf_examples" / f"{name}.xdf"
    if not path.exists():
        pytest.skip("../shared is missing")
    streams, _ = pyxdf.load_xdf(str(path), dejitter_timestamps=False)
    expected = {s["info"]["stream_id"]: np.asarray(s["time_stamps"]) for s in streams}
    with Recording(path) as recording:
        for number in recording.streams:
            if len(expected[number]):
                assert np.abs(times_of(recording, number) - expected[number]).max() < 1e-6


def test_impossible_measurements_are_ignored() -> None:
    offsets = [(5.0 * k, 10.0) for k in range(9)]
    times = np.arange(0, 40, 0.1)
    for bad in (np.nan, np.inf, 1e300, -1e18):
        assert synchronised(times, [*offsets, (12.0, bad), (bad, 10.0)]) == pytest.approx(
            times + 10
        )
