"""Save the state of a hub, so that a late recording replays exactly; pure.

The state is a graph of small objects: filters, ranges, baselines. It is pickled, and read by an
unpickler that creates only these classes, numpy arrays and containers. It belongs to one version of
the code: ``sources`` is compared before it is used.
"""

from __future__ import annotations

import base64
import binascii
import io
import pickle
import pickletools
import zlib
from enum import Enum
from typing import Any

import msgspec
import numpy as np

from sentio_bridge.affect.personal.profile import Profile
from sentio_bridge.core.hub import Hub, HubState
from sentio_bridge.errors import BridgeError

STREAM = "sentio/state"
"""Name of the recording's stream."""

MAX_BYTES = 64 << 20
"""Maximum size of a decompressed state."""

_PACKAGES = ("sentio_bridge.affect.", "sentio_bridge.core.", "sentio_bridge.protocol.")
_OTHERS = frozenset(
    {
        ("builtins", "frozenset"),
        ("builtins", "set"),
        ("collections", "Counter"),
        ("collections", "OrderedDict"),
        ("collections", "deque"),
        ("msgspec._utils", "rebuild"),
        ("numpy", "dtype"),
        ("numpy", "ndarray"),
        ("numpy._core.multiarray", "scalar"),
        ("numpy._core.numeric", "_frombuffer"),
        ("sentio_models.estimate", "Estimate"),
        ("sentio_models.estimate", "Reading"),
    }
)


_UNUSED = frozenset(
    {
        "PUT", "BINPUT", "LONG_BINPUT", "GLOBAL", "INST", "OBJ", "PERSID", "BINPERSID",
        "EXT1", "EXT2", "EXT4", "NEXT_BUFFER", "READONLY_BUFFER",
    }
)  # fmt: skip
"""Operations that ``save`` never writes. Some allocate the size that they state."""


class StateError(BridgeError):
    """A saved state cannot be used."""


def save(hub: Hub) -> bytes:
    """Return the state of a hub; earlier sessions of its profiles are left out.

    The caller holds the hub's lock; takes some milliseconds.
    """
    buffer = io.BytesIO()
    _Pickler(buffer, protocol=5).dump(hub.saved())
    return buffer.getvalue()


def encode(state: bytes, sources: str) -> bytes:
    """Return a state as text for a recording; may run on any thread.

    Args:
        state: From ``save``.
        sources: Hash of the code that it belongs to.
    """
    text = base64.b64encode(zlib.compress(state, 6))
    return msgspec.json.encode({"sources": sources, "state": text.decode()})


def decode(text: str | bytes, sources: str) -> HubState:
    """Return a recorded state.

    Args:
        text: From ``encode``.
        sources: Hash of the running code.

    Raises:
        StateError: It belongs to other code, or is damaged.
    """
    try:
        entry = _entries.decode(text)
        if entry.sources != sources:
            raise StateError(
                "the state at the start belongs to another version of Sentio",
                "replay it with the version that recorded it",
            )
        inflater = zlib.decompressobj()
        state = inflater.decompress(base64.b64decode(entry.state, validate=True), MAX_BYTES)
        if inflater.unconsumed_tail:
            raise StateError(f"the state at the start is larger than {MAX_BYTES >> 20} MiB", "")
        _check(state)
        loaded = _Unpickler(io.BytesIO(state)).load()
    except StateError:
        raise
    except (msgspec.MsgspecError, binascii.Error, zlib.error, pickle.UnpicklingError) as error:
        raise StateError(f"the state at the start is damaged: {error}", "") from None
    except Exception as error:  # any class may refuse damaged contents
        raise StateError(f"the state at the start is damaged: {error!r}", "") from None
    if not isinstance(loaded, HubState):
        raise StateError(f"the state at the start is a {type(loaded).__name__}", "")
    return loaded


class _Entry(msgspec.Struct):
    sources: str
    state: str


_entries = msgspec.json.Decoder(_Entry)


def _check(state: bytes) -> None:
    """Refuse operations that ``save`` never writes, and lengths beyond the end.

    Raises:
        StateError: An operation is refused.
        ValueError: The pickle is damaged.
    """
    for operation, _, _ in pickletools.genops(state):
        if operation.name in _UNUSED:
            raise StateError(f"the state at the start contains {operation.name}", "")


def _empty_array(kind: type, shape: tuple[int, ...], code: bytes) -> Any:
    """Return an empty array, whose contents follow; a stated size is never allocated."""
    if kind is not np.ndarray or shape != (0,):
        raise StateError(f"the state at the start contains an array of {shape!r}", "")
    return np.empty((0,), "b")


class _Pickler(pickle.Pickler):
    """Pickler of a state without earlier sessions."""

    def reducer_override(self, value: Any) -> Any:
        if isinstance(value, Profile) and value.sessions:
            return msgspec.structs.replace(value, sessions=[]).__reduce__()
        if isinstance(value, Enum):  # Python 3.11.0 to 3.11.3 would write ``getattr``
            return type(value), (value.value,)
        return NotImplemented


class _Unpickler(pickle.Unpickler):
    """Unpickler of the state's classes alone: recordings come from anywhere."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("numpy._core.multiarray", "_reconstruct"):
            return _empty_array
        if (module, name) in _OTHERS:
            return super().find_class(module, name)
        if module.startswith(_PACKAGES) and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise StateError(f"the state at the start contains {module}.{name}", "")
