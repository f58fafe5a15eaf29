"""Read profiles of version 1, with personal models as ONNX; no I/O, no clock.

It is here and not with the files of profiles, since a recording holds profiles too and its
replay reads them in ``core``. The graph was always the same one of this program: subtract
``centre``, divide by ``scale``, clip, multiply by ``weights``, add ``bias``. So only these five
constants are read, without a runtime.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np

from sentio_models.user_models.onnx_inspector import fields

_GRAPH, _INITIALIZER = 7, 5
_FLOAT, _TYPE, _NAME, _RAW = 1, 2, 8, 9
"""Field numbers of onnx.proto: of a model, a graph, and a tensor."""


def migrated(profile: Mapping[str, Any]) -> dict[str, Any]:
    """Return a profile of version 1 in the form of version 2.

    Args:
        profile: The file's JSON, decoded.

    Raises:
        ValueError: A personal model is not one that version 1 wrote.
    """
    models = profile.get("personal", [])
    if not isinstance(models, list) or not all(isinstance(m, dict) for m in models):
        raise ValueError("personal is not a list of models")
    return {**profile, "version": 2, "personal": [_migrated(m) for m in models]}


def _migrated(model: Mapping[str, Any]) -> dict[str, Any]:
    try:
        constants = _constants(base64.b64decode(model["onnx"], validate=True))
        kept = {key: value for key, value in model.items() if key not in ("onnx", "sd")}
        return kept | {
            "mean": constants["centre"],
            "scale": constants["scale"],
            "weights": constants["weights"],
            "bias": constants["bias"][0],
            "variance": model["sd"] ** 2,
        }
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise ValueError(f"a personal model of version 1 cannot be read: {error!r}") from None


def _constants(model: bytes) -> dict[str, list[float]]:
    """Return a graph's float constants by name."""
    found = {}
    for number, _, graph in fields(memoryview(model)):
        if number != _GRAPH:
            continue
        for kind, _, tensor in fields(graph):
            if kind == _INITIALIZER:
                parts = {n: (value, body) for n, value, body in fields(tensor)}
                if parts[_TYPE][0] == _FLOAT:
                    name = bytes(parts[_NAME][1]).decode()
                    found[name] = np.frombuffer(parts[_RAW][1], "<f4").tolist()
    return found
