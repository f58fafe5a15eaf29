"""Dates with months, zones and summer time in the times of tables."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.packages import require
from tests.sensors.files.written import table

from sentio_sensors import FormatError
from sentio_sensors.files import FileContent
from sentio_sensors.files.reader import read
from sentio_sensors.files.table.dates import days_of, named_date, zone

require("pandas")

N = 200
BEGIN = datetime.datetime(2024, 3, 31, 0, 59, 40, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


def content(path: Path, write: Callable[[datetime.datetime], str]) -> FileContent:
    """Read an EDA of 4 Hz whose stamps are written by ``write``, across 1:00 UTC."""
    stamps = [write(BEGIN + datetime.timedelta(seconds=i / 4)) for i in range(N)]
    return read(table(path, "timestamp;EDA", [stamps, range(N)]))


def berlin(at: datetime.datetime) -> datetime.datetime:
    return at + (2 if at.hour >= 1 else 1) * HOUR


@pytest.mark.parametrize(
    "write",
    [
        lambda t: t.strftime("%Y%m%dT%H%M%S.%fZ"),
        lambda t: t.strftime("%d-%b-%Y %H:%M:%S.%f"),
        lambda t: t.strftime("%B %d, %Y %H:%M:%S.%f"),
        lambda t: t.strftime("%Y-%m-%d %H:%M:%S.%f UTC"),
        lambda t: (t + HOUR).strftime("%Y-%m-%d %H:%M:%S.%f CET"),
        lambda t: (t + HOUR).strftime("%Y-%m-%d %H:%M:%S.%f GMT+1"),
        lambda t: t.strftime("%a %b %d %H:%M:%S.%f %Y"),
        lambda t: (t + HOUR).strftime("%a %b %d %H:%M:%S.%f CET %Y"),
        lambda t: (t + HOUR).strftime("%Y-%m-%dT%H:%M:%S.%f+01:00[Europe/Berlin]"),
        lambda t: t.strftime("%Y-%m-%d %H:%M:%S.%f Europe/London"),
        lambda t: (t - 5 * HOUR).strftime("%Y-%m-%dT%H:%M:%S,%f-05"),
        lambda t: berlin(t).strftime("%Y-%m-%dT%H:%M:%S.%f+0") + ("2:00" if t.hour else "1:00"),
        lambda t: berlin(t).strftime("%Y-%m-%d %H:%M:%S.%f ") + ("CEST" if t.hour else "CET"),
    ],
)
def test_dates_are_read(tmp_path: Path, write: Callable[[datetime.datetime], str]) -> None:
    stream = content(tmp_path / "a.csv", write).streams[0]
    assert stream.rate_hz == 4
    assert stream.times == pytest.approx(BEGIN.timestamp() + np.arange(N) / 4, abs=1e-3)


def test_the_hour_that_summer_time_leaves_out_is_not_a_pause(tmp_path: Path) -> None:
    found = content(tmp_path / "a.csv", lambda t: berlin(t).strftime("%Y-%m-%d %H:%M:%S.%f"))
    assert np.diff(found.streams[0].times) == pytest.approx(np.full(N - 1, 0.25))
    assert "summer time begins" in found.notes[0]


def test_the_hour_that_is_repeated_in_autumn_is_joined(tmp_path: Path) -> None:
    found = content(
        tmp_path / "a.csv",
        lambda t: (t + (1 if t.hour >= 1 else 2) * HOUR).strftime("%Y-%m-%d %H:%M:%S.%f"),
    )
    assert np.diff(found.streams[0].times) == pytest.approx(np.full(N - 1, 0.25))


@pytest.mark.parametrize("pause", [3599.0, 3603.0, 7200.0])
def test_a_pause_stays_a_pause(tmp_path: Path, pause: float) -> None:
    found = content(
        tmp_path / "a.csv",
        lambda t: (t + datetime.timedelta(seconds=pause if t.hour else 0)).strftime(
            "%Y-%m-%d %H:%M:%S.%f"
        ),
    )
    assert np.diff(found.streams[0].times).max() == pytest.approx(pause + 0.25)


def test_an_unknown_zone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError):
        content(tmp_path / "a.csv", lambda t: t.strftime("%Y-%m-%d %H:%M:%S XYZ"))


def test_names_of_months_and_zones() -> None:
    day = datetime.datetime(2024, 2, 29, tzinfo=datetime.UTC).timestamp()
    assert {named_date(t) for t in ("29-Feb-2024", "February 29, 2024", "29 feb 2024")} == {day}
    assert np.isnan([named_date("30-Feb-2024"), named_date("1-Foo-2024")]).all()
    assert [zone(t) for t in ("Z", "CEST", "GMT-3", "+05:30", "-0800")] == [
        0, 7200, -10800, 19800, -28800,
    ]  # fmt: skip
    assert np.isnan([zone("XYZ"), zone("CET+1")]).all()


def at(*date: int) -> float:
    return datetime.datetime(*date, tzinfo=datetime.UTC).timestamp()  # type: ignore[misc]


@pytest.mark.parametrize(
    ("dates", "half", "expected", "stated"),
    [
        (["13/04/2026", "3/4/2026"], False, [(2026, 4, 13), (2026, 4, 3)], ""),
        (["4/13/2026"], False, [(2026, 4, 13)], ""),
        (["04-13-2026"], False, [(2026, 4, 13)], ""),
        (["13-04-26"], False, [(2026, 4, 13)], ""),
        # Across midnight: two days are closer than two months.
        (["03/04/2026", "04/04/2026"], False, [(2026, 4, 3), (2026, 4, 4)], ""),
        (["03/04/2026", "03/05/2026"], False, [(2026, 3, 4), (2026, 3, 5)], ""),
        (["03.04.2026"], False, [(2026, 4, 3)], ""),  # dots: the day is first
        (["03/04/2026"], False, [(2026, 3, 4)], "month, day, year"),
        (["03-04-2026"], False, [(2026, 4, 3)], "day, month, year"),
        (["03-04-2026"], True, [(2026, 3, 4)], "month, day, year"),
        (["04/04/2026"], False, [(2026, 4, 4)], ""),
        (["2026-04-03", "2026/4/4"], False, [(2026, 4, 3), (2026, 4, 4)], ""),
    ],
)
def test_day_and_month_follow_from_content_or_the_order_is_stated(
    dates: list[str], half: bool, expected: list[tuple[int, int, int]], stated: str
) -> None:
    found, note = days_of(dates, has_half=half)
    assert [found[text] for text in dates] == [at(*date) for date in expected]
    assert (stated in note) if stated else not note


def test_an_order_that_was_assumed_is_a_note(tmp_path: Path) -> None:
    found = content(tmp_path / "a.csv", lambda t: t.strftime("03/04/2026 %H:%M:%S.%f"))
    assert [n for n in found.notes if "03/04/2026 is read as month, day, year" in n]
    clear = content(tmp_path / "b.csv", lambda t: t.strftime("13/04/2026 %H:%M:%S.%f"))
    assert not clear.notes


def test_days_that_do_not_exist_have_no_time() -> None:
    found, _ = days_of(["31/02/2026", "13/13/2026"])
    assert all(np.isnan(value) for value in found.values())
