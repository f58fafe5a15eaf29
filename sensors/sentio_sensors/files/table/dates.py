"""Dates of tables: the order of day and month, names of months, time zones."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

ZONES = {
    "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "EET": 2,
    "EEST": 3, "MSK": 3, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
"""Hours ahead of UTC; of names with several meanings the one of Europe or North America."""

_OFFSET = re.compile(r"^(?P<name>[A-Z]*)(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?$")


def days_of(texts: Iterable[str], *, has_half: bool = False) -> tuple[dict[str, float], str]:
    """Return seconds since 1970 by date, and what was assumed; empty if nothing was.

    Whether the day or the month is first is that of a file, not of a date: a number above 12 is a
    day; else the order in which the dates lie closer together; else the usual order.

    Args:
        texts: Dates such as ``2024-03-09``, ``9.3.2024``, ``3/9/24`` or ``09-Mar-2024``; NaN is
            returned for one that does not exist.
        has_half: Times of day have AM or PM, as where the month is first.
    """
    found: dict[str, float] = {}
    unclear: dict[str, tuple[int, int, int]] = {}
    for text in texts:
        if any(c.isalpha() for c in text):
            found[text] = named_date(text)
            continue
        a, b, c = (int(x) for x in re.split(r"[-/.]", text))
        if a > 31:
            found[text] = _seconds(a, b, c)
        else:
            unclear[text] = (a, b, c if c > 99 else 2000 + c)
    orders = {
        True: {text: _seconds(year, b, a) for text, (a, b, year) in unclear.items()},
        False: {text: _seconds(year, a, b) for text, (a, b, year) in unclear.items()},
    }
    if any(a > 12 for a, _, _ in unclear.values()):
        return found | orders[True], ""
    if any(b > 12 for _, b, _ in unclear.values()):
        return found | orders[False], ""
    spans = {first: _span(orders[first]) for first in orders}
    if spans[True] != spans[False]:
        return found | orders[spans[True] < spans[False]], ""
    day_first = not (has_half or any("/" in text for text in unclear))
    note = ""
    example = next((text for text, (a, b, _) in unclear.items() if a != b), None)
    if example is not None and "." not in example:
        which = "day, month, year" if day_first else "month, day, year"
        note = f"the date {example} is read as {which}; if that is wrong, write it as 2024-03-09"
    return found | orders[day_first], note


def _seconds(year: int, month: int, day: int) -> float:
    try:
        return datetime.datetime(year, month, day, tzinfo=datetime.UTC).timestamp()
    except ValueError:
        return float("nan")


def _span(dates: Mapping[str, float]) -> float:
    return max(dates.values(), default=0.0) - min(dates.values(), default=0.0)


def named_date(text: str) -> float:
    """Return seconds since 1970 of ``09-Mar-2024``; NaN if there is no such day."""
    words = [word for word in re.split(r"[-/. ,]+", text) if word]
    numbers = [int(word) for word in words if word.isdigit()]
    month = next((m for word in words if (m := _month(word))), 0)
    if len(numbers) != 2 or not month:
        return float("nan")
    day, year = numbers
    return _seconds(year, month, day)


def _month(word: str) -> int:
    """Return the number of a month, 0 if the word is none."""
    short = word[:3].lower()
    return MONTHS.index(short) + 1 if short in MONTHS else 0


def zone(text: str) -> float:
    """Return the seconds that a zone is ahead of UTC; NaN if it is not known."""
    if text in ZONES:
        return ZONES[text] * 3600.0
    found = _OFFSET.match(text)
    if found is None or (found["name"] and found["name"] not in ("UTC", "GMT")):
        return float("nan")
    seconds = int(found["hours"]) * 3600.0 + int(found["minutes"] or 0) * 60.0
    return -seconds if found["sign"] == "-" else seconds
