"""Sockets of the sidecar: state and control, served in the calling threads."""

from __future__ import annotations

import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sentio_bridge.errors import BridgeError
from sentio_bridge.protocol import roles
from sentio_bridge.protocol.roles import Access, Client
from sentio_bridge.transport import zmtp
from sentio_bridge.transport.closing import Closing
from sentio_bridge.transport.connections import TICK, Connections
from sentio_bridge.transport.limits import Limits
from sentio_bridge.transport.listening import bind, endpoint_of, listen
from sentio_bridge.transport.peer import LimitError, Peer
from sentio_bridge.transport.remote import Listener, Remote

REQUESTS = 8
"""Requests handled between two frames: a flood of them must not delay frames by milliseconds."""

LAST_REPLIES = 0.2
"""Seconds to send the last replies, such as that to ``shutdown``."""


@dataclass(frozen=True, slots=True)
class ControlRequest:
    """A request that waits for its reply.

    Attributes:
        peer: Connection of the client.
        envelope: Frames before the body: none of a DEALER, an empty one of a REQ.
        body: The request.
    """

    peer: Peer
    envelope: Sequence[bytes]
    body: bytes

    @property
    def client(self) -> Client:
        """Client that sent it."""
        return self.peer.client


class ServerSockets(Closing):
    """The sidecar's sockets: XPUB for state and events, ROUTER for control.

    Any thread may call ``publish``, ``send``, ``reply`` and ``wake``; one thread waits, and takes
    requests and new subscriptions. Messages are sent by the calling thread, without blocking and
    without waiting for what another client sends.
    Every limit is checked before a message is kept; who exceeds one is disconnected.

    Attributes:
        may_share: Returns whether what is known of a subject may be sent to other machines; of an
            empty text, that of every subject. By default nothing is.

    Args:
        state: Endpoint of the state socket, for example ``tcp://127.0.0.1:28700``.
        control: Endpoint of the control socket.
        access: Tokens and their roles.
        limits: Limits of connections.
        clock: Seconds of a monotonic clock.
        prepare: Called with the two ports once they are bound, before a client can connect.
        on_close: Called once when the sockets close.
        remote: Where clients on other machines are served, and which; None for nowhere.

    Raises:
        ConfigError: Clients on other machines cannot be served securely; nothing is bound then.
        PortTakenError: An endpoint is already in use; nothing is bound then.
        BridgeError: The endpoint cannot be bound for another reason; nothing is bound then.
    """

    def __init__(
        self,
        state: str,
        control: str,
        access: Access,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.monotonic,
        prepare: Callable[[Sequence[int]], None] = lambda _: None,
        on_close: Callable[[], None] = lambda: None,
        remote: Remote | None = None,
    ) -> None:
        self.may_share: Callable[[str], bool] = lambda _: False
        self.access = access
        self.limits = limits or Limits()
        self._clock = clock
        self._on_close = on_close
        self._lock = threading.Lock()
        self._closed = False
        self._requests: deque[ControlRequest] = deque()
        self._subscribed: list[tuple[Peer, bytes]] = []
        listeners: list[Listener] = []
        try:
            for name, endpoint in (("state", state), ("control", control)):
                listeners.append(Listener(name, bind(endpoint)))
            prepare([listener.sock.getsockname()[1] for listener in listeners])
            if remote is not None:
                listeners += remote.bound()
            for listener in listeners:
                listen(listener.sock)
        except BridgeError:
            for listener in listeners:
                listener.sock.close()
            on_close()
            raise
        self.state_endpoint, self.control_endpoint, *self.remote_endpoints = (
            endpoint_of(listener.sock) for listener in listeners
        )
        self._wake_tx, self._wake_rx = socket.socketpair()
        self._wake_tx.setblocking(False)
        self._wake_rx.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._wake_rx, selectors.EVENT_READ)
        self._connections = Connections(
            listeners,
            access,
            self.limits,
            self._selector,
            self.wake,
            None if remote is None else remote.allowed,
            clock(),
        )

    def wake(self) -> None:
        """Make a waiting ``wait`` return; callable from any thread."""
        try:
            self._wake_tx.send(b"\0")
        except (BlockingIOError, OSError):
            pass  # already woken, or closing

    def wait(self, seconds: float) -> None:
        """Serve the connections until a request, a subscription, ``wake``, or ``seconds``."""
        end = self._clock() + max(0.0, seconds)
        while not self._closed:
            rest = 0.0 if self._requests or self._subscribed else end - self._clock()
            events = self._selector.select(max(0.0, min(rest, TICK)))
            with self._lock:
                woken = not self._closed and self._serve(events)
            if woken or self._requests or self._subscribed or self._clock() >= end:
                return

    def publish(self, *messages: bytes) -> None:
        """Send messages to the subscribers without blocking; do nothing once closed."""
        framed = [(m, zmtp.message((m,)), _least(m[:64].partition(b"\0")[0])) for m in messages]
        for peer in self._connections.peers:
            self._send(peer, framed)

    def send(self, peer: Peer, *messages: bytes) -> None:
        """Send those messages to one subscriber that it may receive and subscribes to."""
        framed = [(m, zmtp.message((m,)), _least(m[:64].partition(b"\0")[0])) for m in messages]
        self._send(peer, framed)

    def new_subscriptions(self) -> list[tuple[Peer, bytes]]:
        """Return the subscriptions since the last call: subscriber and prefix."""
        with self._lock:
            taken, self._subscribed = self._subscribed, []
        return taken

    @property
    def subscriptions(self) -> int:
        """Number of subscriptions."""
        return sum(peer.subscription_count for peer in self._connections.peers)

    def requests(self, limit: int = REQUESTS) -> Iterator[ControlRequest]:
        """Yield up to ``limit`` waiting requests; drop those of clients over a limit."""
        for _ in range(limit):
            with self._lock:
                while self._requests and self._requests[0].peer.fault:
                    self._requests.popleft()
                if not self._requests:
                    return
                request = self._requests.popleft()
            yield request

    def reply(self, request: ControlRequest, body: bytes) -> None:
        """Send the reply to one request; it is dropped if the client has disconnected."""
        with self._lock:
            peer = request.peer
            if peer in self._connections.peers and not peer.fault:
                self._connections.remember_name(peer)
                self._deliver(peer, zmtp.message([*request.envelope, body]))

    def offenders(self) -> list[Mapping[str, Any]]:
        """Return who was disconnected and why, for `health`; the newest first."""
        with self._lock:
            return self._connections.offenders(self._clock())

    def close(self) -> None:
        """Close all connections; replies are sent within 0.2 s, the rest is dropped.

        May be called twice.
        """
        with self._lock:
            if self._closed:
                return
            self._closed = True
            end = self._clock() + LAST_REPLIES
            for peer in self._connections.peers:
                if peer.name == "control" and peer.is_writing:
                    peer.sock.settimeout(max(0.01, end - self._clock()))
                    peer.flush()
            self._connections.end()
            self._selector.close()
            for socket_end in (self._wake_tx, self._wake_rx):
                socket_end.close()
        self._connections.close()
        self._on_close()

    def _send(self, peer: Peer, framed: Sequence[tuple[bytes, bytes, roles.Role]]) -> None:
        topics, role = peer.topics, peer.client.grant.role
        if not topics:
            return
        if peer.is_remote:
            framed = [each for each in framed if self._shared(each[0])]
        sent = [
            (body, frame)
            for body, frame, least in framed
            if role >= least and body.startswith(topics)
        ]
        if sent:
            has_event = any(body.startswith(b"event/") for body, _ in sent)
            self._deliver(peer, b"".join([frame for _, frame in sent]), has_event)

    def _deliver(self, peer: Peer, data: bytes, has_event: bool = False) -> None:
        if peer.send(data, has_event=has_event):
            self._connections.stalled.add(peer)
            self.wake()  # ``wait`` then waits for the peer to read

    def _shared(self, message: bytes) -> bool:
        """Return whether a message may leave this machine."""
        kind, _, key = message.partition(b"\0")[0].partition(b"/")
        if kind == b"health":
            return True
        subject = "" if kind == b"raw" else key.decode("utf-8", "replace")
        return self.may_share(subject)

    def _serve(self, events: Sequence[tuple[selectors.SelectorKey, int]]) -> bool:
        """Handle what is ready; return whether ``wake`` was called."""
        woken = False
        now = self._clock()
        for key, mask in events:
            if key.fileobj is self._wake_rx:
                woken = self._woken()
            elif isinstance(key.data, Peer):
                if key.data in self._connections.peers and not key.data.fault:
                    self._serve_peer(key.data, mask, now)
                    self._connections.watch(key.data)
            else:
                self._connections.accept(key.data, now)
        self._connections.turn(now)
        return woken

    def _woken(self) -> bool:
        try:
            return bool(self._wake_rx.recv(4096))
        except BlockingIOError:
            return False

    def _serve_peer(self, peer: Peer, mask: int, now: float) -> None:
        if mask & selectors.EVENT_WRITE and not peer.flush():
            self._connections.remove(peer)
            return
        is_full = peer.name == "control" and len(self._requests) >= self.limits.waiting
        if not mask & selectors.EVENT_READ or is_full:  # more requests stay in the network
            return
        try:
            if not self._read(peer, now):
                self._connections.remove(peer)
        except LimitError as error:
            self._connections.drop(peer, error.what, now, ban=True)
        except zmtp.ZmtpError as error:
            self._connections.drop(peer, error.code, now)

    def _read(self, peer: Peer, now: float) -> bool:
        """Take what a peer has sent, up to a limit; return False if it has closed.

        Raises:
            LimitError: It has exceeded a limit.
            ZmtpError: It does not keep to the protocol.
        """
        data = peer.receive(now)
        if data is None:
            return False
        try:
            for parts in peer.messages(data, now):
                self._received(peer, parts)
        finally:
            peer.answer()
        return True

    def _received(self, peer: Peer, parts: Sequence[bytes]) -> None:
        if peer.name == "control":
            self._requests.append(ControlRequest(peer, parts[:-1], parts[-1]))
        elif len(parts) == 1 and parts[0][:1] == b"\x01":
            topic = parts[0][1:]
            peer.subscribe(topic)
            self._subscribed.append((peer, topic))
        elif len(parts) == 1 and parts[0][:1] == b"\x00":
            peer.unsubscribe(parts[0][1:])


@lru_cache(maxsize=256)
def _least(topic: bytes) -> roles.Role:
    """Return the least role that receives messages of a topic."""
    return roles.least(topic.partition(b"/")[0].decode("utf-8", "replace"))
