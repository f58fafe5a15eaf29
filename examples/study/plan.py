"""Randomise the order of the conditions, balanced in blocks.

Usage: ``python plan.py plan.csv``.

Permuted blocks (Efird 2011, Int. J. Environ. Res. Public Health 8): in each block of four
participants both orders occur twice, so that the study stays balanced wherever it stops. The seed
is written into the file: keep it with the data.
"""

from __future__ import annotations

import argparse
import csv
import random
from dataclasses import dataclass
from pathlib import Path

CONDITIONS = ("adapted", "control")
BLOCK = 4


@dataclass(frozen=True)
class Row:
    """One participant's part of the plan."""

    participant: str
    order: tuple[str, ...]
    block: int
    seed: int


def randomised(participants: int, seed: int) -> list[Row]:
    """Return a balanced plan; the same seed gives the same plan."""
    draw = random.Random(seed)
    rows: list[Row] = []
    while len(rows) < participants:
        orders = [CONDITIONS, CONDITIONS[::-1]] * (BLOCK // 2)
        draw.shuffle(orders)
        block = len(rows) // BLOCK
        rows += [Row(f"{len(rows) + i + 1:02d}", o, block, seed) for i, o in enumerate(orders)]
    return rows[:participants]


def write(path: Path, rows: list[Row]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["participant", "first", "second", "block", "seed"])
        out.writerows([row.participant, *row.order, row.block, row.seed] for row in rows)


def read(path: Path) -> list[Row]:
    with path.open(newline="", encoding="utf-8") as file:
        return [
            Row(r["participant"], (r["first"], r["second"]), int(r["block"]), int(r["seed"]))
            for r in csv.DictReader(file)
        ]


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("file", type=Path)
    options.add_argument("--participants", type=int, default=20)
    options.add_argument("--seed", type=int, default=20261129)
    chosen = options.parse_args()
    write(chosen.file, randomised(chosen.participants, chosen.seed))
    print(f"wrote {chosen.file}: {chosen.participants} participants")
