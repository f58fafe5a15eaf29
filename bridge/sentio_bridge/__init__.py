"""Sentio sidecar: pipeline, fusion, wire protocol and command line."""

from sentio_bridge.errors import BridgeError, ConfigError, PortTakenError, RequestError, WireError
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
