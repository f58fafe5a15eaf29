"""Landmarks of FER+'s images, plain and shifted, found once and kept in a folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentio_models.modalities.face.align import ANCHORS, similarity
from sentio_models.modalities.face.landmarker import FaceLandmarker
from sentio_models.modalities.face.landmarks import BLENDSHAPES
from sentio_models.runtime.bundle import FACE_LANDMARKER
from sentio_research.data.face_shifts import shifted, strongly_shifted
from sentio_research.data.ferplus import ENLARGED, MARGIN, Faces, Marks, mark, stage

CHANGES = {"shifted": (shifted, 7), "strong": (strongly_shifted, 31)}
"""Changes by name, each with a seed, so that every fit is compared on equal pictures."""

WHOLE = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
"""Crop of a tile in which no face is found: the whole tile."""

STAGED = np.array(
    [
        [ENLARGED, 0.0, MARGIN + (ENLARGED - 1) / 2],
        [0.0, ENLARGED, MARGIN + (ENLARGED - 1) / 2],
    ]
)
"""The same in a staged picture."""


def marks_of(folder: Path, split: str, faces: Faces) -> Marks:
    """Return the landmarks of a split, cached in ``folder``."""
    kept = folder / f"face_marks_{split}_{FACE_LANDMARKER.sha256[:8]}.npz"
    if not kept.is_file():
        print(f"finding the landmarks of {len(faces.images)} {split} images", flush=True)
        found = mark(faces, FaceLandmarker(still=True))
        np.savez_compressed(kept, landmarks=found.landmarks, blendshapes=found.blendshapes)
    with np.load(kept) as arrays:
        return Marks(arrays["landmarks"], arrays["blendshapes"])


def placements(marks: Marks) -> NDArray[np.float64]:
    """Return the alignment of each tile, shape ``(n, 2, 3)``."""
    return np.stack(
        [
            similarity(points[list(ANCHORS), :2].astype(np.float64)) if found else WHOLE
            for points, found in zip(marks.landmarks, marks.found, strict=True)
        ]
    )


def changed_marks(folder: Path, faces: Faces, name: str) -> tuple[NDArray[np.uint8], Marks]:
    """Return validation pictures changed as ``CHANGES`` names, and their landmarks.

    The marks are cached in ``folder``; the pictures are drawn again, equal each time.
    """
    change, seed = CHANGES[name]
    pictures = np.stack(
        [
            change(stage(tile), np.random.default_rng([seed, index]))
            for index, tile in enumerate(faces.images)
        ]
    )
    kept = folder / f"face_marks_{name}_{FACE_LANDMARKER.sha256[:8]}.npz"
    if not kept.is_file():
        finder = FaceLandmarker(still=True)
        found = [finder.find(picture, float(i)) for i, picture in enumerate(pictures)]
        landmarks = np.full((len(found), 478, 3), np.nan, np.float32)
        blendshapes = np.full((len(found), len(BLENDSHAPES)), np.nan, np.float32)
        for index, seen in enumerate(found):
            if seen:
                landmarks[index], blendshapes[index] = seen[0].landmarks, seen[0].blendshapes
        np.savez_compressed(kept, landmarks=landmarks, blendshapes=blendshapes)
    with np.load(kept) as arrays:
        return pictures, Marks(arrays["landmarks"], arrays["blendshapes"])


def staged(place: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the alignment in a staged picture of one in its tile, shape ``(2, 3)``."""
    turn, shift = STAGED[:, :2], STAGED[:, 2]
    return np.column_stack([turn @ place[:, :2], turn @ place[:, 2] + shift])
