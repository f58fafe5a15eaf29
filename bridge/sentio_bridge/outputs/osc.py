"""Send the affect vector as Open Sound Control (OSC) over UDP.

Each known entry is one message ``/sentio/<subject>/<entry>`` with one float. OSC 1.0: address and
type tags end in a zero byte and are padded to four bytes, numbers are big-endian.
"""

from __future__ import annotations

import re
import socket
import struct
from collections.abc import Sequence
from difflib import get_close_matches
from ipaddress import ip_address
from typing import Annotated

import msgspec

from sentio_bridge.config.loader import numeric
from sentio_bridge.core.outgoing import FrameMessage, Outgoing
from sentio_bridge.errors import ConfigError
from sentio_bridge.protocol.frame import LAYOUT


class OscSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of an ``[[output]]`` of type ``osc``.

    Attributes:
        host: Receiver; default: this machine.
        port: UDP port of the receiver.
        rate_hz: Maximum states per second for each subject.
        entries: Names of the affect vector's entries to send; default: all.
    """

    host: str = "127.0.0.1"
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 9000
    rate_hz: Annotated[float, msgspec.Meta(gt=0, le=120)] = 20.0
    entries: list[str] = []


class OscOutput:
    """Sender of datagrams to one receiver, whether or not it is running.

    Attributes:
        leaves_machine: Whether the receiver is not on this machine.

    Args:
        settings: Receiver and entries.

    Raises:
        ConfigError: The host or an entry is unknown.
    """

    def __init__(self, settings: OscSettings) -> None:
        unknown = sorted(set(settings.entries) - set(LAYOUT))
        if unknown:
            near = get_close_matches(unknown[0], LAYOUT, 1)
            raise ConfigError(
                f"[[output]] osc: entries: {unknown[0]!r} is not in the affect vector",
                f"did you mean {near[0]!r}?" if near else "PROTOCOL.md, section 4, lists the names",
            )
        self._entries = frozenset(settings.entries or LAYOUT)
        self._period = 1.0 / settings.rate_hz
        self._sent: dict[str, float] = {}
        try:
            host, port = numeric(settings.host), settings.port
            resolved = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        except OSError as error:
            raise ConfigError(
                f"[[output]] osc: host: {settings.host!r}: {error}", "use 127.0.0.1"
            ) from None
        family, kind, _, _, address = resolved
        self._address: tuple[object, ...] = address
        self.leaves_machine = not ip_address(str(address[0]).partition("%")[0]).is_loopback
        self._socket = socket.socket(family, kind)
        self._socket.setblocking(False)

    def publish(self, messages: Sequence[Outgoing]) -> None:
        """Send the known entries of each subject's frame, limited to ``rate_hz``."""
        for message in messages:
            if not isinstance(message, FrameMessage):
                continue
            frame = message.body
            last = self._sent.get(frame.subject)
            if last is not None and 0.0 <= frame.sent - last < self._period:
                continue
            self._sent[frame.subject] = frame.sent
            prefix = f"/sentio/{safe(frame.subject)}/"
            for name, value in frame.known_values().items():
                if name in self._entries:
                    self._send(encode(prefix + name, value))

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def _send(self, datagram: bytes) -> None:
        try:
            self._socket.sendto(datagram, self._address)
        except (BlockingIOError, ConnectionError):
            pass  # the receiver is slow or not running: the next state follows soon


def encode(address: str, value: float) -> bytes:
    """Return an OSC message with one float32 argument."""
    return _padded(address.encode()) + _padded(b",f") + struct.pack(">f", value)


def safe(subject: str) -> str:
    """Return a subject's name without characters that OSC addresses forbid."""
    return re.sub(r"[^\x21-\x7e]|[#*,/?\[\]{}]", "_", subject)


def _padded(text: bytes) -> bytes:
    """Pad a text with one to four zero bytes to a multiple of four."""
    return text + b"\0" * (4 - len(text) % 4)
