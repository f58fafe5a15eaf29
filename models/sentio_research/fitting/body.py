"""Fit the body head: stress from changes relative to the person's past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelRefusedError
from sentio_models.estimator import Norm
from sentio_models.modalities.body.estimator import Past
from sentio_models.modalities.body.features import NAMES
from sentio_models.runtime.manifest import Tensor
from sentio_research.data.body import HOP, Rows
from sentio_research.fitting.shipping import ship

Floats = NDArray[np.float64]
Prior = dict[str, Norm]

OPSET = 18

SENSORS = {
    "heart": (
        "heart_rate",
        "recent_heart_rate",
        "ln_rmssd",
        "ln_sdnn",
        "ln_pulse_amplitude",
        "pulse_skewness",
        "breathing_rate",
    ),
    "skin": ("ln_scl", "scl_slope", "scr_rate", "ln_scr_amplitude"),
    "warmth": ("temperature", "temperature_slope"),
}
"""Features that are missing without each sensor."""

SIGNS = {
    "heart_rate": 1,
    "recent_heart_rate": 1,
    "ln_rmssd": -1,
    "ln_sdnn": 0,
    "ln_pulse_amplitude": -1,
    "pulse_skewness": 1,
    "breathing_rate": 0,
    "ln_scl": 1,
    "scl_slope": 1,
    "scr_rate": 1,
    "ln_scr_amplitude": 1,
    "temperature": -1,
    "temperature_slope": -1,
}
"""Allowed sign of each feature's weight (Kreibig 2010; skewness of the pulse as in both data sets):
an unconstrained head learns the time within the protocol instead. Features with 0 or without an
entry have no weight."""

DEVICE_SCALED = frozenset({"ln_pulse_amplitude", "pulse_skewness", "ln_scl", "temperature"})
"""Features whose level depends more on sensor and skin than on the state: the person's level
replaces the prior within one entry."""

PRIOR_MOMENTS = 3.0
"""Weight of the population prior in entries; a sixth of it for ``DEVICE_SCALED``."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings of the fit, chosen on training people only.

    Attributes:
        penalty: Strength of the ridge penalty on weights per standard deviation.
        copies: Number of replays of each person.
        latest: Latest start of a replay as a share of the session: the head must not learn the
            time within the protocol.
        forgotten: Probability that a sensor is missing in a replay.
        seed: Seed of the replays.
    """

    penalty: float = 100.0
    copies: int = 2
    latest: float = 0.5
    forgotten: float = 0.25
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Head:
    """Fitted head: stress is the logistic of a weighted sum of ``Past.compare``.

    Attributes:
        prior: Prior of the person's norms.
        weights: Shape ``(2 * features,)``.
        bias: Logit of the index at the person's median.
    """

    prior: Prior
    weights: Floats
    bias: float

    def stress(self, inputs: Floats) -> Floats:
        """Return the index, 0..1, of each row."""
        index: Floats = 1 / (1 + np.exp(-(inputs @ self.weights + self.bias)))
        return index


def without(rows: Rows, sensors: Sequence[str]) -> Floats:
    """Return the features with some sensors missing."""
    features = rows.features.copy()
    for sensor in sensors:
        features[:, [NAMES.index(name) for name in SENSORS[sensor]]] = np.nan
    return features


def prior_of(people: Sequence[Rows]) -> Prior:
    """Return the population prior: median over people, spread over all rows."""
    prior = {}
    medians = [np.nanmedian(_padded(rows.features), axis=0) for rows in people]
    inside = [np.nanstd(_padded(rows.features), axis=0) for rows in people]
    for column, name in enumerate(NAMES):
        middle = np.array([m[column] for m in medians])
        within = np.nanmedian([s[column] for s in inside])
        between = float(np.nanstd(middle))
        sd = float(np.hypot(within, between))
        weight = PRIOR_MOMENTS / 6 if name in DEVICE_SCALED else PRIOR_MOMENTS
        prior[name] = Norm(float(np.nanmedian(middle)), max(sd, 1e-3), weight)
    return prior


def inputs_of(features: Floats, prior: Prior, norms: Prior | None = None) -> Floats:
    """Return the head's inputs for one person's features, in order, causally."""
    past = Past(prior)
    past.restart(norms or {})
    out = np.empty((len(features), 2 * len(NAMES)))
    for index, values in enumerate(features):
        out[index] = past.compare(values)
        past.learn(values, HOP)
    return out


def fit(people: Sequence[Rows], recipe: Recipe | None = None) -> Head:
    """Fit a head on people, with equal weights of corpora and of their people.

    Args:
        people: Sessions with labels.
        recipe: Settings of the fit.

    Raises:
        ModelRefusedError: The sessions have only one class.
    """
    recipe = recipe or Recipe()
    rng = np.random.default_rng(recipe.seed)
    prior = prior_of(people)
    inputs, labels, weights = [], [], []
    for copy in range(recipe.copies):
        for rows in people:
            gone = [s for s in SENSORS if copy and rng.random() < recipe.forgotten]
            first = int(rng.uniform(0, recipe.latest) * len(rows.labels)) if copy else 0
            if rows.corpus == "cogwear":
                first = 0  # one or two minutes of rest, then load: too short to start later
            x = inputs_of(without(rows, gone)[first:], prior)
            y = rows.labels[first:]
            inputs.append(x[y >= 0])
            labels.append(y[y >= 0])
            counts = np.bincount(labels[-1], minlength=2)
            weights.append(1 / np.maximum(counts, 1)[labels[-1]])
    x, y, w = np.concatenate(inputs), np.concatenate(labels), np.concatenate(weights)
    if len(np.unique(y)) < 2:
        raise ModelRefusedError("the sessions have only one class", "give rest and stress")
    return _logistic(x, y, w * len(w) / w.sum(), prior, recipe.penalty)


def _logistic(x: Floats, y: NDArray[np.int64], w: Floats, prior: Prior, penalty: float) -> Head:
    """Fit a ridge logistic regression whose weights keep the signs of ``SIGNS``."""
    from scipy.optimize import minimize

    spread = np.maximum(x.std(axis=0), 0.1)
    scaled = x / spread
    bounds: list[tuple[float | None, float | None]] = []
    for _ in range(2):
        bounds += [
            {1: (0.0, None), -1: (None, 0.0), 0: (0.0, 0.0)}[SIGNS.get(name, 0)] for name in NAMES
        ]
    bounds.append((None, None))

    def loss(theta: Floats) -> tuple[float, Floats]:
        logit = scaled @ theta[:-1] + theta[-1]
        off = w * (1 / (1 + np.exp(-logit)) - y)
        value = float(np.sum(w * (np.logaddexp(0, logit) - y * logit)))
        gradient = np.append(scaled.T @ off, off.sum())
        value += 0.5 * penalty * float(theta[:-1] @ theta[:-1])
        gradient[:-1] += penalty * theta[:-1]
        return value, gradient

    found = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B", bounds=bounds)
    return Head(prior, found.x[:-1] / spread, float(found.x[-1]))


def _padded(features: Floats) -> Floats:
    """Replace columns without values by zeros, for numpy's NaN statistics."""
    empty = np.isnan(features).all(axis=0)
    padded = features.copy()
    padded[:, empty] = 0.0
    return padded


def to_onnx(head: Head) -> bytes:
    """Return the head as ONNX bytes: one matrix product, a logistic and its arousal."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    width = len(head.weights)
    nodes = [
        helper.make_node("Gemm", ["features", "weights", "bias"], ["logit"]),
        helper.make_node("Sigmoid", ["logit"], ["stress"]),
        # Tanh of half the logit is twice the index minus one: -1 calm, 1 stressed.
        helper.make_node("Mul", ["logit", "half"], ["halved"]),
        helper.make_node("Tanh", ["halved"], ["arousal"]),
    ]
    graph = helper.make_graph(
        nodes,
        "body",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["n", width])],
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", 1])
            for name in ("arousal", "stress")
        ],
        [
            numpy_helper.from_array(head.weights.astype(np.float32)[:, None], "weights"),
            numpy_helper.from_array(np.array([head.bias], np.float32), "bias"),
            numpy_helper.from_array(np.array([0.5], np.float32), "half"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = 9
    onnx.checker.check_model(model)
    blob: bytes = model.SerializeToString()
    return blob


def ship_head(folder: Path, head: Head, sd: dict[str, float], trained_on: str) -> Path:
    """Write ``body.onnx`` and ``body.toml``; return the manifest's path."""
    constants: dict[str, Any] = {
        "prior": {n: [norm.mean, norm.sd, norm.weight] for n, norm in head.prior.items()},
        "sd": sd,
    }
    labels = [f"{n}:{part}" for part in ("rest", "calm") for n in NAMES]
    return ship(
        folder,
        "body",
        to_onnx(head),
        modality="body",
        opset=OPSET,
        inputs=[Tensor("features", [-1, len(head.weights)], "spreads", labels)],
        outputs=[Tensor("arousal", [-1, 1], "-1..1"), Tensor("stress", [-1, 1], "0..1")],
        constants=constants,
        trained_on=trained_on,
        preprocessing="sentio_models.modalities.body.features",
        card="models/cards/body.md",
    )
