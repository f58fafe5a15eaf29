"""Fit arousal from input statistics against heart and skin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from sentio_models.estimator import Norm
from sentio_models.modalities.game.estimator import CLIP, SETTLED, SPACING
from sentio_models.modalities.game.input_features import NAMES, SPANS, measure
from sentio_models.runtime.manifest import Tensor
from sentio_models.runtime.norms import RunningReference
from sentio_research.data.game import Play
from sentio_research.fitting.shipping import ship

Floats = NDArray[np.float64]

OPSET = 18

EVERY = 5.0
"""Seconds between two rows."""

QUICK, SLOW = 5.0, 60.0
"""Seconds (e-fold): a target's mean over the first against that over the second is its label."""

PENALTY = 300.0
"""Ridge penalty on weights per spread."""

AFFECT_SD = 0.52
"""Spread of arousal over people and moments that fusion assumes (``FusionSettings``)."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Inputs of the model and labels of one match or level.

    Attributes:
        inputs: Shape ``(n, len(NAMES))``, spreads from the player's usual, causally.
        times: Seconds since the start.
        labels: By target: 1 above its median, 0 below.
        player: Player.
        name: Match or level.
    """

    inputs: Floats
    times: Floats
    labels: dict[str, NDArray[np.int64]]
    player: str
    name: str


def prior_of(plays: Sequence[Play]) -> dict[str, Norm]:
    """Return norms of the features over plays: median and spread."""
    values = np.concatenate([_values(play)[1] for play in plays])
    return {
        name: Norm(float(np.nanmedian(column)), max(float(np.nanstd(column)), 0.05), 3.0)
        for name, column in zip(NAMES, values.T, strict=True)
    }


def rows_of(play: Play, prior: dict[str, Norm], change: bool = True) -> Rows:
    """Return inputs and labels of a play.

    Args:
        play: The match or level.
        prior: Norms before the player is known.
        change: Label a target's change against its last minute; else its level.
    """
    times, values = _values(play)
    reference = RunningReference(prior, spacing=SPACING, memory=1800.0)
    inputs = np.zeros_like(values)
    for index, row in enumerate(values):
        centred, _ = reference.compare(row)
        inputs[index] = np.nan_to_num(np.clip(centred, -CLIP, CLIP))
        reference.learn(row, EVERY)
    at = np.minimum((times * play.rate_hz).astype(int), len(next(iter(play.columns.values()))) - 1)
    labels = {}
    for name, target in play.targets.items():
        course = target
        if change:
            course = _leaky(target, QUICK, play.rate_hz) - _leaky(target, SLOW, play.rate_hz)
        labels[name] = (course[at] > np.median(course[at])).astype(np.int64)
    kept = slice(SETTLED, None)
    return Rows(
        inputs[kept],
        times[kept],
        {name: label[kept] for name, label in labels.items()},
        play.player,
        play.name,
    )


def fit(rows: Sequence[Rows]) -> Floats:
    """Return the weights of a ridge logistic regression on all labels of all plays."""
    from scipy.optimize import minimize

    x = np.concatenate([r.inputs for r in rows for _ in r.labels])
    y = np.concatenate([label for r in rows for label in r.labels.values()])

    def loss(weights: Floats) -> tuple[float, Floats]:
        logit = x @ weights
        off = 1.0 / (1.0 + np.exp(-logit)) - y
        value = float(np.sum(np.logaddexp(0.0, logit) - y * logit))
        return value + 0.5 * PENALTY * float(weights @ weights), x.T @ off + PENALTY * weights

    found = minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B")
    return np.asarray(found.x, np.float64)


def to_onnx(weights: Floats) -> bytes:
    """Return the model as ONNX bytes, scaled to the expected arousal."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    width = len(weights)
    # A label is above or below the median: the mean of a normal distribution's half lies 0.8
    # spreads from its middle.
    nodes = [
        helper.make_node("MatMul", ["activity", "weights"], ["logit"]),
        helper.make_node("Mul", ["logit", "half"], ["halved"]),
        helper.make_node("Tanh", ["halved"], ["side"]),
        helper.make_node("Mul", ["side", "spread"], ["arousal"]),
    ]
    graph = helper.make_graph(
        nodes,
        "game_input",
        [helper.make_tensor_value_info("activity", TensorProto.FLOAT, ["n", width])],
        [helper.make_tensor_value_info("arousal", TensorProto.FLOAT, ["n", 1])],
        [
            numpy_helper.from_array(weights.astype(np.float32)[:, None], "weights"),
            numpy_helper.from_array(np.array([0.5], np.float32), "half"),
            numpy_helper.from_array(np.array([0.8 * AFFECT_SD], np.float32), "spread"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = 9
    onnx.checker.check_model(model)
    blob: bytes = model.SerializeToString()
    return blob


def ship_model(
    folder: Path, weights: Floats, prior: dict[str, Norm], sd: float, trained_on: str
) -> Path:
    """Write ``game_input.onnx`` and ``game_input.toml``; return the manifest's path."""
    return ship(
        folder,
        "game_input",
        to_onnx(weights),
        modality="game",
        opset=OPSET,
        inputs=[Tensor("activity", [-1, len(NAMES)], "spreads", list(NAMES))],
        outputs=[Tensor("arousal", [-1, 1], "-1..1")],
        constants={
            "prior": {name: [norm.mean, norm.sd, norm.weight] for name, norm in prior.items()},
            "sd": {"arousal": sd},
        },
        trained_on=trained_on,
        preprocessing="sentio_models.modalities.game.input_features",
        card="models/cards/game.md",
    )


def _values(play: Play) -> tuple[Floats, Floats]:
    """Return times and features of a play, every ``EVERY`` seconds."""
    count = len(next(iter(play.columns.values())))
    times = np.arange(EVERY, count / play.rate_hz, EVERY)
    values = []
    for time in times:
        last = int(time * play.rate_hz)
        first = max(0, last - int(max(SPANS) * play.rate_hz))
        offsets = (np.arange(first, last) - (last - 1)) / play.rate_hz
        values.append(measure({n: c[first:last] for n, c in play.columns.items()}, offsets))
    return times, np.array(values).reshape(-1, len(NAMES))


def _leaky(values: Floats, tau: float, rate_hz: float) -> Floats:
    """Return a leaky mean that starts at the first value."""
    keep = float(np.exp(-1.0 / (tau * rate_hz)))
    start = np.array([keep * values[0]])
    return np.asarray(lfilter([1.0 - keep], [1.0, -keep], values, zi=start)[0])
