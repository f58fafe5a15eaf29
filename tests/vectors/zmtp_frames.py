"""Bytes of ZMTP as our clients must write them."""

from __future__ import annotations

from typing import Any

TOKEN = "open sesame"
MAX_FRAME = 65_536
"""Maximum size of a frame that our clients accept."""

MORE, LONG, COMMAND = 1, 2, 4

Step = dict[str, Any]


def greeting(mechanism: str = "NULL", major: int = 3, minor: int = 0) -> bytes:
    """Return the 64 bytes of a greeting."""
    signature = b"\xff" + bytes(8) + b"\x7f"
    return signature + bytes([major, minor]) + mechanism.encode().ljust(20, b"\0") + bytes(32)


OPENING = greeting()[:12]
"""Signature and version, after which libzmq sends its complete greeting."""


def rest(mechanism: str = "NULL") -> bytes:
    """Return the greeting after the opening."""
    return greeting(mechanism)[12:]


def frame(body: bytes, flags: int = 0) -> bytes:
    """Return one frame, short or long according to its length."""
    if len(body) > 255:
        return bytes([flags | LONG]) + len(body).to_bytes(8, "big") + body
    return bytes([flags, len(body)]) + body


def command(name: str, body: bytes = b"") -> bytes:
    """Return one command frame."""
    return frame(bytes([len(name)]) + name.encode() + body, COMMAND)


def properties(**entries: str) -> bytes:
    """Return metadata; underscores in names become hyphens."""
    out = b""
    for name, value in entries.items():
        key = name.replace("_", "-").encode()
        out += bytes([len(key)]) + key + len(value).to_bytes(4, "big") + value.encode()
    return out


def hello(token: str) -> bytes:
    """Return PLAIN's HELLO."""
    user, password = b"sentio", token.encode()
    return command("HELLO", bytes([len(user)]) + user + bytes([len(password)]) + password)
