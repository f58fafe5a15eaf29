"""Files of other programs: kinds, units, rates and values, one test a program."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from tests.packages import require
from tests.sensors.files import written as w

from sentio_sensors import AbsentError, FormatError
from sentio_sensors.files import FileContent, FileStream, Hints
from sentio_sensors.files.reader import read, recognised

require("pandas")


def by_name(content: FileContent) -> dict[str, FileStream]:
    streams = {stream.name: stream for stream in content.streams}
    assert len(streams) == len(content.streams)
    for stream in content.streams:
        assert stream.values.shape == (len(stream.times), len(stream.channels))
        assert np.all(np.diff(stream.times) >= 0)
    return streams


def summary(content: FileContent) -> dict[str, tuple[str, float, int]]:
    return {n: (s.kind, s.rate_hz, len(s.times)) for n, s in by_name(content).items()}


def labels(stream: FileStream) -> list[tuple[str, str]]:
    return [(channel.label, channel.unit) for channel in stream.channels]


E4 = {
    "bvp": ("PPG", 64.0, 640), "eda": ("EDA", 4.0, 40), "temp": ("TEMP", 4.0, 40),
    "acc": ("ACCEL", 32.0, 320), "ibi": ("RR", 0.0, 9), "tags": ("Markers", 0.0, 2),
}  # fmt: skip


@pytest.mark.parametrize("form", ["folder", "zip", "zip with a folder"])
def test_e4_session_is_read(tmp_path: Path, form: str) -> None:
    path = w.e4(tmp_path / "session")
    if form != "folder":
        path = w.e4_zip(tmp_path / "s.zip", path, "1700000000_A01/" if "with" in form else "")
    assert recognised(path)
    content = read(path)
    assert content.format == "Empatica E4"
    assert summary(content) == E4
    found = by_name(content)
    assert found["bvp"].times[[0, -1]] == pytest.approx([w.START, w.START + 639 / 64])
    assert found["bvp"].values[:, 0] == pytest.approx(40 * w.pulse(np.arange(640) / 64), abs=0.006)
    assert labels(found["acc"]) == [("x", "1/64g"), ("y", "1/64g"), ("z", "1/64g")]
    assert found["ibi"].times[:2] - w.START == pytest.approx([1.0, 1.9])
    assert found["ibi"].values[0, 0] == 0.9
    assert labels(found["ibi"]) == [("ibi", "s")]
    assert found["tags"].times - w.START == pytest.approx([3.5, 7.25])
    assert any("HR.csv" in note for note in content.notes)


@pytest.mark.parametrize("name", ["BVP", "EDA", "TEMP", "ACC", "IBI", "tags"])
def test_one_file_of_an_e4_is_read(tmp_path: Path, name: str) -> None:
    folder = w.e4(tmp_path / "session")
    assert summary(read(folder / f"{name}.csv")) == {name.lower(): E4[name.lower()]}


def test_e4_cut_line_is_left_out(tmp_path: Path) -> None:
    folder = w.e4(tmp_path / "session")
    data = (folder / "ACC.csv").read_bytes()
    (folder / "ACC.csv").write_bytes(data[:-5])
    content = read(folder)
    assert len(by_name(content)["acc"].times) == 319
    assert any("cut" in note for note in content.notes)


def test_e4_arrays_are_read(tmp_path: Path) -> None:
    content = read(w.e4_npz(tmp_path / "s.npz"))
    assert summary(content) == {
        "bvp": E4["bvp"], "eda": E4["eda"], "acc": E4["acc"], "tags": ("Markers", 0.0, 1),
    }  # fmt: skip


def test_e4_arrays_of_real_people_are_read(data_dir: Path) -> None:
    found = by_name(read(data_dir / "physio_stress_predict" / "S01.npz"))
    assert found["bvp"].rate_hz == 64
    gravity = np.linalg.norm(found["acc"].values / 64, axis=1)
    assert np.median(gravity) == pytest.approx(1.0, abs=0.1)
    assert 0 < np.median(found["eda"].values) < 40


@pytest.mark.parametrize("parts", [1, 2])
def test_embrace_plus_is_read(tmp_path: Path, parts: int) -> None:
    pytest.importorskip("fastavro", exc_type=ImportError)
    for part in range(parts):
        file = w.embrace_plus(tmp_path / f"1-1-A_{part}.avro", w.START + 10 * part)
    content = read(file if parts == 1 else tmp_path)
    found = by_name(content)
    assert content.format == "Empatica EmbracePlus"
    assert summary(content) == {
        "eda": ("EDA", 4.0, 40 * parts), "temperature": ("TEMP", 1.0, 10 * parts),
        "bvp": ("PPG", 64.0, 640 * parts), "acc": ("ACCEL", 64.0, 640 * parts),
        "ibi": ("RR", 0.0, {1: 11, 2: 23}[parts]), "tags": ("Markers", 0.0, parts),
    }  # fmt: skip
    assert found["acc"].values[0] == pytest.approx([0, 0, 1], abs=0.001)
    assert labels(found["eda"]) == [("eda", "uS")]
    assert found["eda"].values[:2, 0] == pytest.approx([0.5, 0.51])
    assert found["ibi"].values[:11, 0] == pytest.approx(np.full(11, 0.8))
    assert found["bvp"].times[0] == pytest.approx(w.START)


def test_openbci_gui_5_is_read(tmp_path: Path) -> None:
    content = read(w.openbci_5(tmp_path / "OpenBCI-RAW.txt"))
    found = by_name(content)
    assert summary(content) == {
        "eeg": ("EEG", 250.0, 1000), "accel": ("ACCEL", 250.0, 1000),
        "marker channel": ("Markers", 0.0, 1),
    }  # fmt: skip
    assert found["eeg"].values[25, 3] == pytest.approx(10 * np.sin(2 * np.pi + 3), abs=1e-4)
    assert found["eeg"].times[0] == pytest.approx(w.START)
    assert found["marker channel"].times[0] == pytest.approx(w.START + 2.0)
    assert content.notes == []


def test_openbci_rate_of_the_stamps_counts(tmp_path: Path) -> None:
    content = read(w.openbci_5(tmp_path / "a.txt", rate=250.0, stated=200.0))
    assert by_name(content)["eeg"].rate_hz == 250.0
    assert any("200 Hz" in note and "250 Hz" in note for note in content.notes)


def test_openbci_gui_4_is_read_with_and_without_a_board(tmp_path: Path) -> None:
    path = w.openbci_4(tmp_path / "a.txt")
    for hints in (None, Hints(board="cyton")):
        content = read(path, hints)
        assert summary(content) == {"eeg": ("EEG", 200.0, 600), "accel": ("ACCEL", 200.0, 600)}
        eeg = by_name(content)["eeg"]
        assert eeg.values[:, 0] == pytest.approx(np.arange(600) + 0.5)
        assert eeg.times[0] == pytest.approx(w.START)


@pytest.mark.parametrize("count", ["0", "99", "999999999999", "4"])
def test_openbci_channel_count_is_checked_against_the_columns(tmp_path: Path, count: str) -> None:
    path = w.openbci_4(tmp_path / "a.txt")
    path.write_text(path.read_text().replace("channels = 4", f"channels = {count}"))
    assert summary(read(path)) == {"eeg": ("EEG", 200.0, 600), "accel": ("ACCEL", 200.0, 600)}


@pytest.mark.parametrize(
    ("board", "block", "expected"),
    [
        ("ganglion", 0, {"eeg": ("EEG", 200.0, 600), "accel": ("ACCEL", 200.0, 600)}),
        ("muse_2", 0, {"eeg": ("EEG", 256.0, 768)}),
        ("muse_2", 1, {"accel": ("ACCEL", 52.0, 156)}),
        ("muse_2", 2, {"ppg": ("PPG", 64.0, 192)}),
    ],
)
def test_every_block_of_brainflow_is_read(
    tmp_path: Path, board: str, block: int, expected: dict[str, object]
) -> None:
    pytest.importorskip("brainflow", exc_type=ImportError)
    path = w.brainflow(tmp_path / "flow.csv", board, block)
    content = read(path, Hints(board=board))
    assert summary(content) == expected
    first = content.streams[0]
    assert np.diff(first.values[:, 0]) == pytest.approx(np.full(len(first.times) - 1, 0.001))
    # Cut within the last line: all whole lines are read.
    path.write_bytes(path.read_bytes()[:-20])
    cut = read(path, Hints(board=board))
    assert len(cut.streams[0].times) == len(first.times) - 1
    assert "the last line is cut and is left out" in cut.notes


def test_brainflow_refusals_name_a_command(tmp_path: Path) -> None:
    pytest.importorskip("brainflow", exc_type=ImportError)
    path = w.brainflow(tmp_path / "flow.csv", "ganglion", 0)
    with pytest.raises(FormatError, match=rf"15 columns.*sentio play {path} --board ganglion"):
        read(path)
    with pytest.raises(FormatError, match=r"board muse_2 writes 8 .*--board ganglion"):
        read(path, Hints(board="muse_2"))
    with pytest.raises(AbsentError, match="did you mean 'ganglion'"):
        read(path, Hints(board="gangleon"))


def test_brainflow_rate_comes_from_the_stamps(tmp_path: Path) -> None:
    pytest.importorskip("brainflow", exc_type=ImportError)
    content = read(w.brainflow(tmp_path / "a.csv", "muse_2", 0, step=1.03), Hints(board="muse_2"))
    assert content.streams[0].rate_hz == pytest.approx(256 / 1.03, rel=1e-5)
    assert any("states 256 Hz" in note for note in content.notes)


def test_mind_monitor_is_read(tmp_path: Path) -> None:
    content = read(w.mind_monitor(tmp_path / "mindMonitor_2024.csv"))
    found = by_name(content)
    assert summary(content) == {
        "eeg": ("EEG", 256.0, 1024), "accel": ("ACCEL", 256.0, 1024),
        "elements": ("Markers", 0.0, 2),
    }  # fmt: skip
    assert labels(found["eeg"]) == [(n, "uV") for n in ("TP9", "AF7", "AF8", "TP10")]
    assert found["eeg"].values[:7, 0].tolist() == [800.0 + i for i in range(7)]
    texts = found["elements"].values[:, 0].tolist()
    assert texts == ["/muse/elements/blink", "/muse/elements/jaw_clench"]
    passed = found["elements"].times - found["eeg"].times[0]
    assert passed == pytest.approx([100 / 256, 300 / 256], abs=0.0011)  # the stamps are cut to ms


def test_muse_lsl_is_read(tmp_path: Path) -> None:
    t = w.START + np.arange(1024) / 256
    stamps = [f"{x:.3f}" for x in t]
    eeg = read(w.table(tmp_path / "EEG.csv", "timestamps,TP9,AF7,AF8,TP10,Right AUX",
                       [stamps, *[range(1024)] * 4, [9] * 1024]))  # fmt: skip
    assert summary(eeg) == {"eeg": ("EEG", 256.0, 1024)}
    assert len(eeg.streams[0].channels) == 4
    optics = read(
        w.table(
            tmp_path / "PPG.csv",
            "timestamps,PPG1,PPG2,PPG3",
            [[f"{w.START + i / 64:.3f}" for i in range(256)], *[range(256)] * 3],
        )
    )
    assert summary(optics) == {"ppg": ("PPG", 64.0, 256)}
    motion = w.table(tmp_path / "ACC.csv", "timestamps,X,Y,Z",
                     [[f"{w.START + i / 52:.3f}" for i in range(104)], [0.1] * 104, [0.0] * 104,
                      [0.99] * 104])  # fmt: skip
    assert summary(read(motion)) == {"accel": ("ACCEL", 52.0, 104)}
    turning = w.table(tmp_path / "GYRO.csv", "timestamps,X,Y,Z",
                      [stamps, [12.0] * 1024, [30.0] * 1024, [-3.0] * 1024])  # fmt: skip
    with pytest.raises(FormatError, match="gyroscope"):
        read(turning)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_shimmer_is_read(tmp_path: Path, delimiter: str) -> None:
    content = read(w.shimmer(tmp_path / "a.csv", delimiter))
    found = by_name(content)
    assert summary(content) == {
        "accel": ("ACCEL", 128.0, 512), "eda": ("EDA", 128.0, 512), "ppg": ("PPG", 128.0, 512),
    }  # fmt: skip
    assert labels(found["eda"])[0][1] == "uS"
    assert labels(found["accel"])[0][1] == "m/s^2"
    assert found["eda"].values[:3, 0] == pytest.approx([3, 3.001, 3.002])
    assert found["eda"].times[0] == pytest.approx(w.START)


def test_polar_is_read_by_the_straps_clock(tmp_path: Path) -> None:
    ecg = read(w.polar(tmp_path / "ecg.txt", "ecg"))
    assert summary(ecg) == {"ecg": ("ECG", 130.0, 1040)}
    assert labels(ecg.streams[0]) == [("ecg", "uV")]
    assert np.diff(ecg.streams[0].times) == pytest.approx(np.full(1039, 1 / 130), abs=1e-6)
    acc = read(w.polar(tmp_path / "acc.txt", "acc"))
    assert summary(acc) == {"accel": ("ACCEL", 50.0, 400)}
    assert labels(acc.streams[0])[2] == ("z", "mg")
    beats = read(w.polar(tmp_path / "rr.txt", "rr"))
    assert summary(beats) == {"rr": ("RR", 0.0, 10)}
    assert labels(beats.streams[0]) == [("RR-interval", "ms")]


def test_emotibit_packets_are_spread(tmp_path: Path) -> None:
    content = read(w.emotibit(tmp_path / "2024_PI.csv"))
    assert summary(content) == {"ppg": ("PPG", 25.0, 240)}
    stream = content.streams[0]
    assert np.diff(stream.times) == pytest.approx(np.full(239, 0.04), abs=1e-5)
    assert stream.values[:, 0].tolist() == [1000.0 + i for i in range(240)]


def test_raw_emotibit_is_read(tmp_path: Path) -> None:
    content = read(w.emotibit_raw(tmp_path / "raw.csv"))
    found = by_name(content)
    assert summary(content) == {
        "pg": ("PPG", 25.0, 240), "ea": ("EDA", 15.0, 160), "notes": ("Markers", 0.0, 1),
    }  # fmt: skip
    assert found["pg"].values[:, 0].tolist() == list(range(240))
    assert found["notes"].values[0, 0] == "press start"
    assert any("1 lines are cut" in note for note in content.notes)
    # A packet has the stamp of its last sample.
    assert found["pg"].times[2::3] == pytest.approx(9 + np.arange(80) * 0.12)


def test_emotibit_that_is_switched_on_again_is_read_in_order(tmp_path: Path) -> None:
    def part(start: int, lost: int) -> list[str]:
        kept = [(i, axis) for i in range(250) for axis in "XYZ" if axis != "Z" or i >= lost]
        return [f"{start + i * 40},{i},1,A{axis},1,100,{i}" for i, axis in kept]

    first, again = part(90_000, 5), part(3_000, 0)
    content = read(w.lines(tmp_path / "raw.csv", [*first, *again]))
    assert summary(content) == {"acc": ("ACCEL", 25.0, 495)}
    values = content.streams[0].values
    assert values[:, 0].tolist() == [*range(5, 250), *range(250)]
    assert np.all(values == values[:, :1])
    assert any("switched on again" in note for note in content.notes)


def test_opensignals_is_read_in_physical_units(tmp_path: Path) -> None:
    content = read(w.opensignals(tmp_path / "a.txt"))
    found = by_name(content)
    assert summary(content) == {
        "ecg": ("ECG", 100.0, 497), "eda": ("EDA", 100.0, 497), "accel": ("ACCEL", 100.0, 497),
    }  # fmt: skip
    # Data sheets of BITalino: ECG gain 1100 at 3.3 V; EDA 3.3 V / 0.132; ACC 208..312 of 10 bits.
    assert found["ecg"].values[1, 0] == pytest.approx(3.3 / 1024 / 1100 * 1e6)
    assert found["eda"].values[0, 0] == pytest.approx(400 / 1024 * 3.3 / 0.132)
    assert found["accel"].values[0, 0] == pytest.approx(1.0)
    assert found["ecg"].times[[199, 200]] == pytest.approx([1.99, 2.03])
    assert any("3 packets" in note for note in content.notes)
    assert any("LUX" in note for note in content.notes)


@pytest.mark.parametrize("bdf", [False, True])
def test_edf_is_read_at_each_rate(tmp_path: Path, bdf: bool) -> None:
    pytest.importorskip("edfio", exc_type=ImportError)
    path = w.edf(tmp_path / ("a.bdf" if bdf else "a.edf"), bdf)
    content = read(path)
    found = by_name(content)
    assert summary(content) == {
        "eeg": ("EEG", 256.0, 2560), "eda": ("EDA", 4.0, 40), "eog": ("EOG", 256.0, 2560),
        "annotations": ("Markers", 0.0, 1),
    }  # fmt: skip
    assert labels(found["eeg"]) == [("Fz", "uV"), ("Cz", "uV")]
    t = np.arange(2560) / 256
    assert found["eeg"].values[:, 0] == pytest.approx(50 * np.sin(2 * np.pi * 10 * t), abs=0.01)
    assert found["annotations"].times[0] - found["eeg"].times[0] == pytest.approx(2.5)
    path.write_bytes(path.read_bytes()[:-100])
    cut = read(path)
    assert len(by_name(cut)["eeg"].times) == 2304
    assert any("9 whole ones" in note for note in cut.notes)


def test_brainvision_is_read_by_any_of_its_files(tmp_path: Path) -> None:
    pytest.importorskip("mne", exc_type=ImportError)
    header = w.brainvision(tmp_path)
    for path in (header, header.with_suffix(".eeg"), header.with_suffix(".vmrk")):
        content = read(path)
        found = by_name(content)
        assert summary(content) == {
            "eeg": ("EEG", 500.0, 2000), "eog": ("EOG", 500.0, 2000), "ecg": ("ECG", 500.0, 2000),
            "markers": ("Markers", 0.0, 1),
        }  # fmt: skip
        assert labels(found["eeg"]) == [("Fz", "uV")]
        t = np.arange(2000) / 500
        eeg = found["eeg"].values[:, 0]
        assert eeg == pytest.approx(30 * np.sin(2 * np.pi * 10 * t), abs=0.06)
        assert found["markers"].values[0, 0] == "Stimulus/S  7"
        assert found["markers"].times[0] - found["eeg"].times[0] == pytest.approx(1.0)
    header.unlink()
    with pytest.raises(AbsentError, match=r"cap.vhdr.*is missing"):
        read(header.with_suffix(".vmrk"))


@pytest.mark.parametrize(
    ("package", "write"),
    [
        ("fastavro", lambda folder: w.embrace_plus(folder / "a.avro")),
        ("edfio", lambda folder: w.edf(folder / "a.edf")),
        ("mne", w.brainvision),
        ("pandas", lambda folder: w.shimmer(folder / "a.csv")),
    ],
)
def test_missing_package_is_named_with_its_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str, write: object
) -> None:
    pytest.importorskip(package, exc_type=ImportError)
    path = write(tmp_path)  # type: ignore[operator]
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(
        AbsentError, match=rf"(?i){package}.*pip install 'sentio-affect\[files\]'"
    ) as e:
        read(path)
    assert "is not installed" in e.value.what
