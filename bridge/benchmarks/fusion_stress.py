"""Real people: gain of a causal baseline, and coverage of intervals.

On Stress-Predict, with whole subjects held out. Nothing is fitted to the test subjects.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.stress_predict import HOP, NAMES, Subject
from sentio_bridge.affect.fusion import FusionSettings
from sentio_bridge.affect.subject_model import SubjectModel
from sentio_models import Estimate, Norm, Reading
from sentio_models.runtime.norms import RunningReference
from sentio_research.metrics import auc, bootstrap

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SETTLE = 300.0
"""Seconds after which a person is evaluated: before, a baseline has hardly any data. Both methods
are evaluated on the same windows."""

PENALTY = 30.0
"""Ridge penalty; has little influence with 100,000 windows."""

FOLDS = 6
"""Number of groups of subjects, held out in turn."""

_CLIP = 5.0


def population(subjects: Sequence[Subject]) -> dict[str, Norm]:
    """Return the norms of the population."""
    rows = np.concatenate([s.features for s in subjects])
    mean, sd = np.nanmedian(rows, axis=0), np.nanstd(rows, axis=0)
    return {
        name: Norm(float(m), max(float(d), 1e-6), 6.0)
        for name, m, d in zip(NAMES, mean, sd, strict=True)
    }


def plain(subject: Subject, prior: dict[str, Norm]) -> Floats:
    """Scale by the norms of the population only."""
    mean = np.array([n.mean for n in prior.values()])
    sd = np.array([n.sd for n in prior.values()])
    return _inputs((subject.features - mean) / sd)


def personal(subject: Subject, prior: dict[str, Norm]) -> Floats:
    """Scale by the person's running norm up to each window, never by later data."""
    reference = RunningReference(prior)
    rows = []
    step = float("inf")
    for values in subject.features:
        rows.append(np.concatenate(reference.compare(values)))
        reference.learn(values, step)
        step = HOP
    return _inputs(np.array(rows))


def _inputs(scaled: Floats) -> Floats:
    known = np.where(np.isfinite(scaled), scaled, 0.0)
    return np.concatenate([np.clip(known, -_CLIP, _CLIP), np.ones((len(known), 1))], axis=1)


def fit(rows: Floats, truth: Floats) -> Floats:
    """Fit a ridge regression of the label; its output approximates a probability."""
    system = rows.T @ rows + PENALTY * np.eye(rows.shape[1])
    return np.asarray(np.linalg.solve(system, rows.T @ truth), np.float64)


def _scores(subjects: Sequence[Subject], method: str) -> list[Floats]:
    """Return each subject's scores from a model trained on the other subjects."""
    make = {"personal": personal, "plain": plain}[method]
    scores: list[Floats] = [np.empty(0)] * len(subjects)
    for fold in range(FOLDS):
        others = [s for i, s in enumerate(subjects) if i % FOLDS != fold]
        prior = population(others)
        rows = np.concatenate([make(s, prior) for s in others])
        truth = np.concatenate([s.stress for s in others]).astype(np.float64)
        weights = fit(rows, truth)
        for i in range(fold, len(subjects), FOLDS):
            scores[i] = make(subjects[i], prior) @ weights
    return scores


def baseline_gain(subjects: Sequence[Subject]) -> dict[str, Any]:
    """Compare stress detection with and without a causal personal baseline.

    Returns:
        Both AUCs over all subjects' windows together, and the gain, each with a 95 % interval
        over resampled subjects.
    """
    late = [s.times >= SETTLE for s in subjects]
    groups = np.concatenate(
        [np.full(m.sum(), s.number) for s, m in zip(subjects, late, strict=True)]
    )
    truth = np.concatenate([s.stress[m] for s, m in zip(subjects, late, strict=True)])
    scores = {
        method: np.concatenate(
            [score[m] for score, m in zip(_scores(subjects, method), late, strict=True)]
        )
        for method in ("plain", "personal")
    }

    def gain(rows: Ints) -> float:
        return auc(truth[rows], scores["personal"][rows]) - auc(truth[rows], scores["plain"][rows])

    def area(method: str) -> dict[str, float]:
        figure = bootstrap(lambda rows: auc(truth[rows], scores[method][rows]), groups)
        return {"value": figure.value, "low": figure.low, "high": figure.high}

    figure = bootstrap(gain, groups)
    return {
        "auc_without": area("plain"),
        "auc_with": area("personal"),
        "gain": {"value": figure.value, "low": figure.low, "high": figure.high},
        "subjects": figure.groups,
        "windows": figure.n,
    }


def interval_coverage(
    subjects: Sequence[Subject], settings: FusionSettings | None = None
) -> dict[str, Any]:
    """Return how often the true stress (0 or 1) is within fusion's intervals.

    The model and its error variance come from the other subjects; the variance is measured on
    people who were not in the training data.

    Returns:
        The coverage of the 68 % and 95 % intervals, with 95 % intervals over subjects.
    """
    inside: list[Floats] = []
    groups: list[Ints] = []
    for fold in range(FOLDS):
        weights, variance, prior = _calibrated(
            [s for i, s in enumerate(subjects) if i % FOLDS != fold]
        )
        for subject in subjects[fold::FOLDS]:
            predicted = np.clip(personal(subject, prior) @ weights, 0, 1)
            z = _distances(subject, predicted, variance, settings)
            inside.append(z)
            groups.append(np.full(len(z), subject.number))
    distances, names = np.concatenate(inside), np.concatenate(groups)
    table = {}
    for name, bound in (("coverage_68", 1.0), ("coverage_95", 1.96)):
        hits = distances <= bound
        figure = bootstrap(partial(_share, hits), names)
        table[name] = {"value": figure.value, "low": figure.low, "high": figure.high}
    return table


def _share(hits: NDArray[np.bool_], rows: Ints) -> float:
    return float(np.mean(hits[rows]))


def _distances(
    subject: Subject, predicted: Floats, variance: float, settings: FusionSettings | None
) -> Floats:
    """Return the distance of the truth from the fused stress, in standard deviations."""
    assumed = settings or FusionSettings()
    person = SubjectModel(str(subject.number), assumed)
    distances = []
    for now, mean, truth in zip(subject.times, predicted, subject.stress, strict=True):
        reading = Reading(float(mean), variance)
        person.estimate(Estimate("body", {"stress": reading}, quality=1.0), float(now), float(now))
        if now >= SETTLE:
            values = person.snapshot(float(now)).values
            middle = values.get("stress", assumed.index_mean)  # unknown: the prior
            distances.append(abs(middle - truth) / values.get("stress_sd", assumed.index_sd))
    return np.array(distances)


def _calibrated(subjects: Sequence[Subject]) -> tuple[Floats, float, dict[str, Norm]]:
    """Return a model, its held-out error variance, and the population's norms."""
    prior = population(subjects)
    rows = [personal(s, prior) for s in subjects]
    truth = [s.stress.astype(np.float64) for s in subjects]
    squares = []
    for fold in range(5):
        train = [i for i in range(len(subjects)) if i % 5 != fold]
        weights = fit(
            np.concatenate([rows[i] for i in train]), np.concatenate([truth[i] for i in train])
        )
        squares += [
            (truth[i] - np.clip(rows[i] @ weights, 0, 1)) ** 2
            for i in range(len(subjects))
            if i % 5 == fold
        ]
    weights = fit(np.concatenate(rows), np.concatenate(truth))
    return weights, float(np.concatenate(squares).mean()), prior
