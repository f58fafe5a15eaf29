"""Frame files: recorded messages for engines without a sidecar; no I/O, no clock.

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
    """Yield the parts of a frame file.

    Args:
        messages: In order of time; a time before the previous one is replaced by it.

    Raises:
        WireError: A message is too long for a frame file.
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
    """Content of a frame file.

    Attributes:
        messages: Messages with their times, seconds since the first.
        problem: Why reading stopped before the end; empty otherwise.
    """

    messages: tuple[TimedMessage, ...]
    problem: str


def decode(data: bytes) -> Read:
    """Decode a frame file, up to the first damage.

    Raises:
        WireError: It is not a frame file.
    """
    if data[: len(MAGIC)] != MAGIC:
        raise WireError("malformed", f"starts with {data[:8]!r}, expected {MAGIC!r}")
    at, last = len(MAGIC), 0.0
    messages: list[TimedMessage] = []
    while at < len(data):
        if at + _HEAD.size > len(data):
            return Read(tuple(messages), f"byte {at}: the record is truncated")
        time, length = _HEAD.unpack_from(data, at)
        if not (isfinite(time) and time >= last and 2 <= length <= MAX_MESSAGE):
            return Read(
                tuple(messages), f"byte {at}: time {time} or length {length} is out of range"
            )
        end = at + _HEAD.size + length
        if end > len(data):
            return Read(tuple(messages), f"byte {at}: the record is truncated")
        messages.append(TimedMessage(time, data[at + _HEAD.size : end]))
        at, last = end, time
    return Read(tuple(messages), "")


def thinned(messages: Iterable[TimedMessage], hz: float) -> Iterator[TimedMessage]:
    """Limit the rate of each subject's frames and details; keep every event.

    Args:
        messages: Messages in order of time.
        hz: Maximum frames per second; details at a tenth of it. 0 keeps all.
    """
    last_times: dict[tuple[str, str], float] = {}
    for sent in messages:
        kind, key, _ = codec.split_message(sent.message)
        period = {"affect": 1.0, "detail": 10.0}.get(kind, 0.0) / hz if hz else 0.0
        if sent.time - last_times.get((kind, key), float("-inf")) >= period:
            last_times[kind, key] = sent.time
            yield sent
