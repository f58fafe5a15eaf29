"""Tests of the text that LabChart and AcqKnowledge export."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.packages import require
from tests.sensors.files.written import lines
from tests.sensors.files.written_lab import STEP, N, acq, labchart

from sentio_sensors import FormatError
from sentio_sensors.files import FileContent, Hints
from sentio_sensors.files.reader import read

require("pandas")


def summary(content: FileContent) -> dict[str, tuple[str, float, int, str]]:
    return {
        s.name: (s.kind, s.rate_hz, len(s.times), s.channels[0].unit)
        for s in content.streams
        if s.kind != "Markers"
    }


WHOLE = {
    "ecg": ("ECG", 200.0, N, "mV"), "eda": ("EDA", 200.0, N, "uS"),
    "ppg": ("PPG", 200.0, N - 50, "V"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("choices", "encoding", "comma", "mark"),
    [({}, "utf-8-sig", False, "\t"), ({"units": False}, "cp1252", False, ","),
     ({"form": "TimeOfDay", "start": 86_399.0}, "utf-16", False, "\t"),
     ({"start": 432.0}, "utf-8", True, "\t"), ({"timed": False}, "utf-8", False, "\t")],
)  # fmt: skip
def test_labchart_text_is_read(
    tmp_path: Path, choices: dict[str, object], encoding: str, comma: bool, mark: str
) -> None:
    text = labchart(comments={100: '#1 begin "here', 300: "#* a\t#2 b"}, **choices)  # type: ignore[arg-type]
    text = [line.replace(".", ",") if comma else line.replace("\t", mark) for line in text]
    content = read(lines(tmp_path / "a.txt", text, encoding, "\r\n"))
    assert summary(content) == WHOLE
    assert content.notes == []
    found = {s.name: s for s in content.streams}
    ecg = found["ecg"]
    assert ecg.times - ecg.times[0] == pytest.approx(np.arange(N) * STEP, abs=1e-9)
    assert ecg.values[:, 0] == pytest.approx(np.sin(np.arange(N) / 9), abs=1e-4)
    marks = found["comments"]
    assert marks.values[:, 0].tolist() == ['begin "here', "a; b"]
    assert marks.times - ecg.times[0] == pytest.approx([0.5, 1.5], abs=1e-9)


def test_blocks_of_labchart_keep_their_dates(tmp_path: Path) -> None:
    other = labchart("4.3749502083333333e+04", titles="EEG Fz\tEEG Cz\tx")
    text = [*labchart(), *labchart("4.3749501041666667e+04"), *other]
    found = {s.name: s for s in read(lines(tmp_path / "a.txt", text)).streams}
    assert len(found["ecg"].times) == 2 * N
    assert found["ecg"].times[[0, N - 1, N]] == pytest.approx([0, 2.995, 90], abs=1e-3)
    assert [c.label for c in found["eeg"].channels] == ["EEG Fz", "EEG Cz"]
    assert found["eeg"].times[0] == pytest.approx(180, abs=1e-3)


@pytest.mark.parametrize("cut", [1, 4, 8])
def test_labchart_text_that_ends_within_a_header_is_read(tmp_path: Path, cut: int) -> None:
    content = read(lines(tmp_path / "a.txt", [*labchart(), *labchart(rows=0)[:cut]]))
    assert summary(content) == WHOLE
    assert content.notes == ["block 2 has no rows or titles of channels: it is left out"]


def test_labchart_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="the header of LabChart and no rows"):
        read(lines(tmp_path / "a.txt", labchart(rows=0)))
    with pytest.raises(FormatError, match="1,001 blocks, expected at most 1,000"):
        read(lines(tmp_path / "a.txt", labchart(rows=1) * 1001))


@pytest.mark.parametrize(
    ("choices", "comma"),
    [({}, False), ({"unit": "sec", "step": STEP, "mark": ","}, False), ({"unit": ""}, False),
     ({"unit": "milliSec", "step": 5.0, "counts": False}, True), ({"slow": "sparse"}, False),
     ({"interval": "5000 µsec/sample", "slow": "packed"}, True), ({"interval": "200 Hz"}, False),
     ({"interval": "0.005 sec/sample\tSample rate =\t200 Hz", "mark": " "}, False)],
)  # fmt: skip
def test_acqknowledge_text_is_read(tmp_path: Path, choices: dict[str, object], comma: bool) -> None:
    text = acq(**choices)  # type: ignore[arg-type]
    text = text[:2] + [line.replace(".", ",") if comma else line for line in text[2:]]
    content = read(lines(tmp_path / "a.txt", text))
    slow = 8 if "slow" in choices else 1
    assert summary(content) == {
        "eda": ("EDA", 200.0 / slow, N // slow, "microsiemens"),
        "ecg": ("ECG", 200.0, N, "mV"), "temp": ("TEMP", 200.0, N, "Deg F"),
    }  # fmt: skip
    found = {s.kind: s for s in content.streams}
    assert found["ECG"].times == pytest.approx(np.arange(N) * STEP, abs=1e-9)
    assert found["EDA"].values[:, 0] == pytest.approx(2 + found["EDA"].times * 2, abs=1e-3)
    assert found["Markers"].times == pytest.approx([1.0], abs=1e-9)


@pytest.mark.parametrize("kept", [4, 8, 12, 13])
def test_acqknowledge_header_without_rows_is_refused(tmp_path: Path, kept: int) -> None:
    with pytest.raises(FormatError, match="states 4 channels and has no rows"):
        read(lines(tmp_path / "a.txt", acq()[:kept]), Hints())


@pytest.mark.parametrize(("unit", "first"), [("", "7\t"), ("sec", "0\t7\t")])
def test_first_row_of_whole_numbers_is_a_row(tmp_path: Path, unit: str, first: str) -> None:
    head = ["a.acq", "5 msec/sample", "1 channels", "ECG", "mV", f"{unit}\tCH1".strip() + "\t"]
    rows = [f"{i * STEP:.3f}\t7\t" if unit else "7\t" for i in range(1, 40)]
    content = read(lines(tmp_path / "a.txt", [*head, first, *rows]))
    assert summary(content) == {"ecg": ("ECG", 200.0, 40, "mV")}


def test_a_rate_of_the_user_replaces_the_stated_one(tmp_path: Path) -> None:
    other = labchart("4.3749501041666667e+04")
    blocks = read(lines(tmp_path / "a.txt", [*labchart(), *other]), Hints(rate_hz=100))
    for content in (blocks, read(lines(tmp_path / "b.txt", acq()), Hints(rate_hz=100))):
        ecg = next(s for s in content.streams if s.kind == "ECG")
        assert ecg.rate_hz == 100
        assert ecg.times[:N] - ecg.times[0] == pytest.approx(np.arange(N) / 100, abs=1e-9)
    assert blocks.streams[0].times[N] == pytest.approx(90, abs=1e-3)  # the date of the block
    timeless = [line for line in labchart(timed=False) if not line.startswith("Interval")]
    path = lines(tmp_path / "c.txt", ["Interval=\t", *timeless])
    with pytest.raises(FormatError, match="--rate 1000"):
        read(path)
    assert read(path, Hints(rate_hz=100)).streams[0].rate_hz == 100
