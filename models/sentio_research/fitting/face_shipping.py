"""Calibrate the face networks on the validation split and write them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from sentio_models.estimate import EMOTIONS
from sentio_models.modalities.face.align import ANCHORS, framed, similarity, warp
from sentio_models.modalities.face.estimator import expression_features
from sentio_models.modalities.face.landmarks import BLENDSHAPES
from sentio_models.runtime.manifest import Tensor
from sentio_models.runtime.onnx_session import OnnxSession
from sentio_research.data.face_marks import STAGED, changed_marks, marks_of, placements, staged
from sentio_research.data.ferplus import Faces, Marks, read, stage
from sentio_research.fitting import blendshape_net, face_net, landmark_net
from sentio_research.fitting.calibrate import class_weights, softmax
from sentio_research.fitting.face_calibration import Rows, choose, temperature
from sentio_research.fitting.face_weights import Outputs, calibrated, fit_weights, left
from sentio_research.fitting.shipping import ship
from sentio_research.fitting.torch_export import OPSET, Calibrated, check_equal, to_onnx
from sentio_research.metrics import accuracy, ece, uar

TRAINED_ON = (
    "FER+ train split (labels MIT, Microsoft; photos of FER2013 collected from the web by its "
    "authors without an explicit grant)"
)
CARD = "models/cards/face.md"

REPEATS = (0, 0, 0, 0, 0, 3, 1, 3)
"""Extra copies of rare classes in the training of the landmark and blendshape networks."""

LANDMARK_ADJUSTMENT = 0.5
BLENDSHAPE_ADJUSTMENT = 0.7
"""Share of the log prior that each network's loss adds (``calibrate``)."""

PRIOR_WEIGHT = 3.0
"""Windows that people in general count for, as in the other modalities."""


def log_prior(train: Faces) -> NDArray[np.float64]:
    """Return the log share of each class in the training split, of mean 0."""
    counts = np.bincount(train.majority[train.majority >= 0], minlength=8).astype(np.float64)
    shares: NDArray[np.float64] = np.log(counts / counts.sum())
    shares -= shares.mean()
    return shares


def _rounded(values: NDArray[np.float64]) -> list[float]:
    return [round(float(v), 4) for v in values]


def ship_camera(
    data: Path,
    out: Path,
    crop_net: torch.nn.Module,
    landmarks: landmark_net.BothSides,
    side: int,
    adjustment: float,
) -> None:
    """Choose how both networks of the camera are combined, and write them."""
    train, valid = read(data, "train"), read(data, "valid")
    prior = log_prior(train)
    leading = valid.plurality >= 0
    clear = valid.majority[leading] >= 0
    mirrored = face_net.Mirrored(crop_net)

    def rows(marks: Marks, crops: NDArray[np.float32]) -> Rows:
        found = marks.found[leading]
        points = [framed(p.astype(np.float64)) for p in marks.landmarks[leading][found]]
        by_landmarks = np.zeros((len(found), 8))
        with torch.no_grad():
            by_landmarks[found] = landmarks(
                torch.from_numpy(np.stack(points)),
                torch.from_numpy(marks.blendshapes[leading][found]),
            ).numpy()
        return Rows(
            face_net.logits_of(mirrored, crops[leading]) + adjustment * prior,
            (by_landmarks + LANDMARK_ADJUSTMENT * prior) * found[:, None],
            found,
            valid.plurality[leading],
        )

    def as_changed(name: str) -> Rows:
        pictures, marks = changed_marks(out, valid, name)
        crops = np.stack(
            [
                warp(picture, similarity(p[list(ANCHORS), :2]) if found else STAGED, side).grey
                for picture, p, found in zip(
                    pictures, marks.landmarks.astype(np.float64), marks.found, strict=True
                )
            ]
        )
        return rows(marks, crops)

    plain_marks = marks_of(out, "valid", valid)
    # As live: the crop is taken from the enlarged picture, which is sharper than from the tile.
    crops = np.stack(
        [
            warp(stage(tile), staged(place), side).grey
            for tile, place in zip(valid.images, placements(plain_marks), strict=True)
        ]
    )
    every = [rows(plain_marks, crops), as_changed("shifted"), as_changed("strong")]
    plain, changed, strong = (some.only(clear) for some in every)
    pool = choose(plain, changed, prior)
    print("pool:", pool)
    heat = temperature(plain, changed, prior, 0.0, pool.evenness)
    by_file = [Outputs.of(some, pool, heat, prior) for some in (plain, changed, strong)]
    weights = fit_weights(by_file[0], by_file[1], pool, heat)
    weights = calibrated(weights, [Outputs.of(some, pool, heat, prior) for some in every])
    for name, outputs in zip(("plain", "shifted", "strong"), by_file, strict=True):
        print(f"{name}: {figures_line(softmax(outputs.logits(weights)), outputs.truth)}")
    bias = (adjustment - pool.evenness) * prior
    final = Calibrated(mirrored, bias, heat).eval()
    probe = torch.rand(1, 1, side, side) * 255
    # Both files hold probabilities; their logarithms are the logits again, up to a constant.
    by_landmarks = Calibrated(landmarks, (LANDMARK_ADJUSTMENT - pool.evenness) * prior, 1.0).eval()
    ship(
        out,
        "face_crop",
        to_onnx(final, (probe,), ["crop"], ["probabilities"], half=True),
        modality="face",
        opset=OPSET,
        inputs=[Tensor("crop", [1, 1, side, side], "grey, 0..255")],
        outputs=[Tensor("probabilities", [1, 8], "probability", list(EMOTIONS))],
        constants={
            "evenness": pool.evenness,
            "temperature": heat,
            "crop_weights": _rounded(weights.crop),
            "landmark_weights": _rounded(weights.landmarks),
            "biases": _rounded(weights.bias),
            "log_frequency": _rounded(left(weights, prior)),
        },
        trained_on=TRAINED_ON,
        preprocessing="sentio_models.modalities.face.align.crop",
        card=CARD,
    )
    session = OnnxSession.shipped("face_crop", out)
    probes = [(torch.from_numpy(c[None, None]),) for c in crops[:200]]
    print("largest difference to torch:", check_equal(session, final, probes, 1e-2))
    found = plain_marks.found
    points = [framed(p.astype(np.float64)) for p in plain_marks.landmarks[found][:200]]
    pairs = [
        (torch.from_numpy(p[None]), torch.from_numpy(b[None]))
        for p, b in zip(points, plain_marks.blendshapes[found][:200], strict=True)
    ]
    ship(
        out,
        "face_landmarks",
        to_onnx(by_landmarks, pairs[0], ["landmarks", "blendshapes"], ["probabilities"], half=True),
        modality="face",
        opset=OPSET,
        inputs=[
            Tensor("landmarks", [1, 478, 3], "pixels of a 48 x 48 crop from its middle"),
            Tensor("blendshapes", [1, len(BLENDSHAPES)], "0..1", list(BLENDSHAPES)),
        ],
        outputs=[Tensor("probabilities", [1, 8], "probability", list(EMOTIONS))],
        constants={"evenness": pool.evenness},
        trained_on=TRAINED_ON,
        preprocessing="sentio_models.modalities.face.align.framed",
        card=CARD,
    )
    session = OnnxSession.shipped("face_landmarks", out)
    print("largest difference to torch:", check_equal(session, by_landmarks, pairs, 1e-2))


def figures_line(probabilities: NDArray[np.float64], truth: NDArray[np.int64]) -> str:
    """Return accuracy, mean recall and balanced calibration error as one line of text."""
    guess = probabilities.argmax(axis=1).astype(np.int64)
    even = class_weights(truth, 1.0)
    return (
        f"accuracy {accuracy(truth, guess):.4f}, UAR {uar(truth, guess):.4f}, "
        f"balanced ECE {ece(truth, probabilities, weights=even):.4f}"
    )


def ship_blendshapes(data: Path, out: Path, net: blendshape_net.BlendshapeNet) -> None:
    """Calibrate the blendshape network and write it."""
    train, valid = read(data, "train"), read(data, "valid")
    marks, other = marks_of(out, "train", train), marks_of(out, "valid", valid)
    counts = other.found & (valid.majority >= 0)
    shapes = torch.from_numpy(other.blendshapes[counts])
    known = torch.ones_like(shapes)
    with torch.no_grad():
        logits = net(shapes, known).numpy()
    truth, prior = valid.majority[counts], log_prior(train)
    plain = Rows(
        logits + BLENDSHAPE_ADJUSTMENT * prior, np.zeros_like(logits), counts[counts], truth
    )
    pool = choose(plain, plain, prior)
    print("blendshapes:", figures_line(pool.probabilities(plain, prior), truth))
    bias = (BLENDSHAPE_ADJUSTMENT - pool.evenness) * prior
    final = Calibrated(net, bias, pool.temperature).eval()
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
            "temperature": pool.temperature,
            "evenness": pool.evenness,
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
    """Return mean and spread of neutral faces' expressions for ``at_rest``."""
    rows = [expression_features(row) for row in blendshapes]
    columns = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    return {
        name: [round(float(v.mean()), 4), round(float(v.std()), 4), PRIOR_WEIGHT]
        for name, v in columns.items()
        if v.std() > 1e-3  # MediaPipe never shows a wrinkled nose
    }
