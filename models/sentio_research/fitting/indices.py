"""Build the published EEG indices as an ONNX model; nothing is fitted."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sentio_models.modalities.eeg.bands import NAMES
from sentio_models.modalities.eeg.indices import INPUTS, RAW
from sentio_models.runtime.manifest import Tensor
from sentio_research.fitting.shipping import ship

OPSET = 18

PRIOR = {
    "ln_engagement": [-0.75, 0.45, 3.0],
    "ln_relaxation": [-1.0, 0.40, 3.0],
    "ln_focus": [0.15, 0.45, 3.0],
    "asymmetry": [0.0, 0.30, 3.0],
}
"""Prior of each raw index: mean, spread and weight in entries."""


def indices(folder: Path) -> Path:
    """Write ``eeg_indices.onnx`` and its manifest into ``folder``.

    ``raw`` is the natural logarithm of each published ratio; ``indices`` is the logistic of its
    distance from the person's median, so that 0.5 is the median.

    Returns:
        The manifest's path.
    """
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    bands = len(NAMES)
    theta, alpha, beta = (NAMES.index(band) for band in ("theta", "alpha", "beta"))
    sums = np.zeros((INPUTS, 2), np.float32)
    sums[[theta, alpha], 0] = 1.0
    sums[[theta, alpha, beta], 1] = 1.0
    # Coefficients of the log powers and of the two sums, in the order of ``RAW``.
    differences = np.zeros((INPUTS + 2, len(RAW)), np.float32)
    differences[[beta, INPUTS], 0] = 1.0, -1.0
    differences[[alpha, INPUTS + 1], 1] = 1.0, -1.0
    differences[[bands + beta, bands + theta], 2] = 1.0, -1.0
    differences[[2 * bands + 1, 2 * bands], 3] = 1.0, -1.0
    # Only eight nodes: the overhead of a node exceeds the cost of these sums.
    nodes = [
        helper.make_node("Exp", ["powers"], ["linear"]),
        helper.make_node("MatMul", ["linear", "sums"], ["summed"]),
        helper.make_node("Log", ["summed"], ["ln_summed"]),
        helper.make_node("Concat", ["powers", "ln_summed"], ["all"], axis=1),
        helper.make_node("MatMul", ["all", "differences"], ["raw"]),
        helper.make_node("Sub", ["raw", "centre"], ["off"]),
        helper.make_node("Div", ["off", "spread"], ["distance"]),
        helper.make_node("Sigmoid", ["distance"], ["indices"]),
    ]
    inputs = {"powers": [INPUTS], "centre": [len(RAW)], "spread": [len(RAW)]}
    outputs = {"raw": [len(RAW)], "indices": [len(RAW)]}

    def info(name: str, shape: list[int]) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", *shape])

    graph = helper.make_graph(
        nodes,
        "eeg_indices",
        [info(n, s) for n, s in inputs.items()],
        [info(n, s) for n, s in outputs.items()],
        [
            numpy_helper.from_array(sums, "sums"),
            numpy_helper.from_array(differences, "differences"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = 9
    onnx.checker.check_model(model)
    units = {
        "powers": "ln uV^2",
        "centre": "ln of a ratio of powers",
        "spread": "ln of a ratio of powers",
        "raw": "ln of a ratio of powers",
        "indices": "0..1",
    }
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
        preprocessing="sentio_models.modalities.eeg.indices",
        card="models/cards/eeg.md",
    )
