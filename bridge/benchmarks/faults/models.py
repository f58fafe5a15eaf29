"""Steps of users' models: write one, and make its process hang or crash."""

from __future__ import annotations

import hashlib
import signal
import time
from typing import Any

from benchmarks.faults.steps import Clock, FaultError, Measures, Step
from benchmarks.faults.world import DEADLINE, World

MANIFEST = """\
name = "own"
modality = "body"
sha256 = "{sha256}"
opset = 17
preprocessing = "samples:ppg"
licence = "yours"
[[inputs]]
name = "x"
shape = [1, 1, 64]
[[outputs]]
name = "y"
shape = [1, 1]
labels = ["stress"]
[constants]
rate_hz = 64
"""


def own_model(world: World, clock: Clock, kind: str) -> Measures:
    """Write a model: ``mean``, or ``nan``, which fails on smooth signals only."""
    from onnx import TensorProto, helper

    nodes = {
        "mean": [helper.make_node("ReduceMean", ["x"], ["y"], axes=[2], keepdims=0)],
        "nan": [
            helper.make_node("ReduceMean", ["x"], ["mean"], axes=[2], keepdims=1),
            helper.make_node("Sub", ["x", "mean"], ["c"]),
            helper.make_node("Slice", ["c", "zero", "last", "axis"], ["before"]),
            helper.make_node("Slice", ["c", "one", "end", "axis"], ["after"]),
            helper.make_node("Mul", ["before", "after"], ["product"]),
            helper.make_node("ReduceMean", ["product"], ["lagged"], axes=[2], keepdims=0),
            helper.make_node("Mul", ["c", "c"], ["square"]),
            helper.make_node("ReduceMean", ["square"], ["power"], axes=[2], keepdims=0),
            helper.make_node("Add", ["power", "least"], ["safe"]),
            helper.make_node("Div", ["lagged", "safe"], ["smoothness"]),
            helper.make_node("Sub", ["limit", "smoothness"], ["left"]),
            helper.make_node("Sqrt", ["left"], ["y"]),
        ],
    }[kind]
    graph = helper.make_graph(
        nodes,
        "own",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 1, 64])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 1])],
        [
            *(
                helper.make_tensor(name, TensorProto.INT64, [1], [number])
                for name, number in (
                    ("zero", 0),
                    ("one", 1),
                    ("last", 63),
                    ("end", 64),
                    ("axis", 2),
                )
            ),
            helper.make_tensor("limit", TensorProto.FLOAT, [1, 1], [0.6]),
            helper.make_tensor("least", TensorProto.FLOAT, [1, 1], [0.001]),
        ],
    )
    opsets = [helper.make_opsetid("", 17)]
    blob = helper.make_model(graph, opset_imports=opsets, ir_version=9).SerializeToString()
    (world.folder / "own.onnx").write_bytes(blob)
    text = MANIFEST.format(sha256=hashlib.sha256(blob).hexdigest())
    (world.folder / "own.toml").write_text(text, encoding="utf-8")
    return {}


def to_model(world: World, clock: Clock, name: str) -> Measures:
    """Send a signal to the process of the user's model; this is the injection."""
    process = _process(world)
    clock.mark()
    process.send_signal(signal.Signals[f"SIG{name}"])
    return {}


def model_memory(world: World, clock: Clock) -> Measures:
    """Note the memory of the model's process."""
    return {"model_mb": round(_process(world).memory_info().rss / 1e6)}


def _process(world: World) -> Any:
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        for child in world.process.children():
            if any("model_process" in part for part in child.cmdline()):
                return child
        time.sleep(0.05)
    raise FaultError("no process of a user's model is running")


STEPS: dict[str, Step] = {
    "own_model": own_model, "to_model": to_model, "model_memory": model_memory,
}  # fmt: skip
