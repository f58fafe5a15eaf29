"""Robustness and cost of recordings: `sentio bench --suite recording`."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.recording_cost import cost, day, identity
from benchmarks.recording_harm import flipped, full, killed, truncated
from benchmarks.recording_sealed import sealed_cost, sealed_kill


def run(
    kills: int = 500,
    flips: int = 3000,
    step: int = 1,
    seconds: float = 30.0,
    hours: float = 24.0,
    seed: int = 7,
) -> dict[str, Any]:
    """Measure everything.

    Args:
        kills: Number of killed writers.
        flips: Number of flipped bits, one at a time.
        step: Bytes between two truncations.
        seconds: Duration of the cost measurement, real time.
        hours: Length of the long recording.
        seed: Seed of all random choices.
    """
    with tempfile.TemporaryDirectory(dir=_memory()) as place:
        folder = Path(place)
        return {
            "seed": seed,
            "kill": killed(folder, kills, seed),
            "truncate": truncated(folder, step),
            "flip": flipped(folder, flips, seed),
            "full": full(folder),
            "cost": cost(folder, seconds),
            "sealed_kill": sealed_kill(folder, round(kills * 0.6), seed),
            "sealed_cost": sealed_cost(folder, min(seconds, 10.0)),
            "identity": identity(folder),
            "day": day(folder, hours),
        }


def _memory() -> str | None:
    """Return a folder in memory if there is one, to leave out the disk's syncs.

    Thousands of files are synced otherwise.
    """
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
