"""CURVE: who is admitted, and that no changed byte is."""

from __future__ import annotations

import random

import nacl.bindings as nacl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.hostile.curve_client import CurveClient
from sentio_bridge.transport import zmtp
from sentio_bridge.transport.curve import CurveError, CurveServer

SERVER_PUBLIC, SERVER_SECRET = nacl.crypto_box_keypair()
PUBLIC, SECRET = nacl.crypto_box_keypair()
DEALER = b"\x0bSocket-Type\x00\x00\x00\x06DEALER"


def server() -> CurveServer:
    return CurveServer(SERVER_SECRET, lambda key: key == PUBLIC)


def client() -> CurveClient:
    return CurveClient(SERVER_PUBLIC, PUBLIC, SECRET)


def connected() -> tuple[CurveServer, CurveClient]:
    ours, theirs = server(), client()
    metadata, _ = ours.ready(theirs.initiate(ours.welcome(theirs.hello()), DEALER), b"meta")
    assert metadata == DEALER
    return ours, theirs


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.binary(max_size=600), st.booleans(), st.booleans()), max_size=6))
def test_what_one_side_seals_the_other_opens(items: list[tuple[bytes, bool, bool]]) -> None:
    ours, theirs = connected()
    for content, more, command in items:
        flags = bytes([more | command * 2])
        assert ours.open(theirs.seal(content, flags[0])) == (more, command, content)
        assert theirs.open(ours.seal(content, more=more, command=command)) == flags + content


def test_unknown_client_and_wrong_server_are_refused() -> None:
    ours = server()
    unlisted = CurveClient(SERVER_PUBLIC, *nacl.crypto_box_keypair())
    with pytest.raises(CurveError):
        ours.ready(unlisted.initiate(ours.welcome(unlisted.hello()), DEALER), b"")
    with pytest.raises(CurveError):
        server().welcome(CurveClient(PUBLIC, PUBLIC, SECRET).hello())


def test_public_key_without_its_secret_is_refused() -> None:
    ours = server()
    thief = CurveClient(SERVER_PUBLIC, PUBLIC, nacl.crypto_box_keypair()[1])
    with pytest.raises(CurveError):
        ours.ready(thief.initiate(ours.welcome(thief.hello()), DEALER), b"")


def test_every_changed_bit_of_the_handshake_is_refused() -> None:
    rng = random.Random(1)
    for _ in range(300):
        ours, theirs = server(), client()
        hello = bytearray(theirs.hello())
        at = rng.choice([0, 1, *range(74, len(hello))])  # between them is padding
        changed = bytes(hello[:at]) + bytes([hello[at] ^ 1 << rng.randrange(8)]) + hello[at + 1 :]
        if at == 105 and (changed[105] ^ hello[105]) == 0x80:
            continue  # the highest bit of a Curve25519 key is not part of it
        with pytest.raises(CurveError):
            ours.welcome(bytes(changed))
        ours = server()
        initiate = bytearray(theirs.initiate(ours.welcome(bytes(hello)), DEALER))
        initiate[rng.randrange(len(initiate))] ^= 1 << rng.randrange(8)
        with pytest.raises(CurveError):
            ours.ready(bytes(initiate), b"")


def test_repeated_cut_and_changed_messages_are_refused() -> None:
    ours, theirs = connected()
    first, second = theirs.seal(b"one"), theirs.seal(b"two")
    assert ours.open(second)[2] == b"two"
    for frame in (first, second, b"", b"\x07MESSAGE", second[:-1]):
        with pytest.raises(CurveError):
            ours.open(frame)
    third = bytearray(theirs.seal(b"three"))
    for at in range(len(third)):
        third[at] ^= 1
        with pytest.raises(CurveError):
            ours.open(bytes(third))
        third[at] ^= 1
    assert ours.open(bytes(third))[2] == b"three"


def greeting(mechanism: bytes) -> bytes:
    return b"\xff" + bytes(8) + b"\x7f\x03\x00" + mechanism.ljust(20, b"\0") + bytes(32)


def opened(step: int) -> tuple[zmtp.ServerConnection, CurveClient]:
    """Return a connection after the step of the handshake: greeting, HELLO, INITIATE."""
    connection, theirs = zmtp.ServerConnection("ROUTER", 1000, lambda _: True, server()), client()
    assert list(connection.feed(greeting(b"CURVE"))) == []
    assert b"CURVE" in connection.output
    if step > 1:
        connection.output.clear()
        list(connection.feed(zmtp.command(b"HELLO", theirs.hello())))
        welcome = bytes(connection.output[2 + 8 :])
        if step > 2:
            list(connection.feed(zmtp.command(b"INITIATE", theirs.initiate(welcome, DEALER))))
            assert connection.is_open
    connection.output.clear()
    return connection, theirs


@pytest.mark.parametrize("mechanism", [b"NULL", b"PLAIN", b"GSSAPI", b"CURVEX"])
def test_other_mechanisms_are_refused_where_keys_are_needed(mechanism: bytes) -> None:
    connection = zmtp.ServerConnection("ROUTER", 1000, lambda _: True, server())
    with pytest.raises(zmtp.ZmtpError):
        list(connection.feed(greeting(mechanism)))
    assert not connection.is_open


def test_plain_frames_after_the_handshake_are_refused() -> None:
    connection, _ = opened(3)
    with pytest.raises(zmtp.ZmtpError):
        list(connection.feed(zmtp.message((b"plain",))))


def test_messages_and_commands_are_read_and_answered_in_boxes() -> None:
    connection, theirs = opened(3)
    one, two = theirs.seal(b"", 1), theirs.seal(b"body")
    frames = zmtp.message((one,)) + zmtp.message((two,))
    assert list(connection.feed(frames)) == [[b"", b"body"]]
    ping = theirs.seal(b"\x04PING\x00\x00abc", 2)
    assert list(connection.feed(zmtp.message((ping,)))) == [()]
    assert theirs.open(bytes(connection.output[2:])) == b"\x02\x04PONGabc"
    sent = connection.protect(zmtp.message((b"", b"reply" * 100)))
    head = 2 + sent[1]
    assert theirs.open(sent[2:head]) == b"\x01"
    assert theirs.open(sent[head + 9 :]) == b"\x00" + b"reply" * 100


def test_hostile_streams_raise_only_their_error() -> None:
    rng = random.Random(7)
    for number in range(3000):
        connection, theirs = opened(1 + number % 3)
        stream = bytearray()
        for _ in range(rng.randrange(1, 5)):
            kind = rng.randrange(5)
            if kind == 0:
                stream += rng.randbytes(rng.randrange(300))
            elif kind == 1:
                name = rng.choice([b"HELLO", b"INITIATE", b"READY", b"MESSAGE", b"ERROR"])
                stream += zmtp.command(name, rng.randbytes(rng.randrange(400)))
            elif kind == 2 and theirs.shared:
                content = rng.randbytes(rng.randrange(40))
                stream += zmtp.message((theirs.seal(content, rng.randrange(256)),))
            else:
                stream += zmtp.message((b"\x07MESSAGE" + rng.randbytes(rng.randrange(99)),))
        try:
            for item in connection.feed(bytes(stream)):
                assert isinstance(item, (list, tuple))
        except zmtp.ZmtpError:
            pass
