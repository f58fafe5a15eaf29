"""Builds the published EEG indices as an ONNX model: formulas, nothing is learnt."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sentio_models.eeg.bands import NAMES
from sentio_models.fitting.shipping import ship
from sentio_models.manifest import Tensor

OPSET = 18

PRIOR = {
    "ln_engagement": [-0.75, 0.45, 3.0],
    "ln_relaxation": [-1.0, 0.40, 3.0],
    "ln_focus": [0.15, 0.45, 3.0],
    "asymmetry": [0.0, 0.30, 3.0],
}
"""Mean, spread and weight (moments) of each raw index before the person is known."""


def indices(folder: Path) -> Path:
    """Write ``eeg_indices.onnx`` and its manifest into ``folder``.

    ``raw`` is the natural logarithm of each published ratio; ``indices`` is the logistic of its
    distance from what is usual for the person, so that 0.5 is this person's usual.

    Returns:
        The manifest's path.
    """
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    def column(source: str, band: str) -> list[onnx.NodeProto]:
        index = NAMES.index(band)
        return [helper.make_node("Gather", [source, f"i{index}"], [f"{source}_{band}"], axis=1)]

    bands = ("theta", "alpha", "beta")
    nodes = [
        node for source in ("head", "front") for band in bands for node in column(source, band)
    ]
    nodes += [
        helper.make_node("Concat", ["head_alpha", "head_theta"], ["slow"], axis=1),
        helper.make_node("ReduceLogSumExp", ["slow", "axis"], ["ln_slow"], keepdims=1),
        helper.make_node("Sub", ["head_beta", "ln_slow"], ["ln_engagement"]),
        helper.make_node("Concat", ["head_theta", "head_alpha", "head_beta"], ["all"], axis=1),
        helper.make_node("ReduceLogSumExp", ["all", "axis"], ["ln_all"], keepdims=1),
        helper.make_node("Sub", ["head_alpha", "ln_all"], ["ln_relaxation"]),
        helper.make_node("Sub", ["front_beta", "front_theta"], ["ln_focus"]),
        helper.make_node("Gather", ["sides", "i0"], ["left"], axis=1),
        helper.make_node("Gather", ["sides", "i1"], ["right"], axis=1),
        helper.make_node("Sub", ["right", "left"], ["asymmetry"]),
        helper.make_node(
            "Concat", ["ln_engagement", "ln_relaxation", "ln_focus"], ["told"], axis=1
        ),
        helper.make_node("Concat", ["told", "asymmetry"], ["raw"], axis=1),
        helper.make_node("Gather", ["usual", "first"], ["centre"], axis=1),
        helper.make_node("Gather", ["usual", "second"], ["scale"], axis=1),
        helper.make_node("Sub", ["told", "centre"], ["off"]),
        helper.make_node("Div", ["off", "scale"], ["distance"]),
        helper.make_node("Sigmoid", ["distance"], ["indices"]),
    ]
    constants = {f"i{i}": np.array([i], np.int64) for i in range(len(NAMES))}
    constants |= {"axis": np.array([1], np.int64)}
    constants |= {"first": np.array(0, np.int64), "second": np.array(1, np.int64)}
    inputs = {"head": [5], "front": [5], "sides": [2], "usual": [2, 3]}
    outputs = {"raw": [4], "indices": [3]}

    def info(name: str, shape: list[int]) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", *shape])

    graph = helper.make_graph(
        nodes,
        "eeg_indices",
        [info(n, s) for n, s in inputs.items()],
        [info(n, s) for n, s in outputs.items()],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = 9
    onnx.checker.check_model(model)
    units = {"head": "ln uV^2", "front": "ln uV^2", "sides": "ln uV^2", "usual": "mean, spread"}
    units |= {"raw": "ln of a ratio of powers", "indices": "0..1"}
    return ship(
        folder,
        "eeg_indices",
        model.SerializeToString(),
        modality="eeg",
        opset=OPSET,
        inputs=[Tensor(n, [-1, *s], units[n]) for n, s in inputs.items()],
        outputs=[Tensor(n, [-1, *s], units[n]) for n, s in outputs.items()],
        constants={
            "prior": PRIOR,
            "sd": {"engagement": 0.25, "relaxation": 0.25, "focus": 0.25},
        },
        trained_on="nothing: published formulas",
        preprocessing="sentio_models.eeg.indices",
        card="models/cards/eeg.md",
    )
