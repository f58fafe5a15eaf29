"""Evaluate the body estimator: heart rate, and stress on unseen people.

Figures of unseen people refit the head without their fold, with the same recipe and the live
front end; normalisation is always causal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelRefusedError
from sentio_models.modalities.body.features import TRUSTED
from sentio_models.runtime.manifest import load
from sentio_models.runtime.onnx_session import OnnxSession
from sentio_research.data.body import Rows, cogwear, replay, stress_predict
from sentio_research.data.body import table as read_table
from sentio_research.evaluation import body_conditions
from sentio_research.evaluation.body_sessions import rises, sessions_figure
from sentio_research.evaluation.body_unseen import both_orders, left_out
from sentio_research.fitting.body import SENSORS, Head, fit, inputs_of, without
from sentio_research.metrics import auc, bootstrap, ece, recalls, uar

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Progress = Callable[[str, int, int], None]

NEAR = 5.0
"""Largest difference to the device's heart rate that counts as right, beats a minute."""

THRESHOLDS = tuple(round(0.3 + 0.05 * step, 2) for step in range(13))
"""Candidate quality thresholds for reporting a heart rate."""

EVERY = 10
"""One of so many windows is compared with ONNX's definition, which is slow."""

SHIFTED = 8
"""People for each shifted condition: every fourth of Stress-Predict."""


def evaluate(
    data: Path,
    *,
    figures: Path | None = None,
    table: Path | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Recompute the figures of ``models/cards/body.md``.

    Args:
        data: Folder of ``physio_stress_predict`` and ``physio_cogwear``.
        figures: Folder for figures; nothing is drawn if None.
        table: A CSV of a user's recording (``data.body.table``): then only the shipped head is
            evaluated on it.
        progress: Called with ``(what, done, of)``.

    Raises:
        ModelMissingError: The data or the weights are missing.
        ModelRefusedError: The table is malformed, or has no windows of both labels.
    """
    notify = progress or (lambda *_: None)
    if table is not None:
        people = [replay(session) for session in read_table(table)]
        if {0, 1} - {int(label) for rows in people for label in rows.labels}:
            raise ModelRefusedError(
                f"{table.name} has no windows of both labels",
                "label at least one minute each with 0 and 1",
            )
        return {"table": _figures(*_pool(people, [_shipped(r) for r in people]))}
    sessions = [*stress_predict(data), *cogwear(data)]
    rows = []
    for done, session in enumerate(sessions):
        rows.append(replay(session))
        notify("replaying", done + 1, len(sessions))
    corpora = {
        name: [r for r in rows if r.corpus == name and (r.labels >= 0).any()]
        for name in ("stress_predict", "cogwear")
    }
    result: dict[str, Any] = {
        "heart_rate": heart_rate([r for r in rows if r.corpus == "stress_predict"]),
        "protocol": "six folds of people; the head is refitted without those of a fold",
    }
    unseen = [r for people in corpora.values() for r in people]
    held = left_out(unseen, partial(notify, "folds"))
    result["orders"] = both_orders(unseen, held)
    curves = {}
    for name, people in corpora.items():
        scores = [held[r.person].stress(_inputs(r, held[r.person])) for r in people]
        pooled = _pool(people, scores)
        result[name] = _figures(*pooled) | {"per_subject_auc": _per_subject(people, scores)}
        curves[name.replace("_", "-")] = pooled[:2]
        result[name]["sensors"] = {
            "+".join(present): _scored_without(people, held, present)
            for count in range(1, len(SENSORS) + 1)
            for present in combinations(SENSORS, count)
        }
    back = [body_conditions.load_first(r) for r in corpora["cogwear"]]
    indices = [held[r.person].stress(_inputs(r, held[r.person])) for r in back]
    result["cogwear_load_first"] = _figures(*_pool(back, indices))
    for source, target in (("stress_predict", "cogwear"), ("cogwear", "stress_predict")):
        head = fit(corpora[source])
        people = corpora[target]
        scores = [head.stress(_inputs(r, head)) for r in people]
        pooled = _pool(people, scores)
        result[f"{source}_to_{target}"] = _figures(*pooled)
        curves[f"{source} to {target}".replace("_", "-")] = pooled[:2]
    chosen = [s for s in sessions if s.corpus == "stress_predict" and s.person in _known(corpora)]
    result["shifted"] = body_conditions.shifted(
        chosen[:: max(1, len(chosen) // SHIFTED)][:SHIFTED], held, notify
    )
    result["onnx_difference"] = _onnx_difference(corpora["stress_predict"][0])
    people = corpora["stress_predict"]
    heads = [held[r.person] for r in people]
    indices = [head.stress(_inputs(r, head)) for r, head in zip(people, heads, strict=True)]
    change = rises(people, indices)
    result["people_whose_index_rises_in_tasks"] = sum(v > 0 for v in change.values())
    if figures is not None:
        _draw(figures, result, curves)
        sessions_figure(
            people,
            indices,
            figures / "e4_arousal.png",
            "Stress index of unseen people; tasks shaded",
        )
    return result


def heart_rate(people: Sequence[Rows]) -> dict[str, Any]:
    """Compare the estimated heart rate of good quality with the device's.

    An Empatica's rate is the mean of about the last minute; the estimate is averaged likewise in a
    calm minute.
    """
    compared = np.concatenate([r.heart for r in people])
    persons = np.concatenate([[r.person] * len(r.heart) for r in people])
    both = np.isfinite(compared).all(axis=1)
    compared, persons = compared[both], persons[both]
    off = np.abs(compared[:, 0] - compared[:, 2])
    good = compared[:, 1] >= TRUSTED
    near = off <= NEAR
    kept = np.flatnonzero(good)
    return {
        "within_5_of_device_at_good_quality": asdict(
            bootstrap(lambda i: float(near[kept][i].mean()), persons[kept])
        ),
        "share_of_good_quality": float(good.mean()),
        "within_5_at_poor_quality": float(near[~good].mean()),
        "chosen_on_other_people": _chosen_elsewhere(compared[:, 1], near, persons),
        "median_error": float(np.median(off[good])),
        "windows": int(len(compared)),
        "by_quality": {
            f">={q}": {
                "share": float((compared[:, 1] >= q).mean()),
                "within_5": float(near[m].mean()),
            }
            for q in (0.1, 0.3, 0.5, 0.7, 0.9)
            if (m := compared[:, 1] >= q).any()
        },
        "per_subject": {
            name: {
                "share": float(good[persons == name].mean()),
                "within_5": float(near[good & (persons == name)].mean())
                if (good & (persons == name)).any()
                else None,
            }
            for name in np.unique(persons).tolist()
        },
    }


def _chosen_elsewhere(
    quality: Floats, near: Any, persons: Any, splits: int = 500
) -> dict[str, float]:
    """Return the accuracy of the heart rate with thresholds chosen on other people.

    The threshold is the lowest at which nine of ten windows are right.
    """

    def choose(chosen: Any) -> float:
        for threshold in THRESHOLDS:
            kept = chosen & (quality >= threshold)
            if kept.any() and near[kept].mean() >= 0.9:
                return threshold
        return THRESHOLDS[-1]

    people = np.unique(persons)
    rng = np.random.default_rng(0)
    halves, shares = [], []
    for _ in range(splits):
        half = np.isin(persons, rng.permutation(people)[: len(people) // 2])
        kept = ~half & (quality >= choose(half))
        if kept.any():
            halves.append(float(near[kept].mean()))
            shares.append(float(kept.sum() / (~half).sum()))
    alone = [near[(persons == p) & (quality >= choose(persons != p))] for p in people]
    low, high = np.percentile(halves, (5, 95))
    return {
        "halves_mean": float(np.mean(halves)),
        "halves_p5": float(low),
        "halves_p95": float(high),
        "halves_known": float(np.mean(shares)),
        "each_person_left_out": float(np.concatenate(alone).mean()),
    }


def _inputs(rows: Rows, head: Head, missing: Iterable[str] = ()) -> Floats:
    return inputs_of(without(rows, list(missing)), head.prior)


def _pool(people: Sequence[Rows], scores: Sequence[Floats]) -> tuple[Ints, Floats, Any]:
    known = [r.labels >= 0 for r in people]
    truth = np.concatenate([r.labels[k] for r, k in zip(people, known, strict=True)])
    score = np.concatenate([s[k] for s, k in zip(scores, known, strict=True)])
    persons = np.concatenate(
        [[r.person] * int(k.sum()) for r, k in zip(people, known, strict=True)]
    )
    return truth, score, persons


def _figures(truth: Ints, score: Floats, persons: Any) -> dict[str, Any]:
    guess = (score > 0.5).astype(np.int64)
    both = np.stack([1 - score, score], axis=1)
    recall = recalls(truth, guess, 2)
    # The head assumes equal priors of rest and stress: weight the rows to match.
    rng = np.random.default_rng(0)
    least = int(np.bincount(truth, minlength=2).min())
    even = np.concatenate(
        [rng.choice(np.flatnonzero(truth == c), least, replace=False) for c in (0, 1)]
    )
    return {
        "auc": asdict(bootstrap(lambda i: auc(truth[i], score[i]), persons)),
        "uar": asdict(bootstrap(lambda i: uar(truth[i], guess[i]), persons)),
        "recall_rest": float(recall[0]),
        "recall_stress": float(recall[1]),
        "ece_at_even_classes": ece(truth[even], both[even]) if least else None,
    }


def _per_subject(people: Sequence[Rows], scores: Sequence[Floats]) -> dict[str, float | None]:
    names = sorted({r.person for r in people})
    spread: dict[str, float | None] = {}
    for name in names:
        mine = [(r, s) for r, s in zip(people, scores, strict=True) if r.person == name]
        truth, score, _ = _pool([r for r, _ in mine], [s for _, s in mine])
        value = auc(truth, score)
        spread[name] = value if np.isfinite(value) else None
    return spread


def _scored_without(
    people: Sequence[Rows], heads: dict[str, Head], present: Sequence[str]
) -> dict[str, float]:
    missing = [s for s in SENSORS if s not in present]
    scores = [heads[r.person].stress(_inputs(r, heads[r.person], missing)) for r in people]
    truth, score, _ = _pool(people, scores)
    return {"auc": auc(truth, score), "uar": uar(truth, (score > 0.5).astype(np.int64))}


def _known(corpora: dict[str, list[Rows]]) -> set[str]:
    return {r.person for r in corpora["stress_predict"]}


def _shipped(rows: Rows) -> Floats:
    session = OnnxSession.shipped("body")
    inputs = inputs_of(rows.features, body_conditions.shipped_prior())
    stress = session.run({"features": inputs.astype(np.float32)})["stress"]
    return np.asarray(stress[:, 0], np.float64)


def _onnx_difference(rows: Rows) -> float:
    """Return how far the runtime is from ONNX's own definition of the head."""
    import onnx
    from onnx.reference import ReferenceEvaluator

    _, blob = load("body")
    some = inputs_of(rows.features, body_conditions.shipped_prior())[::EVERY].astype(np.float32)
    stress = ReferenceEvaluator(onnx.load_from_string(blob)).run(["stress"], {"features": some})
    shipped = OnnxSession.shipped("body").run({"features": some})["stress"]
    return float(np.abs(shipped - np.asarray(stress[0])).max())


def _draw(
    folder: Path,
    result: dict[str, Any],
    curves: dict[str, tuple[Ints, Floats]],
) -> None:
    from sentio_research.evaluation.figures import (
        confusion_figure,
        reliability_figure,
        roc_figure,
        spread_figure,
    )
    from sentio_research.metrics import confusion

    truth, score = curves["stress-predict"]
    guess = (score > 0.5).astype(np.int64)
    confusion_figure(
        confusion(truth, guess, 2),
        ("rest", "stress"),
        folder / "body_confusion.png",
        "Stress-Predict, unseen people",
    )
    both = np.stack([1 - score, score], axis=1)
    reliability_figure(
        truth, both, folder / "body_reliability.png", "Stress-Predict, unseen people"
    )
    roc_figure(curves, folder / "body_roc.png", "Stress against rest, unseen people")
    spread = {k: v for k, v in result["stress_predict"]["per_subject_auc"].items() if v is not None}
    spread_figure(spread, folder / "body_spread.png", "Stress-Predict, person by person", "AUC")
