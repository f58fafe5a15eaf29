"""The figures of docs/fusion.md: fusion on simulated and on real people, and what it costs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks import fusion_stress, responses, stress_predict
from benchmarks.fusion_cost import cost
from benchmarks.fusion_simulated import judge

PEOPLE = 60
"""Simulated people for each scenario: with ten, coverage moves by several points, since offsets
are a person's own."""

SECONDS = 300.0
"""For each of them."""

FRESH = 7100
"""Seed of the people whose responses are judged: those of ``docs/responses.md`` had 0."""


def run(data: Path | None = None, people: int = PEOPLE) -> dict[str, Any]:
    """Measure everything.

    Args:
        data: Folder that holds ``physio_stress_predict``; without it, the figures on real people
            are left out.
        people: Simulated people for each scenario.
    """
    found: dict[str, Any] = {"cost": cost(), "simulated": judge(people, SECONDS)}
    found["responses"] = responses.run(min(people, 40), FRESH)
    folder = data / "physio_stress_predict" if data is not None else None
    if folder is None or not folder.is_dir():
        found["missing"] = "physio_stress_predict: give its folder's parent with --data"
        return found
    subjects = stress_predict.load(folder)
    found["baseline"] = fusion_stress.baseline_gain(subjects)
    found["honesty"] = fusion_stress.honesty(subjects)
    # The settings' defaults were chosen on the even half.
    found["honesty_other_half"] = fusion_stress.honesty(subjects[1::2])
    return found
