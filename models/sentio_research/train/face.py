"""Fit the two face models on FER+ and write their weights.

    python -m sentio_research.train.face --data DIR --out DIR

Needs the extras ``train`` and ``face`` and the face landmarker (``sentio models pull``). On two
cores the landmarks of 35,710 images take about nine minutes and training about an hour; both are
stored in OUT, so that a stopped run can continue. Every choice is made on the validation split;
the figures of the card come from ``sentio eval face``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from sentio_models.estimate import EMOTIONS
from sentio_models.modalities.face.align import ANCHORS, similarity, warp
from sentio_models.modalities.face.estimator import expression_features
from sentio_models.modalities.face.fuse import fuse
from sentio_models.modalities.face.landmarker import FaceLandmarker
from sentio_models.modalities.face.landmarks import BLENDSHAPES
from sentio_models.runtime.bundle import FACE_LANDMARKER
from sentio_models.runtime.manifest import Tensor
from sentio_models.runtime.onnx_session import OnnxSession
from sentio_research.data.ferplus import Faces, Marks, mark, read
from sentio_research.fitting import blendshape_net, face_net
from sentio_research.fitting.calibrate import Calibration, calibrate
from sentio_research.fitting.shipping import ship
from sentio_research.fitting.torch_export import OPSET, Calibrated, check_equal, to_onnx
from sentio_research.metrics import accuracy, uar

TRAINED_ON = (
    "FER+ train split (labels MIT, Microsoft; photos of FER2013 collected from the web by its "
    "authors without an explicit grant)"
)
CARD = "models/cards/face.md"
PRIOR_WEIGHT = 3.0
"""Windows that people in general count for, as in the other modalities."""

WHOLE = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
"""Crop of a tile in which no face is found: the whole tile."""


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


def accuracy_line(
    calibration: Calibration, logits: NDArray[np.float32], truth: NDArray[np.int64]
) -> str:
    """Return the accuracy of a calibrated model as one line of text."""
    guess = calibration.probabilities(logits).argmax(axis=1)
    return (
        f"accuracy {accuracy(truth, guess):.4f}, UAR {uar(truth, guess):.4f}, "
        f"strength {calibration.strength}, temperature {calibration.temperature:.3f}"
    )


def fit_crop(data: Path, out: Path, recipe: face_net.Recipe) -> None:
    """Fit, calibrate and write ``face_crop``."""
    train, valid = read(data, "train"), read(data, "valid")
    places = placements(marks_of(out, "train", train))
    prior = np.bincount(train.majority[train.majority >= 0], minlength=8).astype(np.float64)
    stopped = out / "face_crop_epoch.pt"
    done: dict[str, object] = torch.load(stopped, weights_only=False) if stopped.is_file() else {}

    def epoch_done(epoch: int, loss: float, state: dict[str, object]) -> None:
        torch.save(state, stopped)
        print(f"epoch {epoch + 1}/{len(recipe.sides)} loss {loss:.4f}", flush=True)

    net = face_net.fit(
        train.images, places, train.soft, recipe, resume=done or None, epoch_done=epoch_done
    )
    ship_crop(net, valid, marks_of(out, "valid", valid), prior, out, recipe.sides[-1])


def ship_crop(
    net: face_net.FaceNet,
    valid: Faces,
    marks: Marks,
    prior: NDArray[np.float64],
    out: Path,
    side: int,
) -> None:
    """Calibrate the crop network on the validation split and write it."""
    places = placements(marks)
    crops = np.stack([warp(i, m, side).grey for i, m in zip(valid.images, places, strict=True)])
    counts = valid.majority >= 0
    mirrored = face_net.Mirrored(net)
    logits = face_net.logits_of(mirrored, crops[counts])
    fitted = calibrate(logits, valid.majority[counts], prior)
    print("crop network, validation:", accuracy_line(fitted, logits, valid.majority[counts]))

    final = Calibrated(mirrored, fitted.bias, fitted.temperature).eval()
    weight, temperature = fit_fusion(fitted.probabilities(logits), counts, valid, marks, out)
    probe = torch.from_numpy(crops[:1, None])
    blob = to_onnx(final, (probe,), ["crop"], ["probabilities"], half=True)
    ship(
        out,
        "face_crop",
        blob,
        modality="face",
        opset=OPSET,
        inputs=[Tensor("crop", list(probe.shape), "grey, 0..255")],
        outputs=[Tensor("probabilities", [1, 8], "probability", list(EMOTIONS))],
        constants={
            "temperature": fitted.temperature,
            "rare_class_strength": fitted.strength,
            "blendshape_weight": weight,
            "fused_temperature": temperature,
        },
        trained_on=TRAINED_ON,
        preprocessing="sentio_models.modalities.face.align.crop",
        card=CARD,
    )
    session = OnnxSession.shipped("face_crop", out)
    probes = [(torch.from_numpy(c[None, None]),) for c in crops[:200]]
    print("largest difference to torch:", check_equal(session, final, probes, 5e-3))


def fit_fusion(
    by_crop: NDArray[np.float64],
    counts: NDArray[np.bool_],
    valid: Faces,
    marks: Marks,
    out: Path,
) -> tuple[float, float]:
    """Fit weight and temperature of ``face.fuse`` to the validation split's log loss."""
    session = OnnxSession.shipped("face_blendshapes", out)
    both = marks.found[counts]
    known = np.ones((1, len(BLENDSHAPES)), np.float32)
    by_shapes = np.array(
        [
            session.run({"blendshapes": row[None], "known": known})["probabilities"][0]
            for row in marks.blendshapes[counts][both]
        ]
    )
    truth, crop = valid.majority[counts][both], by_crop[both]
    each = np.arange(len(truth))

    def loss(weight: float, temperature: float) -> float:
        shares = fuse(crop, by_shapes, weight, temperature)
        return float(-np.log(shares[each, truth] + 1e-12).mean())

    tried = [(w / 20, t / 20) for w in range(0, 21) for t in range(14, 37)]
    weight, temperature = min(tried, key=lambda pair: loss(*pair))
    guess = fuse(crop, by_shapes, weight, temperature).argmax(axis=1)
    print(
        f"joined, validation: accuracy {accuracy(truth, guess):.4f}, UAR {uar(truth, guess):.4f}, "
        f"weight {weight}, temperature {temperature}"
    )
    return weight, temperature


def fit_blendshapes(data: Path, out: Path, seed: int) -> None:
    """Fit, calibrate and write ``face_blendshapes``."""
    train, valid = read(data, "train"), read(data, "valid")
    marks, other = marks_of(out, "train", train), marks_of(out, "valid", valid)
    use = marks.found & (train.soft.sum(axis=1) > 0)
    net = blendshape_net.fit(marks.blendshapes[use], train.soft[use], seed=seed)
    counts = other.found & (valid.majority >= 0)
    shapes = torch.from_numpy(other.blendshapes[counts])
    known = torch.ones_like(shapes)
    with torch.no_grad():
        logits = net(shapes, known).numpy()
    prior = np.bincount(train.majority[train.majority >= 0], minlength=8).astype(np.float64)
    fitted = calibrate(logits, valid.majority[counts], prior)
    print("blendshapes, validation:", accuracy_line(fitted, logits, valid.majority[counts]))
    final = Calibrated(net, fitted.bias, fitted.temperature).eval()
    names = ["blendshapes", "known"]
    blob = to_onnx(final, (shapes[:1], known[:1]), names, ["probabilities"])
    width = len(BLENDSHAPES)
    ship(
        out,
        "face_blendshapes",
        blob,
        modality="face",
        opset=OPSET,
        inputs=[
            Tensor("blendshapes", [1, width], "0..1", list(BLENDSHAPES)),
            Tensor("known", [1, width], "1 where the stream has this blendshape, else 0"),
        ],
        outputs=[Tensor("probabilities", [1, 8], "probability", list(EMOTIONS))],
        constants={
            "temperature": fitted.temperature,
            "rare_class_strength": fitted.strength,
            "prior": resting(marks.blendshapes[marks.found & (train.majority == 0)]),
        },
        trained_on=TRAINED_ON,
        preprocessing="sentio_models.modalities.face.blendshapes",
        card=CARD,
    )
    session = OnnxSession.shipped("face_blendshapes", out)
    probes = [(shapes[i : i + 1], known[i : i + 1]) for i in range(200)]
    print("largest difference to torch:", check_equal(session, final, probes, 1e-4))


def resting(blendshapes: NDArray[np.float32]) -> dict[str, list[float]]:
    """Return mean and spread of the expression features of neutral faces, for ``at_rest``."""
    rows = [expression_features(row) for row in blendshapes]
    columns = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    return {
        name: [round(float(v.mean()), 4), round(float(v.std()), 4), PRIOR_WEIGHT]
        for name, v in columns.items()
        if v.std() > 1e-3  # MediaPipe never shows a wrinkled nose
    }


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="holds face_ferplus/")
    parser.add_argument("--out", type=Path, required=True, help="where weights are written")
    parser.add_argument("--only", choices=["crop", "blendshapes"], help="fit one of the two")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    given.out.mkdir(parents=True, exist_ok=True)
    data = given.data / "face_ferplus"
    if given.only != "crop":
        fit_blendshapes(data, given.out, given.seed)
    if given.only != "blendshapes":
        fit_crop(data, given.out, face_net.Recipe(seed=given.seed))


if __name__ == "__main__":
    main()
