"""Frame files: what a subscriber heard, for engines that play without a sidecar; no I/O, no clock.

PROTOCOL.md, section 10.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import isfinite

from sentio_bridge.errors import WireError
from sentio_bridge.protocol import codec
from sentio_bridge.protocol.timed_message import TimedMessage

MAGIC = b"SENTFRM1"
_HEAD = struct.Struct("<dI")
MAX_MESSAGE = 65535


def encode(messages: Iterable[TimedMessage]) -> Iterator[bytes]:
    """Yield the parts of a file.

    Args:
        messages: In order of time; one that is earlier than the one before counts as the same.

    Raises:
        WireError: A message is longer than a frame file may hold.
    """
    yield MAGIC
    first: float | None = None
    last = 0.0
    for sent in messages:
        first = sent.time if first is None else first
        last = max(last, sent.time - first)
        if not 2 <= len(sent.message) <= MAX_MESSAGE:
            raise WireError("malformed", f"message of {len(sent.message)} bytes, at most 65,535")
        yield _HEAD.pack(last, len(sent.message)) + sent.message


@dataclass(frozen=True, slots=True)
class Read:
    """What a frame file held.

    Attributes:
        messages: Each with its time, seconds since the first.
        problem: Why reading stopped before the end; empty where it did not.
    """

    messages: tuple[TimedMessage, ...]
    problem: str


def decode(data: bytes) -> Read:
    """Read a whole file; what came before a damage is kept.

    Raises:
        WireError: It is no frame file at all.
    """
    if data[: len(MAGIC)] != MAGIC:
        raise WireError("malformed", f"begins with {data[:8]!r}, expected {MAGIC!r}")
    at, last = len(MAGIC), 0.0
    found: list[TimedMessage] = []
    while at < len(data):
        if at + _HEAD.size > len(data):
            return Read(tuple(found), f"byte {at}: the record is cut short")
        time, length = _HEAD.unpack_from(data, at)
        if not (isfinite(time) and time >= last and 2 <= length <= MAX_MESSAGE):
            return Read(tuple(found), f"byte {at}: time {time} or length {length} is out of range")
        end = at + _HEAD.size + length
        if end > len(data):
            return Read(tuple(found), f"byte {at}: the record is cut short")
        found.append(TimedMessage(time, data[at + _HEAD.size : end]))
        at, last = end, time
    return Read(tuple(found), "")


def thinned(messages: Iterable[TimedMessage], hz: float) -> Iterator[TimedMessage]:
    """Keep at most so many states a second of each person; every event is kept.

    Args:
        messages: In order.
        hz: States a second; details at a tenth of it. 0 keeps all.
    """
    kept: dict[tuple[str, str], float] = {}
    for sent in messages:
        kind, key, _ = codec.split(sent.message)
        period = {"affect": 1.0, "detail": 10.0}.get(kind, 0.0) / hz if hz else 0.0
        if sent.time - kept.get((kind, key), float("-inf")) >= period:
            kept[kind, key] = sent.time
            yield sent
