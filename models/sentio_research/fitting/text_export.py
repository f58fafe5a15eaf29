"""Write the text network as ONNX in 8 bits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from sentio_models.estimate import EMOTIONS
from sentio_research.data.text import COARSE
from sentio_research.fitting.text import BEND, RARITY_STEP
from sentio_research.fitting.text_chat import MOOD_CALM, MOOD_STEP, OUTPUTS, Heads

OPSET = 17
Floats = NDArray[np.float64]

SUMS = ("all", "up", "down", "turned_up", "turned_down")

AS_EMOTION = {"joy": "happiness"}
"""Coarse emotions that have another name in the frame."""


@dataclass(frozen=True, slots=True)
class Network:
    """All parts of the network.

    Attributes:
        fine: Weights and offsets of 28 fine emotions, shapes ``(BUCKETS, 28)`` and ``(28,)``.
        coarse: The same of the seven coarse ones.
        later: The heads that come after them.
        rarity: In steps of ``RARITY_STEP``.
        words: Of ``text_chat.word_table``.
        sharpness: Power to which shares are raised before they sum to 1.
    """

    fine: tuple[Floats, Floats]
    coarse: tuple[Floats, Floats]
    later: Heads
    rarity: NDArray[np.uint8]
    words: NDArray[np.int8]
    sharpness: float


def to_onnx(network: Network) -> bytes:
    """Return the network as ONNX bytes."""
    later = network.later
    weights = np.concatenate([network.fine[0], network.coarse[0], later.weights], axis=1)
    offsets = np.concatenate([network.fine[1], network.coarse[1], later.offsets])
    scale = np.abs(weights).max(axis=0) / 127
    small = np.round(weights / scale).astype(np.int8)
    fine, coarse = network.fine[0].shape[1], network.coarse[0].shape[1]
    place = np.zeros((coarse, len(EMOTIONS)), np.float32)
    for k, name in enumerate(COARSE):
        place[k, EMOTIONS.index(AS_EMOTION.get(name, name))] = 1

    held = {
        "rarities": network.rarity,
        "known": network.words,
        "one": np.float32(1),
        "mood_step": np.float32(MOOD_STEP),
        "mood_calm": np.float32(MOOD_CALM),
        "nothing": np.float32(0),
        "quarter": np.float32(0.25),
        "pair": np.array([-1, 2], np.int64),
        "halves": np.array([1, 1], np.int64),
        "row": np.array([1, -1], np.int64),
        "step": np.float32(RARITY_STEP),
        "least": np.float32(1e-9),
        "axis": np.array([1], np.int64),
        "table": small,
        "scale": scale.astype(np.float32)[None],
        "offsets": offsets.astype(np.float32)[None],
        "parts": np.array([fine, coarse, len(OUTPUTS)], np.int64),
        "later_parts": np.array([1, 2, 1, 1, 3], np.int64),
        "calm": np.float32(1 / 1.5),
        "bend": np.float32(BEND),
        "dense_weights": later.dense_weights.astype(np.float32),
        "sharpness": np.float32(network.sharpness),
        "place": place,
    }
    nodes = [
        ("Gather", ["known", "places"], ["seen_byte"], {}),
        ("Cast", ["seen_byte"], ["seen_step"], {"to": TensorProto.FLOAT}),
        ("Abs", ["seen_step"], ["seen_much"], {}),
        ("Sign", ["seen_much"], ["seen"], {}),
        ("Gather", ["rarities", "numbers"], ["steps"], {}),
        ("Cast", ["steps"], ["steps_f"], {"to": TensorProto.FLOAT}),
        ("Mul", ["steps_f", "step"], ["rarity"], {}),
        ("Mul", ["amounts", "rarity"], ["raw"], {}),
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
        ("Split", ["logits", "parts"], ["fine", "coarse", "later_x"], {"axis": 1}),
        *_moods(),
        ("Sigmoid", ["fine"], ["fine_p"], {}),
        ("Mul", ["fine", "calm"], ["fine_calm"], {}),
        ("Mul", ["fine_p", "bend"], ["fine_bent"], {}),
        ("Concat", ["fine_calm", "fine_bent", "mood"], ["inputs"], {"axis": 1}),
        ("MatMul", ["inputs", "dense_weights"], ["later_dense"], {}),
        ("Add", ["later_x", "later_dense"], ["later"], {}),
        ("Split", ["later", "later_parts"], ["v", "ad", "v_chat", "gate_x", "aim_x"], {"axis": 1}),
        ("Sigmoid", ["gate_x"], ["gate"], {}),
        ("Sub", ["v_chat", "v"], ["v_more"], {}),
        ("Mul", ["gate", "v_more"], ["v_part"], {}),
        ("Add", ["v", "v_part"], ["v_both"], {}),
        ("Concat", ["v_both", "ad"], ["affect"], {"axis": 1}),
        ("Sigmoid", ["aim_x"], ["anger"], {}),
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
            helper.make_tensor_value_info("amounts", TensorProto.FLOAT, [1, "n"]),
            helper.make_tensor_value_info("places", TensorProto.INT64, [1, "k"]),
            helper.make_tensor_value_info("words", TensorProto.INT64, [1, "w"]),
            helper.make_tensor_value_info("turns", TensorProto.FLOAT, [1, "m"]),
        ],
        [
            helper.make_tensor_value_info("labels", TensorProto.FLOAT, [1, coarse]),
            helper.make_tensor_value_info("emotions", TensorProto.FLOAT, [1, len(EMOTIONS)]),
            helper.make_tensor_value_info("affect", TensorProto.FLOAT, [1, 3]),
            helper.make_tensor_value_info("anger", TensorProto.FLOAT, [1, 3]),
            helper.make_tensor_value_info("seen", TensorProto.FLOAT, [1, "k"]),
        ],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in held.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def _moods() -> list[tuple[str, list[str], list[str], dict[str, Any]]]:
    """Return the nodes of ``text_chat.moods``, whose output is ``mood``."""
    return [
        ("Gather", ["known", "words"], ["mood_byte"], {}),
        ("Cast", ["mood_byte"], ["mood_flat"], {"to": TensorProto.FLOAT}),
        ("Reshape", ["mood_flat", "pair"], ["mood_pair"], {}),
        ("Split", ["mood_pair", "halves"], ["mood_a", "mood_b"], {"axis": 1}),
        ("Equal", ["mood_a", "mood_b"], ["mood_same"], {}),
        ("Equal", ["mood_a", "one"], ["mood_none"], {}),
        ("Not", ["mood_none"], ["mood_some"], {}),
        ("And", ["mood_same", "mood_some"], ["mood_is"], {}),
        ("Cast", ["mood_is"], ["mood_known"], {"to": TensorProto.FLOAT}),
        ("Mul", ["mood_a", "mood_known"], ["mood_steps"], {}),
        ("Mul", ["mood_steps", "mood_step"], ["mood_values"], {}),
        ("Reshape", ["mood_values", "row"], ["mood_row"], {}),
        ("Mul", ["mood_row", "turns"], ["mood_turned"], {}),
        ("Neg", ["mood_turned"], ["mood_minus"], {}),
        ("Relu", ["mood_turned"], ["mood_up"], {}),
        ("Relu", ["mood_minus"], ["mood_down"], {}),
        ("Less", ["turns", "nothing"], ["is_turned"], {}),
        ("Cast", ["is_turned"], ["turned"], {"to": TensorProto.FLOAT}),
        ("Mul", ["mood_up", "turned"], ["turned_up"], {}),
        ("Mul", ["mood_down", "turned"], ["turned_down"], {}),
        ("ReduceSum", ["turned_up", "axis"], ["sum_turned_up"], {"keepdims": 1}),
        ("ReduceSum", ["turned_down", "axis"], ["sum_turned_down"], {"keepdims": 1}),
        ("ReduceSum", ["mood_turned", "axis"], ["sum_all"], {"keepdims": 1}),
        ("ReduceSum", ["mood_up", "axis"], ["sum_up"], {"keepdims": 1}),
        ("ReduceSum", ["mood_down", "axis"], ["sum_down"], {"keepdims": 1}),
        ("Concat", [f"sum_{name}" for name in SUMS], ["sums"], {"axis": 1}),
        ("Mul", ["sums", "sums"], ["sums_square"], {}),
        ("Add", ["sums_square", "mood_calm"], ["sums_more"], {}),
        ("Sqrt", ["sums_more"], ["sums_root"], {}),
        ("Div", ["sums", "sums_root"], ["sums_calm"], {}),
        ("ReduceMax", ["mood_up"], ["most_up"], {"axes": [1], "keepdims": 1}),
        ("ReduceMax", ["mood_down"], ["most_down"], {"axes": [1], "keepdims": 1}),
        ("Concat", ["most_up", "most_down"], ["most"], {"axis": 1}),
        ("Mul", ["most", "quarter"], ["most_calm"], {}),
        ("Concat", ["sums_calm", "most_calm"], ["mood"], {"axis": 1}),
    ]
