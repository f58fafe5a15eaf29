"""Sentio sidecar: pipeline, fusion, wire protocol and command line."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sentio_bridge.errors import (
        BridgeError,
        ConfigError,
        PortTakenError,
        RequestError,
        WireError,
    )
    from sentio_bridge.protocol.codec import decode_affect, decode_map, encode_affect, encode_map
    from sentio_bridge.protocol.frame import LAYOUT, AffectFrame, State

__all__ = [
    "LAYOUT",
    "AffectFrame",
    "BridgeError",
    "ConfigError",
    "PortTakenError",
    "RequestError",
    "State",
    "WireError",
    "decode_affect",
    "decode_map",
    "encode_affect",
    "encode_map",
]

_MODULES = ("errors", "protocol.codec", "protocol.frame")


def __getattr__(name: str) -> object:
    """Import a public name when it is used.

    The command line is ready sooner without numpy.
    """
    if name in __all__:
        for module in _MODULES:
            found: object = getattr(import_module(f"{__name__}.{module}"), name, None)
            if found is not None:
                return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
