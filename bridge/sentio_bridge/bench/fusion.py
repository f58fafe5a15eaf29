"""The figures of docs/fusion.md: fusion on simulated and on real people, and what it costs."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np

from sentio_bridge.bench import fusion_stress, responses, stress_predict
from sentio_bridge.bench.fusion_simulated import judge
from sentio_bridge.person import Person
from sentio_models import AFFECT, EMOTIONS, MODALITIES, Estimate, Reading

PEOPLE = 40
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
    found["responses"] = responses.run(people, FRESH)
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


def cost(updates: int = 4000, chunk: int = 40) -> dict[str, float]:
    """Time updates with all eight modalities, three dimensions and emotions each.

    One update in ten arrives out of order. Times are the processor's, in chunks: the median says
    what to expect here, the least what the machine can do when nothing else disturbs its caches.

    Returns:
        Microseconds an update and a snapshot, and the share of a core that ten people take with
        50 updates and 30 snapshots a second each.
    """
    rng = np.random.default_rng(0)
    estimates = [
        Estimate(
            MODALITIES[i % len(MODALITIES)],
            {name: Reading(float(rng.uniform(-0.5, 0.5)), 0.1) for name in AFFECT},
            dict.fromkeys(EMOTIONS, 1 / len(EMOTIONS)),
            quality=0.9,
            features={"heart_rate": float(rng.normal(70, 3))},
        )
        for i in range(updates)
    ]
    late = rng.uniform(size=updates) < 0.1
    person = Person("timed")
    taken = []
    for begin in range(0, updates, chunk):
        start = time.process_time()
        for i in range(begin, begin + chunk):
            now = 1000.0 + i * 0.01
            person.estimate(estimates[i], now - (0.025 if late[i] else 0.0), now)
        taken.append((time.process_time() - start) / chunk * 1e6)
    now = 1000.0 + updates * 0.01
    shown = []
    for begin in range(25):
        start = time.process_time()
        for i in range(chunk):
            person.snapshot(now + (begin * chunk + i) * 0.001)
        shown.append((time.process_time() - start) / chunk * 1e6)
    update, snapshot = float(np.median(taken)), float(np.median(shown))
    return {
        "update_us": round(update, 1),
        "update_us_least": round(min(taken), 1),
        "snapshot_us": round(snapshot, 1),
        "snapshot_us_least": round(min(shown), 1),
        "ten_people_core_share": round(10 * (50 * update + 30 * snapshot) * 1e-6, 4),
    }
