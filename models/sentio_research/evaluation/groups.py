"""Compare a model's figures between groups: sex, age, language, device, skin tone.

A group is judged only if it has enough rows and people; intervals come from resampling whole
people. Libraries of fairness metrics resample rows, which makes the intervals of repeated
recordings of one person far too narrow: that is why this is not one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_research.metrics import bootstrap

Ints = NDArray[np.int64]

LEAST_ROWS = 50
"""Rows below which a group is not judged."""

LEAST_PEOPLE = 4
"""People below which a group is not judged, where people are known."""

UNKNOWN = ""
"""Group of rows whose group is not known; they are counted and not judged."""


@dataclass(frozen=True, slots=True)
class Grouped:
    """Rows of an evaluation with their groups.

    Attributes:
        by: Name of the grouping, e.g. ``sex``.
        data: Name of the data, and whether the weights were fitted on it.
        groups: Group of each row; ``UNKNOWN`` if not known.
        people: Person of each row, or None if the data does not name people.
        measures: Function from row indices to a figure, by name. More is better.
    """

    by: str
    data: str
    groups: NDArray[np.str_]
    people: NDArray[np.str_] | None
    measures: Mapping[str, Callable[[Ints], float]]


def compare(
    rows: Grouped, *, least_rows: int = LEAST_ROWS, least_people: int = LEAST_PEOPLE
) -> dict[str, Any]:
    """Return the figures of each group, the worst first, and the largest difference.

    Groups with too little data are listed with the reason, without figures.
    """
    figures: dict[str, Any] = {}
    skipped: dict[str, str] = {}
    first = next(iter(rows.measures))
    for name in np.unique(rows.groups).tolist():
        index = np.flatnonzero(rows.groups == name).astype(np.int64)
        people = np.arange(len(index)) if rows.people is None else rows.people[index]
        lack = _lack(name, len(index), rows.people is not None, people, least_rows, least_people)
        if lack:
            skipped[name or "unknown"] = lack
            continue
        entry: dict[str, Any] = {"n": len(index)}
        if rows.people is not None:
            entry["people"] = len(np.unique(people))
        for measure, function in rows.measures.items():
            entry[measure] = asdict(
                bootstrap(lambda i, f=function, r=index: f(r[i]), people)  # type: ignore[misc]
            )
        figures[name] = entry
    ordered = dict(sorted(figures.items(), key=lambda item: item[1][first]["value"]))
    differences = {
        measure: _difference([entry[measure]["value"] for entry in ordered.values()])
        for measure in rows.measures
        if len(ordered) > 1
    }
    return {
        "by": rows.by,
        "data": rows.data,
        "groups": ordered,
        "largest_difference": differences,
        "not_judged": skipped,
    }


def _lack(
    name: str,
    count: int,
    named: bool,
    people: NDArray[np.generic],
    least_rows: int,
    least_people: int,
) -> str:
    """Return why a group cannot be judged, or an empty text."""
    if name == UNKNOWN:
        return f"{count} rows without this label"
    if count < least_rows:
        return f"{count} rows, at least {least_rows} are needed"
    if named and len(np.unique(people)) < least_people:
        return f"{len(np.unique(people))} people, at least {least_people} are needed"
    return ""


def _difference(values: list[float]) -> float:
    return float(max(values) - min(values))
