"""Bytes of peers that do not announce ZMTP 3: a browser's POST, ZMTP 1.0 and 2.0."""

from __future__ import annotations

import socket

import msgspec

PADDINGS = range(140)
"""Lengths of a path that produce every alignment of a header with its body."""

SLED = 31
"""Bytes of one frame at the start of the body: a length of 30, and 30 bytes."""

FOLDER = "from_a_web_page"

SIGNATURE = b"\xff\0\0\0\0\0\0\0\x01\x7f"
"""Bytes that libzmq sends first: the signature of ZMTP 2.0 and later."""

OPENING = b"\xff\0\0\0\0\0\0\0\0\x7f\x03"
"""Bytes that a sidecar sends to a new connection: a signature, and version 3."""

REQUEST = msgspec.msgpack.encode(
    {"v": 1, "id": 1, "op": "record", "action": "start", "folder": FOLDER, "raw": ["body"]}
)


def frame_1_0(body: bytes) -> bytes:
    """Return a last frame of ZMTP 1.0: length with flags, flags, body."""
    return bytes([len(body) + 1, 0]) + body


def body(padding: int) -> bytes:
    """Return the body of a POST: frames for alignment, then the request as a frame."""
    sled = b"\x1e" * (SLED * 12 + padding % SLED)
    return sled + frame_1_0(REQUEST) + frame_1_0(b"") * 2


def post(padding: int, port: int) -> bytes:
    """Return a POST of a browser from a page of another origin."""
    content = body(padding)
    lines = [
        f"POST /{'a' * padding} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Connection: keep-alive",
        f"Content-Length: {len(content)}",
        "Content-Type: text/plain;charset=UTF-8",
        "Accept: */*",
        "Origin: http://other.example",
        "Sec-Fetch-Mode: no-cors",
        "Accept-Language: en-US,en;q=0.9",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + content


ZMTP_1_0 = frame_1_0(b"") + frame_1_0(REQUEST)
"""No greeting: an empty identity, then the request."""

ZMTP_1_0_SIGNED = SIGNATURE + b"\0\x05" + ZMTP_1_0
"""The signature of later versions, the revision of ZMTP 1.0, a DEALER, then ``ZMTP_1_0``."""

ZMTP_2_0 = SIGNATURE + b"\x01\x05" + b"\0\0" + bytes([0, len(REQUEST)]) + REQUEST
"""Signature, revision 1, a DEALER with an empty identity, then the request."""


def answer(port: int, data: bytes, timeout: float = 10.0) -> bytes:
    """Send ``data``; return all received bytes until the peer closes the connection.

    Raises:
        TimeoutError: The peer does not close the connection.
    """
    received = b""
    with socket.create_connection(("127.0.0.1", port)) as sock:
        sock.settimeout(timeout)
        try:
            sock.sendall(data)
            while part := sock.recv(4096):
                received += part
        except ConnectionError:
            pass  # closed with unread bytes
    return received
