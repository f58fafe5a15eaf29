"""Store large weights in eight bits; the arithmetic stays float32."""

from __future__ import annotations

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

MOST = 127


def rounded(
    weights: NDArray[np.floating], block: int
) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return weights in whole steps, and the step of each block.

    Args:
        weights: Shape ``(..., columns)``.
        block: Neighbouring columns of a row that share a step; divides ``columns``.

    Returns:
        Shapes ``(..., columns / block, block)`` and ``(..., columns / block, 1)``.
    """
    wide = np.asarray(weights, np.float32).reshape(*weights.shape[:-1], -1, block)
    step = np.maximum(np.abs(wide).max(axis=-1, keepdims=True), 1e-12) / MOST
    return np.round(wide / step).astype(np.int8), step.astype(np.float32)


def stored(
    name: str, weights: NDArray[np.floating], block: int
) -> tuple[list[onnx.TensorProto], list[onnx.NodeProto]]:
    """Return the tensors and nodes that give ``name`` at load: bytes times steps."""
    small, step = rounded(weights, block)
    tensors = [
        numpy_helper.from_array(small, f"{name}_bytes"),
        numpy_helper.from_array(step, f"{name}_step"),
        numpy_helper.from_array(np.array(weights.shape, np.int64), f"{name}_shape"),
    ]
    nodes = [
        helper.make_node("Cast", [f"{name}_bytes"], [f"{name}_whole"], to=TensorProto.FLOAT),
        helper.make_node("Mul", [f"{name}_whole", f"{name}_step"], [f"{name}_blocks"]),
        helper.make_node("Reshape", [f"{name}_blocks", f"{name}_shape"], [name]),
    ]
    return tensors, nodes


def in_bytes(blob: bytes, least: int) -> bytes:
    """Return a model whose large float16 matrices are stored in bytes.

    Those of ``least`` entries and more; each row has a step of its own. ``torch_export`` writes
    such matrices with one cast each.
    """
    model = onnx.load_from_string(blob)
    graph = model.graph
    casts = {node.input[0]: node for node in graph.node if node.op_type == "Cast"}
    kept, nodes = [], []
    for tensor in graph.initializer:
        large = tensor.data_type == TensorProto.FLOAT16 and np.prod(tensor.dims) >= least
        if not large or len(tensor.dims) != 2:
            kept.append(tensor)
            continue
        cast = casts[tensor.name]
        graph.node.remove(cast)
        made, new = stored(cast.output[0], numpy_helper.to_array(tensor), tensor.dims[-1])
        kept.extend(made)
        nodes.extend(new)
    rest = list(graph.node)
    del graph.initializer[:]
    del graph.node[:]
    graph.initializer.extend(kept)
    graph.node.extend([*nodes, *rest])
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString(deterministic=True))
