"""Tests of the text that LabChart and AcqKnowledge export."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.packages import require
from tests.sensors.files.written import lines

from sentio_sensors import FormatError
from sentio_sensors.files import FileContent, Hints, read

require("pandas")

N = 600
STEP = 1 / 200


def labchart(
    day: str = "4.3749500000000000e+04", form: str = "StartOfBlock", start: float = 0.0,
    titles: str = "ECG\tGSR\tFinger Pulse", comments: dict[int, str] | None = None,
    timed: bool = True, units: bool = True, rows: int = N,
) -> list[str]:  # fmt: skip
    """Return the lines of one block at 200 Hz."""
    head = [
        "Interval=\t0.005 s", f"ExcelDateTime=\t{day}\t10/11/19 12:00:00.000000",
        f"TimeFormat=\t{form}", "DateFormat=\t", f"ChannelTitle=\t{titles}",
        "Range=\t2.000 mV\t40.0 uS\t10.000 V",
        *(["UnitName=\tmV\t*\t*", "TopValue=\t*\t*\t*"] if units else []),
    ]  # fmt: skip
    body = []
    for i in range(rows):
        at = start + i * STEP
        clock = f"{int(at // 3600)}:{int(at // 60 % 60):02d}:{at % 60:07.4f}"
        cells = [clock if form == "TimeOfDay" else f"{at:g}"] if timed else []
        cells += [f"{np.sin(i / 9):.4f}", f"{2 + i * 0.01:.3f}", "NaN" if i < 50 else "0.25"]
        body.append("\t".join(cells + ([comments[i]] if comments and i in comments else [])))
    return head + body


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


def acq(
    interval: str = "5 msec/sample", unit: str = "min", step: float = STEP / 60,
    counts: bool = True, slow: str = "", mark: str = "\t", rows: int = N,
) -> list[str]:  # fmt: skip
    """Return the lines of an export at 200 Hz with a trigger of 5 V."""
    names = [unit, "CH1", "CH2", "CH7", "CH8"][not unit :]
    text = ["C:\\data\\p1.acq", interval, "4 channels", "EDA, Y, PPGED-R", "microsiemens",
            "ECG - ECG100C", "mV", "SKT - SKT100C", "Deg F", "Digital (STP Input 0)", "Volts",
            mark.join(names) + mark]  # fmt: skip
    if counts:
        text.append(mark.join([""] * bool(unit) + [str(N)] * 4) + mark)
    for i in range(rows):
        eda = f"{2 + i * 0.01:.3f}"
        if slow == "sparse" and i % 8:
            eda = ""
        elif slow == "packed":
            eda = f"{2 + i * 0.08:.3f}" if i < N // 8 else ""
        cells = [f"{i * step:.8f}"] * bool(unit)
        cells += [eda, f"{np.sin(i / 9):.4f}", "91.4", "5" if 200 <= i < 300 else "0"]
        text.append(mark.join(cells) + mark)
    return text


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
