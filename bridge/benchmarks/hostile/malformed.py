"""Malformed messages of every kind, by a seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from benchmarks.faults.attacker import handshake
from benchmarks.faults.hostile import CORPUS, mutated
from benchmarks.hostile.raw_client import framed
from sentio_bridge.protocol import codec

CONSENT = {"id": 3, "op": "consent", "action": "status", "sensor": "eeg"}

REQUESTS = tuple(
    codec.encode_body(CONSENT if each["op"] == "consent" else dict(each)) for each in CORPUS
)
"""Valid requests; a grant is left out, because each is a receipt on the disk."""

NESTED = b"\x91" * 200
"""Arrays in arrays."""


def request(rng: random.Random) -> bytes:
    """Return the body of a request that is malformed, or close to it."""
    what = rng.random()
    if what < 0.8:
        return mutated(rng, rng.choice(REQUESTS))
    if what < 0.9:
        return rng.randbytes(rng.randrange(200))
    if what < 0.95:
        body = rng.choice(REQUESTS)
        return body[: rng.randrange(len(body))]
    return rng.choice((b"", NESTED, b"\xc1", b"\xdf\xff\xff\xff\xff", b"\xc6\x7f\xff\xff\xff"))


def subscription(rng: random.Random) -> bytes:
    """Return a message to the state port: a strange subscription, or none at all."""
    what = rng.random()
    topic = rng.randbytes(rng.randrange(40)) or b"\xff"
    if what < 0.5:
        return b"\x01" + topic
    if what < 0.7:
        return b"\x00" + topic
    if what < 0.95:
        return rng.randbytes(rng.randrange(200))
    return rng.choice((b"", b"\x01" + b"x" * 1000, b"\x02affect/", b"\x01\x00\xff\xfe"))


def closing(rng: random.Random) -> bytes:
    """Return bytes of a fault after which the server closes the connection."""
    faults: Sequence[bytes] = (
        b"\xf8\x01x",  # reserved flags
        b"\x05\x01x",  # a command with more
        b"\x04\x00",  # a command without a name
        b"\x04\x02\x09x",  # a name that is longer than the command
        framed(b"\x04PING", 4),
        framed(b"\x04PING" + bytes(60), 4),
        framed(b"\x05ERROR\x03400", 4),
        b"\x02" + (2**63).to_bytes(8, "big"),
        b"\x02" + rng.randrange(70_000, 2**40).to_bytes(8, "big") + bytes(64),
        b"\x01\x01a" * 5,  # more frames than a message may have
    )
    return rng.choice(faults)


def opening(rng: random.Random, kind: str) -> bytes:
    """Return a handshake that is damaged, cut, or no handshake at all."""
    whole = handshake(kind, rng.choice(("", "not the token of this sidecar")))
    damages: Sequence[Callable[[], bytes]] = (
        lambda: mutated(rng, whole[:64]) + whole[64:],
        lambda: whole[:64] + mutated(rng, whole[64:]),
        lambda: rng.randbytes(rng.randrange(1, 300)),
        lambda: b"POST / HTTP/1.1\r\nHost: localhost\r\n\r\n" + rng.randbytes(20),
        lambda: b"\xff" + bytes(8) + b"\x7f\x01",
        lambda: b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + rng.randbytes(200),
    )
    return rng.choice(damages)()
