"""Measure expression classes as a game receives them.

A model's own figures say what its network can tell apart. A game receives less: what the gate
refuses is not sent, classes that do not carry over to other people's data keep the share 1/8, what
is usual for the person is taken out, and a poor quality pulls towards the uniform distribution.

``sentio eval face|voice --as-sent --data DIR`` prints the figures.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_bridge.affect.subject_model import SubjectModel
from sentio_models.estimate import EMOTIONS
from sentio_research.metrics import auc, bootstrap, ece, recalls

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Progress = Callable[[str, int, int], None]

LEAST_ROWS = 15
"""Rows of a class from which its figures are stated."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Classes that were sent for some sounds or images.

    Attributes:
        truth: Shape ``(n,)``, index into ``EMOTIONS``.
        shares: Shape ``(n, 8)``, mean of the frames; NaN where none had the entries.
        people: Shape ``(n,)``, person of each.
    """

    truth: Ints
    shares: Floats
    people: NDArray[np.generic]

    @property
    def known(self) -> NDArray[np.bool_]:
        """Whether the frames had probabilities."""
        return np.isfinite(self.shares[:, 0])


def evaluate(data: Path, modality: str, progress: Progress | None = None) -> dict[str, Any]:
    """Return the classes as sent on all data of a modality.

    Args:
        data: Folder of labelled data.
        modality: ``face`` or ``voice``.
        progress: Called with the step, the finished part and the total.

    Raises:
        ModelMissingError: Data or a package is missing.
    """
    notify = progress or (lambda _step, _done, _total: None)
    if modality == "face":
        from benchmarks.classes_sent_face import measure_faces

        return measure_faces(data, notify)
    from benchmarks.classes_sent_voice import measure_voices

    return measure_voices(data, notify)


def shares_now(model: SubjectModel, now: float) -> Floats:
    """Return the probabilities that a frame has at ``now``; NaN where it has none."""
    values = model.snapshot(now).values
    return np.array([values.get(f"p_{name}", np.nan) for name in EMOTIONS])


def table(sent: Sent) -> dict[str, Any]:
    """Return the figures of what was sent, with intervals over people.

    ``leading`` is the share of what was sent in which a class has the highest probability;
    ``carries`` states whether its probability separates it from the rest on people that were not
    fitted on (AUC, whole interval above .5).
    """
    known = sent.known
    truth, shares, people = sent.truth[known], sent.shares[known], sent.people[known]
    report: dict[str, Any] = {
        "n": len(known),
        "sent": asdict(bootstrap(lambda i: float(known[i].mean()), sent.people)),
    }
    if not known.any():
        return report
    guess = shares.argmax(axis=1).astype(np.int64)
    classes = [c for c in range(len(EMOTIONS)) if (truth == c).sum() >= LEAST_ROWS]
    right = guess == truth

    def mean_recall(i: Ints) -> float:
        drawn, hit = truth[i], right[i]
        return float(np.mean([hit[drawn == c].mean() for c in classes if (drawn == c).any()]))

    weights = _equal(truth)
    report |= {
        "mean_recall": asdict(bootstrap(mean_recall, people)),
        "accuracy": float(right.mean()),
        "ece": ece(truth, shares),
        "ece_balanced": ece(truth, shares, weights=weights),
        "confidence": float(shares.max(axis=1).mean()),
        "leading": {
            name: float((guess == c).mean())
            for c, name in enumerate(EMOTIONS)
            if (guess == c).any()
        },
        "classes": {EMOTIONS[c]: _one(truth, shares, guess, people, c) for c in classes},
    }
    return report


def _one(
    truth: Ints, shares: Floats, guess: Ints, people: NDArray[np.generic], c: int
) -> dict[str, Any]:
    is_it = (truth == c).astype(np.int64)
    apart = bootstrap(lambda i: float(auc(is_it[i], shares[i, c])), people)
    return {
        "n": int(is_it.sum()),
        "recall": float(recalls(truth, guess, len(EMOTIONS))[c]),
        "mean_share": float(shares[is_it == 1, c].mean()),
        "mean_share_of_others": float(shares[is_it == 0, c].mean()),
        "auc": asdict(apart),
        "carries": bool(apart.low > 0.5),
    }


def _equal(truth: Ints) -> Floats:
    """Return weights that give each class an equal total."""
    names, member, counts = np.unique(truth, return_inverse=True, return_counts=True)
    weights: Floats = 1.0 / (len(names) * counts[member].astype(np.float64))
    return weights
