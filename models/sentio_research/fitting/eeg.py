"""Fit the workload head for EEG of any montage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelRefusedError
from sentio_models.modalities.eeg.workload import CALM, HOP, MEMORY, NAMES, CalmChange
from sentio_models.runtime.manifest import Tensor
from sentio_research.data.eeg import MeasuredRecording
from sentio_research.fitting.shipping import ship

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

OPSET = 18

FEWEST, MOST = 2, 12
"""Range of channels of the simulated devices, in addition to the full cap."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings of the fit.

    Attributes:
        penalty: Strength of the ridge penalty, relative to the mean loss of a row.
        devices: Number of random channel subsets for each person.
        seed: Seed of the subsets.
    """

    penalty: float = 0.03
    devices: int = 6
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Rows:
    """Session of one person: rest and work in one order, once calm is known.

    Attributes:
        person: Person.
        inputs: Shape ``(n, len(NAMES))``, changes from calm.
        labels: 1 where they calculated.
    """

    person: str
    inputs: Floats
    labels: Ints


@dataclass(frozen=True, slots=True)
class Head:
    """Fitted head: workload is the logistic of a weighted sum of changes.

    Attributes:
        prior: Population mean, in the order of ``NAMES``.
        weights: Shape ``(len(NAMES),)``.
        bias: Logit at the person's calm.
    """

    prior: Floats
    weights: Floats
    bias: float

    def workload(self, inputs: Floats) -> Floats:
        """Return the index, 0..1, of each row."""
        index: Floats = 1 / (1 + np.exp(-(inputs @ self.weights + self.bias)))
        return index


def devices(labels: Sequence[str], recipe: Recipe) -> list[tuple[str, ...]]:
    """Return the full cap and random subsets of it."""
    rng = np.random.default_rng(recipe.seed)
    parts = [
        tuple(
            rng.choice(
                labels, min(int(rng.integers(FEWEST, MOST + 1)), len(labels)), replace=False
            ).tolist()
        )
        for _ in range(recipe.devices)
    ]
    return [tuple(labels), *parts]


def prior_of(measured: Sequence[MeasuredRecording], channels: Sequence[str]) -> Floats:
    """Return the median over people of their mean log powers at rest."""
    rests = np.array([one.moments(channels) for one in measured if not one.work])
    known = np.isfinite(rests)
    # A region without data has no prior; its input is 0 for any value here.
    each = np.where(known, rests, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return np.asarray(np.median(each, axis=0), np.float64)


def session(
    moments: Mapping[bool, Floats], person: str, prior: Floats, *, backwards: bool = False
) -> Rows:
    """Replay rest, then work (or reversed), through the live comparison.

    Rows begin once calm is known and only the current part is averaged.

    Args:
        moments: Entries of rest (False) and of work (True), one row a second.
        person: Person.
        prior: As in ``Head``.
        backwards: Start with work, so that work defines calm.
    """
    change = CalmChange(prior)
    inputs, labels = [], []
    for number, work in enumerate((True, False) if backwards else (False, True)):
        for second, values in enumerate(moments[work]):
            change.due(HOP)
            row = change.add(values)
            if second >= (MEMORY - 1 if number else CALM + MEMORY - 1):
                inputs.append(row)
                labels.append(int(work))
    return Rows(person, np.array(inputs), np.array(labels, np.int64))


def sessions(
    measured: Sequence[MeasuredRecording],
    channels: Sequence[str],
    prior: Floats,
    *,
    backwards: bool = False,
) -> dict[str, Rows]:
    """Replay all people with a device of these channels; return rows by person."""
    moments: dict[str, dict[bool, Floats]] = {}
    for one in measured:
        moments.setdefault(one.person, {})[one.work] = one.moments(channels)
    return {
        person: session(both, person, prior, backwards=backwards)
        for person, both in moments.items()
        if len(both) == 2
    }


def fit(people: Sequence[Rows], prior: Floats, recipe: Recipe | None = None) -> Head:
    """Fit a ridge logistic regression with equal weights of sessions and classes.

    Raises:
        ModelRefusedError: The sessions have only one class.
    """
    from scipy.optimize import minimize

    recipe = recipe or Recipe()
    x = np.concatenate([rows.inputs for rows in people])
    y = np.concatenate([rows.labels for rows in people])
    if len(np.unique(y)) < 2:
        raise ModelRefusedError("the sessions have only one class", "give rest and work")
    each = [1 / np.maximum(np.bincount(r.labels, minlength=2), 1)[r.labels] for r in people]
    w = np.concatenate(each)
    w /= w.sum()
    spread = np.maximum(x.std(axis=0), 0.05)
    scaled = x / spread

    def loss(theta: Floats) -> tuple[float, Floats]:
        logit = scaled @ theta[:-1] + theta[-1]
        off = w * (1 / (1 + np.exp(-logit)) - y)
        value = float(np.sum(w * (np.logaddexp(0, logit) - y * logit)))
        value += 0.5 * recipe.penalty * float(theta[:-1] @ theta[:-1])
        gradient = np.append(scaled.T @ off + recipe.penalty * theta[:-1], off.sum())
        return value, gradient

    found = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B")
    return Head(prior, found.x[:-1] / spread, float(found.x[-1]))


def to_onnx(head: Head) -> bytes:
    """Return the head as ONNX bytes: one matrix product and a logistic."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    graph = helper.make_graph(
        [
            helper.make_node("Gemm", ["change", "weights", "bias"], ["logit"]),
            helper.make_node("Sigmoid", ["logit"], ["workload"]),
        ],
        "eeg_workload",
        [helper.make_tensor_value_info("change", TensorProto.FLOAT, ["n", len(NAMES)])],
        [helper.make_tensor_value_info("workload", TensorProto.FLOAT, ["n", 1])],
        [
            numpy_helper.from_array(head.weights.astype(np.float32)[:, None], "weights"),
            numpy_helper.from_array(np.array([head.bias], np.float32), "bias"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = 9
    onnx.checker.check_model(model)
    blob: bytes = model.SerializeToString()
    return blob


def ship_head(folder: Path, head: Head, sd: float, trained_on: str) -> Path:
    """Write ``eeg_workload.onnx`` and its manifest; return the manifest's path."""
    return ship(
        folder,
        "eeg_workload",
        to_onnx(head),
        modality="eeg",
        opset=OPSET,
        inputs=[Tensor("change", [-1, len(NAMES)], "ln, from calm", list(NAMES))],
        outputs=[Tensor("workload", [-1, 1], "0..1")],
        constants={
            "prior": dict(zip(NAMES, head.prior.tolist(), strict=True)),
            "sd": {"workload": sd},
        },
        trained_on=trained_on,
        preprocessing="sentio_models.modalities.eeg.workload",
        card="models/cards/eeg.md",
    )
