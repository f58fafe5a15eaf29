"""Weights in eight bits: equal within half a step, and read by the runtime."""

from __future__ import annotations

import numpy as np
import onnxruntime as ort
import pytest
from onnx import TensorProto, helper, numpy_helper

from sentio_research.fitting.eight_bits import in_bytes, rounded, stored


@pytest.mark.parametrize("block", [4, 12])
def test_weights_are_equal_within_half_a_step(block: int) -> None:
    weights = np.random.default_rng(0).standard_normal((3, 5, 12)) * [[[1]], [[100]], [[1e-3]]]
    small, step = rounded(weights, block)
    assert small.shape == (3, 5, 12 // block, block)
    again = (small * step).reshape(weights.shape)
    assert (np.abs(again - weights) <= np.repeat(step[..., 0], block, axis=-1) / 2 + 1e-9).all()


def test_a_row_of_nothing_stays_nothing() -> None:
    small, step = rounded(np.zeros((2, 4)), 4)
    assert not small.any()
    assert np.isfinite(step).all()


def run(nodes: list, tensors: list, x: np.ndarray) -> tuple[bytes, np.ndarray]:
    def described(name: str, shape: list) -> object:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    graph = helper.make_graph(
        nodes, "g", [described("x", [1, 6])], [described("y", [1, 4])], tensors
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    blob = model.SerializeToString()
    return blob, ort.InferenceSession(blob).run(None, {"x": x})[0]


def test_the_runtime_restores_them() -> None:
    rng = np.random.default_rng(1)
    weights, x = rng.standard_normal((6, 4)), rng.standard_normal((1, 6)).astype(np.float32)
    tensors, nodes = stored("w", weights, 2)
    _, y = run([*nodes, helper.make_node("MatMul", ["x", "w"], ["y"])], tensors, x)
    assert np.allclose(y, x @ weights, atol=0.05)


def test_only_large_matrices_of_a_model_are_changed() -> None:
    rng = np.random.default_rng(2)
    x = rng.standard_normal((1, 6)).astype(np.float32)
    half = {n: rng.standard_normal(s).astype(np.float16) for n, s in (("w", (6, 4)), ("b", (1, 4)))}
    tensors = [numpy_helper.from_array(v, f"{n}_half") for n, v in half.items()]
    nodes = [helper.make_node("Cast", [f"{n}_half"], [n], to=TensorProto.FLOAT) for n in half]
    nodes += [
        helper.make_node("MatMul", ["x", "w"], ["xw"]),
        helper.make_node("Add", ["xw", "b"], ["y"]),
    ]
    blob, wanted = run(nodes, tensors, x)
    small = in_bytes(blob, 20)
    got = ort.InferenceSession(small).run(None, {"x": x})[0]
    assert np.allclose(got, wanted, atol=0.05)
    assert not np.array_equal(got, wanted)
    assert in_bytes(blob, 1000) != small
