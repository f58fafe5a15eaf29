"""Fusion on simulated people: error against simpler ways, and whether its intervals are honest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from benchmarks.affect import INSTRUMENTS, SCENARIOS, TOLD, Arrival, Floats, Session, session
from sentio_bridge.affect.fusion import FusionSettings
from sentio_bridge.affect.subject_model import SubjectModel
from sentio_research.metrics import bootstrap

EVERY = 0.5
"""Seconds between the moments that are judged."""

UNSEEN = 9000
"""First seed of those judged. The defaults of ``FusionSettings`` were chosen on seeds below 1000
(0 to 7, 100 to 127 and 200 to 239); 1000 to 8059 were seen before the last choice, if not used."""

HELD = 5.0
"""Seconds for which the simpler ways go on using a modality's last word."""


def moments(played: Session) -> Floats:
    """Return when to judge: after the first 10 s, in which every way is still empty."""
    return np.arange(played.times[0] + 10.0, played.times[-1], EVERY)


def truth_at(played: Session, when: Floats) -> Floats:
    """Return the truth, shape ``(moments, 2)``."""
    return np.stack([np.interp(when, played.times, played.truth[name]) for name in TOLD], axis=1)


def fused(
    played: Session, when: Floats, only: str | None = None, settings: FusionSettings | None = None
) -> tuple[Floats, Floats]:
    """Run a session through ``SubjectModel``.

    Returns:
        Means and deviations, each ``(moments, 2)``; where nothing is known, those of the prior.
    """
    chosen = settings or FusionSettings()
    person = SubjectModel("someone", chosen)
    means = np.zeros((len(when), len(TOLD)))
    deviations = np.full((len(when), len(TOLD)), chosen.affect_sd)
    waiting = iter([a for a in played.arrivals if only in (None, a.estimate.modality)])
    arrival = next(waiting, None)
    for i, now in enumerate(when):
        while arrival is not None and arrival.now <= now:
            person.estimate(arrival.estimate, arrival.captured, arrival.now)
            arrival = next(waiting, None)
        values = person.snapshot(float(now)).values
        for k, name in enumerate(TOLD):
            if name in values:
                means[i, k], deviations[i, k] = values[name], values[f"{name}_sd"]
    return means, deviations


def averaged(played: Session, when: Floats, names: Iterable[str]) -> Floats:
    """Average the last words of some modalities, each held for ``HELD`` seconds, else 0."""
    held = []
    for name in names:
        mine = [a for a in played.arrivals if a.estimate.modality == name]
        held.append(_last_words(mine, when))
    there = np.stack([np.isfinite(h[:, 0]) for h in held])
    sums = np.nansum(np.stack(held), axis=0)
    means: Floats = sums / np.maximum(there.sum(axis=0), 1)[:, None]
    return means


def _last_words(mine: list[Arrival], when: Floats) -> Floats:
    values = np.full((len(when), len(TOLD)), np.nan)
    if not mine:
        return values
    arrived = np.array([a.now for a in mine])
    last = np.searchsorted(arrived, when, side="right") - 1
    for i, k in enumerate(last):
        if k >= 0 and when[i] - arrived[k] <= HELD:
            values[i] = [np.clip(mine[k].estimate.readings[name].mean, -1, 1) for name in TOLD]
    return values


def rmse(errors: Floats) -> float:
    """Return the root mean square."""
    return float(np.sqrt(np.mean(errors**2)))


def judge(people: int, seconds: float, settings: FusionSettings | None = None) -> dict[str, Any]:
    """Measure every scenario.

    Args:
        people: For each scenario; half of them wander, half follow the script.
        seconds: For each person.
        settings: The defaults where None.

    Returns:
        By scenario: RMSE of fusion, of the best single modality (chosen in hindsight; its last
        word held, and also run through the same filter alone) and of the plain average, with
        the coverage of fusion's 68 % and 95 % intervals, each with a 95 % interval over people.
    """
    names = [instrument.name for instrument in INSTRUMENTS]
    table: dict[str, Any] = {}
    for scenario, faults in SCENARIOS.items():
        errors: dict[str, list[Floats]] = {}
        scaled = []
        for seed in range(UNSEEN, UNSEEN + people):
            played = session(seed, ("wandering", "scripted")[seed % 2], seconds, faults)
            when = moments(played)
            truth = truth_at(played, when)
            means, deviations = fused(played, when, settings=settings)
            errors.setdefault("fusion", []).append(means - truth)
            scaled.append(np.abs(means - truth) / deviations)
            errors.setdefault("average", []).append(averaged(played, when, names) - truth)
            for name in names:
                errors.setdefault(name, []).append(averaged(played, when, [name]) - truth)
                alone, _ = fused(played, when, only=name, settings=settings)
                errors.setdefault(f"{name} filtered", []).append(alone - truth)
        found = {way: rmse(np.concatenate(parts)) for way, parts in errors.items()}
        table[scenario] = {
            "fusion": round(found["fusion"], 4),
            "average": round(found["average"], 4),
            "best_single": round(min(found[name] for name in names), 4),
            "best_single_filtered": round(min(found[f"{name} filtered"] for name in names), 4),
            "coverage_68": _coverage(scaled, 1.0),
            "coverage_95": _coverage(scaled, 1.96),
        }
    return table


def _coverage(scaled: list[Floats], bound: float) -> dict[str, float]:
    """Return how often errors stay within ``bound`` deviations; one array a person."""
    held = np.array([np.mean(z <= bound) for z in scaled])
    figure = bootstrap(lambda rows: float(held[rows].mean()), np.arange(len(held)))
    return {name: round(getattr(figure, name), 4) for name in ("value", "low", "high")}
