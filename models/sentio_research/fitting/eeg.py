"""Fit the workload head for EEG of any montage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentio_models.modalities.eeg.bands import WORK
from sentio_models.modalities.eeg.work_filter import Expected
from sentio_models.modalities.eeg.workload import INPUTS, NAMES, inputs_of
from sentio_models.runtime.manifest import Tensor
from sentio_research.data.eeg import MeasuredRecording
from sentio_research.fitting.shipping import ship

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

OPSET = 18

AVERAGE = 10
"""Entries averaged in each row of the fit: work changes within tens of seconds."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings of the fit, chosen on random caps and left-out people.

    Attributes:
        head_penalty: Ridge penalty of the weights of the whole head.
        region_penalty: The same of single regions: larger, so that they shrink toward the head.
        own_level: Share of a person's own level that stays in the rows, 0..1: at 0 the head only
            learns changes within people, at 1 also differences between them.
        gain: Deviation of a random gain of each person and cap, ln of power: other amplifiers and
            references must not look like work.
        caps: Number of random caps.
        spacing: Entries between two rows.
        seed: Seed of the caps.
    """

    head_penalty: float = 0.01
    region_penalty: float = 0.1
    own_level: float = 0.6
    gain: float = 1.0
    caps: int = 10
    spacing: int = 5
    seed: int = 0


def prior_of(measured: Sequence[MeasuredRecording], channels: Sequence[str]) -> Floats:
    """Return the median over people of their mean log powers at rest."""
    rests = np.array([one.moments(channels) for one in measured if not one.work])
    known = np.isfinite(rests)
    # A region without data has no prior; its input is 0 for any value here.
    each = np.where(known, rests, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return np.asarray(np.median(each, axis=0), np.float64)


def entries(
    measured: Sequence[MeasuredRecording], channels: Sequence[str]
) -> dict[str, Mapping[bool, Floats]]:
    """Return each person's entries of rest (False) and work (True) with a cap."""
    parts: dict[str, dict[bool, Floats]] = {}
    for one in measured:
        parts.setdefault(one.person, {})[one.work] = one.moments(channels)
    return {person: both for person, both in parts.items() if len(both) == 2}


def rows_of(inputs: Mapping[bool, Floats], recipe: Recipe, rng: np.random.Generator) -> Floats:
    """Return averaged inputs around the person's level with a random gain.

    Args:
        inputs: Inputs of rest (False) and work (True), one row a second.
        recipe: Settings.
        rng: Draws the gain.

    Returns:
        Shape ``(2, n, len(INPUTS))``, rest first.
    """
    parts = []
    for work in (False, True):
        total = np.cumsum(inputs[work], axis=0)
        total[AVERAGE:] -= total[:-AVERAGE].copy()
        parts.append(total[AVERAGE - 1 :: recipe.spacing] / AVERAGE)
    rows = np.stack(parts)
    own: Floats = rows.mean(axis=(0, 1))
    present = own[len(WORK) :] != 0
    one = inputs_of(np.where(present, 1.0, np.nan), np.zeros(len(NAMES)))
    shift = rng.normal(0, recipe.gain) * one - (1 - recipe.own_level) * own
    return np.asarray(rows + shift, np.float64)


def fit(rows: Sequence[Floats], recipe: Recipe | None = None) -> Floats:
    """Fit a ridge logistic regression; return its weights as ``INPUTS``."""
    from scipy.optimize import minimize

    recipe = recipe or Recipe()
    x = np.concatenate([r.reshape(-1, len(INPUTS)) for r in rows])
    y = np.concatenate([np.repeat((0.0, 1.0), r.shape[1]) for r in rows])
    spread = np.maximum(np.sqrt(np.mean(x * x, axis=0)), 1e-3)
    scaled = x / spread
    penalty = np.full(len(INPUTS) + 1, recipe.region_penalty)
    penalty[: len(WORK)], penalty[-1] = recipe.head_penalty, 0.0

    def loss(theta: Floats) -> tuple[float, Floats]:
        logit = scaled @ theta[:-1] + theta[-1]
        off = (1 / (1 + np.exp(-logit)) - y) / len(y)
        value = float(np.mean(np.logaddexp(0, logit) - y * logit))
        value += 0.5 * float(penalty @ (theta * theta))
        return value, np.append(scaled.T @ off, off.sum()) + penalty * theta

    found = minimize(loss, np.zeros(len(penalty)), jac=True, method="L-BFGS-B")
    return np.asarray(found.x[:-1] / spread, np.float64)


def to_onnx(weights: Floats) -> bytes:
    """Return the head as ONNX bytes: one matrix product."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    graph = helper.make_graph(
        [helper.make_node("MatMul", ["change", "weights"], ["score"])],
        "eeg_workload",
        [helper.make_tensor_value_info("change", TensorProto.FLOAT, ["n", len(INPUTS)])],
        [helper.make_tensor_value_info("score", TensorProto.FLOAT, ["n", 1])],
        [numpy_helper.from_array(weights.astype(np.float32)[:, None], "weights")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = 9
    onnx.checker.check_model(model)
    blob: bytes = model.SerializeToString()
    return blob


@dataclass(frozen=True, slots=True)
class Head:
    """Fitted head and filter.

    Attributes:
        prior: Population mean, in the order of ``NAMES``.
        weights: In the order of ``INPUTS``.
        expected: Distribution of scores.
        sd: Scale and floor of the reported deviation (``estimator.focus_sd``).
    """

    prior: Floats
    weights: Floats
    expected: Expected
    sd: tuple[float, float]


def ship_head(folder: Path, head: Head, trained_on: str) -> Path:
    """Write ``eeg_workload.onnx`` and its manifest; return the manifest's path."""
    return ship(
        folder,
        "eeg_workload",
        to_onnx(head.weights),
        modality="eeg",
        opset=OPSET,
        inputs=[Tensor("change", [-1, len(INPUTS)], "ln, from the reference", list(INPUTS))],
        outputs=[Tensor("score", [-1, 1], "1")],
        constants={
            "prior": dict(zip(NAMES, head.prior.tolist(), strict=True)),
            "filter": asdict(head.expected),
            "sd": dict(zip(("scale", "floor"), head.sd, strict=True)),
        },
        trained_on=trained_on,
        preprocessing="sentio_models.modalities.eeg.workload",
        card="models/cards/eeg.md",
    )
