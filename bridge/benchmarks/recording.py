"""What recordings survive and cost: `sentio bench --suite recording`."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.recording_cost import cost, day, identity
from benchmarks.recording_harm import flipped, full, killed, truncated


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
        kills: How often a writer is killed.
        flips: How many bits are flipped, one at a time.
        step: Bytes between two truncations.
        seconds: Of real time that the cost is measured for.
        hours: Of the long recording.
        seed: Of every random choice.
    """
    with tempfile.TemporaryDirectory(dir=_memory()) as place:
        room = Path(place)
        return {
            "seed": seed,
            "kill": killed(room, kills, seed),
            "truncate": truncated(room, step),
            "flip": flipped(room, flips, seed),
            "full": full(room),
            "cost": cost(room, seconds),
            "identity": identity(room),
            "day": day(room, hours),
        }


def _memory() -> str | None:
    """Return a folder in memory where there is one: syncing thousands of files is not measured."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
