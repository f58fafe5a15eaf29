"""Units and origins of time columns: stated, or shown by size and rate."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.packages import require
from tests.sensors.files.written import table

from sentio_sensors import FormatError
from sentio_sensors.files import FileContent, Hints
from sentio_sensors.files.reader import read
from sentio_sensors.files.table.time_unit import recognised, unit_named

require("pandas")

N = 400
UNIX = 1_718_000_000


def written(
    path: Path, head: str, rate: int, count: Callable[[Fraction], object], kind: str = "ECG"
) -> Path:
    """Write samples at ``rate`` Hz with times by ``count`` of the seconds since 1970."""
    stamps = [count(UNIX + Fraction(i, rate)) for i in range(N)]
    return table(path, f"{head},{kind}", [stamps, range(N)])


def text(number: Fraction, digits: int) -> str:
    """Return a number with decimals, exactly rounded."""
    whole, part = divmod(round(number * 10**digits), 10**digits)
    return f"{whole}.{part:0{digits}d}"


def days(epoch: float) -> Callable[[Fraction], str]:
    return lambda t: text(t / 86400 + Fraction(epoch), 12)


COUNTS: dict[str, Callable[[Fraction], object]] = {
    "Windows": lambda t: int((t + 11_644_473_600) * 10**7),
    ".NET": lambda t: int((t + 62_135_596_800) * 10**7),
    "web browsers": lambda t: int((t + 11_644_473_600) * 10**6),
    "ns since 1970": lambda t: int(t * 10**9),
    "us since 1970": lambda t: int(t * 10**6),
    "ms since 1970": lambda t: text(t * 1000, 3),
    "LabVIEW": lambda t: text(t + 2_082_844_800, 6),
    "Apple": lambda t: text(t - 978_307_200, 6),
    "datenum": days(719_529),
    "spreadsheets": days(25_569),
    "modified Julian": days(40_587),
    " Julian": days(2_440_587.5),
    "days since 1970": days(0),
}


@pytest.mark.parametrize("rate", [4, 250])
@pytest.mark.parametrize("words", COUNTS)
def test_absolute_counts_are_recognised(tmp_path: Path, words: str, rate: int) -> None:
    kind = "EDA" if rate == 4 else "ECG"
    content = read(written(tmp_path / "a.csv", "time", rate, COUNTS[words], kind))
    stream = content.streams[0]
    assert stream.rate_hz == rate
    assert stream.times == pytest.approx(UNIX + np.arange(N) / rate, abs=1e-4)
    assert words in content.notes[0]


@pytest.mark.parametrize(
    ("unit", "origin"),
    [("ns", 5_000), ("ns", 180_000), ("ns", 1_500), ("us", 1_000), ("us", 1_700), ("us", 3_600)],
)
def test_counts_since_a_start_are_not_dates(tmp_path: Path, unit: str, origin: int) -> None:
    """Phones count ns since they were switched on, in the range of ms since 1970."""
    scale = {"ns": 10**9, "us": 10**6}[unit]
    path = written(tmp_path / "a.csv", "timestamp", 64, lambda t: int((t - UNIX + origin) * scale))
    stream = read(path).streams[0]
    assert stream.rate_hz == 64
    assert stream.times == pytest.approx(origin + np.arange(N) / 64)


@pytest.mark.parametrize("head", ["time (100ns)", "time [100 ns]", "timestamp_100ns", "ticks"])
def test_ticks_are_read_where_stated(tmp_path: Path, head: str) -> None:
    path = written(tmp_path / "a.csv", head, 64, lambda t: int((t - UNIX) * 10**7))
    hints = Hints()
    if head == "ticks":
        with pytest.raises(FormatError, match="64 Hz in 100ns, 6400 Hz in ns.*--time-unit 100ns"):
            read(path)
        hints = Hints(time_unit="100ns")
    assert read(path, hints).streams[0].rate_hz == 64


def test_a_count_of_days_from_anywhere_asks_for_its_unit(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "time", 250, lambda t: text((t - UNIX) / 86400, 12))
    with pytest.raises(FormatError, match="250 Hz in days.*--time-unit days"):
        read(path)
    assert read(path, Hints(time_unit="days")).streams[0].rate_hz == 250


@pytest.mark.parametrize(("rate", "kind"), [(512, "EEG"), (4, "EDA")])
def test_seconds_in_the_range_of_days_stay_seconds(tmp_path: Path, rate: int, kind: str) -> None:
    stamps = [f"{45_000 + i / rate:.6f}" for i in range(N)]
    content = read(table(tmp_path / "a.csv", f"time,{kind}", [stamps, range(N)]))
    assert (content.streams[0].rate_hz, content.streams[0].times[0]) == (rate, 45_000)


def test_slow_features_in_unix_time_stay_in_seconds(tmp_path: Path) -> None:
    stamps = [UNIX + i for i in range(N)]
    content: FileContent = read(table(tmp_path / "a.csv", "time,EEG", [stamps, range(N)]))
    assert content.streams[0].rate_hz == 1


@pytest.mark.parametrize(
    ("step", "origin"), [(250, 1.2e9), (15.625, 1.2e9), (7.8125, 0), (10, 0), (1, 0)]
)
def test_skin_conductance_in_ms_is_not_read_as_seconds(step: float, origin: float) -> None:
    """Steps of 4 Hz in ms, 11 to 25 days after a start, look like slow Unix seconds.

    Steps of 1 kHz look like 1 Hz in seconds, except in a file too short for 1 kHz.
    """
    with pytest.raises(FormatError, match="Hz in ms.*--time-unit ms"):
        recognised(step, origin, None, {"eda"}, "time", "a.csv", False, 3000)


@pytest.mark.parametrize(
    ("step", "origin", "kinds"),
    [(60, UNIX, {"eda"}), (5, UNIX, {"eda"}), (1, 0, {"eda"}), (0.25, 0, {"eda"}),
     (7.3, 0, {"heart_rate"}), (11.3, UNIX, {"heart_rate"}), (300, 0, {"temp"})],
)  # fmt: skip
def test_averages_and_slow_samples_stay_in_seconds(
    step: float, origin: float, kinds: set[str]
) -> None:
    assert recognised(step, origin, None, kinds, "time", "a.csv", False, 2999).scale == 1


@pytest.mark.parametrize(
    ("size", "step", "head"),
    [(2**32, 15_625, "time_us"), (2**32, 15.625, "time_ms"), (65_536, 15.625, "t_ms"),
     (1000, 15.625, "time_ms"), (60, 1 / 64, "time_s"), (86_400, 1 / 64, "time_s")],
)  # fmt: skip
@pytest.mark.parametrize("lost", [0, 40])
def test_counters_that_are_full_go_on(
    tmp_path: Path, size: float, step: float, head: str, lost: int
) -> None:
    kept = [i for i in range(N) if not 200 <= i < 200 + lost]
    stamps = [(size - 200.2 * step + i * step) % size for i in kept]
    stream = read(table(tmp_path / "a.csv", f"{head},BVP", [stamps, kept])).streams[0]
    assert stream.rate_hz == pytest.approx(64, rel=1e-3)
    assert stream.times - stream.times[0] == pytest.approx(np.array(kept) / 64, abs=2e-3)


@settings(max_examples=60, deadline=None)
@given(
    st.floats(0, 1e12), st.floats(-1e20, 1e20), st.sampled_from([None, "s", "100ns", "days"]),
    st.sets(st.sampled_from(["ecg", "eda", "temp", "x"])), st.booleans(),
)  # fmt: skip
def test_any_column_has_a_scale_or_is_refused(
    step: float, origin: float, stated: str | None, kinds: set[str], strange: bool
) -> None:
    with contextlib.suppress(FormatError):
        found = recognised(step, origin, stated, kinds, "time", "a.csv", strange)
        assert 0 < found.scale <= 86400


@pytest.mark.parametrize(
    ("text", "unit"),
    [("[ms]", "ms"), ("µs", "us"), ("100 ns", "100ns"), ("(d)", "days"), ("s/256", "s/256"),
     ("s/0", None), ("mV", None)],
)  # fmt: skip
def test_units_by_name(text: str, unit: str | None) -> None:
    assert unit_named(text) == unit
