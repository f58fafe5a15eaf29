"""Tests of tables: encodings, delimiters, units, times, rates, cut lines."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.packages import require
from tests.sensors.files.written import START, lines, pulse, table

from sentio_sensors import AbsentError, FormatError, SensorError
from sentio_sensors.files import FileContent, Hints
from sentio_sensors.files.reader import read, recognised
from sentio_sensors.files.table import times as clock
from sentio_sensors.files.table.rules import column_of, split_unit

require("pandas")


def summary(content: FileContent) -> dict[str, tuple[float, int]]:
    return {s.name: (s.rate_hz, len(s.times)) for s in content.streams}


def units(content: FileContent) -> dict[str, str]:
    return {s.channels[0].label: s.channels[0].unit for s in content.streams}


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "utf-32"]
)
def test_every_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    path = table(
        tmp_path / "a.csv", "time,EDA (µS),Größe",
        [[i / 4 for i in range(400)], [2 + i / 100 for i in range(400)], ["klein"] * 400],
        encoding,
    )  # fmt: skip
    content = read(path)
    assert summary(content) == {"eda": (4.0, 400)}
    assert units(content) == {"EDA": "µS"}
    assert content.streams[0].values[:, 0] == pytest.approx(2 + np.arange(400) / 100)


@pytest.mark.parametrize(
    ("delimiter", "decimal"),
    [
        (",", "."),
        *((delimiter, decimal) for delimiter in (";", "\t", "|", " ") for decimal in ".,"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_delimiters_and_decimal_points(
    tmp_path: Path, delimiter: str, decimal: str, end: str
) -> None:
    rows = [f"{i / 64:.6f}{delimiter}{np.sin(i):.4f}".replace(".", decimal) for i in range(300)]
    path = lines(tmp_path / "a.txt", [f"time{delimiter}BVP", *rows], end=end)
    content = read(path)
    assert summary(content) == {"ppg": (64.0, 300)}
    assert content.streams[0].values[:, 0] == pytest.approx(np.sin(np.arange(300)), abs=1e-4)


def test_quoted_decimal_commas_are_read(tmp_path: Path) -> None:
    rows = [f'"{i / 4:.2f}","{1 + i / 8:.3f}"'.replace(".", ",") for i in range(60)]
    content = read(lines(tmp_path / "a.csv", ["time,EDA", *rows]))
    assert summary(content) == {"eda": (4.0, 60)}
    assert content.streams[0].values[:, 0] == pytest.approx(1 + np.arange(60) / 8)


UNITS = {
    "s since 1970": (1.0, START, "time"), "ms since 1970": (1e3, START, "timestamp"),
    "us since 1970": (1e6, START, "timestamp"), "ns since 1970": (1e9, START, "timestamp"),
    "ms stated": (1e3, 0.0, "time (ms)"), "us stated": (1e6, 0.0, "timestamp_us"),
    "a unit alone": (1e3, 0.0, "ms"),
    "ns stated": (1e9, 0.0, "Time [ns]"), "min stated": (1 / 60, 0.0, "time (min)"),
    "ms by the rate": (1e3, 0.0, "time"), "us by the rate": (1e6, 0.0, "time"),
}  # fmt: skip


@pytest.mark.parametrize("kind", UNITS)
@pytest.mark.parametrize("rate", [50.0, 64.0, 300.0])
def test_unit_of_time_is_recognised(tmp_path: Path, kind: str, rate: float) -> None:
    factor, start, header = UNITS[kind]
    t = start + np.arange(900) / rate
    digits = 6 if factor < 1e3 else 0
    stamps = [f"{x * factor:.{digits}f}" for x in t]
    if factor == 1e9:  # more digits than a float has
        stamps = [str(int(start) * 10**9 + round(i * 1e9 / rate)) for i in range(900)]
    content = read(table(tmp_path / "a.csv", f"{header},PPG", [stamps, range(900)]))
    assert summary(content) == {"ppg": (rate, 900)}
    assert content.streams[0].times == pytest.approx(t, abs=0.0006)


def test_an_unclear_unit_is_an_error_with_a_fix(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", "time,EDA", [[i * 3e-4 for i in range(90)], range(90)])
    path2 = table(tmp_path / "b.csv", "time,EEG", [[i * 9e-9 for i in range(90)], range(90)])
    with pytest.raises(FormatError, match=rf"steps by 9e-09.*sentio play {path2} --time-unit"):
        read(path2)
    assert summary(read(path, Hints(time_unit="min"))) == {"eda": (55.5556, 90)}


TEXT_TIMES = {
    "%Y-%m-%d %H:%M:%S.%f": 3, "%Y-%m-%dT%H:%M:%S.%fZ": 3, "%d.%m.%Y %H:%M:%S.%f": 3,
    "%m/%d/%Y %H:%M:%S.%f": 3, "%Y/%m/%d %H:%M:%S,%f": 6, "%H:%M:%S.%f": 3,
    "%m/%d/%Y %I:%M:%S.%f %p": 3, "%Y-%m-%dT%H:%M:%S.%f+02:00": 3,
}  # fmt: skip


@pytest.mark.parametrize("form", TEXT_TIMES)
def test_dates_and_times_of_day_pass_midnight(tmp_path: Path, form: str) -> None:
    start = datetime.datetime(2024, 3, 9, 23, 59, 55)
    moments = [start + datetime.timedelta(seconds=i / 20) for i in range(200)]
    stamps = [m.strftime(form) for m in moments]
    content = read(table(tmp_path / "a.csv", "Date Time;BVP", [stamps, range(200)]))
    assert summary(content) == {"ppg": (20.0, 200)}
    passed = content.streams[0].times - content.streams[0].times[0]
    assert passed == pytest.approx(np.arange(200) / 20, abs=1e-4)


def test_rate_is_taken_from_the_whole_span(tmp_path: Path) -> None:
    for rate in (4.0, 25.0, 51.2, 130.0, 250.0, 256.0, 300.0, 512.0):
        stamps = [f"{START + i / rate:.3f}" for i in range(int(rate * 20))]
        path = table(tmp_path / "a.csv", "timestamps,BVP", [stamps, range(len(stamps))])
        assert read(path).streams[0].rate_hz == pytest.approx(rate, rel=1e-4)
    # 3 % slow, with a pause of 7 s.
    t = np.r_[np.arange(2000), np.arange(2000) + 2436] / 248.3
    path = table(tmp_path / "b.csv", "time,EEG", [t.tolist(), range(4000)])
    assert read(path).streams[0].rate_hz == pytest.approx(248.3, rel=1e-4)


def test_each_column_has_its_rate(tmp_path: Path) -> None:
    def sparse(values: np.ndarray, every: int) -> list[object]:
        return [v if i % every == 0 else "" for i, v in enumerate(values.tolist())]

    n = 64 * 30
    path = table(
        tmp_path / "a.csv", "time,BVP,EDA,TEMP,HR,marker",
        [np.arange(n) / 64, range(n), sparse(np.arange(n) / 16, 16), sparse(np.full(n, 33.1), 64),
         sparse(np.full(n, 71), 77), ["go" if i == 640 else "" for i in range(n)]],
    )  # fmt: skip
    content = read(path)
    assert summary(content) == {
        "ppg": (64.0, n), "eda": (4.0, n // 16), "temp": (1.0, 30), "heart_rate": (0.0, 25),
        "marker": (0.0, 1),
    }  # fmt: skip
    eda = next(s for s in content.streams if s.name == "eda")
    assert eda.values[:, 0].tolist() == list(range(n // 16))
    assert content.streams[0].times[0] == 10.0  # the marker's


def test_restarted_clock_is_continued_and_reported(tmp_path: Path) -> None:
    part = np.arange(640) / 64
    t = np.r_[part, part, part[:320]]
    content = read(table(tmp_path / "a.csv", "time,BVP", [t.tolist(), range(len(t))]))
    stream = content.streams[0]
    assert stream.times == pytest.approx(np.arange(1600) / 64)
    assert stream.values[:, 0].tolist() == list(range(1600))
    assert any("starts again 2 times" in note for note in content.notes)


def test_single_bad_stamp_is_not_a_restart(tmp_path: Path) -> None:
    t = np.arange(640) / 64
    t[300] = 0.0
    content = read(table(tmp_path / "a.csv", "time,BVP", [t.tolist(), range(640)]))
    assert content.notes == []
    assert summary(content) == {"ppg": (64.0, 640)}
    assert content.streams[0].times[-1] == t[-1]


@pytest.mark.parametrize("cut", range(1, 24))
def test_all_whole_lines_of_a_cut_table_are_read(tmp_path: Path, cut: int) -> None:
    rows = [f"{i / 64:.4f},{i % 90 + 10:d}.25,2.500" for i in range(200)]
    path = lines(tmp_path / "a.csv", ["time,BVP,EDA", *rows])
    path.write_bytes(path.read_bytes()[:-cut])
    content = read(path)
    left = path.read_text().split("\n")[1:]
    whole = [row for row in left if row in rows]
    assert len(content.streams[0].times) == len(whole) >= 198
    assert np.all(content.streams[-1].values == 2.5)
    is_cut = left[-1] not in ("", rows[198], rows[199])
    assert ("the last line is cut and is left out" in content.notes) == is_cut


def test_codes_that_are_held_beside_a_text_are_one_marker_each(tmp_path: Path) -> None:
    codes = ["0.0"] * 10 + ["5.0"] * 20 + ["start"] + ["0.0"] * 9 + ["5.0"] * 50
    columns = [[i / 64 for i in range(90)], range(90), codes]
    found = {
        s.kind: s for s in read(table(tmp_path / "a.csv", "time,EDA,trigger", columns)).streams
    }
    assert found["Markers"].values[:, 0].tolist() == ["5.0", "start", "5.0"]
    assert found["Markers"].times * 64 == pytest.approx([10, 30, 40], abs=1e-3)


def test_rows_of_events_become_markers(tmp_path: Path) -> None:
    rows = [f"{i / 50},{i},,{7 if 20 <= i < 25 else 0}" for i in range(100)]
    rows[40] = "0.8,40,start of block 1,0"
    content = read(lines(tmp_path / "a.csv", ["time,EDA,event,trigger", *rows]))
    marks = {s.name: s for s in content.streams if s.kind == "Markers"}
    assert marks["event"].values.tolist() == [["start of block 1"]]
    assert marks["trigger"].times.tolist() == [0.4]
    assert marks["trigger"].values.tolist() == [["7"]]


def test_lines_before_the_header_are_skipped(tmp_path: Path) -> None:
    rows = [f"{i / 50},{i}" for i in range(100)]
    head = ["# device: X", "Recorded by hand", "Subject: 7", "", "Time (s),Pulse (BVP)"]
    content = read(lines(tmp_path / "a.csv", [*head, *rows]))
    assert summary(content) == {"ppg": (50.0, 100)}
    assert content.streams[0].channels[0].unit == ""


def test_a_command_for_a_path_with_spaces_is_quoted(tmp_path: Path) -> None:
    path = tmp_path / "own data" / "a b.csv"
    path.parent.mkdir()
    path.write_text("BVP,EDA\n" + "1,2\n" * 30)
    with pytest.raises(FormatError) as refused:
        read(path)
    assert f"sentio play '{path}' --rate 128" in refused.value.fix


def test_beat_intervals_alone_are_their_own_clock(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.txt", ["RR (ms)", *["800", "900"] * 20])
    content = read(path)
    assert summary(content) == {"rr": (0.0, 40)}
    assert content.streams[0].times[:3] == pytest.approx([0.8, 1.7, 2.5])


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("BVP,EDA\n" + "1,2\n" * 30, r"sentio play {path} --rate 128"),
        ("time,BVP\n" + "1,1\n" * 30, r"sentio play {path} --rate 128"),
        ("name,mood\nann,good\nben,bad\n", r"not one of XDF"),
        ("", r"it is empty"),
        (
            ",".join("1234567" * 11) + "\n" + (",".join("1234567" * 11) + "\n") * 9,
            r"--rate 250 --map",
        ),
    ],
)
def test_refusals_name_what_was_seen_and_a_command(tmp_path: Path, text: str, command: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text)
    with pytest.raises(FormatError, match=command.replace("{path}", str(path))) as refused:
        read(path)
    assert "a.csv" in refused.value.what
    assert refused.value.fix


def test_rate_option_replaces_the_time_column(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("BVP,EDA\n" + "1,2\n" * 30)
    assert summary(read(path, Hints(rate_hz=10))) == {"ppg": (10.0, 30), "eda": (10.0, 30)}
    path.write_text("1 2 3 4 5 6\n" * 30)
    content = read(path, Hints(rate_hz=250))
    assert [c.label for c in content.streams[0].channels] == [f"ch{i}" for i in range(1, 7)]
    for rate in (0.0, -4.0, float("nan"), float("inf")):
        with pytest.raises(FormatError, match="expected a number above 0"):
            read(path, Hints(rate_hz=rate))


def test_only_tables_of_signals_are_recordings(tmp_path: Path) -> None:
    good = table(tmp_path / "a.csv", "time,EDA", [range(9), range(9)])
    people = table(tmp_path / "people.csv", "participant,age", [range(9), range(9)])
    assert recognised(good)
    assert not recognised(people)
    with pytest.raises(AbsentError, match="does not exist"):
        read(tmp_path / "nothing.csv")


@pytest.mark.parametrize(
    ("header", "kind", "unit"),
    [
        ("ECG (mV)", "ecg", "mV"), ("EDA [µS]", "eda", "µS"), ("eda_uS", "eda", "uS"),
        ("RSP (a.u.)", "resp", "a.u."), ("Skin Temperature {degC}", "temp", "degC"),
        ("TP9", "eeg", ""), ("bvp", "ppg", ""), ("ppg_green", "ppg", ""), ("acc_x", "accel", ""),
        ("Pulse Ox", "", ""), ("RR-interval [ms]", "rr", "ms"), ("Heart Rate", "heart_rate", ""),
        ("timestamp_ms", "time", "ms"), ("Unix Time (s)", "time", "s"), ("battery", "ignored", ""),
        ("Event", "markers", ""), ("ms", "time", ""), ("Micros", "time", ""),
        ("Hautleitfähigkeit EDA (µS)", "eda", "µS"), ("Kanal 1 EKG [mV]", "ecg", "mV"),
        ("left wrist GSR", "eda", ""), ("ecg_quality", "other", ""), ("battery_ppg", "other", ""),
    ],
)  # fmt: skip
def test_headers_are_understood(header: str, kind: str, unit: str) -> None:
    column = column_of(header)
    assert (column.kind.lower(), column.unit) == (kind, unit)
    assert split_unit(header)[0]


@given(
    st.lists(st.tuples(st.floats(-1e6, 1e6, width=32), st.floats(-1e3, 1e3, width=32)),
             min_size=12, max_size=60),
    st.sampled_from(";\t|"), st.sampled_from(".,"), st.booleans(),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_written_numbers_are_read_again(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[float, float]],
    delimiter: str,
    decimal: str,
    windows: bool,
) -> None:
    path = tmp_path_factory.mktemp("t") / "a.csv"
    text = [
        delimiter.join(f"{x:.4f}".replace(".", decimal) for x in (i / 8, *row))
        for i, row in enumerate(rows)
    ]
    lines(path, [delimiter.join(["time", "EDA", "TEMP"]), *text], end="\r\n" if windows else "\n")
    content = read(path)
    assert summary(content) == {"eda": (8.0, len(rows)), "temp": (8.0, len(rows))}
    values = np.column_stack([s.values[:, 0] for s in content.streams])
    assert values == pytest.approx(np.array(rows), abs=1e-4)


@given(
    st.binary(max_size=600)
    | st.text(alphabet='0123456789.,;-+eE\t\n" ab:/#%', max_size=600).map(str.encode)
)
@example(b"time,BVP\n0,1\n" + b"x" * 200_000 + b",1\n1,2\n")
@example(b"a\n" + b"," * 5000)
@example(b'time,EDA\n0,"1\n1,2\n2,3\n')
@settings(max_examples=80, deadline=None)
def test_any_bytes_give_streams_or_a_typed_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "x.csv"
    path.write_bytes(content)
    for hints in (None, Hints(rate_hz=10.0)):
        try:
            for stream in read(path, hints).streams:
                assert stream.values.shape == (len(stream.times), len(stream.channels))
        except SensorError:
            pass


@given(
    st.lists(st.floats(0.5, 20.0), min_size=1, max_size=4), st.floats(20, 400),
    st.integers(1, 12),
)  # fmt: skip
@settings(deadline=None)
def test_restarts_and_blocks_give_an_even_clock(
    parts: list[float], rate: float, block: int
) -> None:
    counts = [max(3 * block + 9, int(seconds * rate)) // block * block for seconds in parts]
    counts = [max(c, int(1.5 * rate) // block * block + block) for c in counts]
    stamps = np.concatenate([np.arange(c) // block * block / rate for c in counts])
    joined, restarts = clock.continuous(stamps)
    assert restarts == len(parts) - 1
    even = clock.spread(joined)
    assert np.all(np.diff(even) > 0)
    assert clock.rate_of(even) == pytest.approx(rate, rel=0.02)


def test_pulse_is_at_its_rate() -> None:
    assert np.argmax(pulse(np.linspace(0, 60 / 66, 1000, endpoint=False))) == 250
