"""Fit the three face models on FER+ and write their weights.

    python -m sentio_research.train.face --data DIR --out DIR

Needs the extras ``train`` and ``face`` and the face landmarker (``sentio models pull``). On two
cores the landmarks of 35,710 images take about nine minutes and training about half an hour; both
are stored in OUT, so that a stopped run can continue. Every choice is made on the validation split;
the figures of the card come from ``sentio eval face``.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from sentio_models.modalities.face.align import framed
from sentio_research.data.face_marks import marks_of, placements
from sentio_research.data.ferplus import read
from sentio_research.fitting import blendshape_net, face_net, landmark_net
from sentio_research.fitting.face_augment import augment
from sentio_research.fitting.face_restore import restore
from sentio_research.fitting.face_shipping import (
    BLENDSHAPE_ADJUSTMENT,
    LANDMARK_ADJUSTMENT,
    REPEATS,
    ship_blendshapes,
    ship_camera,
)

GO_ON = face_net.Recipe(cycles=((40, 11, 0.03), (40, 4, 0.012)), shifted=(1.0, 0.6))
"""Course of a fit that goes on from shipped weights."""

DRAWN = 0.1
"""Share of the blendshape network's batches that FACS prototypes make up."""


def fit_crop(
    data: Path, out: Path, recipe: face_net.Recipe, start: Path | None
) -> face_net.FaceNet:
    """Fit the crop network, from new weights or on from shipped ones."""
    train = read(data, "train")
    places = placements(marks_of(out, "train", train))
    begun = None
    if start is not None:
        some = np.random.default_rng(recipe.seed).permutation(len(train.images))[:512]
        crops = augment(
            torch.from_numpy(train.images[some])[:, None].float(),
            torch.from_numpy(places[some].astype(np.float32)),
            recipe.sides[0],
            torch.Generator().manual_seed(recipe.seed),
        )
        begun = restore((start / "face_crop.onnx").read_bytes(), crops)
    stopped = out / "face_crop_epoch.pt"
    done: dict[str, object] = torch.load(stopped, weights_only=False) if stopped.is_file() else {}

    def epoch_done(epoch: int, loss: float, state: dict[str, object]) -> None:
        torch.save(state, stopped)
        print(f"epoch {epoch + 1}/{len(recipe.sides)} loss {loss:.4f}", flush=True)

    return face_net.fit(
        train.images,
        places,
        train.soft,
        recipe,
        start=begun,
        resume=done or None,
        epoch_done=epoch_done,
    )


def fit_landmarks(data: Path, out: Path, seeds: tuple[int, ...]) -> landmark_net.BothSides:
    """Fit the landmark networks, one a seed."""
    train = read(data, "train")
    marks = marks_of(out, "train", train)
    use = marks.found & (train.soft.sum(axis=1) > 0)
    points = np.stack([framed(p.astype(np.float64)) for p in marks.landmarks[use]])
    nets = [
        landmark_net.fit(
            points,
            marks.blendshapes[use],
            train.soft[use],
            repeats=REPEATS,
            adjustment=LANDMARK_ADJUSTMENT,
            seed=seed,
        )
        for seed in seeds
    ]
    both = landmark_net.BothSides(nets)
    both.eval()
    return both


def fit_blendshapes(data: Path, out: Path, seed: int) -> None:
    """Fit, calibrate and write ``face_blendshapes``."""
    train = read(data, "train")
    marks = marks_of(out, "train", train)
    use = marks.found & (train.soft.sum(axis=1) > 0)
    net = blendshape_net.fit(
        marks.blendshapes[use],
        train.soft[use],
        repeats=REPEATS,
        adjustment=BLENDSHAPE_ADJUSTMENT,
        drawn=DRAWN,
        epochs=40,
        seed=seed,
    )
    ship_blendshapes(data, out, net)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="holds face_ferplus/")
    parser.add_argument("--out", type=Path, required=True, help="where weights are written")
    parser.add_argument("--only", choices=["camera", "blendshapes"], help="fit one of the two")
    parser.add_argument("--start", type=Path, help="folder of a face_crop.onnx to go on from")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    given.out.mkdir(parents=True, exist_ok=True)
    data = given.data / "face_ferplus"
    if given.only != "camera":
        fit_blendshapes(data, given.out, given.seed)
    if given.only != "blendshapes":
        recipe = GO_ON if given.start else face_net.Recipe()
        recipe = replace(recipe, seed=given.seed)
        landmarks = fit_landmarks(data, given.out, (given.seed, given.seed + 1))
        crop = fit_crop(data, given.out, recipe, given.start)
        ship_camera(data, given.out, crop, landmarks, recipe.sides[-1], recipe.adjustment)


if __name__ == "__main__":
    main()
