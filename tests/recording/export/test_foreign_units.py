"""Tests of exports of other programs' streams: units, roles and names of channels."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sentio_recording.export import bids_folder, edf_file
from sentio_recording.manifest import Clocks, Manifest
from sentio_recording.recording import Recording
from sentio_recording.storage import Storage
from sentio_recording.xdf.headers import StreamInfo
from sentio_sensors import Channel

RATE = 250.0
WAVE = np.sin(np.arange(1000) / 9)


def stream(name: str, kind: str, *channels: tuple[str, str], format: str = "float32") -> StreamInfo:
    described = tuple(Channel(label, unit) for label, unit in channels)
    return StreamInfo(name, kind, described, RATE, format, name)


STREAMS = (
    (stream("left", "EEG", ("Fz", "microvolts"), ("VEOG", "microvolts"), ("TRIG", "")),
     np.stack([20 * WAVE, 200 * WAVE, np.repeat([0, 1], 500)], 1)),
    (stream("right", "EEG", ("Fz", "volts"), ("Cz", "nV"), ("Pz", ""), format="double64"),
     np.stack([2e-5 * WAVE, 2e4 * WAVE, 20 * WAVE], 1)),
    (stream("skin", "GSR", ("GSR", "kOhm")), 400 + WAVE[:, None]),
    (stream("band", "Physio", ("Skin Temp", "F"), ("Pulse", "")), np.stack([90 + WAVE, WAVE], 1)),
    (stream("wrist", "ACC", ("x", "m/s^2"), ("y", "m/s^2"), ("z", "m/s^2")),
     np.tile([0, 0, 9.80665], (1000, 1))),
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    wall = "2026-01-02T23:59:59.250000Z"
    manifest = Manifest(id="t", clocks=Clocks(monotonic=0.0, wall=wall))
    storage = Storage(tmp_path / "rec", manifest, 0.0, reserved=0)
    for info, values in STREAMS:
        storage.open(info.name, info, 0.0)
        kind = np.float64 if info.format == "double64" else np.float32
        storage.samples(info.name, 10 + np.arange(1000) / RATE, values.astype(kind))
    storage.end(20.0, "stopped", {})
    return tmp_path / "rec"


def test_edf_has_units_that_readers_know_and_unique_labels(folder: Path, tmp_path: Path) -> None:
    import mne

    with Recording(folder) as recording:
        edf_file.export(recording, tmp_path / "a.edf")
    raw = mne.io.read_raw_edf(tmp_path / "a.edf", preload=True, verbose="error")
    got = dict(zip(raw.ch_names, raw.get_data()[:, :1000], strict=True))
    for name in ("Fz", "Fz-2", "Cz", "Pz"):
        assert got[name] == pytest.approx(2e-5 * WAVE, abs=1e-8), name
    assert got["VEOG"] == pytest.approx(2e-4 * WAVE, abs=1e-7)
    assert got["Skin Temp"] == pytest.approx((58 + WAVE) * 5 / 9, abs=0.01)
    assert got["z"] == pytest.approx(np.ones(1000), abs=1e-3)
    assert got["GSR"] == pytest.approx(400 + WAVE, abs=0.01)


def test_bids_has_types_of_channels_and_all_physiology(folder: Path, tmp_path: Path) -> None:
    from mne_bids import BIDSPath, read_raw_bids

    out = tmp_path / "bids"
    with Recording(folder) as recording:
        bids_folder.export(recording, out)
    validator = Path(sys.executable).with_name("bids-validator-deno")
    result = subprocess.run(
        [validator, out, "--ignoreWarnings", "--json"], capture_output=True, text=True, check=False
    )
    found = json.loads(result.stdout)["issues"]["issues"]
    assert [issue for issue in found if issue["severity"] == "error"] == []
    place = BIDSPath(root=out, subject="01", session="01", task="session", datatype="eeg")
    raw = read_raw_bids(place, verbose="error")
    assert dict(zip(raw.ch_names, raw.get_channel_types(), strict=True)) == {
        "Fz": "eeg", "VEOG": "eog", "TRIG": "stim", "Fz-2": "eeg", "Cz": "eeg", "Pz": "eeg",
    }  # fmt: skip
    names = {path.name.split("recording-")[1] for path in out.rglob("*_physio.json")}
    assert names == {f"{name}_physio.json" for name in ("skin", "band", "wrist")}
