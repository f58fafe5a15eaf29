"""Encode and decode messages as in bridge/PROTOCOL.md; no sockets, no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Annotated, Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from sentio_bridge.errors import WireError
from sentio_bridge.protocol import evidence
from sentio_bridge.protocol.frame import LAYOUT, MASK_ENTRIES, SCHEMA, AffectFrame, State

MAX_REQUEST = 65_536
"""Maximum bytes of a control request; ZeroMQ closes a connection that declares more."""

MAX_DEPTH = 8
"""Maximum nesting of maps and arrays in a request."""

MAX_ITEMS = 512
"""Maximum entries of one map or array in a request (a headset frame has 52 weights)."""

MAX_TEXT = 8_192
"""Maximum characters of one string in a request."""

WORD_BITS = 31
"""Entries per presence word; a JavaScript number represents each word exactly."""

_SEPARATOR = b"\x00"
_F4 = np.dtype("<f4")
_STATES = tuple(State)
_Word = Annotated[int, msgspec.Meta(ge=0, lt=1 << WORD_BITS)]


class _AffectBody(msgspec.Struct, frozen=True, omit_defaults=True):
    """Body of ``affect/<subject>``, with short keys, which GDScript reads faster."""

    v: int
    e: int
    n: int
    p: float
    s: int
    m: int
    x: bytes
    t: float | None = None
    w: list[_Word] | None = None
    a: bytes | None = None


_encoder = msgspec.msgpack.Encoder()
_affect_decoder = msgspec.msgpack.Decoder(_AffectBody)
_decoder = msgspec.msgpack.Decoder()


def topic(kind: str, key: str = "") -> bytes:
    """Return the prefix of a message: ``kind`` or ``kind/key``, ended by a zero byte."""
    return (f"{kind}/{key}" if key else kind).encode() + _SEPARATOR


def split_message(message: bytes) -> tuple[str, str, bytes]:
    """Split a published message into kind, key and body.

    Raises:
        WireError: There is no topic, or it is not UTF-8.
    """
    head, separator, body = message.partition(_SEPARATOR)
    if not separator or not head:
        raise WireError("malformed", "the message has no topic that ends in a zero byte")
    try:
        kind, _, key = head.decode().partition("/")
    except UnicodeDecodeError:
        raise WireError("malformed", f"topic {head[:32]!r} is not UTF-8") from None
    return kind, key, body


def encode_affect(frame: AffectFrame) -> bytes:
    """Return a complete ``affect/<subject>`` message.

    The presence words are written only if the mask of version 1.0 is not sufficient: with ages
    and confidences, and if the vector has more entries than the mask covers.
    """
    entries = len(frame.vector)
    block = evidence.encode(frame.mask, frame.age, frame.confidence, entries)
    body = _AffectBody(
        v=SCHEMA,
        e=frame.epoch,
        n=frame.seq,
        p=frame.sent,
        s=int(frame.state),
        m=frame.mask & ((1 << MASK_ENTRIES) - 1),
        x=frame.vector.astype(_F4, copy=False).tobytes(),
        t=frame.captured,
        w=_words(frame.mask, entries) if block or entries > MASK_ENTRIES else None,
        a=block,
    )
    return topic("affect", frame.subject) + _encoder.encode(body)


def decode_affect(message: bytes) -> AffectFrame:
    """Decode an ``affect/<subject>`` message.

    Entries of a newer minor version are ignored; entries that an older one does not have are
    unknown.

    Raises:
        WireError: ``malformed``, or ``version`` for another major version.
    """
    kind, subject, data = split_message(message)
    if kind != "affect":
        raise WireError("malformed", f"got a message of kind {kind!r}, expected 'affect'")
    try:
        body = _affect_decoder.decode(data)
    except (ValueError, RecursionError) as error:
        check_version(data)
        raise WireError("malformed", f"affect body: {error}") from None
    if body.v != SCHEMA:
        raise version_error(body.v)
    if not 0 <= body.s < len(_STATES):
        raise WireError("malformed", f"state {body.s}, expected 0 to {len(_STATES) - 1}")
    entries, rest = divmod(len(body.x), 4)
    if rest or entries < MASK_ENTRIES:
        raise WireError(
            "malformed", f"vector of {len(body.x)} bytes, expected 4 x {MASK_ENTRIES} or more"
        )
    mask = body.m & ((1 << MASK_ENTRIES) - 1) if body.w is None else _mask_of(body.w, entries)
    mask &= (1 << min(entries, len(LAYOUT))) - 1
    age, confidence = evidence.decode(body.a, mask, entries)
    vector = _vector_of(body.x, mask, entries)
    return AffectFrame(
        subject, body.e, body.n, body.t, body.p, _STATES[body.s], mask, vector, age, confidence
    )


def _words(mask: int, entries: int) -> list[int]:
    full = (1 << WORD_BITS) - 1
    return [mask >> first & full for first in range(0, entries, WORD_BITS)]


def _mask_of(words: Sequence[int], entries: int) -> int:
    expected = -(-entries // WORD_BITS)
    if len(words) != expected:
        raise WireError(
            "malformed", f"{len(words)} presence words, expected {expected} for {entries} entries"
        )
    mask = 0
    for index, word in enumerate(words):
        mask |= word << WORD_BITS * index
    return mask


def _vector_of(data: bytes, mask: int, entries: int) -> NDArray[np.float32]:
    """Return the entries known to this version; values of unknown entries are ignored."""
    vector = np.frombuffer(data, _F4, min(entries, len(LAYOUT)))
    if len(vector) < len(LAYOUT):
        vector = np.concatenate((vector, np.zeros(len(LAYOUT) - len(vector), np.float32)))
    if isfinite(sum(vector.tolist())):  # NaN and infinity stay in a sum
        return vector
    finite = np.isfinite(vector)
    if finite.all():
        return vector
    for index in np.flatnonzero(~finite).tolist():
        if mask >> index & 1:
            raise WireError("malformed", f"{LAYOUT[index]} is {vector[index]}, expected a number")
    return np.where(finite, vector, np.float32(0))


def encode_map(kind: str, key: str, body: Mapping[str, Any]) -> bytes:
    """Return a complete message of another kind, without entries that are not finite."""
    return topic(kind, key) + _encoder.encode({"v": SCHEMA, **finite(body)})


def decode_map(body: bytes) -> dict[str, Any]:
    """Decode the body of ``detail``, ``event``, ``health``, a request or a reply.

    Raises:
        WireError: ``malformed`` (not one map with text keys, or beyond the limits of
            PROTOCOL.md section 2), or ``version``.
    """
    try:
        value = _decoder.decode(body)
    except (msgspec.DecodeError, RecursionError, ValueError) as error:
        raise WireError("malformed", f"not msgpack: {error}") from None
    if not isinstance(value, dict):
        raise WireError("malformed", f"got {type(value).__name__}, expected a map")
    _check(value, MAX_DEPTH)
    if value.get("v", SCHEMA) != SCHEMA:
        raise version_error(value["v"])
    return value


def encode_body(body: Mapping[str, Any]) -> bytes:
    """Return a request or reply without a topic."""
    return _encoder.encode({"v": SCHEMA, **finite(body)})


def check_version(body: bytes) -> None:
    """Raise ``WireError('version')`` if ``body`` is a map of another major version."""
    try:
        value = _decoder.decode(body)
    except (msgspec.DecodeError, RecursionError, ValueError):
        return
    if isinstance(value, dict) and value.get("v", SCHEMA) != SCHEMA:
        raise version_error(value["v"])


def version_error(got: object) -> WireError:
    """Return the error for another major version, with the side to update."""
    newer = isinstance(got, int) and got > SCHEMA
    return WireError(
        "version",
        f"the message has schema version {got!r}, this side supports {SCHEMA}",
        "update this side" if newer else "update the other side",
    )


def finite(value: Any) -> Any:
    """Copy maps and lists without NaN and infinity: unknown values are omitted.

    Numpy scalars, as user models may return, are converted to plain numbers.
    """
    if type(value) in _PLAIN:
        return value
    if isinstance(value, Mapping):
        return {k: finite(v) for k, v in value.items() if not _not_finite(v)}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [None if _not_finite(v) else finite(v) for v in value]
    return value.item() if isinstance(value, np.generic) else value


_PLAIN = frozenset({float, int, str, bool, bytes, type(None)})


def _not_finite(value: Any) -> bool:
    return isinstance(value, float | np.floating) and not isfinite(value)


def _check(value: Any, depth: int) -> None:
    if isinstance(value, dict | list):
        if depth == 0 or len(value) > MAX_ITEMS:
            raise WireError("malformed", f"nested deeper than {MAX_DEPTH} or over {MAX_ITEMS} long")
        for item in value.values() if isinstance(value, dict) else value:
            _check(item, depth - 1)
        if isinstance(value, dict):
            for key in value:
                if not isinstance(key, str) or len(key) > 256:
                    raise WireError("malformed", f"map key {str(key)[:32]!r} is not short text")
    elif isinstance(value, str):
        if len(value) > MAX_TEXT:
            raise WireError(
                "malformed", f"text of {len(value)} characters, expected at most {MAX_TEXT}"
            )
    elif _not_finite(value):
        raise WireError("malformed", "a number is not finite")
    elif not isinstance(value, bool | int | float | bytes | None):
        raise WireError("malformed", f"got a value of type {type(value).__name__}")
