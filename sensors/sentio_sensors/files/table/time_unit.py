"""Unit and origin of a time column of numbers, stated or recognised."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from sentio_sensors.errors import FormatError

UNITS: Mapping[str, float] = {
    "s": 1.0, "ms": 1e-3, "us": 1e-6, "100ns": 1e-7, "ns": 1e-9, "min": 60.0, "h": 3600.0,
    "days": 86400.0,
}  # fmt: skip
"""Units of time, in seconds."""

_SPELLINGS = {
    "sec": "s", "secs": "s", "second": "s", "seconds": "s", "msec": "ms", "msecs": "ms",
    "millis": "ms", "millisec": "ms", "millisecs": "ms", "milliseconds": "ms",
    "millisecond": "ms", "µs": "us", "μs": "us", "usec": "us", "µsec": "us", "μsec": "us",
    "usecs": "us", "micros": "us", "microsec": "us", "microseconds": "us", "nsec": "ns",
    "nanos": "ns", "nanoseconds": "ns", "minutes": "min", "minute": "min", "hours": "h",
    "hour": "h", "day": "days", "d": "days", "100 ns": "100ns", "100-ns": "100ns",
    "100nsec": "100ns", "0.1us": "100ns", "0.1 us": "100ns", "0.1µs": "100ns",
    "filetime": "100ns",
}  # fmt: skip

_PART = re.compile(r"^s/\d{1,6}(?:\.\d+)?$")
"""A part of a second, ``s/256``, as some loggers count."""

_NO_UNIT = re.compile(
    r"utc|gmt|local|unix|epoch|posix|lsl|phone|h{1,2}:m|y{2,4}|iso|formatted|cal"
    r"|datenum|serial|excel|matlab|julian|mjd"
)
"""Words beside the name of a time column that say which clock it is, or how it is written."""

LIMITS: Mapping[str, tuple[float, float]] = {
    "eeg": (20.0, 50e3), "ecg": (20.0, 50e3), "emg": (20.0, 50e3), "eog": (20.0, 50e3),
    "ppg": (5.0, 10e3), "audio": (4e3, 400e3), "accel": (2.0, 10e3), "resp": (4.0, 10e3),
    "eda": (0.05, 5e3), "temp": (0.001, 5e3), "heart_rate": (0.01, 5e3),
}  # fmt: skip
"""Lowest and highest plausible rate of each kind of channel, Hz."""

_ANY = (1e-4, 50e3)

_GUESSED = ("s", "ms", "us", "ns")
"""Units that are considered for times from any origin."""

_SLOW = 0.01
"""Share of the lowest plausible rate that absolute times may have: those of features, not samples.
A count from an unknown origin, such as ns since the start of a phone, gives still less."""

_TOO_FAST = 1000.0
"""Hz in seconds above which times in the range of days are read as days, if those fit."""


_NO_RECORDING_S = 3.0
"""Duration below which a file is no recording of skin conductance, seconds."""

_LEAST_STEP = 1e-30
"""Least step that is a step and no rounding, in units."""


class _Origin(NamedTuple):
    """A way in which programs count absolute time.

    Attributes:
        low: Least value of a recording, in units.
        high: Largest value.
        unit: One of ``UNITS``.
        epoch: Value at 1970-01-01 00:00 UTC, in units.
        words: How it is counted, for people.
    """

    low: float
    high: float
    unit: str
    epoch: float
    words: str


_COUNTS = (
    _Origin(1.25e17, 1.7e17, "100ns", 116_444_736_000_000_000, "100 ns since 1601, as Windows"),
    _Origin(6.2e17, 6.8e17, "100ns", 621_355_968_000_000_000, "100 ns since the year 1, as .NET"),
    _Origin(1.25e16, 1.7e16, "us", 11_644_473_600_000_000, "us since 1601, as web browsers"),
    _Origin(9.4e17, 2.2e18, "ns", 0, "ns since 1970"),
    _Origin(9.4e14, 2.2e15, "us", 0, "us since 1970"),
    _Origin(9.4e11, 2.2e12, "ms", 0, "ms since 1970"),
    _Origin(9.4e8, 2.2e9, "s", 0, ""),
    _Origin(3.0e9, 4.3e9, "s", 2_082_844_800, "s since 1904, as LabVIEW"),
    _Origin(6.0e8, 9.4e8, "s", -978_307_200, "s since 2001, as Apple's systems"),
)
"""Counts since the year 2000 or so, which their size shows; the first that fits."""

_DAYS = (
    _Origin(725_000, 767_000, "days", 719_529, "days since the year 0, as MATLAB's datenum"),
    _Origin(2_446_000, 2_488_000, "days", 2_440_587.5, "Julian days"),
    _Origin(57_000, 70_000, "days", 40_587, "modified Julian days"),
    _Origin(29_000, 57_000, "days", 25_569, "days, as spreadsheets do"),
    _Origin(10_957, 29_000, "days", 0, "days since 1970"),
)
"""Counts of days, which need a step that is plausible too."""


class TimeUnit(NamedTuple):
    """Unit and origin of a time column.

    Attributes:
        scale: Seconds of a unit.
        epoch: Units to subtract, so that times since 1970 are those of Unix; 0 if not absolute.
        note: What was decided; empty if the column states it.
    """

    scale: float
    epoch: float = 0.0
    note: str = ""


def unit_named(text: str) -> str | None:
    """Return the unit of time that a text names, or None."""
    word = text.strip().strip("[](){}").strip().lower()
    word = _SPELLINGS.get(word, word)
    if _PART.match(word) and 0 < float(word.partition("/")[2]) < 1e6:
        return word
    return word if word in UNITS else None


def is_strange(text: str) -> bool:
    """Return whether a time column states a unit that is not known."""
    word = text.strip().strip("[](){}").strip().lower()
    return bool(word) and unit_named(text) is None and not _NO_UNIT.search(word)


def scale_of(unit: str) -> float:
    """Return the seconds of a unit that ``unit_named`` returned."""
    return UNITS[unit] if unit in UNITS else 1.0 / float(unit.partition("/")[2])


def recognised(
    step: float,
    origin: float,
    stated: str | None,
    kinds: Collection[str],
    column: str,
    name: str,
    strange: bool,
    rows: int = 0,
) -> TimeUnit:
    """Return the unit of a time column of numbers.

    Args:
        step: Typical step between rows, in units; 0 if there is none.
        origin: First time, in units.
        stated: Unit that is stated, as ``unit_named`` returns it; None if there is none.
        kinds: Kinds of the other columns, in lower case; their rates must be plausible.
        column: Name of the column, for messages.
        name: Name of the file, for messages.
        strange: The header states a unit that is not known: no unit is guessed.
        rows: Number of rows; 0 if unknown.

    Raises:
        FormatError: The unit is neither stated nor clear from the values.
    """
    if stated is not None:
        known = (o for o in (*_COUNTS, *_DAYS) if o.unit == stated and o.low <= origin < o.high)
        return TimeUnit(scale_of(stated), next((o.epoch for o in known), 0.0))
    bounds = [LIMITS.get(kind, _ANY) for kind in kinds] or [_ANY]
    low, high = max(b[0] for b in bounds), min(b[1] for b in bounds)
    for count in _COUNTS:
        slow = step * UNITS[count.unit] * _SLOW * low > 1
        if count.unit == "s" and "eda" in kinds and not _like_seconds(step, set()):
            slow = slow or low <= 1000 / step <= high
        if count.low <= origin < count.high and not slow:
            return _counted(count, column)
    if step < _LEAST_STEP:
        return TimeUnit(1.0)
    rates = {unit: 1 / (step * scale) for unit, scale in UNITS.items()}
    fits = [unit for unit, rate in rates.items() if low <= rate <= high]
    ticks = "tick" in column.lower() and "100ns" in fits
    if strange:
        raise FormatError(
            f"{name}: the unit of the time column {column!r} is not known, and it steps by "
            f"{step:g}",
            f"if it counts 100 ns: sentio play {name} --time-unit 100ns; else state the rate"
            if ticks
            else f"state the rate, for example: sentio play {name} --rate 256",
        )
    days = next((o for o in _DAYS if o.low <= origin < o.high and "days" in fits), None)
    likely = [unit for unit in _GUESSED if unit in fits]
    if days is not None and (not likely or (likely == ["s"] and rates["s"] > _TOO_FAST)):
        return _counted(days, column)
    if likely[:1] == ["s"] and (
        "ms" not in likely or kinds == {"heart_rate"} or _like_seconds(step, kinds, rows)
    ):
        return TimeUnit(1.0)
    if not likely and "100ns" in fits:
        likely = ["100ns"]
    if len(likely) == 1 and (likely == ["100ns"] or not ticks):
        unit = likely[0]
        note = f"column {column!r} steps by {step:g}: read as {unit} ({rates[unit]:.4g} Hz)"
        return TimeUnit(UNITS[unit], 0.0, note)
    if "ms" in likely and likely[0] == "s":
        likely.remove("s")  # not like seconds, above
    order = ["100ns"] if ticks else [*likely, *(unit for unit in ("days", "min", "h", "ms"))]
    guess = next((unit for unit in order if unit in fits), "ms")
    shown = ", ".join(f"{rates[unit]:.4g} Hz in {unit}" for unit in fits or _GUESSED)
    raise FormatError(
        f"{name}: column {column!r} steps by {step:g}, which is {shown}; its unit is not stated",
        f"state it, for example: sentio play {name} --time-unit {guess}",
    )


def _like_seconds(step: float, kinds: Collection[str], rows: int = 0) -> bool:
    """Return whether a step can be one of seconds, of samples or of averages.

    Averages are taken over even parts and multiples of a minute. Skin conductance at 100 or 250 Hz
    in ms has such steps too, so that of those only 1, 12, 15 and 30 count. At 1 kHz it steps by 1
    as well: that counts in a file that would last less than ``_NO_RECORDING_S`` at 1 kHz.
    """
    whole = round(step)
    if "eda" in kinds and abs(step - 1) < 0.01 and rows >= 1000 * _NO_RECORDING_S:
        return False
    if step <= 1 or abs(step - whole) > 0.01 * step:
        return step <= 1
    if "eda" in kinds and whole in (2, 3, 4, 5, 6, 10, 20):
        return False
    return 60 % whole == 0 or whole % 60 == 0


def _counted(origin: _Origin, column: str) -> TimeUnit:
    note = f"column {column!r} counts {origin.words}" if origin.words else ""
    return TimeUnit(UNITS[origin.unit], origin.epoch, note)
