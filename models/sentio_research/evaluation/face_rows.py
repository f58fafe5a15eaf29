"""Run the live path on images and keep its output for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sentio_models.modalities.face.estimator import FaceEstimator

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float64]


@dataclass(slots=True)
class Readings:
    """Results of the live path for a series of images.

    Attributes:
        found: Shape ``(n,)``, whether a face was found.
        quality: Shape ``(n,)``, 0 without a face.
        combined: Shape ``(n, 8)``, the live probabilities; NaN where no face was found.
        crop: Shape ``(n, 8)``, the crop network's alone; NaN likewise.
        landmarks: Shape ``(n, 8)``, the landmark network's alone; NaN likewise.
        reasons: Count of each reason.
    """

    found: NDArray[np.bool_]
    quality: Floats
    combined: Floats
    crop: Floats
    landmarks: Floats
    reasons: dict[str, int]


def look_at(
    pictures: Iterator[Pixels],
    total: int,
    estimator: FaceEstimator,
    notify: Callable[[int, int], None] = lambda _done, _total: None,
) -> Readings:
    """Run the live path on each image."""
    readings = Readings(
        np.zeros(total, np.bool_),
        np.zeros(total),
        np.full((total, 8), np.nan),
        np.full((total, 8), np.nan),
        np.full((total, 8), np.nan),
        {},
    )
    for index, picture in enumerate(pictures):
        observation = estimator.observe(picture, float(index))
        reasons: tuple[str, ...] = ("no_face",)
        if observation is not None:
            reasons = observation.reasons
            readings.found[index] = True
            readings.quality[index] = observation.quality
            readings.combined[index] = observation.probabilities
            readings.crop[index] = observation.by_crop
            readings.landmarks[index] = observation.by_landmarks
        for reason in reasons:
            readings.reasons[reason] = readings.reasons.get(reason, 0) + 1
        if index % 100 == 0 or index + 1 == total:
            notify(index + 1, total)
    return readings
