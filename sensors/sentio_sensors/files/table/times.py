"""Times of a table's rows: dates, restarts, blocks of equal stamps, and the rate."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.errors import FormatError
from sentio_sensors.files.table.counters import unwrapped
from sentio_sensors.files.table.dates import days_of, zone
from sentio_sensors.files.table.time_unit import recognised

BACK_S = 1.0
"""A step back by more than this is a restart of the clock; a smaller one is disorder."""

DISORDER = 0.1
"""Share of steps back from which rows are in no order."""

HOUR = 3600.0
"""Step of local clocks when summer time begins, seconds."""

_DATE = (
    r"^(?P<date>\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}"
    r"|\d{1,2}[-/. ][A-Za-z]{3,9}[-/. ,]+\d{4}|[A-Za-z]{3,9}[-/. ]\d{1,2}[-/. ,]+\d{4})?"
    r"[T_ ]*(?P<time>\d{1,3}:\d{1,2}(?:[.,]\d+|:\d{1,2}(?:[.,:]\d+)?)?)?\s*(?P<half>[AaPp][Mm])?"
    r"\s*(?P<zone>Z|(?:[A-Z]{3,4})?[+-]\d{1,2}(?::?\d{2})?|[A-Z]{3,4})?$"
)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Times of all rows of a table.

    Attributes:
        times: Seconds, float64 ``(n,)``; NaN for rows without a time.
        notes: What was decided.
    """

    times: NDArray[np.float64]
    notes: tuple[str, ...] = ()


def _numbers(values: NDArray[Any]) -> NDArray[np.float64] | None:
    """Return a column of numbers, some of which are damaged; None if most are texts."""
    import pandas

    found = pandas.to_numeric(pandas.Series(values), errors="coerce").to_numpy(float)
    filled = sum(value is not None for value in values)
    return found if int(np.isfinite(found).sum()) * 2 > filled else None


def seconds(
    values: NDArray[Any],
    unit: str | None,
    kinds: Collection[str],
    column: str,
    name: str,
    strange: bool = False,
) -> Timeline:
    """Convert a time column to seconds.

    Args:
        values: Numbers, or texts such as ``2024-06-10 06:13:20.003``.
        unit: Unit of numbers, if it is stated.
        kinds: Kinds of the other columns, in lower case; their rates must be plausible.
        column: Name of the column, for messages.
        name: Name of the file, for messages.
        strange: The header states a unit that is not known: no unit is guessed.

    Raises:
        FormatError: The unit is neither stated nor clear from the values.
    """
    if values.dtype == object:
        numbers = _numbers(values)
        if numbers is None:
            return _from_texts(values, column, name)
        values = numbers
    first = values[np.flatnonzero(np.isfinite(values.astype(float)))[:1]]
    if not len(first):
        raise FormatError(
            f"{name}: time column {column!r} is empty", f"sentio play {name} --rate 128"
        )
    values, size = unwrapped(values)
    origin = float(first[0])
    relative = (values - first[0]).astype(np.float64)  # exact for whole nanoseconds
    step = typical_step(np.sort(relative) if is_disordered(relative) else relative)
    found = recognised(step, origin, unit, kinds, column, name, strange, len(values))
    times = relative * found.scale + (origin - found.epoch) * found.scale
    notes = [found.note] if found.note else []
    if size:
        notes.append(f"column {column!r} starts at 0 again after {size:.15g}: the times go on")
    return Timeline(times, tuple(notes))


def _from_texts(values: NDArray[Any], column: str, name: str) -> Timeline:
    """Convert dates and times of day to seconds; a day is added where midnight passes."""
    import pandas

    texts = pandas.Series(values, dtype=object).astype("string").str.strip()
    for form, common in _FORMS:
        if texts.iloc[:_SAMPLE].str.match(form).any():
            texts = texts.str.replace(form, common, regex=True)
    parts = texts.str.extract(_DATE)
    known = parts["date"].notna() | parts["time"].notna()
    if int(known.sum()) * 2 < len(values):
        seen = next((str(v) for v in values if v is not None), "")
        raise FormatError(
            f"{name}: time column {column!r} contains {seen[:40]!r}, expected seconds or a date",
            f"name the rate instead: sentio play {name} --rate 128",
        )
    clock = parts["time"].fillna("0:0:0").str.replace(",", ".").map(_time_of_day).to_numpy(float)
    half = parts["half"].str.lower()
    hours = clock // 3600
    clock = clock + np.where((half == "pm").fillna(False) & (hours < 12), 43200.0, 0.0)
    clock = clock - np.where((half == "am").fillna(False) & (hours == 12), 43200.0, 0.0)
    dates, order = days_of(parts["date"].dropna().unique(), has_half=bool(half.notna().any()))
    if dates:
        days = parts["date"].map(dates).astype(float).to_numpy()
        times = days + clock
    else:
        back = np.r_[0.0, np.diff(clock)] < -43200.0
        times = clock + 86400.0 * np.cumsum(back)
    zones = {text: zone(text) for text in parts["zone"].dropna().unique()}
    notes: tuple[str, ...] = (f"column {column!r}: {order}",) if order else ()
    if not zones and (joined := _without_summer(times)) is not None:
        times = joined
        notes += (
            f"summer time begins in column {column!r}: the hour that is left out is not a pause",
        )
    shift = parts["zone"].map(zones).astype(float).to_numpy()
    shift = np.where(parts["zone"].isna().to_numpy(bool), 0.0, shift)
    found: NDArray[np.float64] = np.where(known.to_numpy(bool), times - shift, np.nan)
    return Timeline(found, notes)


_BASIC = r"^(\d{4})(\d{2})(\d{2})[T_](\d{2})(\d{2})(\d{2}(?:[.,]\d+)?)"
"""ISO 8601 without separators."""

_PLACE = r"^(.*?)\s*\[?[A-Z][A-Za-z]+/[A-Za-z_/]+\]?$"
"""Place of a zone, ``Europe/Berlin``: the offset is beside it, or all times are local ones."""

_CTIME = r"^(?:[A-Za-z]{3,9},? )([A-Za-z]{3}) +(\d{1,2}) (\d[\d:.]+)( [A-Z]{3,4})? (\d{4})$"
"""C's and Java's date, ``Mon Jun 10 23:59:55 CEST 2024``."""

_FORMS = ((_BASIC, r"\1-\2-\3T\4:\5:\6"), (_PLACE, r"\1"), (_CTIME, r"\1 \2 \5 \3\4"))
"""Less common forms, and the common one of each."""

_SAMPLE = 1000
"""Rows in which these forms are looked for: a program writes one form."""


def _time_of_day(text: str) -> float:
    """Return seconds of ``h:m``, ``h:m:s``, ``h:m:s.f`` or ``h:m:s:f`` (ms)."""
    parts = text.split(":")
    if len(parts) == 2 and "." in parts[1]:  # minutes and seconds, as spreadsheets show them
        parts = ["0", *parts]
    if len(parts) == 4:
        parts = [*parts[:2], f"{parts[2]}.{parts[3]:0>3}"]
    while len(parts) < 3:
        parts.append("0")
    return float(parts[0]) * 3600 + float(parts[1]) * 60 + float(parts[2])


def _without_summer(times: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Return local times without the hour that summer time leaves out, or None.

    The hour ends at a full one, and no program pauses for exactly as long.
    """
    steps = np.diff(times)
    usual = float(np.nanmedian(steps)) if len(steps) else 0.0
    if not 0 < usual < 60:
        return None
    at = np.flatnonzero(np.abs(steps - HOUR - usual) < 0.75 * usual)
    hours = times[at + 1] % HOUR
    at = at[hours < 1.5 * usual]
    if len(at) != 1:
        return None
    joined = times.copy()
    joined[at[0] + 1 :] -= HOUR
    return joined


def typical_step(times: NDArray[np.float64]) -> float:
    """Return the mean step without gaps and steps back; 0 if there is none."""
    steps = np.diff(times[np.isfinite(times)])
    # Rows after the last change of the stamp are a block whose duration is not known.
    steps = steps[: np.max(np.flatnonzero(steps > 0), initial=-1) + 1]
    steps = steps[steps >= 0]
    if not len(steps):
        return 0.0
    even = _even_step(times, steps)
    if even:
        return float(steps[np.abs(steps - even) < 0.5 * even].mean())
    mean = float(steps.mean())
    for _ in range(8):
        kept = steps[steps <= 5 * mean]
        if not len(kept) or not kept.max() > 0:
            break
        mean = float(kept.mean())
    return mean


def _even_step(times: NDArray[np.float64], steps: NDArray[np.float64]) -> float:
    """Return the step of most samples where nearly all are equal, else 0.

    A step of twice as much is then a gap. 0 where stamps jitter, share values, or are written too
    coarsely to distinguish a gap from rounding.
    """
    usual = float(np.median(steps))
    if usual <= 0 or np.mean(np.abs(steps - usual) <= 0.05 * usual) < 0.6:
        return 0.0
    return usual if resolution(times[np.isfinite(times)]) <= 0.1 * usual else 0.0


def is_disordered(times: NDArray[np.float64]) -> bool:
    """Return whether rows are in no order, not in parts of a restarted clock."""
    steps = np.diff(times[np.isfinite(times)])
    return len(steps) > 2 and bool(DISORDER < np.mean(steps < 0) < 1 - DISORDER)


def continuous(times: NDArray[np.float64]) -> tuple[NDArray[np.float64], int]:
    """Put the parts of a clock that started again one after another.

    Args:
        times: Seconds; NaN is kept.

    Returns:
        Times, and the number of restarts. A part begins one typical step after the end of the one
        before it.
    """
    index = np.flatnonzero(np.isfinite(times))
    known = times[index]
    if len(known) < 2 or is_disordered(known):
        return times, 0
    step = typical_step(known)
    limit = max(BACK_S, 5 * step)
    restarts = [
        int(at) + 1
        for at in np.flatnonzero(np.diff(known) < -limit)
        if _stays_back(known, int(at), limit)
    ]
    if not restarts:
        return times, 0
    out = known.copy()
    edges = [0, *restarts, len(known)]
    each = [typical_step(known[a:b]) for a, b in zip(edges[:-1], edges[1:], strict=True)]
    step = float(np.median([s for s in each if s] or [step]))
    end = _end(known[: edges[1]], step)
    for begin, stop in zip(edges[1:-1], edges[2:], strict=True):
        part = known[begin:stop]
        shift = end - float(np.min(part))
        out[begin:stop] = part + shift
        end = _end(part, step) + shift
    joined = times.copy()
    joined[index] = out
    return joined, len(restarts)


def _end(part: NDArray[np.float64], step: float) -> float:
    """Return when the next row is due: rows that share the last stamp follow it."""
    last = float(np.max(part))
    return last + step * int(np.count_nonzero(part == last))


def _stays_back(times: NDArray[np.float64], at: int, limit: float) -> bool:
    """Return whether the clock really stepped back, not only one bad stamp."""
    after = times[at + 2 : at + 5]
    return bool(len(after)) and bool(np.all(after < times[at] - limit / 2))


def spread(times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Space rows that share a stamp evenly up to the next stamp."""
    finite = np.isfinite(times)
    known = times[finite]
    if len(known) < 3 or not np.any(np.diff(known) == 0):
        return times
    starts = np.r_[0, np.flatnonzero(np.diff(known) != 0) + 1]
    if len(starts) < 2:
        return times
    counts = np.diff(np.r_[starts, len(known)])
    usual = float(np.median(np.diff(known[starts]) / counts[:-1]))
    # Not beyond the usual step: after a gap, the rows stay at their stamp.
    ahead = np.r_[np.diff(known[starts]) / counts[:-1], usual]
    ahead = np.where((ahead > 0) & (ahead < 1.5 * abs(usual)), ahead, abs(usual))
    rank = np.arange(len(known)) - np.repeat(starts, counts)
    out = times.copy()
    out[finite] = known + rank * np.repeat(ahead, counts)
    return out


def rate_of(times: NDArray[np.float64]) -> float:
    """Return the rate over the whole span, without gaps; 0 if it cannot be known.

    A whole number is returned where the stamps' resolution and jitter cannot distinguish it.

    Args:
        times: Seconds, ascending.
    """
    known = times[np.isfinite(times)]
    steps = np.diff(known)
    step = typical_step(known)
    if not step:
        return 0.0
    even = _even_step(known, steps)
    kept = steps[np.abs(steps - even) < 0.5 * even if even else (steps >= 0) & (steps <= 5 * step)]
    span = float(kept.sum())
    if not span > 0:
        return 0.0
    rate = len(kept) / span
    spread_of_steps = float(np.median(np.abs(kept - span / len(kept))))
    doubt = min(0.005, (2 * spread_of_steps + 2 * resolution(known)) / span)
    if rate >= 1:
        near = float(round(rate))
        return near if abs(near - rate) <= rate * doubt else round(rate, 4)
    near = 1 / round(1 / rate)
    return near if abs(near - rate) <= rate * doubt else float(f"{rate:.6g}")


def resolution(times: NDArray[np.float64]) -> float:
    """Return the smallest unit in which times are written: 1 s to 1 us."""
    part = times[:1000] - np.floor(times[0])
    for digits in range(6):
        scaled = part * 10.0**digits
        if np.allclose(scaled, np.round(scaled), atol=1e-3 * 10.0 ** (digits / 6), rtol=0):
            return float(10.0**-digits)
    return 1e-6
