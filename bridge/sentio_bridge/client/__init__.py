"""Python client: subscribe, send requests, decode messages."""

import warnings

from sentio_bridge.errors import BridgeError, WireError
from sentio_bridge.protocol.action_units import ActionUnit, action_unit, action_units
from sentio_bridge.protocol.codec import decode_affect, decode_map, split_message
from sentio_bridge.protocol.frame import LAYOUT, AffectFrame, State
from sentio_bridge.transport.client import Requester, Subscription
from sentio_bridge.transport.client_keys import KeyPair, load_keys

__all__ = [
    "LAYOUT",
    "ActionUnit",
    "AffectFrame",
    "BridgeError",
    "KeyPair",
    "Requester",
    "State",
    "Subscription",
    "WireError",
    "action_unit",
    "action_units",
    "decode_affect",
    "decode_map",
    "load_keys",
    "split_message",
]


def split(message: bytes) -> tuple[str, str, bytes]:
    """Split a message; the former name of ``split_message``, to be removed."""
    warnings.warn("split: use split_message", DeprecationWarning, stacklevel=2)
    return split_message(message)
