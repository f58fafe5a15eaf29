"""Measure whether the intervals of derived valence and arousal hold on real faces.

``python -m sentio_research.evaluation.face_intervals --data DIR`` prints the figures. FER+ has up
to ten raters a face. What a face shows to one person is the word of one rater, as people rate that
word; what the person feels differs from what they show by a prior that no data here can measure.
Truth comes in three steps: the mean of all raters, one rater's rating, that with the prior's gap.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_models.estimate import EMOTIONS
from sentio_models.modalities.face.align import warp
from sentio_models.modalities.face.circumplex import COORDINATES, DISPLAY, WITHIN, derive
from sentio_models.runtime.onnx_session import OnnxSession
from sentio_research.data.ferplus import read

Floats = NDArray[np.float64]

RATERS = 6
"""Raters of one of the eight expressions from which a face counts."""

WHOLE = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


def intervals(data: Path, every: int = 1, seed: int = 0) -> dict[str, Any]:
    """Return the coverage of 68 % and 95 % intervals on FER+'s test faces.

    Args:
        data: Folder of labelled data.
        every: Every how many faces are read.
        seed: Seed of the raters that are drawn.
    """
    faces = read(data / "face_ferplus", "test")
    votes = faces.votes[::every, : len(EMOTIONS)].astype(np.float64)
    counted = votes.sum(axis=1) >= RATERS
    session = OnnxSession.shipped("face_crop")
    size = session.manifest.inputs[0].shape[-1]
    readings = [
        derive(session.run({"crop": warp(image, WHOLE, size).grey[None, None]})["probabilities"][0])
        for image in faces.images[::every][counted]
    ]
    shares = votes[counted] / votes[counted].sum(axis=1, keepdims=True)
    points = np.array([COORDINATES[name] for name in EMOTIONS])
    draw = np.random.default_rng(seed)
    rater = np.array([draw.choice(len(EMOTIONS), p=row) for row in shares])
    result: dict[str, Any] = {"faces": len(readings)}
    for axis, name in enumerate(("valence", "arousal")):
        mean = np.array([reading[name].mean for reading in readings])
        deviation = np.sqrt([reading[name].variance for reading in readings])
        rated = points[rater, axis] + WITHIN * draw.standard_normal(len(rater))
        truths = {
            "mean of all raters": shares @ points[:, axis],
            "one rater's rating": rated,
            "with the gap to what is felt": rated + DISPLAY * draw.standard_normal(len(rater)),
        }
        result[name] = {truth: held(values, mean, deviation) for truth, values in truths.items()}
    return result


def held(truth: Floats, mean: Floats, deviation: Floats) -> dict[str, float]:
    """Return the share within one and 1.96 deviations, and the error."""
    scaled = np.abs(truth - mean) / deviation
    return {
        "holds_68": round(float(np.mean(scaled <= 1.0)), 3),
        "holds_95": round(float(np.mean(scaled <= 1.96)), 3),
        "rmse": round(float(np.sqrt(np.mean((truth - mean) ** 2))), 3),
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--every", type=int, default=1)
    given = parser.parse_args()
    print(json.dumps(intervals(given.data, given.every), indent=1))


if __name__ == "__main__":
    main()
