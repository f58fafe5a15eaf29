"""Evaluate the shipped face models on photos of other people and cameras.

The classes of ``face_photos`` are about balanced, those of FER+ and of a player's day are not.
Therefore every class has the same weight here: recall by class, its mean, and the calibration
error over balanced classes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_models.estimate import EMOTIONS
from sentio_models.modalities.face.estimator import FaceEstimator
from sentio_models.runtime.manifest import load
from sentio_research.data.face_photos import Photos, read
from sentio_research.data.images import read_rgb
from sentio_research.evaluation.face_rows import Readings, look_at
from sentio_research.metrics import bootstrap, confusion, ece

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SIX = tuple(EMOTIONS.index(n) for n in EMOTIONS if n not in ("fear", "contempt"))
"""Classes with enough photos; of fear there are twelve and of contempt two."""


def measure_photos(
    data: Path, estimator: FaceEstimator, notify: Callable[[int, int], None]
) -> dict[str, Any]:
    """Return the figures on the photos.

    Raises:
        ModelMissingError: The photos are missing.
    """
    photos = read(data)
    return table(photos, observe(photos, estimator, notify))


def observe(
    photos: Photos, estimator: FaceEstimator, notify: Callable[[int, int], None]
) -> Readings:
    """Run the live path on every photo."""
    pictures: Iterator[NDArray[np.uint8]] = (read_rgb(path) for path in photos.paths)
    return look_at(pictures, len(photos.paths), estimator, notify)


def table(photos: Photos, readings: Readings) -> dict[str, Any]:
    """Return the report of readings on the photos."""
    return {
        "data": "face_photos: photos from the web, never fitted on and never chosen with",
        "protocol": "the live path; every class has the same weight; photos without a face apart",
        "face_found": float(readings.found.mean()),
        "six_classes_balanced": balanced(photos.labels, readings.combined, readings.found, SIX),
        "six_classes_equally_likely": balanced(
            photos.labels, equally_likely(readings.combined), readings.found, SIX
        ),
        "crop_network_alone": balanced(photos.labels, readings.crop, readings.found, SIX),
        "landmark_network_alone": balanced(photos.labels, readings.landmarks, readings.found, SIX),
        "fear_and_contempt": {
            EMOTIONS[c]: _few(photos.labels, readings.combined, readings.found, c)
            for c in range(len(EMOTIONS))
            if c not in SIX
        },
    }


def balanced(
    truth: Ints, probabilities: Floats, rows: NDArray[np.bool_], classes: tuple[int, ...]
) -> dict[str, Any]:
    """Return mean recall, recalls and ECE with equal weight for each class.

    Args:
        truth: Class of each row.
        probabilities: Shape ``(n, 8)``; each of the eight may win.
        rows: Rows that count.
        classes: Classes of the truth that count.
    """
    rows = rows & np.isin(truth, classes)
    y, p = truth[rows], probabilities[rows]
    if len(y) == 0:
        return {"n": 0}
    guess = p.argmax(axis=1).astype(np.int64)
    right = guess == y
    present = [c for c in classes if (y == c).any()]

    def mean_recall(i: Ints) -> float:
        drawn, hit = y[i], right[i]
        return float(np.mean([hit[drawn == c].mean() for c in present if (drawn == c).any()]))

    def recall_of(c: int) -> dict[str, Any]:
        hit = right[y == c]
        return asdict(bootstrap(lambda i: float(hit[i].mean()), np.arange(len(hit))))

    return {
        "n": len(y),
        "uar": asdict(bootstrap(mean_recall, np.arange(len(y)))),
        "ece": ece(y, p, weights=equal_weights(y)),
        "recall": {EMOTIONS[c]: recall_of(c) for c in present},
        "confusion": confusion(y, guess, len(EMOTIONS)).tolist(),
    }


def equally_likely(probabilities: Floats) -> Floats:
    """Return probabilities for classes that are equally likely before a face is seen.

    What is sent still holds part of FER+'s frequencies; these photos are about balanced.
    """
    constants = load("face_crop")[0].constants
    even: Floats = probabilities / np.exp(np.asarray(constants["log_frequency"], np.float64))
    even /= even.sum(axis=1, keepdims=True)
    return even


def equal_weights(truth: Ints) -> Floats:
    """Return weights of rows that give each class an equal total; their sum is 1."""
    names, member, counts = np.unique(truth, return_inverse=True, return_counts=True)
    weights: Floats = 1.0 / (len(names) * counts[member].astype(np.float64))
    return weights


def _few(truth: Ints, probabilities: Floats, found: NDArray[np.bool_], c: int) -> dict[str, int]:
    rows = found & (truth == c)
    return {"n": int(rows.sum()), "right": int((probabilities[rows].argmax(axis=1) == c).sum())}
