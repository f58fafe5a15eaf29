"""Python client: subscribe, send requests, decode messages."""

from sentio_bridge.errors import BridgeError, WireError
from sentio_bridge.protocol.codec import decode_affect, decode_map, split
from sentio_bridge.protocol.frame import LAYOUT, AffectFrame, State
from sentio_bridge.transport.client import Requester, Subscription
from sentio_bridge.transport.client_keys import KeyPair, load_keys

__all__ = [
    "LAYOUT",
    "AffectFrame",
    "BridgeError",
    "KeyPair",
    "Requester",
    "State",
    "Subscription",
    "WireError",
    "decode_affect",
    "decode_map",
    "load_keys",
    "split",
]
