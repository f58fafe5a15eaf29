"""Fit the gate of the voice network and the comparison with the own norm.

The own norm is that of the person so far.

Both are linear models on the network's statistics, so that they need no deep-learning package.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentio_models.modalities.voice.statistics import NAMES
from sentio_models.runtime.manifest import Tensor
from sentio_research.fitting.shipping import ship

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

FAR = 4.0
"""Limit of the inputs, spreads from the mean."""

OPSET = 17

SCALE = 0.5
"""Arousal and valence of a typical high or low voice: labels are binary."""

WITHIN = 0.25
"""Spread of arousal or valence ratings of voices with equal labels; a prior."""

PRIOR = 1.0
"""Weight of the population in a person's norm, windows of two seconds."""

NETWORK_SHARE = 0.25
"""Share of the voice network in arousal, beside the linear model."""

PITCHES = ("pitch", "pitch_low", "pitch_high")
"""Statistics that arousal is not read from: they separate men from women first."""

SELF = (
    *(f"mfcc{i}_voiced" for i in range(1, 20)),
    "pitch",
    "tilt_low_pitch",
    "low_harmonics",
)
"""Statistics in which a voice is compared with the session's first."""

GATE_STRENGTH, AROUSAL_STRENGTH = 1e-3, 1e-3
"""Parameter C of scikit-learn; chosen on the development half, and across corpora."""

SPEECH_SCALE = 3.0
"""Factor of the detector's inputs before the regularised fit: it is the better witness."""

LEAST_RUN, LEAST_LOGIT = 0.2, 0.75
"""Bounds of the gate: with them .956 of the development half's laughs are kept, cross-validated."""

SURE = 0.5
"""Mean probability of speech from which the model is not asked: no other sound of the development
half reached it."""


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear model of clipped, normalised inputs.

    Attributes:
        centre: Subtracted from the inputs.
        scale: Divides them.
        weights: Of the clipped inputs, for each output if there are several.
        offset: Added to the sum or sums.
    """

    centre: Floats
    scale: Floats
    weights: Floats
    offset: float | Floats

    def __call__(self, values: Floats) -> Floats:
        """Return the sum or sums for each row."""
        near = np.clip((values - self.centre) / self.scale, -FAR, FAR)
        return np.asarray(near @ self.weights + self.offset, np.float64)


def fit_linear(
    values: Floats, truth: Flags, weight: Floats, strength: float, factor: Floats | None = None
) -> Linear:
    """Fit a logistic regression.

    Args:
        values: One row each.
        truth: Class of each row.
        weight: Weight of each row.
        strength: Parameter C of scikit-learn: small is strongly regularised.
        factor: Factor of each input after its normalisation; 0 leaves it out.
    """
    from sklearn.linear_model import LogisticRegression

    factor = np.ones(values.shape[1]) if factor is None else factor
    centre, scale = values.mean(axis=0), values.std(axis=0) + 1e-6
    near = np.clip((values - centre) / scale, -FAR, FAR) * factor
    model = LogisticRegression(C=strength, max_iter=200)
    model.fit(near, truth, sample_weight=weight)
    return Linear(centre, scale, model.coef_[0] * factor, float(model.intercept_[0]))


def fit_gate(values: Floats, is_voice: Flags, kinds: NDArray[np.str_]) -> Linear:
    """Fit the gate on windows of voices and of other sounds.

    Args:
        values: Statistics, then the two inputs of ``gate.gate_inputs``.
        is_voice: Whether each window contains a voice.
        kinds: Kind of each window; a kind weighs as the square root of its number.
    """
    weight = np.ones(len(values))
    for kind in np.unique(kinds):
        weight[kinds == kind] = 1 / np.sqrt((kinds == kind).sum())
    for side in (is_voice, ~is_voice):
        weight[side] *= 0.5 * len(weight) / weight[side].sum()
    factor = np.ones(values.shape[1])
    factor[-2:] = SPEECH_SCALE
    return fit_linear(values, is_voice, weight, GATE_STRENGTH, factor)


def population(values: Floats, corpus: NDArray[np.str_]) -> Floats:
    """Return the mean of the corpora's means."""
    means = [values[corpus == name].mean(axis=0) for name in np.unique(corpus)]
    return np.asarray(np.mean(means, axis=0), np.float64)


def centred(values: Floats, people: NDArray[np.str_], start: Floats, prior: float) -> Floats:
    """Return the rows relative to the norm of their person, as a long session ends."""
    own = np.empty_like(values)
    for person in np.unique(people):
        rows = people == person
        norm = (values[rows].sum(axis=0) + prior * start) / (rows.sum() + prior)
        own[rows] = values[rows] - norm
    return own


def causally_centred(
    values: Floats, people: NDArray[np.str_], start: Floats, prior: float, seed: int
) -> Floats:
    """Return the rows relative to the running norm of their person, in a random order."""
    rng = np.random.default_rng(seed)
    own = np.empty_like(values)
    for person in np.unique(people):
        rows = rng.permutation(np.flatnonzero(people == person))
        count = np.arange(1, len(rows) + 1)[:, None]
        norm = (np.cumsum(values[rows], axis=0) + prior * start) / (count + prior)
        own[rows] = values[rows] - norm
    return own


def fit_arousal(own: Floats, high: Floats, cells: NDArray[np.str_]) -> Linear:
    """Fit arousal on rows relative to their person; each cell weighs the same.

    Args:
        own: Statistics relative to the person.
        high: 1 high, 0 low, NaN neither.
        cells: Corpus and category of each row.
    """
    known = np.isfinite(high)
    _, member, count = np.unique(cells[known], return_inverse=True, return_counts=True)
    weight = known.sum() / len(count) / count[member]
    factor = np.array([float(name not in PITCHES) for name in NAMES])
    return fit_linear(own[known], high[known] > 0.5, weight, AROUSAL_STRENGTH, factor)


def temperature(logits: Floats, high: Floats) -> float:
    """Return the temperature that calibrates logits of a binary rating.

    NaN is left out.
    """
    from scipy.optimize import minimize_scalar

    known = np.isfinite(high)
    score, side = logits[known], high[known]

    def cost(degree: float) -> float:
        return float((np.logaddexp(0, score / degree) - side * score / degree).mean())

    return float(minimize_scalar(cost, bounds=(0.1, 20.0), method="bounded").x)


def softer(model: Linear, degree: float) -> Linear:
    """Return the model with its sum divided by ``degree``."""
    return replace(model, weights=model.weights / degree, offset=model.offset / degree)


def spread(logits: Floats, high: Floats) -> float:
    """Return the standard deviation of arousal, with ``WITHIN``; NaN is left out."""
    known = np.isfinite(high)
    error = SCALE * np.tanh(logits[known] / 2) - SCALE * (2 * high[known] - 1)
    return float(np.sqrt(np.mean(error**2) + WITHIN**2))


def whitening(values: Floats, people: NDArray[np.str_]) -> Floats:
    """Return a matrix that makes the variation within people equal in all directions.

    Shape ``(len(NAMES), len(SELF))``: zero for statistics that are not in ``SELF``.
    """
    columns = [NAMES.index(name) for name in SELF]
    part = values[:, columns]
    rest = [part[people == p] - part[people == p].mean(axis=0) for p in np.unique(people)]
    within = np.concatenate(rest)
    spread = within.T @ within / len(within) + 1e-3 * np.eye(len(columns))
    matrix = np.zeros((len(NAMES), len(columns)))
    matrix[columns] = np.linalg.cholesky(np.linalg.inv(spread))
    return matrix


def export_gate(gate: Linear, folder: Path, trained_on: str) -> Path:
    """Write ``voice_gate.onnx`` and its manifest; return the manifest's path."""
    from onnx import helper

    nodes = [
        helper.make_node("Concat", ["statistics", "speech"], ["values"], axis=1),
        *_linear("values", "logit", "gate"),
        helper.make_node("Sigmoid", ["logit"], ["voice"]),
    ]
    inputs = {"statistics": len(NAMES), "speech": 2}
    blob = _model("voice_gate", nodes, inputs, {"voice": 1}, _constants(gate, "gate"))
    return ship(
        folder,
        "voice_gate",
        blob,
        modality="voice",
        opset=OPSET,
        inputs=[
            Tensor("statistics", [1, len(NAMES)], "see voice.statistics"),
            Tensor("speech", [1, 2], "see voice.gate.gate_inputs", ["run", "share"]),
        ],
        outputs=[Tensor("voice", [1, 1], "probability")],
        constants={
            "least_run": LEAST_RUN,
            "least": float(1 / (1 + np.exp(-LEAST_LOGIT))),
            "sure": SURE,
        },
        trained_on=trained_on,
        preprocessing="sentio_models.modalities.voice.gate.gate_inputs",
        card="models/cards/voice.md",
    )


def export_person(
    arousal: Linear,
    classes: tuple[Linear, Sequence[str]],
    matrix: Floats,
    folder: Path,
    constants: dict[str, object],
    trained_on: str,
) -> Path:
    """Write ``voice_person.onnx`` and its manifest; return the manifest's path.

    Args:
        arousal: Of rows relative to the person.
        classes: Of the same, and their names.
        matrix: Of ``whitening``.
        folder: Where to write.
        constants: Of the manifest.
        trained_on: Data, with licences.
    """
    from onnx import helper

    expressions, names = classes
    nodes = [
        *_linear("own", "arousal", "arousal"),
        *_linear("own", "classes", "classes"),
        helper.make_node("MatMul", ["difference", "matrix"], ["white"]),
        helper.make_node("Mul", ["white", "white"], ["square"]),
        helper.make_node("ReduceSum", ["square", "axis"], ["distance"], keepdims=1),
    ]
    tensors = {
        **_constants(arousal, "arousal"),
        **_constants(expressions, "classes"),
        "matrix": matrix.astype(np.float32),
        "axis": np.array([1], np.int64),
    }
    size = len(NAMES)
    blob = _model(
        "voice_person",
        nodes,
        {"own": size, "difference": size},
        {"arousal": 1, "distance": 1, "classes": len(names)},
        tensors,
    )
    return ship(
        folder,
        "voice_person",
        blob,
        modality="voice",
        opset=OPSET,
        inputs=[
            Tensor("own", [1, size], "statistics relative to the person's norm"),
            Tensor("difference", [1, size], "newest statistics minus the session's first"),
        ],
        outputs=[
            Tensor("arousal", [1, 1], "logit"),
            Tensor("distance", [1, 1], "squared spreads within people"),
            Tensor("classes", [1, len(names)], "logit", list(names)),
        ],
        constants=constants,
        trained_on=trained_on,
        preprocessing="sentio_models.modalities.voice.person.Person",
        card="models/cards/voice.md",
    )


def _linear(source: str, target: str, name: str) -> Iterable[object]:
    from onnx import helper

    step = [f"{name}_{k}" for k in ("shifted", "scaled", "near", "sum")]
    return (
        helper.make_node("Sub", [source, f"{name}_centre"], [step[0]]),
        helper.make_node("Div", [step[0], f"{name}_scale"], [step[1]]),
        helper.make_node("Clip", [step[1], f"{name}_low", f"{name}_high"], [step[2]]),
        helper.make_node("MatMul", [step[2], f"{name}_weights"], [step[3]]),
        helper.make_node("Add", [step[3], f"{name}_offset"], [target]),
    )


def _constants(model: Linear, name: str) -> dict[str, NDArray[np.generic]]:
    return {
        f"{name}_centre": model.centre.astype(np.float32)[None],
        f"{name}_scale": model.scale.astype(np.float32)[None],
        f"{name}_low": np.array(-FAR, np.float32),
        f"{name}_high": np.array(FAR, np.float32),
        f"{name}_weights": model.weights.reshape(len(model.centre), -1).astype(np.float32),
        f"{name}_offset": np.reshape(model.offset, (1, -1)).astype(np.float32),
    }


def _model(
    name: str,
    nodes: Iterable[object],
    inputs: dict[str, int],
    outputs: dict[str, int],
    tensors: dict[str, NDArray[np.generic]],
) -> bytes:
    from onnx import TensorProto, checker, helper, numpy_helper

    def described(sizes: dict[str, int]) -> list[object]:
        return [
            helper.make_tensor_value_info(n, TensorProto.FLOAT, [1, k]) for n, k in sizes.items()
        ]

    graph = helper.make_graph(
        list(nodes),
        name,
        described(inputs),
        described(outputs),
        [numpy_helper.from_array(values, key) for key, values in tensors.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
    # Runtimes of two years ago read this version.
    model.ir_version = 8
    checker.check_model(model)
    return bytes(model.SerializeToString())
