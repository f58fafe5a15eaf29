"""Tests of the body head's trees and their ONNX form."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from sentio_models.errors import ModelFailedError
from sentio_models.runtime.manifest import Manifest, Tensor
from sentio_models.runtime.onnx_session import OnnxSession
from sentio_research.fitting.body_trees import Trees, fit_trees, trees_node

SIGNS = np.array([1, -1, 0])


def _fitted() -> tuple[Trees, np.ndarray]:
    """Return trees of two features that count together, and inputs."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(4000, 3)).astype(np.float32).astype(np.float64)
    logit = 2.0 * (x[:, 0] > 0.5) * (x[:, 1] < 0) - 0.5 + 3.0 * x[:, 2]
    y = (rng.random(len(x)) < 1 / (1 + np.exp(-logit))).astype(np.int64)
    return fit_trees(x, y, np.ones(len(x)), SIGNS), x


def test_answers_rise_and_fall_with_features_as_allowed_and_ignore_the_rest() -> None:
    trees, x = _fitted()
    for column, sign in enumerate(SIGNS):
        moved = x[:200].repeat(9, axis=0)
        moved[:, column] = np.tile(np.linspace(-3, 3, 9), 200)
        steps = np.diff(trees.logit(moved).reshape(200, 9), axis=1)
        if sign == 0:
            assert np.abs(steps).max() == 0.0
        else:
            assert (sign * steps).min() >= -1e-9
            assert np.abs(steps).max() > 0.3


def test_features_count_in_company() -> None:
    trees, _ = _fitted()
    both, first, second, none = trees.logit(
        np.array([[2.0, -2.0, 0.0], [2.0, 2.0, 0.0], [-2.0, -2.0, 0.0], [-2.0, 2.0, 0.0]])
    )
    assert both - first > 0.8
    assert both - second > 0.8
    assert max(first, second) - none < 0.5


def test_the_onnx_node_gives_the_same_also_on_thresholds() -> None:
    trees, x = _fitted()
    edges = np.zeros((trees.thresholds.size, 3))
    edges[np.arange(len(edges)), trees.features.ravel()] = trees.thresholds.ravel()
    inputs = np.concatenate([x[:500], edges])
    graph = helper.make_graph(
        [trees_node(trees, "given", "made")],
        "trees",
        [helper.make_tensor_value_info("given", TensorProto.FLOAT, ["n", 3])],
        [helper.make_tensor_value_info("made", TensorProto.FLOAT, ["n", 1])],
    )
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("ai.onnx.ml", 3)]
    model = helper.make_model(graph, opset_imports=opsets)
    model.ir_version = 9
    onnx.checker.check_model(model)
    manifest = Manifest(
        name="trees",
        modality="body",
        sha256="0" * 64,
        opset=18,
        inputs=[Tensor("given", [-1, 3], "")],
        outputs=[Tensor("made", [-1, 1], "")],
    )
    session = OnnxSession(manifest, model.SerializeToString())
    made = session.run({"given": inputs.astype(np.float32)})["made"][:, 0]
    assert made == pytest.approx(trees.logit(inputs), abs=1e-5)
    with pytest.raises(ModelFailedError):
        session.run({"given": np.full((1, 3), np.nan, np.float32)})
