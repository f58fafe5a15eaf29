"""Read the photos of faces that are only for evaluation.

Nothing is fitted on them, and nothing is chosen with them: variants of a model are compared on
FER+'s validation split under simulated shifts.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentio_models.estimate import EMOTIONS
from sentio_research.data.tables import read_table

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
        ModelRefusedError: Their table has no such column.
    """
    folder = data / FOLDER
    table = read_table(FOLDER, folder / "labels.csv", ("file", "emotion"))
    rows = [row for row in table if row["emotion"] in EMOTIONS]
    labels = np.array([EMOTIONS.index(row["emotion"]) for row in rows], np.int64)
    return Photos([folder / row["file"] for row in rows], labels)
