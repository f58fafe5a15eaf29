"""Tests of the limits of a signal in EDF, which have eight characters."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sentio_recording.export import edf_file
from sentio_recording.manifest import Clocks, Manifest
from sentio_recording.recording import Recording
from sentio_recording.storage import Storage
from sentio_recording.xdf.headers import StreamInfo
from sentio_sensors import Channel

CONSTANT = (0.9921000000000001, 9.809999999999999, -0.30000000000000004, 1234.5000000000002, 0.0)


def test_a_constant_whose_limit_is_below_it_by_rounding_is_written(tmp_path: Path) -> None:
    edfio = pytest.importorskip("edfio", exc_type=ImportError)
    channels = tuple(Channel(f"c{index}", "g") for index in range(len(CONSTANT)))
    info = StreamInfo("acc", "ACC", channels, 100.0, "double64", "acc")
    storage = Storage(
        tmp_path / "rec", Manifest(id="t", clocks=Clocks(monotonic=0.0, wall="")), 0.0, reserved=0
    )
    storage.open("acc", info, 0.0)
    storage.samples("acc", 1.0 + np.arange(500) / 100.0, np.tile(CONSTANT, (500, 1)))
    storage.end(7.0, "stopped", {})
    with Recording(tmp_path / "rec") as recording:
        edf_file.export(recording, tmp_path / "a.edf")
    for signal, value in zip(edfio.read_edf(tmp_path / "a.edf").signals, CONSTANT, strict=True):
        step = (signal.physical_max - signal.physical_min) / 65535
        assert np.abs(signal.data - value).max() <= 2 * step
