"""Read FER+ and select the images that count."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentio_models.estimate import EMOTIONS
from sentio_models.modalities.face.landmarker import FaceLandmarker
from sentio_models.modalities.face.landmarks import BLENDSHAPES, Face
from sentio_research.data.images import enlarge, read_grey
from sentio_research.data.tables import read_table

TILE = 48
ENLARGED = 4
"""Enlargement of the tiles, so that the face has a normal size for the face finder."""
MARGIN = 48
"""Margin of grey pixels around the enlarged tile: the finder fails on tight crops."""

VOTES = (*EMOTIONS, "unknown", "not_face")


@dataclass(frozen=True, slots=True)
class Faces:
    """One split of FER+.

    Attributes:
        images: Shape ``(n, 48, 48)`` uint8.
        votes: Shape ``(n, 10)``, number of ten raters' votes for each of ``VOTES``.
    """

    images: NDArray[np.uint8]
    votes: NDArray[np.int64]

    @property
    def soft(self) -> NDArray[np.float32]:
        """Shares of votes for the eight classes, without single votes.

        Images without votes, or with at least half of the votes for unknown or not a face, get 0.
        """
        kept = np.where(self.votes > 1, self.votes, 0)
        known = kept[:, :8].sum(axis=1)
        usable = known > 0.5 * kept.sum(axis=1)
        shares = kept[:, :8] / np.maximum(known, 1)[:, None]
        return np.where(usable[:, None], shares, 0).astype(np.float32)

    @property
    def majority(self) -> NDArray[np.int64]:
        """Class of each image by FER+'s majority protocol; -1 if it does not count.

        As in the paper's reference code: single votes are dropped as outliers, then a class must
        have more than half of the rest, and be neither unknown nor not_face.
        """
        kept = np.where(self.votes > 1, self.votes, 0)
        winner = kept.argmax(axis=1)
        counts = (kept.max(axis=1) > 0.5 * kept.sum(axis=1)) & (winner < 8)
        return np.where(counts, winner, -1)

    @property
    def plurality(self) -> NDArray[np.int64]:
        """Most frequent vote, -1 for unknown or not_face; ties give the first.

        Unlike ``majority`` it includes images on which raters disagree.
        """
        winner = self.votes.argmax(axis=1)
        return np.where(winner < 8, winner, -1)


def read(folder: Path, split: str) -> Faces:
    """Read one split.

    Args:
        folder: Folder of ``labels.csv`` and the PNG pages of 32 x 32 tiles.
        split: ``train``, ``valid`` or ``test``, the splits of FER2013.

    Raises:
        ModelMissingError: The data is missing.
        ModelRefusedError: Its table has no such column.
    """
    table = read_table("FER+", folder / "labels.csv", ("split", "page", "row", "column", *VOTES))
    rows = [row for row in table if row["split"] == split]
    images = np.empty((len(rows), TILE, TILE), np.uint8)
    page, held = None, np.empty((0, 0), np.uint8)
    for index, row in enumerate(rows):
        if row["page"] != page:
            page = row["page"]
            held = read_grey(folder / f"{split}_{int(page):02d}.png")
        top, left = int(row["row"]) * TILE, int(row["column"]) * TILE
        images[index] = held[top : top + TILE, left : left + TILE]
    votes = np.array([[int(row[name]) for name in VOTES] for row in rows], np.int64)
    return Faces(images, votes)


def stage(tile: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the RGB image, 288 x 288, of a tile for the live path."""
    large = np.pad(enlarge(tile, ENLARGED), MARGIN, constant_values=int(np.median(tile)))
    return np.repeat(large[:, :, None], 3, axis=2)


def unstage(face: Face) -> NDArray[np.float32]:
    """Return a staged face's landmarks in the pixels of its tile."""
    points = face.landmarks.copy()
    points[:, :2] -= MARGIN
    points /= ENLARGED
    points[:, :2] -= 0.5 - 0.5 / ENLARGED
    return points


@dataclass(frozen=True, slots=True)
class Marks:
    """Result of the face finder for each tile.

    Attributes:
        landmarks: Shape ``(n, 478, 3)`` float32, in tile pixels; NaN if no face was found.
        blendshapes: Shape ``(n, 52)`` float32; NaN likewise.
    """

    landmarks: NDArray[np.float32]
    blendshapes: NDArray[np.float32]

    @property
    def found(self) -> NDArray[np.bool_]:
        """Whether a face was found, by tile."""
        return np.isfinite(self.blendshapes[:, 0])


def mark(faces: Faces, landmarker: FaceLandmarker) -> Marks:
    """Run the face finder on every tile (about 15 ms each)."""
    count = len(faces.images)
    landmarks = np.full((count, 478, 3), np.nan, np.float32)
    blendshapes = np.full((count, len(BLENDSHAPES)), np.nan, np.float32)
    for index, tile in enumerate(faces.images):
        seen = landmarker.find(stage(tile), float(index))
        if seen:
            landmarks[index] = unstage(seen[0])
            blendshapes[index] = seen[0].blendshapes
    return Marks(landmarks, blendshapes)
