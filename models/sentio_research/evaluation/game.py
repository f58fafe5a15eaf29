"""Evaluate arousal from input statistics on unseen players, against time alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_research.data.game import league, platformer
from sentio_research.fitting.game import Rows, fit, prior_of, rows_of
from sentio_research.metrics import auc, bootstrap, ece, uar

Floats = NDArray[np.float64]

SHORTEST = 10
"""Rows that a play needs to be judged."""


def evaluate(data: Path, figures: Path | None = None) -> dict[str, Any]:
    """Return the figures of the card.

    Args:
        data: Folder of labelled data.
        figures: Not used: there is no plot.
    """
    plays = list(league(data))
    prior = prior_of(plays)
    rows = [rows_of(play, prior) for play in plays]
    scores = unseen(rows)
    found: dict[str, Any] = {}
    for target in ("heart_rate", "ln_scl"):
        found[f"league_{target}_rises"] = _figures(rows, scores, target)
    model = fit(rows)
    for dimension in ("arousal", "pleasure", "dominance"):
        for question, change in (("rises", True), ("high", False)):
            levels = [
                rows_of(play, prior, change)
                for play in platformer(data)
                if dimension in play.targets and np.ptp(play.targets[dimension]) > 0
            ]
            levels = [r for r in levels if len(r.times) >= SHORTEST]
            foreign = [r.inputs @ model for r in levels]
            found[f"platformer_{dimension}_{question}"] = _figures(levels, foreign, dimension)
    return found


def unseen(rows: Sequence[Rows], fitted: Callable[[Sequence[Rows]], Floats] = fit) -> list[Floats]:
    """Return each play's scores by a model fitted without its player."""
    players = sorted({r.player for r in rows})
    models = {p: fitted([r for r in rows if r.player != p]) for p in players}
    return [r.inputs @ models[r.player] for r in rows]


def time_scores(rows: Sequence[Rows], target: str) -> list[Floats]:
    """Return scores by time played alone, fitted without the player."""
    knots = (30.0, 60.0, 120.0, 240.0, 480.0, 960.0)

    def timed(r: Rows) -> Rows:
        ramps = [np.minimum(r.times, knot) / knot for knot in knots]
        labels = {target: r.labels[target]}
        return Rows(np.stack([np.ones(len(r.times)), *ramps], 1), r.times, labels, r.player, r.name)

    return unseen([timed(r) for r in rows])


def _figures(rows: Sequence[Rows], scores: Sequence[Floats], target: str) -> dict[str, Any]:
    kept = [(r, s) for r, s in zip(rows, scores, strict=True) if target in r.labels]
    rows = [r for r, _ in kept]
    timed = time_scores(rows, target)
    players = np.array([r.player for r in rows])
    within = np.array([auc(r.labels[target], s) for r, s in kept])
    alone = np.array([auc(r.labels[target], s) for r, s in zip(rows, timed, strict=True)])
    y = np.concatenate([r.labels[target] for r in rows])
    score = np.concatenate([s for _, s in kept])
    risen = 1.0 / (1.0 + np.exp(-score))
    return {
        "auc_within_a_play": asdict(bootstrap(lambda i: float(np.nanmean(within[i])), players)),
        "time_alone": asdict(bootstrap(lambda i: float(np.nanmean(alone[i])), players)),
        "gain": asdict(bootstrap(lambda i: float(np.nanmean(within[i] - alone[i])), players)),
        "uar": uar(y, (risen > 0.5).astype(np.int64)),
        "ece": ece(y, np.stack([1 - risen, risen], 1)),
        "plays": len(rows),
        "players": len(set(players)),
    }
