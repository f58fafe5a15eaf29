"""Models of one input and one output, as a user may configure them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

SAMPLES = 64
"""Samples of the input; the output is one value of stress."""

_MANIFEST = """\
name = "{name}"
modality = "{modality}"
sha256 = "{sha256}"
opset = 17
preprocessing = "{front}"
licence = "yours"
[[inputs]]
name = "x"
shape = [1, 1, {samples}]
[[outputs]]
name = "y"
shape = [1, 1]
labels = ["stress"]
[constants]
rate_hz = {samples}
"""


def mean() -> list[Any]:
    """Return the nodes of the mean of the samples."""
    from onnx import helper

    return [helper.make_node("ReduceMean", ["x"], ["y"], axes=[2], keepdims=0)]


def write(
    folder: Path,
    name: str,
    nodes: Sequence[Any],
    tensors: Sequence[Any] = (),
    *,
    modality: str = "body",
    front: str = "samples:ppg",
) -> Path:
    """Write a model and its manifest.

    Args:
        folder: Where to write.
        name: Name of the model and of both files.
        nodes: Nodes of its graph from ``x`` to ``y``.
        tensors: Constants of the graph.
        modality: Modality of its estimates.
        front: Preprocessing of its input.

    Returns:
        The manifest.
    """
    from onnx import TensorProto, helper

    graph = helper.make_graph(
        list(nodes),
        name,
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 1, SAMPLES])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 1])],
        list(tensors),
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    blob = made.SerializeToString()
    (folder / f"{name}.onnx").write_bytes(blob)
    path = folder / f"{name}.toml"
    digest = hashlib.sha256(blob).hexdigest()
    text = _MANIFEST.format(
        name=name, modality=modality, sha256=digest, front=front, samples=SAMPLES
    )
    path.write_text(text, encoding="utf-8")
    return path
