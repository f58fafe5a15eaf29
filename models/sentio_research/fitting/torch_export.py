"""Export a torch network to ONNX, and compare both."""

from __future__ import annotations

import io

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from sentio_models.runtime.onnx_session import OnnxSession

OPSET = 17


class Calibrated(nn.Module):
    """Classifier with calibration, so that the file outputs probabilities.

    Args:
        net: Network that returns logits.
        bias: Added to the logits.
        temperature: Divisor of the logits.
    """

    def __init__(self, net: nn.Module, bias: NDArray[np.float64], temperature: float) -> None:
        super().__init__()
        self.net = net
        self.temperature = temperature
        self.register_buffer("bias", torch.from_numpy(bias.astype(np.float32)))

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        """Return probabilities, shape ``(n, classes)``."""
        return torch.softmax((self.net(*inputs) + self.bias) / self.temperature, dim=1)


def to_onnx(
    net: nn.Module,
    probes: tuple[torch.Tensor, ...],
    inputs: list[str],
    outputs: list[str],
    *,
    half: bool = False,
    least: int = 1024,
) -> bytes:
    """Export a network.

    Args:
        net: Network in evaluation mode.
        probes: One example of each input, one row each.
        inputs: Names of the inputs.
        outputs: Names of the outputs.
        half: Store large weights as float16; the runtime converts them at load, so that the file
            is half as large and the arithmetic stays float32.
        least: Number of entries from which a tensor counts as large.
    """
    buffer = io.BytesIO()
    torch.onnx.export(
        net,
        probes,
        buffer,
        input_names=inputs,
        output_names=outputs,
        opset_version=OPSET,
        dynamo=False,
    )
    model = onnx.load_from_string(buffer.getvalue())
    if half:
        _halve(model, least)
    model.producer_name, model.producer_version, model.doc_string = "sentio", "", ""
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString(deterministic=True))


def _halve(model: onnx.ModelProto, least: int) -> None:
    graph = model.graph
    casts = []
    for tensor in graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or np.prod(tensor.dims) < least:
            continue
        wide = tensor.name
        values = numpy_helper.to_array(tensor).astype(np.float16)
        tensor.CopyFrom(numpy_helper.from_array(values, f"{wide}_half"))
        casts.append(helper.make_node("Cast", [f"{wide}_half"], [wide], to=TensorProto.FLOAT))
    rest = list(graph.node)
    del graph.node[:]
    graph.node.extend([*casts, *rest])


def check_equal(
    session: OnnxSession,
    net: nn.Module,
    probes: list[tuple[torch.Tensor, ...]],
    tolerance: float,
) -> float:
    """Compare the ONNX file with the network on probe inputs.

    Returns:
        The largest difference of an output.

    Raises:
        ValueError: It is above ``tolerance``.
    """
    names = [t.name for t in session.manifest.inputs]
    worst = 0.0
    with torch.no_grad():
        for probe in probes:
            wanted = net(*probe).numpy()
            network_inputs = {n: p.numpy() for n, p in zip(names, probe, strict=True)}
            got = session.run(network_inputs)[session.manifest.outputs[0].name]
            worst = max(worst, float(np.abs(got - wanted).max()))
    if worst > tolerance:
        raise ValueError(f"ONNX and torch differ by {worst:.2g}, tolerance {tolerance:.2g}")
    return worst
