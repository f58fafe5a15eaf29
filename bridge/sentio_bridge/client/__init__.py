"""Python client: subscribe, send requests, decode messages."""

from sentio_bridge.errors import BridgeError, WireError
from sentio_bridge.protocol.action_units import ActionUnit, action_unit, action_units
from sentio_bridge.protocol.codec import decode_affect, decode_map, split
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
    "split",
]
