"""The sidecar's side of ZMTP: hostile bytes raise one error and nothing else."""

from __future__ import annotations

import contextlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_bridge.transport.zmtp import (
    GREETING,
    OPENING,
    ServerConnection,
    ZmtpError,
    command,
    message,
)

TOKEN = "a token"


def metadata(kind: str) -> bytes:
    return b"\x0bSocket-Type" + len(kind).to_bytes(4, "big") + kind.encode()


def greeting(mechanism: bytes) -> bytes:
    return OPENING + b"\0" + mechanism.ljust(20, b"\0") + bytes(32)


def plain(token: str = TOKEN, kind: str = "DEALER") -> bytes:
    login = b"\x06sentio" + bytes([len(token)]) + token.encode()
    return greeting(b"PLAIN") + command(b"HELLO", login) + command(b"INITIATE", metadata(kind))


def null(kind: str = "DEALER") -> bytes:
    return greeting(b"NULL") + command(b"READY", metadata(kind))


def router(max_frame: int = 65_536) -> ServerConnection:
    return ServerConnection("ROUTER", max_frame, lambda token: token in ("", TOKEN))


def feed(connection: ServerConnection, data: bytes, cuts: list[int]) -> list[list[bytes]]:
    """Feed ``data`` in pieces; return the messages."""
    found = []
    edges = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    for start, end in zip(edges, edges[1:], strict=False):
        found += [list(parts) for parts in connection.feed(data[start:end]) if parts]
    return found


bodies = st.lists(st.binary(max_size=400), min_size=1, max_size=3)


@given(st.sampled_from([plain(), null()]), st.lists(bodies, max_size=6), st.lists(st.integers(0)))
def test_messages_arrive_whatever_the_pieces(
    opening: bytes, sent: list[list[bytes]], cuts: list[int]
) -> None:
    connection = router()
    # A piece of exactly 12 bytes means that the peer waits for our mechanism, which is PLAIN.
    cuts = [cut for cut in cuts if cut % (len(opening) + 1) != 12 or opening == plain()]
    data = opening + b"".join(map(message, sent))
    cuts = [cut for cut in cuts if cut % (len(data) + 1) != 12 or opening == plain()]
    assert feed(connection, data, cuts) == sent
    assert connection.is_open


def test_wrong_password_is_refused_with_a_reason() -> None:
    connection = router()
    with pytest.raises(ZmtpError, match="refused"):
        feed(connection, plain("no"), [])
    assert connection.output.endswith(command(b"ERROR", b"\x03400"))
    assert not connection.is_open


def test_ping_is_answered_with_its_context() -> None:
    connection = router()
    feed(connection, plain(), [])
    connection.output.clear()
    assert list(connection.feed(command(b"PING", b"\0\0context"))) == [()]
    assert bytes(connection.output) == command(b"PONG", b"context")


def test_subscription_by_command_has_the_form_of_a_message() -> None:
    connection = ServerConnection("XPUB", 1024, lambda _: True)
    data = plain(kind="SUB") + command(b"SUBSCRIBE", b"a/") + command(b"CANCEL", b"a/")
    assert feed(connection, data, []) == [[b"\x01a/"], [b"\x00a/"]]


def test_frame_beyond_the_limit_is_refused_at_its_header() -> None:
    connection = router(max_frame=1000)
    with pytest.raises(ZmtpError, match="oversized"):
        feed(connection, plain() + b"\x02" + (1001).to_bytes(8, "big"), [])


def hostile(random_: random.Random) -> bytes:
    """Return a valid stream with some bytes changed, inserted or removed."""
    data = bytearray(random_.choice((plain(), null(), plain(kind="SUB"))))
    for _ in range(random_.randrange(4)):
        data += message([random_.randbytes(random_.randrange(300))])
        data += command(random_.choice((b"PING", b"SUBSCRIBE", b"READY", b"X")), b"\0\0abc")
    start = random_.choice((0, GREETING))
    for _ in range(random_.randrange(1, 6)):
        at = random_.randrange(min(start, len(data) - 1), len(data))
        what = random_.randrange(3)
        if what == 0:
            data[at] = random_.randrange(256)
        elif what == 1:
            data[at:at] = random_.randbytes(random_.randrange(1, 12))
        else:
            del data[at : at + random_.randrange(1, 12)]
    return bytes(data)


def fuzz(count: int) -> int:
    """Feed hostile streams; return how many messages they gave."""
    random_ = random.Random(18)
    messages = 0
    for _ in range(count):
        connection = router()
        try:
            messages += len(feed(connection, hostile(random_), [random_.randrange(400)]))
        except ZmtpError:
            pass
        assert len(connection.output) < 2000
    return messages


def test_hostile_streams_raise_only_their_error() -> None:
    assert fuzz(3000) > 0


@pytest.mark.timeout(1200)
@pytest.mark.parametrize(
    "count",
    [
        pytest.param(100_000, marks=pytest.mark.slow),
        pytest.param(1_000_000, marks=pytest.mark.figure),
    ],
)
def test_many_hostile_streams_raise_only_their_error(count: int) -> None:
    assert fuzz(count) > 0


@given(st.binary(max_size=600), st.lists(st.integers(0), max_size=4))
def test_random_bytes_raise_only_their_error(data: bytes, cuts: list[int]) -> None:
    for opening in (b"", OPENING, greeting(b"PLAIN"), plain()):
        connection = router()
        with contextlib.suppress(ZmtpError):
            feed(connection, opening + data, cuts)
        assert len(connection.output) < 2000
