"""Tests of files of the known loggers in other versions, settings and names."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.packages import require
from tests.sensors.files import written as w
from tests.sensors.files.written import START, lines

from sentio_sensors import FormatError, SensorError
from sentio_sensors.files import FileContent, Hints
from sentio_sensors.files.reader import read

require("pandas")

E4_FILES = ("BVP", "EDA", "TEMP", "ACC", "IBI", "tags")


def summary(content: FileContent) -> dict[str, tuple[str, float, int]]:
    return {s.name: (s.kind, s.rate_hz, len(s.times)) for s in content.streams}


def test_renamed_and_single_files_of_an_e4_are_read(tmp_path: Path) -> None:
    session = w.e4(tmp_path / "s")
    for name in ("IBI", "tags", "BVP"):
        (session / f"{name}.csv").rename(tmp_path / f"P01_{name}.csv")
    assert summary(read(tmp_path / "P01_IBI.csv")) == {"ibi": ("RR", 0.0, 9)}
    assert summary(read(tmp_path / "P01_tags.csv")) == {"tags": ("Markers", 0.0, 2)}
    for name in ("EDA", "TEMP"):
        (session / f"{name}.csv").unlink()
    assert summary(read(session)) == {"acc": ("ACCEL", 32.0, 320)}


def _german(text: str, mark: str) -> str:
    return text.replace(", ", ",").replace(",", mark).replace(".", ",")


@pytest.mark.parametrize(
    "saved",
    [lambda text: _german(text, ";"), lambda text: _german(text, "\t"),
     lambda text: _german(text, ";").replace("\n", ";;\n"), lambda text: text.replace(",", "\t"),
     lambda text: "".join(
         ",".join(f'"{cell.strip().replace(".", ",")}"' for cell in line.split(",")) + "\n"
         for line in text.splitlines()
     )],
)  # fmt: skip
def test_e4_that_a_spreadsheet_saved_is_read(tmp_path: Path, saved: Callable[[str], str]) -> None:
    original, copied = w.e4(tmp_path / "a"), w.e4(tmp_path / "b")
    for path in copied.glob("*.csv"):
        path.write_text(saved(path.read_text()))
    expected = {s.name: s for s in read(original).streams}
    for found in (read(copied).streams, *(read(copied / f"{n}.csv").streams for n in E4_FILES)):
        for stream in found:
            assert stream.rate_hz == expected[stream.name].rate_hz
            assert stream.times == pytest.approx(expected[stream.name].times)
            assert (stream.values == expected[stream.name].values).all()
    assert {s.name for s in read(copied).streams} == set(expected)
    with pytest.raises(FormatError, match="means of 10 s"):
        read(copied / "HR.csv")


def test_e4_folders_and_archives_of_other_systems_are_read(tmp_path: Path) -> None:
    session = w.e4(tmp_path / "s")
    for path in session.glob("*.csv"):
        path.rename(path.with_name(f"P01_{path.stem} (1).csv"))
    expected = {
        "bvp": ("PPG", 64.0, 640), "eda": ("EDA", 4.0, 40), "temp": ("TEMP", 4.0, 40),
        "acc": ("ACCEL", 32.0, 320), "ibi": ("RR", 0.0, 9), "tags": ("Markers", 0.0, 2),
    }  # fmt: skip
    assert summary(read(session)) == expected
    assert summary(read(w.e4_zip(tmp_path / "s.zip", w.e4(tmp_path / "t"), "P01\\"))) == expected
    w.table(session / "P02_EDA.csv", "time,EDA", [range(9), range(9)])
    with pytest.raises(FormatError, match="no recording that is known"):
        read(session)


@pytest.mark.parametrize("params", [{"conversionFactor": 1 / 2048}, {"other": 1.0}])
def test_embrace_plus_states_its_scale_in_several_ways(
    tmp_path: Path, params: dict[str, float]
) -> None:
    fastavro = pytest.importorskip("fastavro", exc_type=ImportError)
    path = w.embrace_plus(tmp_path / "a.avro")
    with path.open("rb") as file:
        records = list(fastavro.reader(file))
    schema = copy.deepcopy(w.EMBRACE_SCHEMA)
    imu = schema["fields"][1]["type"]["fields"][0]["type"]["fields"][2]["type"]  # type: ignore[index]
    imu["fields"] = [{"name": name, "type": "double"} for name in params]
    records[0]["rawData"]["accelerometer"]["imuParams"] = params
    with path.open("wb") as file:
        fastavro.writer(file, schema, records)
    content = read(path)
    found = {s.name: s for s in content.streams}
    assert {"bvp", "eda", "temperature", "ibi"} <= set(found)
    if "other" in params:
        assert "acc" not in found
        assert any("accelerometer has no imuParams" in note for note in content.notes)
    else:
        assert found["acc"].values[0].tolist() == [0.0, 0.0, 1.0]


@pytest.mark.parametrize(("key", "value"), [("samplingFrequency", 0.0), ("timestampStart", 0)])
def test_embrace_plus_signal_without_rate_or_time_is_left_out(
    tmp_path: Path, key: str, value: float
) -> None:
    fastavro = pytest.importorskip("fastavro", exc_type=ImportError)
    path = w.embrace_plus(tmp_path / "a.avro")
    with path.open("rb") as file:
        records = list(fastavro.reader(file))
    records[0]["rawData"]["eda"][key] = value
    with path.open("wb") as file:
        fastavro.writer(file, w.EMBRACE_SCHEMA, records)
    content = read(path)
    assert {"bvp", "temperature", "acc"} <= set(summary(content))
    assert "eda" not in summary(content)
    assert any("eda states" in note for note in content.notes)


@pytest.mark.parametrize("index", [False, True])
def test_brainflow_data_that_pandas_saved_are_read(tmp_path: Path, index: bool) -> None:
    pytest.importorskip("brainflow", exc_type=ImportError)
    path = w.brainflow(tmp_path / "a.csv", "ganglion", 0)
    expected = read(path, Hints(board="ganglion"))
    rows = [line.replace("\t", ",") for line in path.read_text().splitlines()]
    head = ",".join(map(str, range(rows[0].count(",") + 1)))
    if index:
        head, rows = f",{head}", [f"{i},{row}" for i, row in enumerate(rows)]
    lines(path, [head, *rows])
    found = read(path, Hints(board="ganglion"))
    assert summary(found) == summary(expected)
    for stream, other in zip(found.streams, expected.streams, strict=True):
        assert (stream.times == other.times).all()
        assert (stream.values == other.values).all()
    with pytest.raises(FormatError, match="--board ganglion"):
        read(path)


def test_openbci_table_without_its_first_lines_is_read(tmp_path: Path) -> None:
    path = w.openbci_5(tmp_path / "a.txt")
    path.write_text("\n".join(path.read_text().split("\n")[4:]))
    found = {s.name: s for s in read(path).streams}
    assert found["eeg"].values.shape == (1000, 8)
    assert {c.unit for c in found["eeg"].channels} == {"uV"}


@pytest.mark.parametrize("converted", [0, 1])
def test_opensignals_names_and_converted_values(tmp_path: Path, converted: int) -> None:
    device = {
        "sensor": ["ECGBIT", "EDABIT2"], "column": ["nSeq", "A1", "A2"], "sampling rate": 100,
        "resolution": [4, 10, 10], "device": "bitalino_rev", "label": ["A1", "A2"],
        "convertedValues": converted,
    }  # fmt: skip
    head = ["# OpenSignals Text File Format. Version 1", f"# {json.dumps({'x': device})}"]
    row = "0.25\t2.5" if converted else "512\t400"
    rows = [f"{i % 16}\t{row}" for i in range(300)]
    content = read(lines(tmp_path / "a.txt", [*head, "# EndOfHeader", *rows]))
    assert summary(content) == {"ecg": ("ECG", 100.0, 300), "eda": ("EDA", 100.0, 300)}
    ecg, eda = content.streams
    if converted:
        assert (ecg.channels[0].unit, float(ecg.values[0, 0])) == ("mV", 0.25)
        assert (eda.channels[0].unit, float(eda.values[0, 0])) == ("uS", 2.5)
    else:
        assert float(ecg.values[0, 0]) == pytest.approx(0.0)
        assert float(eda.values[0, 0]) == pytest.approx(400 / 1024 * 3.3 / 0.132)


def test_shimmer_resistance_alone_is_skin_conductance(tmp_path: Path) -> None:
    head = ['"sep=,"', "Shimmer_5E_Timestamp_Unix_CAL,Shimmer_5E_GSR_Skin_Resistance_CAL,",
            "ms,kOhms,"]  # fmt: skip
    rows = [f"{(START + i / 128) * 1000:.4f},400.0," for i in range(300)]
    content = read(lines(tmp_path / "a.csv", [*head, *rows]))
    assert summary(content) == {"eda": ("EDA", 128.0, 300)}
    assert content.streams[0].channels[0].unit == "kOhms"


def test_names_of_older_shimmer_programs_are_read(tmp_path: Path) -> None:
    head = ["Shimmer_Timestamp_CAL\tShimmer_GSR_CAL\tShimmer_PPG_A12_CAL\t", "ms\tkOhms\tmV\t"]
    rows = [f"{i * 1000 / 64:.4f}\t250.0\t{i % 50}\t" for i in range(300)]
    content = read(lines(tmp_path / "a.csv", [*head, *rows]))
    assert summary(content) == {"eda": ("EDA", 64.0, 300), "ppg": ("PPG", 64.0, 300)}


def test_two_shimmers_in_one_file_have_their_own_times(tmp_path: Path) -> None:
    names = (
        "A1B2_Timestamp_Unix",
        "A1B2_GSR_Skin_Conductance",
        "C3_Timestamp_Unix",
        "C3_ECG_LA_RA",
    )
    head = [",".join(f"Shimmer_{name}_CAL" for name in names), "ms,uS,ms,mV"]
    t = START * 1000
    rows = [f"{t + i * 1000 / 64:.4f},4.0,{t + i * 1000 / 512:.4f},0.5" for i in range(300)]
    content = read(lines(tmp_path / "a.csv", [*head, *rows]))
    assert summary(content) == {"eda": ("EDA", 64.0, 300), "ecg": ("ECG", 512.0, 300)}
    with pytest.raises(FormatError, match="has a header .* and no rows"):
        read(lines(tmp_path / "b.csv", ['"sep=,"', *head]))


@pytest.mark.parametrize("unit", ["G", "dps"])
def test_magnetometer_and_gyroscope_of_polar_are_not_acceleration(
    tmp_path: Path, unit: str
) -> None:
    head = f"Phone timestamp;sensor timestamp [ns];X [{unit}];Y [{unit}];Z [{unit}]"
    rows = [f"2024-06-10T06:13:{i:02d}.000;{599616000 + i}000000000;.1;.2;.3" for i in range(9)]
    with pytest.raises(FormatError, match="no samples of a signal that is read"):
        read(lines(tmp_path / "a.txt", [head, *rows]))


def test_header_of_four_lines_is_read(tmp_path: Path) -> None:
    head = ["Shimmer_5E\tShimmer_5E\tShimmer_5E", "Timestamp\tGSR\tECG LA-RA", "CAL\tCAL\tCAL",
            "mSecs\tkOhms\tmVolts"]  # fmt: skip
    rows = [f"{i * 1000 / 128:.4f}\t400.0\t{np.sin(i):.4f}" for i in range(300)]
    content = read(lines(tmp_path / "a.dat", [*head, *rows]))
    assert summary(content) == {"eda": ("EDA", 128.0, 300), "ecg": ("ECG", 128.0, 300)}


def test_emotibit_heart_rate_is_read(tmp_path: Path) -> None:
    content = read(w.emotibit(tmp_path / "HR.csv", "HR"))
    assert content.streams[0].kind == "HEART_RATE"


def test_overlapping_and_damaged_files_of_an_embrace_plus(tmp_path: Path) -> None:
    pytest.importorskip("fastavro", exc_type=ImportError)
    w.embrace_plus(tmp_path / "1.avro")
    w.embrace_plus(tmp_path / "2.avro", start=START + 3)  # 7 of its 10 s are in the first file
    (tmp_path / "3.avro").write_bytes((tmp_path / "1.avro").read_bytes()[:300])
    content = read(tmp_path)
    assert summary(content)["bvp"] == ("PPG", 64.0, 13 * 64)
    assert np.diff(content.streams[0].times) == pytest.approx(1 / 64, abs=1e-6)
    text = " ".join(content.notes)
    assert "3.avro is damaged" in text
    assert "bvp: samples that two files have, which are kept once: 448" in text


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [("SamplingInterval=2000", "SamplingInterval=0", "states SamplingInterval=0"),
     ("NumberOfChannels=3", "NumberOfChannels=-1", "states NumberOfChannels=-1"),
     ("DataFile=cap.eeg", "DataFile=gone.eeg", "gone.eeg, the data of cap.vhdr, is missing"),
     ("DataFile=cap.eeg", "DataFile=../cap.eeg", "names ../cap.eeg, expected a file beside it"),
     ("DataFile=cap.eeg", "DataFile=empty.eeg", "is empty")],
)  # fmt: skip
def test_brainvision_header_that_states_the_impossible_is_refused(
    tmp_path: Path, old: str, new: str, found: str
) -> None:
    pytest.importorskip("mne", exc_type=ImportError)
    header = w.brainvision(tmp_path)
    (tmp_path / "empty.eeg").write_bytes(b"")
    header.write_text(header.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(SensorError, match=re.escape(found)):
        read(header)


def test_brainvision_without_its_marker_file_reports_it(tmp_path: Path) -> None:
    pytest.importorskip("mne", exc_type=ImportError)
    header = w.brainvision(tmp_path)
    header.with_suffix(".vmrk").unlink()
    assert any("marker file, is missing" in note for note in read(header).notes)


def test_only_damaged_lines_of_an_e4_are_left_out(tmp_path: Path) -> None:
    session = w.e4(tmp_path / "s")
    eda = session / "EDA.csv"
    lost = eda.read_text().replace("1.050000", "ERR")
    eda.write_text(lost[:-4])  # the last line is cut too
    content = read(session)
    found = {s.name: s for s in content.streams}["eda"]
    assert [round((t - START) * 4) for t in found.times] == [i for i in range(39) if i != 5]
    assert any("lines of EDA that are not numbers" in note for note in content.notes)
    with pytest.raises(FormatError, match="HR.csv has means of 10 s"):
        read(session / "HR.csv")


def test_unknown_heart_rates_of_loggers_are_left_out(tmp_path: Path) -> None:
    """Programs write 0 or -1 where no rate is known."""
    rows = [f"{i},{(0, -1, 66)[i % 3]}" for i in range(30)]
    stream = read(lines(tmp_path / "a.csv", ["time_s,HR", *rows])).streams[0]
    assert set(stream.values[:, 0]) == {66.0}


@pytest.mark.parametrize("device", ["Shimmer_6749_", "LeftHand_", "id6749_"])
def test_shimmers_with_a_name_of_their_user_are_read_completely(
    device: str, tmp_path: Path
) -> None:
    names = ("Timestamp_Unix", "GSR_Skin_Conductance", "PPG_A13", "Accel_LN_X", "ECG_LL-RA_24BIT")
    head = [
        '"sep=\t"',
        "\t".join(f"{device}{name}_CAL" for name in names),
        "ms\tuS\tmV\tm/(s^2)\tmV",
    ]
    rows = [f"{(START + i / 64) * 1000:.4f}\t2.{i % 10}\t{1500 + i % 60}\t9.8\t0.{i % 7}"
            for i in range(320)]  # fmt: skip
    content = read(lines(tmp_path / "a.csv", [*head, *rows]))
    found = {s.kind: (s.rate_hz, s.channels[0].label) for s in content.streams}
    assert found == {
        "EDA": (64.0, "GSR_Skin_Conductance"), "PPG": (64.0, "PPG_A13"),
        "ACCEL": (64.0, "Accel_LN_X"), "ECG": (64.0, "ECG_LL-RA_24BIT"),
    }  # fmt: skip
