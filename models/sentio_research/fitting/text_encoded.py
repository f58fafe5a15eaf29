"""Fit the head on sentence encodings and the output of the text network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Floats = NDArray[np.float64]

OPSET = 17
ALPHAS = (100.0, 300.0, 1000.0, 3000.0)
SHARES = (0.0, 0.2, 0.3, 0.4, 0.5, 0.6)
"""Candidate shares of the shipped network in the combined output."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines as inputs and targets of the head.

    Attributes:
        encoding: Shape ``(n, 384)``.
        plain: The shipped network's valence, arousal and dominance; NaN
            without output.
        goal: Ratings, -1..1; shape ``(n, 3)``.
    """

    encoding: Floats
    plain: Floats
    goal: Floats


@dataclass(frozen=True, slots=True)
class Head:
    """Fitted head ``encoding @ weights + plain * share + offset``.

    Attributes:
        weights: Shape ``(384, 3)``.
        share: Shape ``(3,)``.
        offset: Shape ``(3,)``.
    """

    weights: Floats
    share: Floats
    offset: Floats

    def affect(self, encoding: Floats, plain: Floats) -> Floats:
        """Return valence, arousal and dominance, not limited to -1..1."""
        affect: Floats = encoding @ self.weights + plain * self.share + self.offset
        return affect


def fit(train: Lines, dev: Lines) -> tuple[Head, Floats]:
    """Fit by ridge regression; choose strength and share of each on ``dev``.

    The share is not fitted on ``train``, since the shipped network was fitted on it.

    Returns:
        The head, and the standard deviations of its errors on ``dev``.
    """
    from sklearn.linear_model import Ridge

    middle, spread = train.encoding.mean(axis=0), train.encoding.std(axis=0)
    mean_plain = np.nanmean(train.plain, axis=0)
    beside = np.where(np.isfinite(dev.plain), dev.plain, mean_plain)
    weights, offset = np.zeros((train.encoding.shape[1], 3)), np.zeros(3)
    share, errors = np.zeros(3), np.zeros(3)
    for k in range(3):
        tried = []
        for alpha in ALPHAS:
            model = Ridge(alpha=alpha).fit((train.encoding - middle) / spread, train.goal[:, k])
            alone = model.predict((dev.encoding - middle) / spread)
            for part in SHARES:
                guess = (1 - part) * alone + part * beside[:, k]
                right = float(np.corrcoef(guess, dev.goal[:, k])[0, 1])
                tried.append((right, part, model, guess))
        _, part, model, guess = max(tried, key=lambda t: t[0])
        weights[:, k] = (1 - part) * model.coef_ / spread
        offset[k] = (1 - part) * model.intercept_ - middle @ weights[:, k]
        share[k] = part
        errors[k] = float(np.std(dev.goal[:, k] - guess))
    return Head(weights, share, offset), errors


def to_onnx(head: Head) -> bytes:
    """Return the head as ONNX bytes."""
    held = {
        "weights": head.weights,
        "offset": head.offset[None],
        "share": head.share[None],
        "least": np.array(-1.0),
        "most": np.array(1.0),
    }
    nodes = [
        helper.make_node("Gemm", ["encoding", "weights", "offset"], ["alone"]),
        helper.make_node("Mul", ["plain", "share"], ["beside"]),
        helper.make_node("Add", ["alone", "beside"], ["told"]),
        helper.make_node("Clip", ["told", "least", "most"], ["affect"]),
    ]
    graph = helper.make_graph(
        nodes,
        "text_encoded",
        [
            helper.make_tensor_value_info("encoding", TensorProto.FLOAT, [1, len(head.weights)]),
            helper.make_tensor_value_info("plain", TensorProto.FLOAT, [1, 3]),
        ],
        [helper.make_tensor_value_info("affect", TensorProto.FLOAT, [1, 3])],
        [numpy_helper.from_array(v.astype(np.float32), k) for k, v in held.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = 9
    onnx.checker.check_model(model)
    blob: bytes = model.SerializeToString()
    return blob
