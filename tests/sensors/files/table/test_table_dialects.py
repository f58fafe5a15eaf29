"""Tests of tables as other programs and spreadsheets write them."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import pytest
from tests.packages import require
from tests.sensors.files.written import START, lines, table

from sentio_sensors import FormatError
from sentio_sensors.files import FileContent
from sentio_sensors.files.reader import read
from sentio_sensors.files.table.rules import column_of

require("pandas")

N = 240


def summary(content: FileContent) -> dict[str, tuple[float, int]]:
    return {s.name: (s.rate_hz, len(s.times)) for s in content.streams}


@pytest.mark.parametrize(
    ("header", "kind", "unit"),
    [
        ("ECG/mV", "ecg", "mV"), ("EDA in uS", "eda", "uS"), ("ecg - mV", "ecg", "mV"),
        ("EDA / uS", "eda", "uS"),
        ("acc_x_m/s2", "accel", "m/s2"), ("temp_F", "temp", "F"), ("Skin Temp K", "temp", "K"),
        ("gsr_kohm", "eda", "kohm"), ("eda_scl_usiemens", "eda", "usiemens"),
        ("time/ms", "time", "ms"), ("pulse_rate_bpm", "heart_rate", "bpm"),
        ("beats per minute", "heart_rate", ""), ("EXG Channel 3", "eeg", "uV"),
        ("acc_x", "accel", ""), ("EDA_2", "eda", ""), ("TP9", "eeg", ""),
    ],
)  # fmt: skip
def test_units_after_a_name_are_read(header: str, kind: str, unit: str) -> None:
    column = column_of(header)
    assert (column.kind.lower(), column.unit) == (kind, unit)
    assert not column.label.endswith(("/", " "))


def test_header_in_a_comment_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    values = np.column_stack([np.arange(N) / 64, np.arange(N)])
    np.savetxt(path, values, delimiter=",", header="made by hand\ntime,BVP")
    assert summary(read(path)) == {"ppg": (64.0, N)}


def test_first_row_of_missing_values_is_not_a_header(tmp_path: Path) -> None:
    eda = ["#N/A" if i % 7 == 0 else i / 100 for i in range(N)]
    path = table(tmp_path / "a.csv", "time,EDA,TEMP", [np.arange(N) / 4, eda, ["NULL"] * N])
    assert summary(read(path)) == {"eda": (4.0, N - len(range(0, N, 7)))}


def test_lines_of_units_with_a_date_are_skipped(tmp_path: Path) -> None:
    rows = [f"2024/06/10 06:13:{i / 20:06.3f}\t2.5\t0.1" for i in range(N)]
    head = ["time\tEDA\taccel x", "yyyy/mm/dd hh:mm:ss.000\tuS\tm/(s^2)"]
    content = read(lines(tmp_path / "a.txt", [*head, *rows]))
    assert summary(content) == {"eda": (20.0, N), "accel": (20.0, N)}
    assert content.streams[1].channels[0].unit == "m/(s^2)"


def test_second_header_begins_the_table(tmp_path: Path) -> None:
    head = ["Name,Date,Start,Duration", "P01,10-06-2024,06:13:20,00:04:00", "Time,HR (bpm),Cadence"]
    rows = [f"00:{i // 60:02d}:{i % 60:02d},{70 + i % 5}," for i in range(N)]
    assert summary(read(lines(tmp_path / "a.csv", [*head, *rows]))) == {"heart_rate": (1.0, N)}


def test_thousands_with_decimal_commas(tmp_path: Path) -> None:
    rows = [f"{i / 64:.6f}".replace(".", ",") + f";1.{i:03d},5" for i in range(N)]
    content = read(lines(tmp_path / "a.csv", ["time;BVP", *rows]))
    assert content.streams[0].values[:, 0] == pytest.approx(1000.5 + np.arange(N))


@pytest.mark.parametrize("form", ["{:,.3f}", "{:_.3f}", "{: >}", "{:'}", "{:.3f} with ;"])
def test_thousands_apart_are_numbers(tmp_path: Path, form: str) -> None:
    apart = {"{:_.3f}": " ", "{: >}": "\u202f", "{:'}": "'"}.get(form, ",")
    cells = [f"{1000 * i / 4:,.3f}".replace(",", apart) for i in range(N)]
    whole = [f"{9_000 + i:,d}".replace(",", apart) for i in range(N)]
    if form == "{:,.3f}":
        cells, whole = [f'"{c}"' for c in cells], [f'"{c}"' for c in whole]
    comma = form == "{:,.3f}"
    content = read(
        table(tmp_path / "a.csv", "time_ms,BVP" if comma else "time_ms;BVP", [cells, whole])
    )
    assert summary(content) == {"ppg": (4.0, N)}
    assert content.streams[0].values[:, 0] == pytest.approx(9_000 + np.arange(N))


@pytest.mark.parametrize("delimiter", [" ", ",", "\t"])
def test_row_names_of_r_shift_no_column(tmp_path: Path, delimiter: str) -> None:
    rows = [delimiter.join((f'"{i + 1}"', f"{i / 64}", str(i), "7")) for i in range(N)]
    head = delimiter.join(('"time"', '"BVP"', '"EDA"'))
    content = read(lines(tmp_path / "a.txt", [head, *rows]))
    assert summary(content) == {"ppg": (64.0, N), "eda": (64.0, N)}
    assert content.streams[0].values[:, 0].tolist() == list(range(N))
    assert content.streams[0].channels[0].label == "BVP"


@pytest.mark.parametrize("names", ["GSR RAW,GSR CAL", "EDA_uncal,EDA_cal"])
def test_raw_values_beside_calibrated_ones_are_left_out(tmp_path: Path, names: str) -> None:
    columns = [np.arange(N) / 64, range(5000, 5000 + N), range(N)]
    stream = read(table(tmp_path / "a.csv", f"time,{names}", columns)).streams[0]
    assert stream.values[:, 0].tolist() == list(range(N))


def clock_of(form: str, i: int) -> str:
    at = datetime.datetime(2024, 6, 10, 6, 13, 20) + datetime.timedelta(seconds=i / 4)
    days = (at - datetime.datetime(1899, 12, 30)).total_seconds() / 86400
    return {"mm:ss.0": f"{at.minute}:{at.second + at.microsecond / 1e6:04.1f}",
            "days": f"{days:.9f}"}[form]  # fmt: skip


@pytest.mark.parametrize("form", ["mm:ss.0", "days"])
def test_times_as_spreadsheets_write_them(tmp_path: Path, form: str) -> None:
    stamps = [clock_of(form, i) for i in range(100)]
    stream = read(table(tmp_path / "a.csv", "time,EDA", [stamps, range(100)])).streams[0]
    assert stream.times - stream.times[0] == pytest.approx(np.arange(100) / 4, abs=0.051)
    if form == "days":
        assert stream.times[0] == pytest.approx(1718000000, abs=0.01)


def test_parts_of_a_second_and_unknown_units(tmp_path: Path) -> None:
    assert summary(read(table(tmp_path / "a.csv", "time [s/256],ECG", [range(N), range(N)]))) == {
        "ecg": (256.0, N)
    }
    path = table(tmp_path / "b.csv", "time (ticks),ECG", [range(N), range(N)])
    with pytest.raises(FormatError, match=r"unit of the time column 'time \(ticks\)'.*--rate"):
        read(path)
    path = table(tmp_path / "c.csv", "time (UTC),ECG", [START + np.arange(N) / 64, range(N)])
    assert summary(read(path)) == {"ecg": (64.0, N)}


def test_single_missing_rows_do_not_lower_the_rate(tmp_path: Path) -> None:
    kept = [i for i in range(1000) if i % 9]
    for rate in (4.0, 64.0):
        stamps = [f"{i / rate:.6f}" for i in kept]
        content = read(table(tmp_path / "a.csv", "time,EDA", [stamps, kept]))
        assert content.streams[0].rate_hz == pytest.approx(rate, rel=1e-4)
    coarse = [f"{round(i / 700, 3)}" for i in range(2000)]  # steps of 1 and 2 ms, no gap
    content = read(table(tmp_path / "b.csv", "time,ECG", [coarse, range(2000)]))
    assert content.streams[0].rate_hz == pytest.approx(700, rel=1e-3)


@pytest.mark.parametrize("at", [300, 90_000])
def test_blocks_of_zero_bytes_lose_only_their_rows(tmp_path: Path, at: int) -> None:
    path = table(tmp_path / "a.csv", "time,EDA", [np.arange(8000) / 64, range(8000)])
    data = bytearray(path.read_bytes())
    data[at : at + 50] = bytes(50)
    path.write_bytes(data)
    content = read(path)
    stream = content.streams[0]
    lost = 8000 - len(stream.times)
    assert 0 < lost < 12
    assert stream.rate_hz == pytest.approx(64)
    assert np.all(stream.values[:, 0] == np.round(stream.times * 64))
    assert any("left out" in note for note in content.notes)


def test_damaged_cells_and_long_lines_are_reported(tmp_path: Path) -> None:
    rows = [f"{i / 4},{i}" for i in range(N)]
    rows[50], rows[90], rows[120] = "12.5,ERR", "22.5,90,7,7", "x7,120"
    content = read(lines(tmp_path / "a.csv", ["time,EDA", *rows]))
    assert len(content.streams[0].times) == N - 3
    text = " ".join(content.notes)
    assert "lines with too many cells, which are left out: 1" in text
    assert "rows without a time, which are left out: 1" in text
    assert "column 'EDA': 1 cells" in text


def test_intervals_without_a_header_name_a_command(tmp_path: Path) -> None:
    path = lines(tmp_path / "rr.txt", [str(830 + i % 9) for i in range(60)])
    with pytest.raises(FormatError, match="intervals between beats, name the column"):
        read(path)


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r"])
def test_header_of_another_encoding_is_suspected(tmp_path: Path, encoding: str) -> None:
    path = table(tmp_path / "a.csv", "время,пульс", [range(60), range(60)], encoding)
    with pytest.raises(FormatError, match="iconv -f ENCODING") as refused:
        read(path)
    assert "--rate 128" in refused.value.fix


def test_columns_of_imotions_are_the_calibrated_ones(tmp_path: Path) -> None:
    names = "Timestamp,GSR RAW,GSR Resistance CAL (kOhms),GSR Conductance CAL (uSiemens),PPG CAL"
    columns = [[i * 1000 / 128 for i in range(N)], range(N), [250] * N, [4.5] * N, range(N)]
    found = {s.name: s for s in read(table(tmp_path / "a.csv", names, columns)).streams}
    assert [c.label for c in found["eda"].channels] == ["GSR Conductance CAL"]
    assert (found["eda"].values == 4.5).all()
    assert found["ppg"].rate_hz == 128


def test_counters_of_an_emotiv_headset_are_not_eeg(tmp_path: Path) -> None:
    names = "Timestamp,EEG.Counter,EEG.AF3,EEG.F7,EEG.Battery,MarkerValueInt"
    columns = [[1.7e9 + i / 128 for i in range(N)], range(N), range(N), range(N), [90] * N,
               [7 if i == 9 else "" for i in range(N)]]  # fmt: skip
    found = {s.kind: s for s in read(table(tmp_path / "a.csv", names, columns)).streams}
    assert [c.label for c in found["EEG"].channels] == ["AF3", "F7"]
    assert found["Markers"].times - found["EEG"].times[0] == pytest.approx([9 / 128], abs=1e-4)


def test_cells_in_single_quotes_are_read(tmp_path: Path) -> None:
    head = ["'Elapsed time','ECG','PLETH'", "'mm:ss.mmm','mV','NU'"]
    rows = [f"'{i // 7500}:{i / 125 % 60:06.3f}',{i % 50 / 50},0.5" for i in range(N)]
    content = read(lines(tmp_path / "a.csv", [*head, *rows]))
    assert {(s.name, s.rate_hz, s.channels[0].unit) for s in content.streams} == {
        ("ecg", 125.0, "mV"), ("ppg", 125.0, "NU"),
    }  # fmt: skip
