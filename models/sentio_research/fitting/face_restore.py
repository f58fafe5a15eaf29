"""Bring a shipped crop network back into torch, so that a fit can go on from it.

The file holds convolutions with the batch norms folded in. Each batch norm is rebuilt with the mean
and spread of its input over a batch of crops, and the scale and offset that undo them: the network
computes the same, and trains like one whose norms were never folded.
"""

from __future__ import annotations

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor, nn

from sentio_research.fitting.face_net import FaceNet


def restore(blob: bytes, crops: Tensor) -> FaceNet:
    """Return the network of an exported file.

    Args:
        blob: Bytes of ``face_crop.onnx``.
        crops: Shape ``(n, 1, s, s)``, augmented training crops: the norms' statistics.

    Returns:
        The network in evaluation mode, without the calibration's bias and temperature.

    Raises:
        ValueError: The file has other layers.
    """
    graph = onnx.load_from_string(blob).graph
    arrays = {t.name: numpy_helper.to_array(t).astype(np.float32) for t in graph.initializer}
    halves = {n.output[0]: n.input[0] for n in graph.node if n.op_type == "Cast"}

    def array(name: str) -> NDArray[np.float32]:
        return np.array(arrays[halves.get(name, name)])

    folded = [n for n in graph.node if n.op_type == "Conv"]
    head = next(n for n in graph.node if n.op_type == "Gemm")
    net = FaceNet()
    convolutions = [m for m in net.modules() if isinstance(m, nn.Conv2d)]
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm2d)]
    if not len(folded) == len(convolutions) == len(norms):
        raise ValueError(f"{len(folded)} convolutions, expected {len(convolutions)}")
    with torch.no_grad():
        for node, convolution, norm in zip(folded, convolutions, norms, strict=True):
            convolution.weight.copy_(torch.from_numpy(array(node.input[1])))
            norm.weight.fill_(1.0)
            norm.bias.copy_(torch.from_numpy(array(node.input[2])))
            norm.running_mean.zero_()
            norm.running_var.fill_(1.0 - norm.eps)
        net.head.weight.copy_(torch.from_numpy(array(head.input[1])))
        net.head.bias.copy_(torch.from_numpy(array(head.input[2])))
        net.eval()
        _rebuild(net, norms, crops)
    return net


def _rebuild(net: FaceNet, norms: list[nn.BatchNorm2d], crops: Tensor) -> None:
    inputs: dict[nn.Module, Tensor] = {}
    hooks = [
        norm.register_forward_pre_hook(lambda module, given: inputs.__setitem__(module, given[0]))
        for norm in norms
    ]
    net(crops)
    for hook in hooks:
        hook.remove()
    for norm in norms:
        mean, spread = inputs[norm].mean((0, 2, 3)), inputs[norm].var((0, 2, 3))
        norm.weight.copy_((spread + norm.eps).sqrt())
        norm.bias.add_(mean)
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(spread)
