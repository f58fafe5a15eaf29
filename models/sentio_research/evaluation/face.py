"""Evaluate the face models with the live code.

Every figure comes from the shipped ONNX weights through ``FaceEstimator.observe``; there is no
separate preprocessing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelMissingError, ModelRefusedError
from sentio_models.estimate import EMOTIONS
from sentio_models.modalities.face.align import warp
from sentio_models.modalities.face.estimator import FaceEstimator
from sentio_models.modalities.face.landmarker import FaceLandmarker
from sentio_models.runtime.onnx_session import OnnxSession
from sentio_research.data.ferplus import Faces, read, stage
from sentio_research.data.images import ENDINGS, read_rgb
from sentio_research.evaluation.face_conditions import CONDITIONS
from sentio_research.evaluation.face_photos import measure_photos
from sentio_research.evaluation.face_rows import Readings, look_at
from sentio_research.metrics import accuracy, auc, bootstrap, confusion, ece, recalls, uar

Pixels = NDArray[np.uint8]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Progress = Callable[[str, int, int], None]

SHIFTED = 300
"""Number of images for each shifted condition: the first that count, of all classes."""

USABLE = 0.5
"""Quality from which an image counts as good in figures by quality."""

WHOLE = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


def evaluate(
    data: Path,
    *,
    figures: Path | None = None,
    images: Path | None = None,
    progress: Progress | None = None,
    landmarker: Path | None = None,
    limit: int | None = None,
) -> dict[str, Any]:
    """Measure the shipped face models.

    Args:
        data: Folder of ``face_ferplus/`` and ``face_photos/``; not read if ``images`` is given.
        figures: Folder for PNG figures.
        images: A user's photos instead: a folder with one subfolder for each class, named like
            the eight emotions; subfolders with other names are skipped and listed.
        progress: Called with the step, the number of finished images and the total.
        landmarker: Path of the face landmarker, if not in the default place.
        limit: Use only the first ``limit`` images.

    Returns:
        Values for JSON; every figure as ``{value, low, high, n, groups}`` with its 95 %
        bootstrap interval over images (FER+ does not identify people).

    Raises:
        ModelMissingError: The data, mediapipe or its bundle is missing.
        ModelRefusedError: ``images`` contains no image of a known class.
    """
    notify = progress or (lambda _step, _done, _total: None)
    estimator = FaceEstimator(landmarker=FaceLandmarker(landmarker, still=True))
    if images is not None:
        return _own_images(images, estimator, notify, limit, figures)

    test = read(data / "face_ferplus", "test")
    if limit is not None:
        test = Faces(test.images[:limit], test.votes[:limit])
    stages = (stage(tile) for tile in test.images)
    readings = look_at(stages, len(test.images), estimator, lambda d, t: notify("test", d, t))
    everything = with_fallback(test, readings)

    majority, plurality = test.majority, test.plurality
    found = readings.found
    report: dict[str, Any] = {
        "data": "FER+ test split; people are not identified, so rows are images",
        "protocol": (
            "majority: votes given once dropped, then more than half of the rest for one of the "
            "eight classes (the FER+ paper's code); plurality: the most frequent vote"
        ),
        "images": len(majority),
        "face_found": float(found.mean()),
        "face": {
            "all_counted_images": scores(majority, everything, majority >= 0),
            "live_path_where_a_face_is_found": scores(
                majority, readings.combined, found & (majority >= 0)
            ),
            "live_path_quality_at_least_0.5": scores(
                majority, readings.combined, (readings.quality >= USABLE) & (majority >= 0)
            ),
            "plurality_all_images": scores(plurality, everything, plurality >= 0),
        },
        "crop_network_alone": scores(majority, readings.crop, found & (majority >= 0)),
        "landmark_network_alone": scores(majority, readings.landmarks, found & (majority >= 0)),
        "reasons": readings.reasons,
        "shifted": shifted(test, estimator, notify),
        "cost_ms": cost(estimator, test),
    }
    try:
        report["photos"] = measure_photos(data, estimator, lambda d, t: notify("photos", d, t))
    except ModelMissingError as error:
        report["photos"] = f"not measured: {error.what}"
    if figures is not None:
        counted = majority >= 0
        draw(figures, majority[counted], everything[counted], report["shifted"])
    return report


def with_fallback(faces: Faces, readings: Readings) -> Floats:
    """Return the live probabilities, or those of the tile as crop without a face.

    FER+'s tiles are framed like the crops, so the published protocol, a figure over every counted
    image, can be computed although the live path reports ``no_face``.
    """
    session = OnnxSession.shipped("face_crop")
    size = session.manifest.inputs[0].shape[-1]
    everything = readings.combined.copy()
    for index in np.flatnonzero(~readings.found):
        grey = warp(faces.images[index], WHOLE, size).grey
        everything[index] = session.run({"crop": grey[None, None]})["probabilities"][0]
    return everything


def scores(truth: Ints, probabilities: Floats, rows: NDArray[np.bool_]) -> dict[str, Any]:
    """Return accuracy, UAR, recalls, ECE and confusion on some rows, with intervals."""
    rows = rows & np.isfinite(probabilities[:, 0])
    if not rows.any():
        return {"n": 0}
    y, p = truth[rows], probabilities[rows]
    guess = p.argmax(axis=1).astype(np.int64)
    each = np.arange(len(y))
    log_loss = -np.log(np.maximum(p[each, y], 1e-9))
    return {
        "n": len(y),
        "accuracy": asdict(bootstrap(lambda i: accuracy(y[i], guess[i]), each)),
        "uar": asdict(bootstrap(lambda i: uar(y[i], guess[i]), each)),
        "ece": ece(y, p),
        "log_loss": float(log_loss.mean()),
        "recall": {
            name: None if np.isnan(r) else float(r)
            for name, r in zip(EMOTIONS, recalls(y, guess, 8), strict=True)
        },
        "auc": {
            name: float(auc((y == c).astype(np.int64), p[:, c]))
            for c, name in enumerate(EMOTIONS)
            if 0 < int((y == c).sum()) < len(y)
        },
        "confusion": confusion(y, guess, 8).tolist(),
    }


def shifted(test: Faces, estimator: FaceEstimator, notify: Progress) -> dict[str, Any]:
    """Evaluate the live path under other conditions, each on the same images."""
    rows = np.flatnonzero(test.majority >= 0)[:SHIFTED]
    truth = test.majority[rows]
    report = {}
    for name, change in CONDITIONS.items():
        pictures = (change(stage(tile)) for tile in test.images[rows])
        readings = look_at(pictures, len(rows), estimator, partial(notify, name))
        usable = readings.found & (readings.quality >= USABLE)
        report[name] = {
            "face_found": float(readings.found.mean()),
            "quality_at_least_0.5": float(usable.mean()),
            "found": _brief(truth, readings.combined, readings.found),
            "usable": _brief(truth, readings.combined, usable),
            "reasons": readings.reasons,
        }
    return report


def _brief(truth: Ints, probabilities: Floats, rows: NDArray[np.bool_]) -> dict[str, Any]:
    if not rows.any():
        return {"n": 0}
    y, guess = truth[rows], probabilities[rows].argmax(axis=1).astype(np.int64)
    return {
        "n": len(y),
        "accuracy": asdict(bootstrap(lambda i: accuracy(y[i], guess[i]), np.arange(len(y)))),
        "uar": uar(y, guess),
    }


def cost(estimator: FaceEstimator, faces: Faces, runs: int = 60) -> dict[str, float]:
    """Measure the time of each part, median milliseconds; one network thread."""
    import time

    from sentio_models.modalities.face.align import crop

    session = OnnxSession.shipped("face_crop")
    size = session.manifest.inputs[0].shape[-1]
    took: dict[str, list[float]] = {"align": [], "crop_network": [], "whole_still_path": []}
    for index in range(min(runs, len(faces.images))):
        picture = stage(faces.images[index])
        start = time.perf_counter()
        observation = estimator.observe(picture, float(index))
        took["whole_still_path"].append(time.perf_counter() - start)
        if observation is None:
            continue
        start = time.perf_counter()
        aligned = crop(picture, observation.face.landmarks.astype(np.float64), size)
        middle = time.perf_counter()
        session.run({"crop": aligned.grey[None, None]})
        took["align"].append(middle - start)
        took["crop_network"].append(time.perf_counter() - middle)
    return {name: 1000 * float(np.median(t)) for name, t in took.items() if t}


def _own_images(
    folder: Path,
    estimator: FaceEstimator,
    notify: Progress,
    limit: int | None,
    figures: Path | None,
) -> dict[str, Any]:
    paths: list[Path] = []
    labels: list[int] = []
    left_out = []
    for sub in sorted(p for p in folder.iterdir() if p.is_dir()) if folder.is_dir() else []:
        if sub.name.lower() not in EMOTIONS:
            left_out.append(sub.name)
            continue
        files = sorted(p for p in sub.rglob("*") if p.suffix.lower() in ENDINGS)[:limit]
        paths += files
        labels += [EMOTIONS.index(sub.name.lower())] * len(files)
    if not paths:
        raise ModelRefusedError(
            f"{folder} contains no image of a known class",
            f"create one subfolder for each class of: {', '.join(EMOTIONS)}",
        )
    unreadable: list[str] = []

    def pictures() -> Iterator[Pixels]:
        for path in paths:
            try:
                yield read_rgb(path)
            except ModelRefusedError:
                unreadable.append(path.name)
                yield np.zeros((64, 64, 3), np.uint8)

    readings = look_at(pictures(), len(paths), estimator, lambda d, t: notify(folder.name, d, t))
    truth = np.array(labels, np.int64)
    report = {
        "data": f"{len(paths)} images of the folder {folder.name}",
        "face_found": float(readings.found.mean()),
        "face": scores(truth, readings.combined, readings.found),
        "crop_network_alone": scores(truth, readings.crop, readings.found),
        "landmark_network_alone": scores(truth, readings.landmarks, readings.found),
        "quality_at_least_0.5": scores(truth, readings.combined, readings.quality >= USABLE),
        "reasons": readings.reasons,
        "unreadable": unreadable,
        "classes_left_out": left_out,
    }
    if figures is not None and readings.found.any():
        draw(figures, truth[readings.found], readings.combined[readings.found], {})
    return report


def draw(folder: Path, truth: Ints, probabilities: Floats, conditions: Mapping[str, Any]) -> None:
    """Draw confusion, reliability, ROC and spread as PNG files."""
    from sentio_research.evaluation.figures import (
        confusion_figure,
        reliability_figure,
        roc_figure,
        spread_figure,
    )

    guess = probabilities.argmax(axis=1).astype(np.int64)
    table = confusion(truth, guess, 8)
    confusion_figure(table, EMOTIONS, folder / "face_confusion.png", "Face: expressions, FER+ test")
    reliability_figure(
        truth, probabilities, folder / "face_reliability.png", "Face: calibration, FER+ test"
    )
    curves = {
        n: ((truth == c).astype(np.int64), probabilities[:, c]) for c, n in enumerate(EMOTIONS)
    }
    roc_figure(curves, folder / "face_roc.png", "Face: each expression against the rest")
    spread = {
        name.replace("_", " "): entry["found"]["accuracy"]["value"]
        for name, entry in conditions.items()
        if entry["found"]["n"]
    }
    if spread:
        spread_figure(spread, folder / "face_conditions.png", "Face: conditions", "accuracy")
