"""Read the photos of faces that are only for evaluation.

Nothing is fitted on them, and nothing is chosen with them: variants of a model are compared on
FER+'s validation split under simulated shifts.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelMissingError
from sentio_models.estimate import EMOTIONS

FOLDER = "face_photos"


@dataclass(frozen=True, slots=True)
class Photos:
    """Photos with one label each; some labels are noisy.

    Attributes:
        paths: File of each.
        labels: Shape ``(n,)``, index into ``EMOTIONS``.
    """

    paths: list[Path]
    labels: NDArray[np.int64]


def read(data: Path) -> Photos:
    """List the photos in the data folder.

    Raises:
        ModelMissingError: They are missing.
    """
    folder = data / FOLDER
    try:
        with (folder / "labels.csv").open(newline="", encoding="utf-8") as lines:
            rows = [row for row in csv.DictReader(lines) if row["emotion"] in EMOTIONS]
    except OSError:
        raise ModelMissingError(f"no {FOLDER} in {data}", "set --data to its folder") from None
    labels = np.array([EMOTIONS.index(row["emotion"]) for row in rows], np.int64)
    return Photos([folder / row["file"] for row in rows], labels)
