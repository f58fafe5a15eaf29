"""Accepted connection: its client, its budget and its output queue."""

from __future__ import annotations

import socket
import threading
from collections import deque
from collections.abc import Iterator, Sequence

from sentio_bridge.protocol.roles import NO_GRANT, Access, Client, Role
from sentio_bridge.transport import zmtp
from sentio_bridge.transport.allow_list import AllowList
from sentio_bridge.transport.curve import CurveServer
from sentio_bridge.transport.limits import SocketLimits, TokenBucket
from sentio_bridge.transport.processes import UNKNOWN, Process

READ = 16_384
"""Bytes of one read."""


class LimitError(Exception):
    """The peer exceeded a limit; close the connection.

    Attributes:
        what: The limit.
    """

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(what)


class Peer:
    """A connection to the state or the control socket.

    Attributes:
        client: Whom it serves.
        process: Its process; ``UNKNOWN`` until it is found.
        is_identified: The search for its process has ended.
        address: Its address.
        is_remote: It connected to the ports of other machines, and needs a key.
        public_key: Key of a client on another machine; empty for others.
        is_read: Its bytes are read; not before its process is known while another is banned.
        topics: Subscribed prefixes, for ``bytes.startswith``.
        opened: Time from which its handshake counts, seconds.
        received: Time of the newest bytes.
        pinged: Time of an unanswered PING, or None.
        dropped: Number of sends dropped because it does not read.
        fault: Why it is disconnected, at once or when its process is known; empty if it is not.
        held_until: When it is disconnected if its process is banned; None otherwise.
        is_banned: Its process is banned then.

    Args:
        sock: The connection; closed by ``close``.
        name: ``state`` or ``control``.
        access: Tokens.
        limits: Limits of the socket.
        subscriptions: Largest number of topics.
        now: Time, seconds.
        remote: Keys of clients on other machines, for a connection that needs one; else None.
    """

    def __init__(
        self,
        sock: socket.socket,
        name: str,
        access: Access,
        limits: SocketLimits,
        subscriptions: int,
        now: float,
        remote: AllowList | None = None,
    ) -> None:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = sock
        self.name = name
        self.address, self.port = sock.getpeername()[:2]
        self.client = Client(self.port, NO_GRANT, is_remote=remote is not None)
        self.process: Process = UNKNOWN
        self.is_identified = remote is not None  # its process is on another machine
        self.public_key = b""
        self._remote = remote
        self.is_read = True
        self.topics: tuple[bytes, ...] = ()
        self.opened = self.received = now
        self.pinged: float | None = None
        self.dropped = 0
        self.fault = ""
        self.held_until: float | None = None
        self.is_banned = False
        self._access = access
        self._limits = limits
        self._most_topics = subscriptions
        self._counts: dict[bytes, int] = {}
        self._frames = TokenBucket(limits.frames, limits.frames_per_second, now)
        self._data = TokenBucket(limits.data, limits.data_per_second, now)
        self._sending = threading.Lock()
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0
        kind = "XPUB" if name == "state" else "ROUTER"
        curve = None if remote is None else CurveServer(remote.secret, self._admit_key)
        self._connection = zmtp.ServerConnection(kind, limits.frame, self._admit, curve)
        self.is_remote = curve is not None

    @property
    def is_open(self) -> bool:
        """Whether the handshake is finished."""
        return self._connection.is_open

    @property
    def is_writing(self) -> bool:
        """Whether bytes wait until the peer reads."""
        return bool(self._waiting)

    @property
    def subscription_count(self) -> int:
        """Number of subscriptions."""
        return sum(self._counts.values())

    def greet(self) -> None:
        """Send the first part of the greeting."""
        self.answer()

    def receive(self, now: float) -> bytes | None:
        """Return the bytes that have arrived; None if the peer has closed.

        Raises:
            LimitError: They are too many.
        """
        try:
            data = self.sock.recv(READ)
        except (BlockingIOError, InterruptedError):
            return b""
        except OSError:
            return None
        if not data:
            return None
        self.received, self.pinged = now, None
        if not self._data.take(len(data), now):
            raise LimitError("data")
        return data

    def messages(self, data: bytes, now: float) -> Iterator[Sequence[bytes]]:
        """Yield each complete message when it is read; call ``answer`` afterwards.

        Raises:
            LimitError: It has exceeded a limit; nothing after that is read.
            ZmtpError: It does not keep to the protocol.
        """
        for parts in self._connection.feed(data):
            if not self._frames.take(1, now):
                raise LimitError("frames")
            if parts:
                yield parts

    def answer(self) -> None:
        """Send what the protocol answers: greeting, handshake, PONG."""
        output = self._connection.output
        if output:
            with self._sending:
                self._send(bytes(output))
            output.clear()

    def subscribe(self, topic: bytes) -> None:
        """Add a subscription; subscriptions are counted.

        Raises:
            LimitError: It has too many.
        """
        self._counts[topic] = self._counts.get(topic, 0) + 1
        if len(self._counts) > self._most_topics:
            raise LimitError("subscriptions")
        self.topics = tuple(self._counts)

    def unsubscribe(self, topic: bytes) -> None:
        """Remove a subscription, if there is one."""
        count = self._counts.pop(topic, 0)
        if count > 1:
            self._counts[topic] = count - 1
        self.topics = tuple(self._counts)

    def ping(self, now: float) -> None:
        """Send a PING."""
        self.pinged = now
        self.send(zmtp.PING)

    def send(self, data: bytes, *, has_event: bool = False) -> bool:
        """Send, queue or drop whole frames, from any thread.

        A newer state makes up for a dropped one, nothing for a dropped event: half of a
        subscriber's room is for events alone.

        Args:
            data: The frames.
            has_event: An event is among them.

        Returns:
            Whether bytes begin to wait until the peer reads.
        """
        with self._sending:
            if self.is_remote:
                data = self._connection.protect(data)
            return self._send(data, has_event=has_event)

    def _send(self, data: bytes, *, has_event: bool = False) -> bool:
        if self._waiting:
            full = len(self._waiting) >= self._limits.queue and not has_event
            is_state = self.name == "state" and not has_event
            room = self._limits.queue_bytes // (2 if is_state else 1)
            if full or self._waiting_bytes + len(data) > room:
                self.dropped += 1
            else:
                self._queue(data)
            return False
        try:
            sent = self.sock.send(data)
        except (BlockingIOError, InterruptedError):
            sent = 0
        except OSError:
            return False
        if sent < len(data):
            self._queue(data[sent:])
        return sent < len(data)

    def flush(self) -> bool:
        """Send what waits; return False if the connection has failed."""
        with self._sending:
            try:
                while self._waiting:
                    sent = self.sock.send(self._waiting[0])
                    self._waiting_bytes -= sent
                    if sent < len(self._waiting[0]):
                        self._waiting[0] = self._waiting[0][sent:]
                        return True
                    self._waiting.popleft()
            except (BlockingIOError, InterruptedError):
                return True
            except OSError:
                return False
            return True

    def close(self) -> None:
        """Close the connection, not while another thread sends to it.

        Its descriptor may belong to the next connection at once.
        """
        with self._sending:
            self.sock.close()

    def _queue(self, data: bytes) -> None:
        self._waiting.append(data)
        self._waiting_bytes += len(data)

    def _admit(self, token: str) -> bool:
        """Use the grant of a token; everyone may connect to control, where `hello` helps."""
        grant = self._access.grant(token) if token else None
        self.client.grant = grant or NO_GRANT
        self.client.presented = bool(token)
        return self.name == "control" or self.client.grant.role >= Role.LISTENER

    def _admit_key(self, public: bytes) -> bool:
        """Use the grant of a key; one that is not allowed gets no connection at all."""
        grant = None if self._remote is None else self._remote.grant(public)
        if grant is None or grant.role < Role.LISTENER:
            return False
        self.public_key = public
        self.client.grant, self.client.presented, self.client.key = grant, True, public
        return True
