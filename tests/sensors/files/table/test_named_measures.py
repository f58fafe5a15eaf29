"""Tests of columns named after a measure, an input or a clock; of stated rates."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.packages import require
from tests.sensors.files.written import START, lines, table

from sentio_sensors import FormatError
from sentio_sensors.files import FileContent, Hints
from sentio_sensors.files.reader import read
from sentio_sensors.files.table.rules import column_of

require("pandas")

N = 320


def kinds(content: FileContent) -> dict[str, tuple[float, list[str]]]:
    return {s.kind: (s.rate_hz, [c.label for c in s.channels]) for s in content.streams}


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Respiration Rate (bpm)", "other"), ("BR (bpm)", ""), ("Tempo (bpm)", ""),
        ("Respiration Rate", "other"), ("RespRate", "other"), ("HR (bpm)", "heart_rate"),
        ("Pulse (bpm)", "heart_rate"), ("ECG_Rate", "other"), ("EDA_Phasic", "other"),
        ("EcgWaveform", "ecg"), ("ECGNoise", "other"), ("Sensor-A:EEG", "eeg"), ("E: SC", "eda"),
        ("Sensor-G:HR", "heart_rate"), ("BVP HR", "heart_rate"), ("MOT.AccX", "accel"),
        ("CQ.AF3", ""), ("EQ.AF3", ""), ("POW.AF3.Theta", ""), ("X (m/s^2)", "accel"),
        ("X [dps]", ""), ("x", ""), ("unix_ts", "time"), ("ts", "time"),
    ],
)  # fmt: skip
def test_kind_of_a_header(header: str, kind: str) -> None:
    assert column_of(header).kind.lower() == kind


def test_processed_signals_of_neurokit_keep_only_the_signals(tmp_path: Path) -> None:
    head = "time,ECG_Raw,ECG_Clean,ECG_Rate,ECG_Quality,ECG_R_Peaks,RSP_Raw,RSP_Rate,EDA_Raw"
    head += ",EDA_Phasic"
    columns = [np.arange(N) / 100, *(np.arange(N) % 7 + i for i in range(9))]
    found = kinds(read(table(tmp_path / "a.csv", head, columns)))
    assert found["ECG"] == (100.0, ["ECG_Raw", "ECG_Clean"])
    assert found["RESP"] == (100.0, ["RSP_Raw"])
    assert found["EDA"] == (100.0, ["EDA_Raw"])
    assert "HEART_RATE" not in found


@pytest.mark.parametrize(
    "before",
    [
        ["Device: ABC", "Sampling frequency: 64 Hz"], ["# Sampling Rate (Hz): 64"],
        ["Client;Ann", "Session;1", "Output rate;64;Samples/sec."], ["sample rate=0.064 kHz"],
        ["Name,Ann", "Recorded Date,2024-06-10 10:00:00 +0000", "Sample Rate,64 hertz", "Unit,mV"],
    ],
)  # fmt: skip
def test_a_rate_that_the_lines_before_a_table_state_is_used(
    before: list[str], tmp_path: Path
) -> None:
    rows = [f"{i % 7};{2 + i / 1000:.3f}" for i in range(N)]
    content = read(lines(tmp_path / "a.csv", [*before, "ECG;EDA", *rows]))
    assert kinds(content) == {"ECG": (64.0, ["ECG"]), "EDA": (64.0, ["EDA"])}
    assert content.streams[0].times[-1] == pytest.approx((N - 1) / 64)
    assert any("64 Hz" in note for note in content.notes)


def test_one_column_after_names_and_values_has_all_its_rows(tmp_path: Path) -> None:
    """As the ECG of a watch: the date among the first lines is no row."""
    before = ["Name,Ann", "Recorded Date,2024-06-10 10:00:00 +0000", "Device,\"Watch6,1\"",
              "Sample Rate,512 hertz", "", "Lead,Lead I", "Unit,uV", ""]  # fmt: skip
    content = read(lines(tmp_path / "a.csv", [*before, *(f"{i % 9}.5" for i in range(N))]))
    assert kinds(content) == {"": (512.0, ["ch1"])}
    assert len(content.streams[0].times) == N


def test_a_stated_rate_does_not_replace_times(tmp_path: Path) -> None:
    rows = [f"{i / 32},{i % 7}" for i in range(N)]
    content = read(lines(tmp_path / "a.csv", ["# Sampling rate: 64 Hz", "time,ECG", *rows]))
    assert kinds(content) == {"ECG": (32.0, ["ECG"])}
    assert content.notes == []


def test_intervals_without_a_unit_get_that_of_their_values(tmp_path: Path) -> None:
    for beat, unit in ((0.833, "s"), (833.0, "ms")):
        columns = [START + 0.833 * np.arange(60), np.full(60, beat)]
        (stream,) = read(table(tmp_path / f"{unit}.csv", "timestamp,IBI", columns)).streams
        assert [c.unit for c in stream.channels] == [unit]


def test_a_date_in_the_header_of_the_times_is_not_a_unit(tmp_path: Path) -> None:
    head = "CNT,TIME(2024/06/10 10:00:00.123),TIMETICK(f=10000000),GSR_US"
    columns = [np.arange(N), np.arange(N) / 60, 1e7 + np.arange(N) * 166667, 2 + np.arange(N) / 1e3]
    content = read(table(tmp_path / "a.csv", head, columns))
    assert next(s.rate_hz for s in content.streams if s.kind == "EDA") == 60.0


def test_rows_with_words_are_not_of_brainflow(tmp_path: Path) -> None:
    rows = [f"W7_Acc {START + i / 32} 10 2 63 1" for i in range(N)]
    with pytest.raises(FormatError, match="no time column"):
        read(lines(tmp_path / "a.txt", rows), Hints())


def test_units_alone_show_conductance_and_acceleration(tmp_path: Path) -> None:
    head = "time,Hautleitwert (µS),delay (us),ax (m/s²),ay (m/s²),az (m/s²)"
    rows = [f"{i / 4},5.{i % 10},7,0,0,9.8" for i in range(N)]
    content = read(lines(tmp_path / "a.csv", [head, *rows]))
    assert {s.kind: [c.label for c in s.channels] for s in content.streams} == {
        "EDA": ["Hautleitwert"], "": ["delay"], "ACCEL": ["ax", "ay", "az"],
    }  # fmt: skip


@pytest.mark.parametrize(("length", "unit"), [(1000, "mg"), (9.8, "m/s^2"), (1, "g"), (16384, "")])
def test_acceleration_without_a_unit_has_that_of_its_gravity(
    tmp_path: Path, length: float, unit: str
) -> None:
    rows = [f"{i / 50},0,0,{length}" for i in range(N)]
    content = read(lines(tmp_path / "a.csv", ["time,acc_x,acc_y,acc_z", *rows]))
    (stream,) = content.streams
    assert {channel.unit for channel in stream.channels} == {unit}
    assert any("gravity" in note for note in content.notes) is (unit in ("mg", "m/s^2"))
