"""Streams that a client must refuse, written by hand on both sides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from zmtp_frames import (
    COMMAND,
    LONG,
    MAX_FRAME,
    MORE,
    OPENING,
    Step,
    command,
    frame,
    greeting,
    properties,
    rest,
)


def hostile() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield streams that a client must refuse, with the code."""
    ready = command("READY", properties(Socket_Type="XPUB"))
    opening: list[Step] = [
        {"send": OPENING.hex(), "note": "signature and version 3.0"},
        {"receive": greeting().hex(), "note": "the peer's greeting"},
        {"send": rest().hex(), "note": "the rest of the greeting: NULL"},
        {"send": command("READY", properties(Socket_Type="SUB")).hex(), "note": "READY"},
    ]
    welcome: list[Step] = [*opening, {"receive": ready.hex(), "note": "READY", "ready": True}]

    def after(steps: list[Step], data: bytes, error: str, about: str) -> dict[str, Any]:
        last = {"receive": data.hex(), "note": about, "error": error}
        return {
            "about": about,
            "socket": "SUB",
            "token": "",
            "subscribe": [],
            "steps": [*steps, last],
        }

    first = opening[:1]
    good = greeting()
    yield "bad_signature", after(first, b"HTTP/1.1 400 Bad Request\r\n", "signature", "not ZMTP")
    yield (
        "bad_signature_end",
        after(first, good[:9] + b"\x00" + good[10:], "signature", "a signature with a wrong end"),
    )
    yield "bad_version_2", after(first, greeting(major=2), "version", "ZMTP 2")
    yield "bad_version_1", after(first, b"\x01\x00", "signature", "ZMTP 1")
    yield "bad_mechanism", after(first, greeting("CURVE"), "mechanism", "wants CURVE")
    yield (
        "bad_early_message",
        after(opening, frame(b"affect/player\0x"), "unexpected", "a message before READY"),
    )
    yield (
        "bad_early_ping",
        after(opening, command("PING", b"\0\0"), "unexpected", "a PING before READY"),
    )
    yield (
        "bad_unknown_command",
        after(opening, command("STEADY"), "unexpected", "an unknown command before READY"),
    )
    yield (
        "bad_error",
        after(opening, command("ERROR", b"\x04nope"), "refused", "refused, with a reason"),
    )
    yield (
        "bad_socket_type",
        after(opening, command("READY", properties(Socket_Type="REP")), "socket_type", "a REP"),
    )
    yield (
        "bad_no_socket_type",
        after(opening, command("READY"), "socket_type", "READY says nothing"),
    )
    yield (
        "bad_property",
        after(
            opening,
            command("READY", b"\x0bSocket-Type\xff\xff\xff\xff"),
            "malformed",
            "a property of 4 GB",
        ),
    )
    yield (
        "bad_command_name",
        after(
            opening, frame(b"\x40READY", COMMAND), "malformed", "a command's name longer than it"
        ),
    )
    yield "bad_empty_command", after(opening, frame(b"", COMMAND), "malformed", "an empty command")
    yield "bad_reserved_flags", after(welcome, b"\x08\x01x", "malformed", "reserved flags")
    yield (
        "bad_command_more",
        after(welcome, frame(b"\x04PING\0\0", COMMAND | MORE), "malformed", "a command in parts"),
    )
    yield (
        "bad_oversized",
        after(
            welcome,
            bytes([LONG]) + (MAX_FRAME + 1).to_bytes(8, "big"),
            "oversized",
            "a frame above the limit, refused at its header",
        ),
    )
    yield (
        "bad_huge",
        after(welcome, bytes([LONG]) + b"\xff" * 8, "oversized", "a length of 2^64 - 1"),
    )
    yield (
        "bad_many_parts",
        after(welcome, frame(b"", MORE) * 9, "oversized", "a message of more than eight parts"),
    )
    yield "bad_ping", after(welcome, command("PING", b"\0"), "malformed", "a PING without its time")
    yield (
        "bad_ping_context",
        after(
            welcome, command("PING", bytes(2 + 17)), "malformed", "a PING's context above 16 bytes"
        ),
    )
    late = after(
        welcome, command("LATER", b"what?"), "", "an unknown command after READY is skipped"
    )
    late["steps"][-1].pop("error")
    late["steps"].append(
        {
            "receive": frame(b"x").hex(),
            "note": "and the next message is received",
            "messages": [["78"]],
        }
    )
    yield "later_command", late
