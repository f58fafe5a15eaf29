"""What a Python client needs: listen, ask, decode."""

from sentio_bridge.errors import BridgeError, WireError
from sentio_bridge.frame import LAYOUT, AffectFrame, State
from sentio_bridge.sockets import Requester, Subscription
from sentio_bridge.wire import decode_affect, decode_map, split

__all__ = [
    "LAYOUT",
    "AffectFrame",
    "BridgeError",
    "Requester",
    "State",
    "Subscription",
    "WireError",
    "decode_affect",
    "decode_map",
    "split",
]
