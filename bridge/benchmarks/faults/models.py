"""Steps of users' models: write one, and make its process hang or crash."""

from __future__ import annotations

import signal
import time
from typing import Any

from benchmarks import own_models
from benchmarks.faults.steps import Clock, FaultError, Measures, Step
from benchmarks.faults.world import DEADLINE, World


def own_model(world: World, clock: Clock, kind: str) -> Measures:
    """Write a model: ``mean``, or ``nan``, which fails on smooth signals only."""
    from onnx import TensorProto, helper

    nodes = {
        "mean": own_models.mean(),
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
    numbers = {"zero": 0, "one": 1, "last": 63, "end": 64, "axis": 2}
    tensors = [helper.make_tensor(n, TensorProto.INT64, [1], [v]) for n, v in numbers.items()]
    tensors.append(helper.make_tensor("limit", TensorProto.FLOAT, [1, 1], [0.6]))
    tensors.append(helper.make_tensor("least", TensorProto.FLOAT, [1, 1], [0.001]))
    own_models.write(world.folder, "own", nodes, tensors)
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
