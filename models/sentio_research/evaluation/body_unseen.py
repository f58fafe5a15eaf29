"""Figures of the body head on unseen people, in both orders."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_research.data.body import Rows
from sentio_research.evaluation.body_conditions import load_first
from sentio_research.fitting.body import Head, fit, inputs_of, reordered
from sentio_research.metrics import auc, bootstrap

Floats = NDArray[np.float64]

FOLDS = 6
"""Groups of people; all sessions of a person are in one."""


def left_out(
    people: Sequence[Rows], notify: Callable[[int, int], None], folds: int = FOLDS
) -> dict[str, Head]:
    """Fit one head for each fold of people, without them; return it by person."""
    names = sorted({rows.person for rows in people})
    folds = min(folds, len(names))
    heads: dict[str, Head] = {}
    for fold in range(folds):
        inside = set(names[fold::folds])
        head = fit([rows for rows in people if rows.person not in inside])
        heads |= dict.fromkeys(inside, head)
        notify(fold + 1, folds)
    return heads


def both_orders(people: Sequence[Rows], heads: Mapping[str, Head]) -> dict[str, Any]:
    """Return AUCs by corpus and order, with those of time alone.

    Orders: as recorded; ``reordered``, rest and tasks at random; ``load_first``, where a session
    has one of each. ``pooled`` compares windows of all people, ``within`` is the mean over
    sessions of the AUC within one; both with 95 % intervals over people.

    Args:
        people: Sessions of any corpora.
        heads: By person, fitted without them.
    """
    figures: dict[str, Any] = {}
    for corpus in sorted({rows.corpus for rows in people}):
        ours = [rows for rows in people if rows.corpus == corpus]
        rng = np.random.default_rng(0)
        turned = {
            "reordered": [_ordered(rows, reordered(rows.labels, rng)) for rows in ours],
            "load_first": [load_first(rows) for rows in ours],
        }
        other = "load_first" if corpus == "cogwear" else "reordered"
        for order, sessions in (("recorded", ours), (other, turned[other])):
            scores = [
                heads[rows.person].stress(inputs_of(rows.features, heads[rows.person].prior))
                for rows in sessions
            ]
            times = [np.arange(len(rows.labels), dtype=np.float64) for rows in sessions]
            figures[f"{corpus}, {order}"] = {
                "head": separation(sessions, scores),
                "time_only": separation(sessions, times),
                "sessions": len(sessions),
            }
    return figures


def separation(sessions: Sequence[Rows], scores: Sequence[Floats]) -> dict[str, Any]:
    """Return the AUC over all windows, and the mean AUC within a session."""
    known = [rows.labels >= 0 for rows in sessions]
    labels = np.concatenate([rows.labels[k] for rows, k in zip(sessions, known, strict=True)])
    pooled = np.concatenate([score[k] for score, k in zip(scores, known, strict=True)])
    who = np.concatenate(
        [np.repeat(rows.person, k.sum()) for rows, k in zip(sessions, known, strict=True)]
    )
    within, persons = [], []
    for rows, score, k in zip(sessions, scores, known, strict=True):
        if len(np.unique(rows.labels[k])) == 2:
            within.append(auc(rows.labels[k], score[k]))
            persons.append(rows.person)
    each = np.array(within)
    return {
        "pooled": asdict(bootstrap(lambda i: auc(labels[i], pooled[i]), who)),
        "within": asdict(bootstrap(lambda i: float(each[i].mean()), np.array(persons))),
    }


def _ordered(rows: Rows, order: NDArray[np.intp]) -> Rows:
    return replace(rows, features=rows.features[order], labels=rows.labels[order])
