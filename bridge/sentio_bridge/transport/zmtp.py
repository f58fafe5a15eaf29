"""Server's side of a ZMTP 3 connection: bytes in, messages and bytes out; no I/O.

Peers choose the mechanism NULL or PLAIN; both are served on one port, or CURVE alone on another.
Every length is checked at its header, before anything is buffered. Sources: rfc.zeromq.org 23
(ZMTP 3.0), 24 (PLAIN), 25 (CURVE) and 37 (ZMTP 3.1: PING, SUBSCRIBE); golden streams are in
tests/vectors/zmtp.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum

from sentio_bridge.transport.curve import CurveError, CurveServer

OPENING = b"\xff" + bytes(8) + b"\x7f\x03"
"""First part of the greeting; the rest follows when the peer's mechanism is known."""

GREETING = 64
WAITING = 12
"""Bytes of a greeting after which a peer that has sent no more waits for our mechanism."""

MECHANISM = slice(12, 32)

PEERS: Mapping[str, frozenset[str]] = {
    "XPUB": frozenset({"SUB", "XSUB"}),
    "ROUTER": frozenset({"DEALER", "REQ", "ROUTER"}),
}
"""Socket types that may connect to each of the sidecar's."""

MAX_PARTS = 3
"""Frames of a message: the envelope of a REQ, of a DEALER behind a proxy, and the body."""

MAX_CONTEXT = 16
"""Bytes of a PING's context (rfc 37)."""

PING = b"\x04\x07\x04PING\x00\x00"

BOX = 33
"""Bytes that a box adds to a frame with CURVE."""

_MORE, _LONG, _COMMAND = 1, 2, 4


class ZmtpError(Exception):
    """The peer's bytes are not ZMTP 3, or it was not admitted; close the connection.

    Attributes:
        code: ``signature``, ``version``, ``mechanism``, ``refused``, ``socket_type``,
            ``oversized`` or ``malformed``.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class _Step(Enum):
    GREETING = 1
    HELLO = 2
    INITIATE = 3
    READY = 4
    OPEN = 5


class ServerConnection:
    """One accepted connection.

    Attributes:
        output: Bytes to send; the caller removes what it has sent.

    Args:
        socket_type: ``XPUB`` or ``ROUTER``.
        max_frame: Largest frame that is read, bytes.
        admit: Called once with the password (empty without one); False refuses the peer.
        curve: Boxes of the mechanism CURVE, which is then the only one; None for NULL and PLAIN.
    """

    def __init__(
        self,
        socket_type: str,
        max_frame: int,
        admit: Callable[[str], bool],
        curve: CurveServer | None = None,
    ) -> None:
        self._curve = curve
        self._mechanisms = (b"CURVE",) if curve is not None else (b"PLAIN", b"NULL")
        self._type = socket_type
        self._max_frame = max_frame + (BOX if curve is not None else 0)
        self._admit = admit
        self._step = _Step.GREETING
        self._offered = b""
        self._in = bytearray()
        self._parts: list[bytes] = []
        self.output = bytearray(OPENING)

    @property
    def is_open(self) -> bool:
        """Whether the handshake is finished."""
        return self._step is _Step.OPEN

    def feed(self, data: bytes) -> Iterator[Sequence[bytes]]:
        """Process received bytes; yield each message's frames, and () for each command.

        A caller may stop at any item. At most one incomplete frame is buffered.

        Raises:
            ZmtpError: The connection must be closed, after sending ``output``.
        """
        self._in += data
        at = 0
        if self._step is _Step.GREETING:
            at = self._greeting()
            if not at:
                return
        try:
            while (frame := self._frame(at)) is not None:
                flags, start, at = frame
                body = bytes(self._in[start:at])
                if self._curve is not None and self._step is _Step.OPEN:
                    yield from self._unsealed(body)
                elif flags & _COMMAND:
                    subscription = self._command(body)
                    yield () if subscription is None else (subscription,)
                elif self._step is not _Step.OPEN:
                    raise ZmtpError("malformed")
                else:
                    yield from self._part(body, more=bool(flags & _MORE))
        finally:
            del self._in[:at]

    def _greeting(self) -> int:
        """Read the greeting; return its length, or 0 while it is incomplete."""
        seen = self._in
        if seen[0] != 0xFF or (len(seen) > 9 and not seen[9] & 1):
            raise ZmtpError("signature")
        if len(seen) > 10 and seen[10] < 3:
            raise ZmtpError("version")
        if len(seen) == WAITING:
            self._offer(self._mechanisms[0])
        if len(seen) < GREETING:
            return 0
        mechanism = bytes(seen[MECHANISM]).rstrip(b"\0")
        if mechanism not in self._mechanisms or self._offered not in (b"", mechanism):
            raise ZmtpError("mechanism")
        self._offer(mechanism)
        is_null = mechanism == b"NULL"
        self._step = _Step.READY if is_null else _Step.HELLO
        if is_null:
            self._admitted("")
            self.output += command(b"READY", self._metadata())
        return GREETING

    def _offer(self, mechanism: bytes) -> None:
        """Send the rest of the greeting, once."""
        if not self._offered:
            self._offered = mechanism
            as_server = mechanism != b"NULL"
            self.output += b"\0" + mechanism.ljust(20, b"\0") + bytes([as_server]) + bytes(31)

    def _frame(self, at: int) -> tuple[int, int, int] | None:
        """Return flags, start and end of the frame at ``at``, or None if it is incomplete."""
        waiting = len(self._in) - at
        if waiting < 2:
            return None
        flags = self._in[at]
        if flags & 0xF8 or flags & 5 == 5:
            raise ZmtpError("malformed")
        head = 9 if flags & _LONG else 2
        if waiting < head:
            return None
        length = int.from_bytes(self._in[at + 1 : at + head], "big")
        if length > self._max_frame:
            raise ZmtpError("oversized")
        if waiting < head + length:
            return None
        return flags, at + head, at + head + length

    def _part(self, body: bytes, *, more: bool) -> Iterator[Sequence[bytes]]:
        self._parts.append(body)
        if len(self._parts) > MAX_PARTS:
            raise ZmtpError("oversized")
        if not more:
            parts, self._parts = self._parts, []
            yield parts

    def _command(self, frame: bytes) -> bytes | None:
        """Handle a command; return a subscription in the form of a message, if it is one."""
        width = frame[0] if frame else 0
        name, body = frame[1 : 1 + width], frame[1 + width :]
        if not width or len(name) < width:
            raise ZmtpError("malformed")
        if name == b"ERROR":
            raise ZmtpError("refused")
        if self._step is _Step.OPEN:
            return self._open_command(name, body)
        if self._curve is not None:
            self._curve_command(self._curve, name, body)
            return None
        if self._step is _Step.HELLO and name == b"HELLO":
            self._admitted(_password(body))
            self.output += command(b"WELCOME")
            self._step = _Step.INITIATE
        elif self._step is _Step.INITIATE and name == b"INITIATE":
            self._check_type(body)
            self.output += command(b"READY", self._metadata())
            self._step = _Step.OPEN
        elif self._step is _Step.READY and name == b"READY":
            self._check_type(body)
            self._step = _Step.OPEN
        else:
            raise ZmtpError("malformed")
        return None

    def protect(self, frames: bytes) -> bytes:
        """Return frames as this peer reads them: with CURVE, each in a box."""
        if self._curve is None or self._step is not _Step.OPEN:
            return frames
        sealed, at = bytearray(), 0
        while at < len(frames):
            flags = frames[at]
            start = at + (9 if flags & _LONG else 2)
            at = start + int.from_bytes(frames[at + 1 : start], "big")
            more, is_command = bool(flags & _MORE), bool(flags & _COMMAND)
            body = self._curve.seal(frames[start:at], more=more, command=is_command)
            sealed += _head(0, len(body)) + body
        return bytes(sealed)

    def _unsealed(self, frame: bytes) -> Iterator[Sequence[bytes]]:
        """Yield what a frame in a box stands for."""
        assert self._curve is not None
        try:
            more, is_command, content = self._curve.open(frame)
        except CurveError:
            raise ZmtpError("malformed") from None
        if is_command:
            subscription = self._command(content)
            yield () if subscription is None else (subscription,)
        else:
            yield from self._part(content, more=more)

    def _curve_command(self, curve: CurveServer, name: bytes, body: bytes) -> None:
        """Handle a command of the handshake with CURVE."""
        try:
            if self._step is _Step.HELLO and name == b"HELLO":
                self.output += command(b"WELCOME", curve.welcome(body))
                self._step = _Step.INITIATE
            elif self._step is _Step.INITIATE and name == b"INITIATE":
                properties, ready = curve.ready(body, self._metadata())
                self._check_type(properties)
                self.output += command(b"READY", ready)
                self._step = _Step.OPEN
            else:
                raise ZmtpError("malformed")
        except CurveError:
            self.output += command(b"ERROR", b"\x03400")
            raise ZmtpError("refused") from None

    def _open_command(self, name: bytes, body: bytes) -> bytes | None:
        if name == b"PING":
            if not 2 <= len(body) <= 2 + MAX_CONTEXT:
                raise ZmtpError("malformed")
            self.output += self.protect(command(b"PONG", body[2:]))
        elif name == b"SUBSCRIBE":
            return b"\x01" + body
        elif name == b"CANCEL":
            return b"\x00" + body
        return None

    def _admitted(self, password: str) -> None:
        if not self._admit(password):
            self.output += command(b"ERROR", b"\x03400")  # the status that libzmq understands
            raise ZmtpError("refused")

    def _metadata(self) -> bytes:
        return _property(b"Socket-Type", self._type.encode())

    def _check_type(self, properties: bytes) -> None:
        """Refuse peers whose socket type does not fit."""
        at, peer = 0, ""
        while at < len(properties):
            value = at + 1 + properties[at] + 4
            name = properties[at + 1 : value - 4]
            end = value + int.from_bytes(properties[value - 4 : value], "big")
            if value > len(properties) or end > len(properties) or not name:
                raise ZmtpError("malformed")
            if name.lower() == b"socket-type":
                peer = properties[value:end].decode("ascii", "replace")
            at = end
        if peer not in PEERS[self._type]:
            raise ZmtpError("socket_type")


def message(parts: Sequence[bytes]) -> bytes:
    """Return the frames of a message."""
    if len(parts) == 1:
        return _head(0, len(parts[0])) + parts[0]
    last = len(parts) - 1
    return b"".join(
        _head(_MORE if index < last else 0, len(part)) + part for index, part in enumerate(parts)
    )


def command(name: bytes, body: bytes = b"") -> bytes:
    """Return the frame of a command."""
    return _head(_COMMAND, 1 + len(name) + len(body)) + bytes([len(name)]) + name + body


def _head(flags: int, length: int) -> bytes:
    if length < 256:
        return bytes([flags, length])
    return bytes([flags | _LONG]) + length.to_bytes(8, "big")


def _property(name: bytes, value: bytes) -> bytes:
    return bytes([len(name)]) + name + len(value).to_bytes(4, "big") + value


def _password(body: bytes) -> str:
    """Return the password of a HELLO command."""
    width = body[0] if body else 0
    length = body[1 + width] if len(body) > 1 + width else -1
    password = body[2 + width :]
    if len(password) != length:
        raise ZmtpError("malformed")
    return password.decode("utf-8", "surrogateescape")
