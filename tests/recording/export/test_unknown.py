"""Tests of exports of samples that have no number."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from sentio_recording.export import bids_folder, csv_files, edf_file
from sentio_recording.manifest import Clocks, Manifest
from sentio_recording.recording import Recording
from sentio_recording.storage import Storage
from sentio_recording.xdf.headers import StreamInfo
from sentio_sensors import Channel

RATE = 100.0
CAP = StreamInfo(
    "cap", "EEG", (Channel("Fz", "uV"), Channel("C3", "uV"), Channel("Pz", "uV")), RATE,
    "float32", "cap",
)  # fmt: skip
BAND = StreamInfo("band", "EDA", (Channel("eda", "uS"),), RATE, "float32", "band")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A cap with no number in C3, none in Pz at 4 s; a band with none at 2 s."""
    storage = Storage(
        tmp_path / "rec", Manifest(id="t", clocks=Clocks(monotonic=0.0, wall="")), 0.0, reserved=0
    )
    times = 10 + np.arange(1000) / RATE
    cap = np.tile(np.sin(np.arange(1000) / 7)[:, None], (1, 3)) * 20 + 50
    cap[:, 1] = np.nan
    cap[400:500, 2] = np.nan
    band = np.full((1000, 1), 5.0)
    band[200:300] = np.nan
    for info, values in ((CAP, cap), (BAND, band)):
        storage.open(info.name, info, 0.0)
        storage.samples(info.name, times, values.astype(np.float32))
    storage.end(20.0, "stopped", {})
    return tmp_path / "rec"


def test_edf_marks_channels_without_numbers_and_no_others(folder: Path, tmp_path: Path) -> None:
    edfio = pytest.importorskip("edfio", exc_type=ImportError)
    with Recording(folder) as recording:
        edf_file.export(recording, tmp_path / "a.edf")
    edf = edfio.read_edf(tmp_path / "a.edf")
    notes = {a.text: (a.onset, a.duration) for a in edf.annotations}
    assert notes == {
        "unknown: cap C3": (pytest.approx(0, abs=0.02), pytest.approx(10, abs=0.05)),
        "unknown: cap Pz": (pytest.approx(4), pytest.approx(1)),
        "BAD_gap: band": (pytest.approx(2), pytest.approx(1)),
    }
    fz, c3, pz, eda = edf.signals
    assert (c3.digital == -32768).all()
    assert (fz.digital > -32768).all()
    assert np.flatnonzero(pz.digital == -32768).tolist() == list(range(400, 500))
    assert np.flatnonzero(eda.digital == -32768).tolist() == list(range(200, 300))


def test_bids_names_the_bad_channel_and_csv_leaves_cells_empty(
    folder: Path, tmp_path: Path
) -> None:
    pytest.importorskip("edfio", exc_type=ImportError)
    with Recording(folder) as recording:
        bids_folder.export(recording, tmp_path / "bids")
        csv_files.export(recording, tmp_path / "csv")
    (rows,) = (tmp_path / "bids").rglob("*_channels.tsv")
    cells = [row.split("\t") for row in rows.read_text().splitlines()[1:]]
    assert [[cell[0], *cell[3:]] for cell in cells] == [
        ["Fz", "good", "n/a"], ["C3", "bad", "numbers in 0 % of the samples"],
        ["Pz", "good", "n/a"],
    ]  # fmt: skip
    (physio,) = (tmp_path / "bids").rglob("*_physio.tsv.gz")
    cells = gzip.decompress(physio.read_bytes()).decode().split()
    assert [i for i, cell in enumerate(cells) if cell == "n/a"] == list(range(200, 300))
    table = (tmp_path / "csv" / "cap.csv").read_text().splitlines()
    assert table[450].split(",")[2:4] == ["", ""]
    assert table[600].split(",")[2] == ""
