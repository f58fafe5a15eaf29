"""Names of months and time zones in the dates of tables."""

from __future__ import annotations

import datetime
import re

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

ZONES = {
    "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "EET": 2,
    "EEST": 3, "MSK": 3, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
"""Hours ahead of UTC; of names with several meanings the one of Europe or North America."""

_OFFSET = re.compile(r"^(?P<name>[A-Z]*)(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?$")


def named_date(text: str) -> float:
    """Return seconds since 1970 of ``09-Mar-2024``; NaN if there is no such day."""
    words = [word for word in re.split(r"[-/. ,]+", text) if word]
    numbers = [int(word) for word in words if word.isdigit()]
    month = next((m for word in words if (m := _month(word))), 0)
    if len(numbers) != 2 or not month:
        return float("nan")
    day, year = numbers
    try:
        return datetime.datetime(year, month, day, tzinfo=datetime.UTC).timestamp()
    except ValueError:
        return float("nan")


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
