"""Export the text network to ONNX with weights of eight bits."""

from __future__ import annotations

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from sentio_models.estimate import EMOTIONS
from sentio_research.data.text import COARSE
from sentio_research.fitting.text import BEND, RARITY_STEP, Heads

OPSET = 17
Floats = NDArray[np.float64]

AS_EMOTION = {"joy": "happiness"}
"""Coarse emotions that have another name in the frame."""


def to_onnx(
    heads: Heads, rarity: NDArray[np.uint8], met: NDArray[np.uint8], sharpness: float
) -> bytes:
    """Return the network as ONNX bytes.

    Args:
        heads: Fitted weights.
        rarity: Inverse document frequencies in steps of ``RARITY_STEP``.
        met: Bloom filter of known words (``features.places``), 0 or 1.
        sharpness: Exponent of the shares before normalisation.
    """
    weights = np.concatenate([heads.fine[0], heads.coarse[0], heads.affect[0]], axis=1)
    offsets = np.concatenate([heads.fine[1], heads.coarse[1], heads.affect[1]])
    scale = np.abs(weights).max(axis=0) / 127
    small = np.round(weights / scale).astype(np.int8)
    fine, coarse = heads.fine[0].shape[1], heads.coarse[0].shape[1]
    place = np.zeros((coarse, len(EMOTIONS)), np.float32)
    for k, name in enumerate(COARSE):
        place[k, EMOTIONS.index(AS_EMOTION.get(name, name))] = 1

    held = {
        "rarities": rarity,
        "met": met,
        "step": np.float32(RARITY_STEP),
        "one": np.float32(1),
        "least": np.float32(1e-9),
        "axis": np.array([1], np.int64),
        "table": small,
        "scale": scale.astype(np.float32)[None],
        "offsets": offsets.astype(np.float32)[None],
        "parts": np.array([fine, coarse, 3], np.int64),
        "calm": np.float32(1 / 1.5),
        "bend": np.float32(BEND),
        "told": heads.emotion_weights.astype(np.float32),
        "sharpness": np.float32(sharpness),
        "place": place,
    }
    nodes = [
        ("Gather", ["met", "places"], ["seen_byte"], {}),
        ("Cast", ["seen_byte"], ["seen"], {"to": TensorProto.FLOAT}),
        ("Gather", ["rarities", "numbers"], ["steps"], {}),
        ("Cast", ["steps"], ["steps_f"], {"to": TensorProto.FLOAT}),
        ("Mul", ["steps_f", "step"], ["rarity"], {}),
        ("Log", ["counts"], ["log"], {}),
        ("Add", ["log", "one"], ["often"], {}),
        ("Mul", ["often", "rarity"], ["raw"], {}),
        ("Mul", ["raw", "raw"], ["square"], {}),
        ("ReduceSum", ["square", "axis"], ["sum"], {"keepdims": 1}),
        ("Sqrt", ["sum"], ["root"], {}),
        ("Max", ["root", "least"], ["length"], {}),
        ("Div", ["raw", "length"], ["x"], {}),
        ("Unsqueeze", ["x", "axis"], ["x_row"], {}),
        ("Gather", ["table", "numbers"], ["rows"], {}),
        ("Cast", ["rows"], ["rows_f"], {"to": TensorProto.FLOAT}),
        ("MatMul", ["x_row", "rows_f"], ["dot"], {}),
        ("Squeeze", ["dot", "axis"], ["dot_flat"], {}),
        ("Mul", ["dot_flat", "scale"], ["scaled"], {}),
        ("Add", ["scaled", "offsets"], ["logits"], {}),
        ("Split", ["logits", "parts"], ["fine", "coarse", "affect_x"], {"axis": 1}),
        ("Sigmoid", ["fine"], ["fine_p"], {}),
        ("Mul", ["fine", "calm"], ["fine_calm"], {}),
        ("Mul", ["fine_p", "bend"], ["fine_bent"], {}),
        ("Concat", ["fine_calm", "fine_bent"], ["said"], {"axis": 1}),
        ("MatMul", ["said", "told"], ["affect_told"], {}),
        ("Add", ["affect_x", "affect_told"], ["affect"], {}),
        ("Sigmoid", ["coarse"], ["labels"], {}),
        ("Max", ["labels", "least"], ["above"], {}),
        ("Pow", ["above", "sharpness"], ["sharp"], {}),
        ("ReduceSum", ["sharp", "axis"], ["total"], {"keepdims": 1}),
        ("Div", ["sharp", "total"], ["shares"], {}),
        ("MatMul", ["shares", "place"], ["emotions"], {}),
    ]
    graph = helper.make_graph(
        [helper.make_node(kind, ins, outs, **extra) for kind, ins, outs, extra in nodes],
        "text",
        [
            helper.make_tensor_value_info("numbers", TensorProto.INT64, [1, "n"]),
            helper.make_tensor_value_info("counts", TensorProto.FLOAT, [1, "n"]),
            helper.make_tensor_value_info("places", TensorProto.INT64, [1, "k"]),
        ],
        [
            helper.make_tensor_value_info("labels", TensorProto.FLOAT, [1, coarse]),
            helper.make_tensor_value_info("emotions", TensorProto.FLOAT, [1, len(EMOTIONS)]),
            helper.make_tensor_value_info("affect", TensorProto.FLOAT, [1, 3]),
            helper.make_tensor_value_info("seen", TensorProto.FLOAT, [1, "k"]),
        ],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in held.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())
