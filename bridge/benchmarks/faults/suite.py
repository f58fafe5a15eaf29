"""Suite ``faults``: drive the campaign and return its figures, or write its page."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil

from benchmarks.faults import campaign, page
from benchmarks.faults.plan import load
from sentio_bridge.errors import BridgeError

SEED = 1
"""Seed of the steps that choose at random; each plan states its own where it differs."""


def run(
    rows: Sequence[str] = (), target: Path | None = None, *, quick: bool = False
) -> dict[str, Any]:
    """Drive the rows.

    Args:
        rows: Numbers; empty for all.
        target: Markdown page to write.
        quick: Only the quick subset.

    Raises:
        BridgeError: A row does not exist.
    """
    groups = load()
    known = {row.row for group in groups for row in group.rows}
    if unknown := sorted(set(rows) - known):
        raise BridgeError(f"there is no fault {unknown[0]!r}; known: {', '.join(sorted(known))}")
    before = psutil.getloadavg()[0]
    results = list(campaign.run(rows, quick=quick, groups=groups))
    if target is not None:
        about = {
            "date": time.strftime("%Y-%m-%d"), "commit": commit(), "seed": SEED,
            "cores": psutil.cpu_count(), "load": before,
        }  # fmt: skip
        target.write_text(page.write(groups, results, about), encoding="utf-8")
    return {
        "passed": sum(result.outcome == "pass" for result in results),
        "failed": {r.row.row: r.why for r in results if r.outcome == "FAIL"},
        "not_driven": {r.row.row: r.why for r in results if r.outcome == "not driven"},
        "rows": {r.row.row: {**r.measured, "seconds": r.seconds} for r in results},
    }


def commit() -> str:
    """Return the short hash of the checkout's commit.

    Without Git it is ``an unknown commit``.
    """
    command = ["git", "-C", str(Path(__file__).parent), "rev-parse", "--short", "HEAD"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return "an unknown commit"
    return done.stdout.strip() or "an unknown commit"
