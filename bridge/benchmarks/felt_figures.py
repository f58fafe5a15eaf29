"""Figures of availability, lag, range, changes and coverage of entries; pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.felt_run import EVERY, Felt

Floats = NDArray[np.float64]

WARM = 20.0
"""Seconds at the beginning that are not judged."""

LONGEST_LAG = 30.0

HALF = 3.0
"""Seconds after which half of a scripted change has happened; it takes six, smoothly."""

STEP = {"valence": 0.4, "arousal": 0.4, "stress": 0.25, "engagement": 0.25, "relaxation": 0.25}
"""Change of the truth from which a scene's beginning counts as a step, by dimension."""

FOUND = 8.0
"""Seconds from half of a step within which its event must come."""

SHOWN = 0.1
"""Share of a step that an entry must have gone by then for its sensors to have shown the step."""

MUST = ("valence", "arousal", "stress", "engagement", "relaxation")
"""Dimensions with a known truth."""


_KEYS = ("known", "r", "lag", "step_63", "used", "mae", "error_in_sd", "holds_68", "holds_95")


def entry(felt: Sequence[Felt], name: str) -> dict[str, float]:
    """Return the figures of one entry, over several people.

    Args:
        felt: What was got of each.
        name: Of the entry; its truth must be known, or be that of the level's dimension.
    """
    level = name.endswith("_level")
    source = name.removesuffix("_level")
    rows: list[dict[str, float]] = []
    for one in felt:
        counted = one.times > WARM
        value = one.values[name]
        deviation = one.values.get(f"{name}_sd", np.full(len(value), np.nan))
        known = np.isfinite(value)
        row = {"known": float(known[counted].mean())}
        both = known & counted
        if both.sum() > 40:
            truth = one.truth[source]
            row["r"] = _r(value[both], truth[both])
            row["lag"] = _lag(value, truth)
            row["used"] = float(np.ptp(np.percentile(value[both], [2, 98])))
            row["step_63"] = _step(one, value, source)
            aim = _ranks(truth, STEP[source] / 8) if level else truth
            error = np.abs(value - aim)[both]
            row["mae"] = float(error.mean())
            with np.errstate(invalid="ignore"):
                scaled = error / deviation[both]
            row["error_in_sd"] = float(np.sqrt(np.mean(scaled**2)))
            row["holds_68"] = float(np.mean(scaled <= 1.0))
            row["holds_95"] = float(np.mean(scaled <= 1.96))
        rows.append(row)
    return {
        key: round(float(np.nanmean([row.get(key, np.nan) for row in rows])), 3)
        for key in _KEYS
        if any(np.isfinite(row.get(key, np.nan)) for row in rows)
    }


def changes(felt: Sequence[Felt], rest: Sequence[Felt]) -> dict[str, Any]:
    """Return how many steps had their event, how soon, and false alarms in rest.

    ``shown`` are the steps whose entry went ``SHOWN`` of the way at least: no test finds what the
    sensors do not show. ``extra`` are those within moved scenes: of what goes on moving, or of
    expressions that come and go, which the script's truth does not show.

    Only of dimensions that are known half of the time.
    """
    found: dict[str, Any] = {}
    total = hits = seen = seen_hits = 0
    for name in MUST:
        if np.mean([np.isfinite(one.values[name]).mean() for one in felt]) < 0.5:
            continue
        delays: list[float] = []
        count = shown = shown_found = 0
        for one in felt:
            mine = [(at, up) for at, dimension, up in one.changes if dimension == name]
            for half, size in _steps(one, name):
                count += 1
                came = [
                    at - half
                    for at, up in mine
                    if half - HALF <= at <= half + FOUND and up == (size > 0)
                ]
                delays += came[:1]
                if _shown(one, name, half, size):
                    shown, shown_found = shown + 1, shown_found + bool(came)
        total, hits = total + count, hits + len(delays)
        seen, seen_hits = seen + shown, seen_hits + shown_found
        found[name] = {
            "steps": count,
            "found": len(delays),
            "shown": shown,
            "delay": _median(delays),
        }
    extra = sum(
        not any(0.0 <= at - began <= HALF + FOUND + 1.0 for began in beginnings)
        for one in felt
        for beginnings in [[b for b, _ in one.session.scenario().boundaries(0.0, one.times[-1])]]
        for at, _, _ in one.changes
    )
    found["extra_in_5_minutes"] = round(extra / sum(one.times[-1] / 300.0 for one in felt), 1)
    minutes = sum(one.times[-1] - WARM for one in rest) / 60.0
    alarms = sum(at > WARM for one in rest for at, _, _ in one.changes)
    found["found"] = round(hits / max(1, total), 3)
    found["shown"] = round(seen / max(1, total), 3)
    found["found_of_shown"] = round(seen_hits / max(1, seen), 3)
    found["false_in_5_minutes"] = round(float(5.0 * alarms / minutes), 2) if minutes else None
    return found


def rest_used(rest: Sequence[Felt]) -> dict[str, float]:
    """Return the share of 0..1 that each level uses in mere rest."""
    used: dict[str, float] = {}
    for name in MUST:
        parts = [one.values[f"{name}_level"] for one in rest]
        kept = [part[np.isfinite(part)] for part in parts]
        spans = [float(np.ptp(np.percentile(part, [2, 98]))) for part in kept if len(part) > 40]
        if spans:
            used[name] = round(float(np.mean(spans)), 3)
    return used


def _steps(one: Felt, name: str) -> list[tuple[float, float]]:
    """Return when half of each step has happened, and its size."""
    found = []
    scenario, truth = one.session.scenario(), one.truth[name]
    for at, _ in scenario.boundaries(WARM + 5.0, float(one.times[-1]) - HALF - FOUND):
        before = float(np.interp(at, one.times, truth))
        size = float(np.interp(at + 2 * HALF, one.times, truth)) - before
        if abs(size) >= STEP[name]:
            found.append((at + HALF, size))
    return found


def _shown(one: Felt, name: str, half: float, size: float) -> bool:
    """Return whether the entry itself went some of a step's way within ``FOUND``."""
    value, at = one.values[name], one.times
    before = _mean(value[(at > half - HALF - 3.0) & (at <= half - HALF)])
    after = _mean(value[(at > half + FOUND - 3.0) & (at <= half + FOUND)])
    return (after - before) / size >= SHOWN


def _step(one: Felt, value: Floats, source: str) -> float:
    """Return the median seconds from half of a step to 63 % of the entry's change."""
    if source not in STEP:
        return float("nan")
    times: list[float] = []
    for half, size in _steps(one, source):
        at = one.times
        before = _mean(value[(at > half - HALF - 3.0) & (at <= half - HALF)])
        after = _mean(value[(at > half + 9.0) & (at <= half + 12.0)])
        if not np.isfinite(after - before) or (after - before) * size <= 0:
            continue
        during = (at > half - HALF) & (at <= half + 12.0)
        gone = (value[during] - before) / (after - before)
        crossed = np.flatnonzero(gone >= 0.63)
        if len(crossed):
            times.append(float(at[during][crossed[0]] - half))
    return _median(times)


def _lag(value: Floats, truth: Floats) -> float:
    """Return the seconds by which the entry follows its truth (cross-correlation)."""
    best, at = -2.0, 0
    for shift in range(int(LONGEST_LAG / EVERY)):
        late, early = value[shift:], truth[: len(truth) - shift]
        known = np.isfinite(late)
        if known.sum() < 40:
            continue
        r = _r(late[known], early[known])
        if r > best:
            best, at = r, shift
    return at * EVERY


def _ranks(truth: Floats, width: float) -> Floats:
    """Return each value's rank among those until then, of stretches ``width`` wide."""
    ranks = np.empty(len(truth))
    for i, value in enumerate(truth):
        steps = np.clip(1.702 * (value - truth[: i + 1 : 4]) / width, -40, 40)
        ranks[i] = float(np.mean(1.0 / (1.0 + np.exp(-steps))))
    return ranks


def _r(a: Floats, b: Floats) -> float:
    if np.ptp(a) < 1e-9 or np.ptp(b) < 1e-9:
        return float("nan")
    return float(np.corrcoef(a, b)[0, 1])


def _mean(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def _median(values: Sequence[float]) -> float:
    return round(float(np.median(values)), 2) if values else float("nan")
