"""Tests of the messages for files that are not read."""

from __future__ import annotations

import gzip
import json
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
from tests.sensors.files.written import e4, e4_zip

from sentio_sensors import FormatError
from sentio_sensors.files.reader import read

STARTS = {
    "a.parquet": (b"PAR1\x15\x04", "a Parquet file.*read_parquet"),
    "a.csv.gz": (gzip.compress(b"time,EDA\n0,1\n" * 99), "gunzip -k"),
    "a.mat": (b"MATLAB 7.3 MAT-file" + b" " * 500 + b"\x89HDF", "HDF5"),
    "a.set": (b"MATLAB 5.0 MAT-file" + b" " * 100 + b"\0\1IM" + bytes(99), "read_raw_eeglab"),
    "a.h5": (b"\x89HDF\r\n\x1a\n" + bytes(99), "HDF5"),
    "a.gdf": (b"GDF 2.20" + bytes(300), "a GDF file.*import mne"),
    "a.fif": (b"\0\0\0\x64\0\0\0\x1f\0\0\0\x14" + bytes(99), "a FIF file.*import mne"),
    "a.cnt": (b"Version 3.0\0" + bytes(900), "a Neuroscan file.*import mne"),
    "a.pkl": (pickle.dumps({"ECG": [1.0] * 99}, 2), "a Python pickle"),
    "a.json": (json.dumps([{"time": i, "EDA": 1} for i in range(9)]).encode(), r"read_json\('"),
    "a.jsonl": (b'{"time": 1}\n{"time": 2}\n', "lines=True"),
    "words.json": (b'[true, null]', "JSON"),
    "sentio.toml": (b"[[source]]\ntype = 'camera'\n", "a file of settings.*config check"),
    "a.ini": (b"[general]\nrate = 3\n", "a file of settings"),
    "a.html": (b"<!DOCTYPE html><html>", "web page"),
    "a.pdf": (b"%PDF-1.4\n" + b"x" * 99, "a PDF document"),
}  # fmt: skip


@pytest.mark.parametrize("name", STARTS)
def test_known_kinds_are_named_with_a_command(tmp_path: Path, name: str) -> None:
    data, message = STARTS[name]
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(FormatError, match=f"(?s){message}"):
        read(path)


def test_workbooks_and_arrays_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(FormatError, match="an Excel workbook.*read_excel"):
        read(path)
    np.save(tmp_path / "a.npy", np.zeros((9, 4)))
    with pytest.raises(FormatError, match="a NumPy array.*savetxt"):
        read(tmp_path / "a.npy")


def test_recording_in_a_folder_below_is_named(tmp_path: Path) -> None:
    (tmp_path / "P01" / "day 1").mkdir(parents=True)
    session = e4(tmp_path / "P01" / "day 1" / "A01")
    with pytest.raises(FormatError) as refused:
        read(tmp_path)
    assert refused.value.fix.endswith(f"sentio inspect {session}")


def test_archive_of_several_sessions_is_refused(tmp_path: Path) -> None:
    session = e4(tmp_path / "s")
    path = e4_zip(tmp_path / "a.zip", session, "one/")
    with zipfile.ZipFile(path, "a") as archive:
        for file in session.iterdir():
            archive.write(file, f"two/{file.name}")
        archive.writestr("__MACOSX/two/._BVP.csv", b"\0\5\x16\7")
    with pytest.raises(FormatError, match="holds 2 sessions: one, two"):
        read(path)
