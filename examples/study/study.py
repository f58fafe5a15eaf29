"""Run the whole study with simulated participants: `python study.py OUT`.

Randomisation, recordings, analysis, mixed model and figures: some four minutes of processor time.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import analyse
import figures
import model
import plan
import simulate


def main(out: Path, participants: int, seconds: int, seed: int, dask: str) -> list[model.Effect]:
    """Run all steps; return the effects."""
    begun = time.monotonic()
    out.mkdir(parents=True, exist_ok=True)
    rows = plan.randomised(participants, seed)
    plan.write(out / "plan.csv", rows)
    simulate.main(rows, out / "recordings", seconds)
    found = analyse.frames(out / "recordings", out, dask)
    sessions = analyse.usable(found, rows, out)
    table = analyse.measures(sessions)
    table.to_csv(out / "measures.csv", index=False)
    effects = model.effects(table)
    text = "\n".join(effect.line() for effect in effects)
    (out / "effects.txt").write_text(text + "\n", encoding="utf-8")
    figures.people(table, "stress", out / "stress_people.png")
    figures.course(analyse.course(sessions, "stress"), "stress", out / "stress_course.png")
    print(f"control against adapted:\n{text}")
    print(f"all of it took {time.monotonic() - begun:.0f} s; see {out}")
    return effects


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("out", type=Path)
    options.add_argument("--participants", type=int, default=20)
    options.add_argument("--seconds", type=int, default=60, help="length of a condition")
    options.add_argument("--seed", type=int, default=20261129)
    options.add_argument("--dask", default="local", help="local, a scheduler's address, or empty")
    chosen = options.parse_args()
    main(chosen.out, chosen.participants, chosen.seconds, chosen.seed, chosen.dask)
