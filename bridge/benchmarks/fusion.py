"""Figures of docs/fusion.md: fusion on simulated and real people, and its cost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks import fusion_stress, responses, stress_predict
from benchmarks.fusion_cost import cost
from benchmarks.fusion_simulated import evaluate

PEOPLE = 60
"""Simulated people for each scenario: with ten, coverage varies by several points, because offsets
are constant for a person."""

SECONDS = 300.0
"""Seconds for each person."""

RESPONSE_SEED = 7100
"""Seed of the people for responses; those of ``docs/responses.md`` had 0."""


def run(data: Path | None = None, people: int = PEOPLE) -> dict[str, Any]:
    """Measure everything.

    Args:
        data: Folder that contains ``physio_stress_predict``; without it, the figures on real
            people are omitted.
        people: Number of simulated people for each scenario.
    """
    result: dict[str, Any] = {"cost": cost(), "simulated": evaluate(people, SECONDS)}
    result["responses"] = responses.run(min(people, 40), RESPONSE_SEED)
    folder = data / "physio_stress_predict" if data is not None else None
    if folder is None or not folder.is_dir():
        result["missing"] = "physio_stress_predict: give its parent folder with --data"
        return result
    subjects = stress_predict.load(folder)
    result["baseline"] = fusion_stress.baseline_gain(subjects)
    result["honesty"] = fusion_stress.interval_coverage(subjects)
    # The settings' defaults were chosen on the even half.
    result["honesty_other_half"] = fusion_stress.interval_coverage(subjects[1::2])
    return result
