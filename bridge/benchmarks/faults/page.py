"""Page of the fault campaign, as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.faults.campaign import Result
from benchmarks.faults.plan import Group

HEAD = """\
# Faults
Each row is a fault that `sentio bench --suite faults` injects into a running sidecar, with a \
good listener beside it. Written {date} at {commit}, seed {seed}, {cores} cores, load {load:.1f} \
at the start. Repeat with `SENTIO_MODELS=DIR sentio bench --suite faults --page docs/faults.md`; \
one row with `--row 8`. The plans are in `bridge/benchmarks/faults/plans`.

**{passed} of {driven} driven faults behaved as expected**; {omitted} are not driven here and \
say why.

In every row: frames never stop for more than 1.6 s (a killed or stopped sidecar excepted), no \
frame is missing or holds a number that is not finite, the sidecar lives and answers, nothing is \
caught as a defect, no traceback is logged, and memory grows by less than 50 MB. Devices are \
simulated or played; no real camera, board or microphone was used.
"""

COMMON = ("frames", "pause_s", "missing", "growth_mb")
"""Measures of the common rule, in their own column."""


def write(groups: Sequence[Group], results: Sequence[Result], about: Mapping[str, Any]) -> str:
    """Return the page.

    Args:
        groups: Plans, for headings and order.
        results: Results of rows; rows without one are omitted.
        about: ``date``, ``commit``, ``seed``, ``cores``, ``load``.
    """
    by_row = {result.row.row: result for result in results}
    driven = [result for result in results if result.outcome != "not driven"]
    passed = sum(result.outcome == "pass" for result in driven)
    parts = [
        HEAD.format(**about, passed=passed, driven=len(driven), omitted=len(results) - len(driven))
    ]
    for group in groups:
        rows = [by_row[row.row] for row in group.rows if row.row in by_row]
        if rows:
            parts.append(f"## {group.group}\n{_table(rows)}")
    failed = [result for result in driven if result.outcome != "pass"]
    if failed:
        lines = "\n".join(f"- **{r.row.row}**, {r.row.fault}: {r.why}." for r in failed)
        parts.append(f"## What failed\n{lines}\n")
    return "\n".join(parts)


def _table(results: Sequence[Result]) -> str:
    lines = [
        "| row | fault | expected | measured | pause, growth | result |",
        "|---|---|---|---|---|---|",
    ]
    lines += [_line(result) for result in results]
    return "\n".join(lines) + "\n"


def _line(result: Result) -> str:
    row = result.row
    if result.outcome == "not driven":
        cells = (row.row, row.fault, row.expected, result.why, "", "not driven")
        return f"| {' | '.join(cells)} |"
    own = {k: v for k, v in result.measured.items() if k not in COMMON}
    measured = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in own.items())
    common = ""
    if "pause_s" in result.measured:
        common = f"{result.measured['pause_s']} s, {result.measured['growth_mb']} MB"
    outcome = "pass" if result.outcome == "pass" else "**fail**"
    return f"| {row.row} | {row.fault} | {row.expected} | {measured} | {common} | {outcome} |"
