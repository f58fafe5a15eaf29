"""Show images to the live estimator and fusion; keep the classes sent.

Every image is another person, who is not known: a second of one image, ten estimates, and the frame
at its end. What a calibration at rest would take out stays in.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.classes_sent import Progress, Sent, shares_now, table
from sentio_bridge.affect.subject_model import SubjectModel
from sentio_models.estimate import EMOTIONS
from sentio_models.estimator import Estimator
from sentio_models.modalities.face.estimator import FaceEstimator
from sentio_models.modalities.face.landmarker import FaceLandmarker
from sentio_models.window import Signal, Window
from sentio_research.data import face_photos, ferplus
from sentio_research.data.images import read_rgb

Floats = NDArray[np.float64]
Pixels = NDArray[np.uint8]

HZ, SHOWN = 10.0, 10
"""Estimates a second, and estimates of one image."""


def measure_faces(data: Path, notify: Progress, limit: int | None = None) -> dict[str, Any]:
    """Return the classes as sent on FER+'s test split and on ``face_photos``.

    Args:
        data: Folder of ``face_ferplus/`` and ``face_photos/``.
        notify: Called with the step, the finished part and the total.
        limit: Number of images of each that are used.

    Raises:
        ModelMissingError: The data, mediapipe or its bundle is missing.
    """
    estimator = FaceEstimator(landmarker=FaceLandmarker(still=True))
    test = ferplus.read(data / "face_ferplus", "test")
    counted = np.flatnonzero(test.majority >= 0)[:limit]
    photos = face_photos.read(data)
    chosen = np.arange(len(photos.paths))[:limit]
    tiles = (ferplus.stage(test.images[i]) for i in counted)
    pictures = (read_rgb(photos.paths[i]) for i in chosen)
    seen = shown(estimator, tiles, len(counted), lambda d, n: notify("FER+", d, n))
    others = shown(estimator, pictures, len(chosen), lambda d, n: notify("face_photos", d, n))
    return {
        "data": "FER+ test split (majority) and face_photos; each image is another person",
        "ferplus": table(Sent(test.majority[counted], seen, counted)),
        "face_photos": table(Sent(photos.labels[chosen], others, chosen)),
    }


def shown(
    estimator: Estimator,
    pictures: Iterator[Pixels],
    total: int,
    notify: Any = lambda _done, _total: None,
) -> Floats:
    """Show each picture for a second; return the shares at its end, ``(n, 8)``."""
    shares = np.full((total, len(EMOTIONS)), np.nan)
    for index, picture in enumerate(pictures):
        video = Signal(picture[None], np.zeros(1), HZ, ("rgb",))
        estimate = estimator.estimate(Window({"video": video}))
        model = SubjectModel("unseen")
        for step in range(SHOWN):
            model.estimate(estimate, step / HZ, step / HZ)
        shares[index] = shares_now(model, (SHOWN - 1) / HZ)
        notify(index + 1, total)
    return shares
