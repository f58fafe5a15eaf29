"""Fit the body head: stress from changes relative to the person's past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelRefusedError
from sentio_models.estimator import Norm
from sentio_models.modalities.body import recent
from sentio_models.modalities.body.estimator import Past
from sentio_models.modalities.body.features import NAMES
from sentio_models.modalities.body.quick import PULSE, SKIN, TRUST
from sentio_models.runtime.manifest import Tensor
from sentio_research.data.body import HOP, Rows
from sentio_research.fitting.body_trees import EVERY, Trees, fit_trees, trees_node
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
        *PULSE,
        *TRUST,
        *recent.HEART,
    ),
    "skin": ("ln_scl", "scl_slope", "scr_rate", "ln_scr_amplitude", *SKIN, *recent.SKIN),
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
    "temperature": 0,
    "temperature_slope": -1,
    "heart_rate_15s": 1,
    "pulse_skewness_15s": 1,
    "pulse_kurtosis_15s": -1,
    "ln_pulse_width_15s": -1,
    "ln_scl_rise_15s": 1,
    "ln_scl_slope_15s": 1,
    "ln_scl_noise_15s": 1,
    "tracked_rate_15s": 1,
    "tracked_rate_5s": 1,
    "tracked_rise_15s": 1,
    "phasic_15s": 1,
    "phasic_now": 1,
    "onsets_15s": 1,
}
"""Allowed sign of each feature's weight (Kreibig 2010; the pulse's shape as in both data sets):
an unconstrained head learns the time within the protocol instead. Features with 0 or without an
entry have no weight: variability of a minute by its spread, breathing, and the temperature, which
in rest follows the time since a wristband was put on."""

DEVICE_SCALED = frozenset(
    {
        "ln_pulse_amplitude",
        "pulse_skewness",
        "ln_scl",
        "temperature",
        "pulse_skewness_15s",
        "pulse_kurtosis_15s",
        "ln_pulse_width_15s",
        "phasic_15s",
        "phasic_now",
    }
)
"""Features whose level depends more on sensor and skin than on the state: the person's level
replaces the prior within one entry."""

PRIOR_MOMENTS = 3.0
"""Weight of the population prior in entries; a sixth of it for ``DEVICE_SCALED``."""


SHARES: Mapping[str, float] = {"stress_predict": 0.6, "cogwear": 0.4}
"""Weight of each corpus in the fit, chosen by inner folds of people; 1 for others."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings of the fit, chosen on training people only.

    Attributes:
        penalty: Strength of the ridge penalty on weights per standard deviation.
        orders: Number of other orders of each session's rest and tasks: the head must not learn
            the time within the protocol.
        latest: Latest start of the replay that lacks sensors, as a share of the session.
        forgotten: Probability that a sensor is missing in it.
        seed: Seed of the replays.
        shares: Weight of each corpus.
    """

    penalty: float = 300.0
    orders: int = 2
    latest: float = 0.5
    forgotten: float = 0.25
    seed: int = 0
    shares: Mapping[str, float] = field(default_factory=lambda: SHARES)


@dataclass(frozen=True, slots=True)
class Head:
    """Fitted head: stress is the logistic of the mean of two logits.

    Attributes:
        prior: Prior of the person's norms.
        weights: Of the linear logit, shape ``(3 * features,)``.
        bias: Linear logit at the person's median.
        trees: The other logit.
    """

    prior: Prior
    weights: Floats
    bias: float
    trees: Trees

    def stress(self, inputs: Floats) -> Floats:
        """Return the index, 0..1, of each row."""
        logit = 0.5 * (inputs @ self.weights + self.bias + self.trees.logit(inputs))
        index: Floats = 1 / (1 + np.exp(-logit))
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
    out = np.empty((len(features), 3 * len(NAMES)))
    for index, values in enumerate(features):
        out[index] = past.compare(values)
        past.learn(values, HOP)
    return out


def fit(people: Sequence[Rows], recipe: Recipe | None = None) -> Head:
    """Fit a head on people, with equal weights of a corpus' people.

    Args:
        people: Sessions with labels.
        recipe: Settings of the fit.

    Raises:
        ModelRefusedError: The sessions have only one class.
    """
    recipe = recipe or Recipe()
    prior = prior_of(people)
    return fit_replays([replays_of(rows, prior, recipe) for rows in people], prior, recipe)


@dataclass(frozen=True, slots=True)
class Replays:
    """Inputs of one session in several orders, of windows with a label.

    Attributes:
        inputs: Shape ``(n, 3 * features)``.
        labels: 1 or 0.
        weights: The same sum for each class of each replay.
        corpus: Name of the data set.
    """

    inputs: Floats
    labels: NDArray[np.int64]
    weights: Floats
    corpus: str


def replays_of(rows: Rows, prior: Prior, recipe: Recipe) -> Replays:
    """Replay a session as recorded, in other orders, and once without some sensors."""
    rng = np.random.default_rng([recipe.seed, *rows.person.encode()])
    as_recorded = np.arange(len(rows.labels))
    gone = [sensor for sensor in SENSORS if rng.random() < recipe.forgotten]
    # CogWear has a minute or two of rest, then load: too short to start later.
    first = 0 if rows.corpus == "cogwear" else int(rng.uniform(0, recipe.latest) * len(as_recorded))
    plays = [(as_recorded, rows.features), (as_recorded[first:], without(rows, gone))]
    for _ in range(recipe.orders):
        plays.append((reordered(rows.labels, rng), rows.features))
    inputs, labels, weights = [], [], []
    for order, features in plays:
        y = rows.labels[order]
        known = y >= 0
        inputs.append(inputs_of(features[order], prior)[known])
        labels.append(y[known])
        counts = np.bincount(y[known], minlength=2)
        weights.append(1 / np.maximum(counts, 1)[y[known]])
    return Replays(
        np.concatenate(inputs), np.concatenate(labels), np.concatenate(weights), rows.corpus
    )


def reordered(labels: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.intp]:
    """Return places of a session's windows with its rest and tasks in another order.

    A session of one rest and one task is turned round. Windows without a label stay with what
    follows them.
    """
    known = np.flatnonzero(labels >= 0)
    if not len(known):
        return np.arange(len(labels))
    follows = known[np.minimum(np.searchsorted(known, np.arange(len(labels))), len(known) - 1)]
    blocks = np.split(np.arange(len(labels)), np.flatnonzero(np.diff(labels[follows])) + 1)
    order = [1, 0] if len(blocks) == 2 else rng.permutation(len(blocks)).tolist()
    return np.concatenate([blocks[index] for index in order]) if len(blocks) > 1 else blocks[0]


def fit_replays(replays: Sequence[Replays], prior: Prior, recipe: Recipe) -> Head:
    """Fit a head on replays whose inputs were made with ``prior``.

    Raises:
        ModelRefusedError: The sessions have only one class.
    """
    x = np.concatenate([one.inputs for one in replays])
    y = np.concatenate([one.labels for one in replays])
    if len(np.unique(y)) < 2:
        raise ModelRefusedError("the sessions have only one class", "give rest and stress")
    total: dict[str, float] = {}
    for one in replays:
        total[one.corpus] = total.get(one.corpus, 0.0) + float(one.weights.sum())
    w = np.concatenate(
        [one.weights * recipe.shares.get(one.corpus, 1.0) / total[one.corpus] for one in replays]
    )
    w *= len(w) / w.sum()
    signs = np.array([SIGNS.get(name, 0) for _ in range(3) for name in NAMES])
    weights, bias = _logistic(x, y, w, signs, recipe.penalty)
    trees = fit_trees(x[::EVERY], y[::EVERY], w[::EVERY], signs)
    return Head(prior, weights, bias, trees)


def _logistic(
    x: Floats, y: NDArray[np.int64], w: Floats, signs: NDArray[np.int64], penalty: float
) -> tuple[Floats, float]:
    """Fit a ridge logistic regression whose weights keep ``signs``."""
    from scipy.optimize import minimize

    spread = np.maximum(x.std(axis=0), 0.1)
    scaled = x / spread
    allowed = {1: (0.0, None), -1: (None, 0.0), 0: (0.0, 0.0)}
    bounds: list[tuple[float | None, float | None]] = [allowed[sign] for sign in signs.tolist()]
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
    return found.x[:-1] / spread, float(found.x[-1])


def _padded(features: Floats) -> Floats:
    """Replace columns without values by zeros, for numpy's NaN statistics."""
    empty = np.isnan(features).all(axis=0)
    padded = features.copy()
    padded[:, empty] = 0.0
    return padded


def to_onnx(head: Head) -> bytes:
    """Return the head as ONNX bytes: the mean of two logits, its logistic and arousal."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    width = len(head.weights)
    nodes = [
        helper.make_node("Gemm", ["features", "weights", "bias"], ["linear"]),
        trees_node(head.trees, "features", "boosted"),
        helper.make_node("Sum", ["linear", "boosted"], ["both"]),
        helper.make_node("Mul", ["both", "half"], ["logit"]),
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
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.ml", 3)]
    model = helper.make_model(graph, opset_imports=opsets)
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
    labels = [f"{n}:{part}" for part in ("population", "rest", "calm") for n in NAMES]
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
