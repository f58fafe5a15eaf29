"""Tables in which each signal has its own time column."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from tests.packages import require
from tests.sensors.files.written import lines, table

from sentio_sensors.files import FileContent, Hints
from sentio_sensors.files.reader import read

require("pandas")

SECONDS = 8


def columns(scale: float = 1.0, digits: int = 6) -> list[list[str]]:
    """Return times and values of an ECG of 250 Hz, and of skin conductance of 4 Hz."""
    found = []
    for rate, first in ((250, 100), (4, 2)):
        count = SECONDS * rate
        found.append([f"{(10 + i / rate) * scale:.{digits}f}" for i in range(count)])
        found.append([f"{first + i / count:.4f}" for i in range(count)])
    return found


def written(path: Path, head: str, cells: list[list[str]], fill: str = "") -> Path:
    return table(path, head, zip(*itertools.zip_longest(*cells, fillvalue=fill), strict=True))


def check(content: FileContent) -> None:
    """Both signals have all their samples, at their own times."""
    found = {s.kind: s for s in content.streams}
    assert set(found) == {"ECG", "EDA"}
    for kind, rate, first in (("ECG", 250, 100), ("EDA", 4, 2)):
        count = SECONDS * rate
        stream = found[kind]
        assert (stream.rate_hz, len(stream.times)) == (rate, count)
        assert stream.times == pytest.approx(10 + np.arange(count) / rate, abs=2e-3)
        assert stream.values[:, 0] == pytest.approx(first + np.arange(count) / count, abs=1e-4)


@pytest.mark.parametrize(
    "head",
    ["time_ecg,ecg,time_eda,eda", "ECG_time,ECG,EDA_time,EDA", "t_ecg,ecg,t_eda,eda",
     "time,ECG,time,EDA", "Time (s),ECG (mV),Time (s),EDA (uS)", "X[s],ECG[mV],X[s],EDA[uS]",
     "Time,ECG,Time.1,EDA", "ECG Time Series (s),ECG (mV),EDA Time Series (s),EDA (uS)",
     "ecg timestamp,ecg,eda timestamp,eda", "time,ecg,eda_time,eda"],
)  # fmt: skip
@pytest.mark.parametrize("fill", ["", "NaN"])
def test_each_signal_has_its_own_times(tmp_path: Path, head: str, fill: str) -> None:
    check(read(written(tmp_path / "a.csv", head, columns(), fill)))


def test_time_columns_may_come_first_and_be_filled_with_zeros(tmp_path: Path) -> None:
    ecg_time, ecg, eda_time, eda = columns()
    path = written(
        tmp_path / "a.csv", "ecg_time,eda_time,ecg,eda", [ecg_time, eda_time, ecg, eda], "0"
    )
    check(read(path))


def test_one_column_shows_the_unit_of_the_others(tmp_path: Path) -> None:
    """Steps of 250 may be ms or us for skin conductance, 4 only ms for an ECG."""
    check(read(written(tmp_path / "a.csv", "time_ecg,ecg,time_eda,eda", columns(1000, 0))))
    check(read(written(tmp_path / "b.csv", "time,ecg,time,eda", columns(1e6, 0)),
               Hints(time_unit="us")))  # fmt: skip


def test_one_time_column_may_be_named_after_a_signal_of_several_columns(tmp_path: Path) -> None:
    ecg_time, ecg, acc_time, axis = columns()
    path = written(
        tmp_path / "a.csv", "ecg_time,ecg,acc_time,acc_x,acc_y,acc_z",
        [ecg_time, ecg, acc_time, axis, axis, axis],
    )  # fmt: skip
    found = {s.kind: s for s in read(path).streams}
    assert {k: (s.rate_hz, *s.values.shape) for k, s in found.items()} == {
        "ECG": (250, SECONDS * 250, 1), "ACCEL": (4, SECONDS * 4, 3),
    }  # fmt: skip


def test_markers_may_have_their_own_times(tmp_path: Path) -> None:
    ecg_time, ecg, *_ = columns()
    path = written(tmp_path / "a.csv", "time,ecg,marker_time,marker",
                   [ecg_time, ecg, ["11.5", "12.25"], ["go", "stop"]])  # fmt: skip
    found = {s.kind: s for s in read(path).streams}
    assert found["ECG"].rate_hz == 250
    assert found["Markers"].times == pytest.approx([11.5, 12.25])
    assert found["Markers"].values[:, 0].tolist() == ["go", "stop"]


@pytest.mark.parametrize(
    "head",
    ["time,date,ecg,eda", "timestamp,Timestamp (Formatted),ecg,eda", "ecg,eda,time,timestamp_2"],
)
def test_two_clocks_of_the_same_rows_are_one_time(tmp_path: Path, head: str) -> None:
    rows = [f"{i / 250:.3f},{10 + i / 250:.3f},{i},{i}" for i in range(500)]
    if head.startswith("ecg"):
        rows = [f"{i},{i},{i / 250:.3f},{10 + i / 250:.3f}" for i in range(500)]
    content = read(lines(tmp_path / "a.csv", [head, *rows]))
    assert {s.kind: s.rate_hz for s in content.streams} == {"ECG": 250, "EDA": 250}


def test_a_duration_in_a_column_is_not_a_time(tmp_path: Path) -> None:
    rows = [f"{i / 4:.2f},{2 + i / 100},{0.3 + i % 5 / 10:.1f}" for i in range(100)]
    content = read(lines(tmp_path / "a.csv", ["time,eda,reaction_time", *rows]))
    assert {s.name: (s.kind, s.rate_hz) for s in content.streams}["eda"] == ("EDA", 4)
    assert content.streams[0].times[-1] == 24.75
