"""Sockets of the sidecar: state and control, served in the calling threads."""

from __future__ import annotations

import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sentio_bridge.errors import BridgeError
from sentio_bridge.protocol import roles
from sentio_bridge.protocol.roles import Access, Client
from sentio_bridge.transport import zmtp
from sentio_bridge.transport.allow_list import AllowList
from sentio_bridge.transport.closing import Closing
from sentio_bridge.transport.limits import Limits, TokenBucket
from sentio_bridge.transport.listening import bind, endpoint_of, listen
from sentio_bridge.transport.offenders import Offender, Offenders
from sentio_bridge.transport.peer import LimitError, Peer
from sentio_bridge.transport.processes import Process, ProcessFinder
from sentio_bridge.transport.remote import Listener, Remote

PING_AFTER, SILENT_AFTER = 2.0, 4.0
"""Seconds without bytes until a PING is sent, and without an answer until the peer is closed."""

UNKNOWN_AFTER = 2.0
"""Seconds after which a connection to be closed is closed though its process is not known."""

TICK = 0.5
"""Seconds between checks of timeouts."""

ACCEPTS = 32
"""Connections accepted in one turn."""

RESUME_ACCEPT = 1.0
"""Seconds without accepting after the process has run out of descriptors."""

RESUME_FLOODED = 0.1
"""Seconds without accepting after too many connections."""

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
        self._allowed = None if remote is None else remote.allowed
        self.access = access
        self.limits = limits or Limits()
        self._clock = clock
        self._on_close = on_close
        self._lock = threading.Lock()
        self._closed = False
        self._peers: frozenset[Peer] = frozenset()  # replaced at each change: read without the lock
        self._watched: dict[Peer, int] = {}
        self._stalled: set[Peer] = set()
        self._requests: deque[ControlRequest] = deque()
        self._subscribed: list[tuple[Peer, bytes]] = []
        self._found: deque[Mapping[int, Process]] = deque()
        self._offenders = Offenders(self.limits.ban)
        self._names: dict[int, str] = {}
        self._tick_at = 0.0
        self._resume_at: float | None = None
        self._accepts = TokenBucket(
            self.limits.accepts, self.limits.accepts_per_second, self._clock()
        )
        self._listeners: list[Listener] = []
        try:
            for name, endpoint in (("state", state), ("control", control)):
                self._listeners.append(Listener(name, bind(endpoint)))
            prepare([listener.sock.getsockname()[1] for listener in self._listeners])
            if remote is not None:
                self._listeners += remote.bound()
            for listener in self._listeners:
                listen(listener.sock)
        except BridgeError:
            for listener in self._listeners:
                listener.sock.close()
            on_close()
            raise
        self.state_endpoint, self.control_endpoint, *self.remote_endpoints = (
            endpoint_of(listener.sock) for listener in self._listeners
        )
        self._wake_tx, self._wake_rx = socket.socketpair()
        self._wake_tx.setblocking(False)
        self._wake_rx.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._wake_rx, selectors.EVENT_READ)
        self._finder = ProcessFinder(self._processes_found)
        self._accept_again()

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
        framed = [(m, zmtp.message((m,)), roles.least(_kind(m))) for m in messages]
        for peer in self._peers:
            self._send(peer, framed)

    def send(self, peer: Peer, *messages: bytes) -> None:
        """Send those messages to one subscriber that it may receive and subscribes to."""
        framed = [(m, zmtp.message((m,)), roles.least(_kind(m))) for m in messages]
        self._send(peer, framed)

    def new_subscriptions(self) -> list[tuple[Peer, bytes]]:
        """Return the subscriptions since the last call: subscriber and prefix."""
        with self._lock:
            taken, self._subscribed = self._subscribed, []
        return taken

    @property
    def subscriptions(self) -> int:
        """Number of subscriptions."""
        return sum(peer.subscription_count for peer in self._peers)

    def requests(self, limit: int = REQUESTS) -> Iterator[ControlRequest]:
        """Yield up to ``limit`` waiting requests."""
        for _ in range(limit):
            with self._lock:
                if not self._requests:
                    return
                request = self._requests.popleft()
            yield request

    def reply(self, request: ControlRequest, body: bytes) -> None:
        """Send the reply to one request; it is dropped if the client has disconnected."""
        with self._lock:
            peer = request.peer
            if peer in self._peers and not peer.fault:
                self._remember_name(peer)
                self._deliver(peer, zmtp.message([*request.envelope, body]))

    def offenders(self) -> list[Mapping[str, Any]]:
        """Return who was disconnected and why, for `health`; the newest first."""
        with self._lock:
            return self._offenders.report(self._clock())

    def close(self) -> None:
        """Close all connections; replies are sent within 0.2 s, the rest is dropped.

        May be called twice.
        """
        with self._lock:
            if self._closed:
                return
            self._closed = True
            end = self._clock() + LAST_REPLIES
            for peer in self._peers:
                if peer.name == "control" and peer.is_writing:
                    peer.sock.settimeout(max(0.01, end - self._clock()))
                    peer.flush()
                peer.close()
            self._peers = frozenset()
            for listener in self._listeners:
                listener.sock.close()
            self._selector.close()
            for socket_end in (self._wake_tx, self._wake_rx):
                socket_end.close()
        self._finder.close()
        self._on_close()

    def _send(self, peer: Peer, framed: Sequence[tuple[bytes, bytes, roles.Role]]) -> None:
        topics, role = peer.topics, peer.client.grant.role
        if not topics:
            return
        data = b"".join(
            [frame for body, frame, least in framed if role >= least and body.startswith(topics)]
        )
        if data:
            self._deliver(peer, data)

    def _deliver(self, peer: Peer, data: bytes) -> None:
        if peer.send(data):
            self._stalled.add(peer)
            self.wake()  # ``wait`` then waits for the peer to read

    def _serve(self, events: Sequence[tuple[selectors.SelectorKey, int]]) -> bool:
        """Handle what is ready; return whether ``wake`` was called."""
        woken = False
        now = self._clock()
        for key, mask in events:
            if key.fileobj is self._wake_rx:
                woken = self._woken()
            elif isinstance(key.data, Peer):
                if key.data in self._peers and not key.data.fault:
                    self._serve_peer(key.data, mask, now)
                    self._watch(key.data)
            else:
                self._accept(key.data, now)
        while self._found:
            self._identify(self._found.popleft(), now)
        if now >= self._tick_at:
            self._tick_at = now + TICK
            self._tick(now)
        if self._resume_at is not None and now >= self._resume_at:
            self._accept_again()
        while self._stalled:
            self._watch(self._stalled.pop())
        return woken

    def _woken(self) -> bool:
        try:
            return bool(self._wake_rx.recv(4096))
        except BlockingIOError:
            return False

    def _serve_peer(self, peer: Peer, mask: int, now: float) -> None:
        if mask & selectors.EVENT_WRITE and not peer.flush():
            self._remove(peer)
            return
        is_full = peer.name == "control" and len(self._requests) >= self.limits.waiting
        if not mask & selectors.EVENT_READ or is_full:  # more requests stay in the network
            return
        try:
            if not self._read(peer, now):
                self._remove(peer)
        except LimitError as error:
            self._drop(peer, error.what, now, ban=True)
        except zmtp.ZmtpError as error:
            self._drop(peer, error.code, now)

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

    def _accept(self, listener: Listener, now: float) -> None:
        for _ in range(ACCEPTS if self._resume_at is None else 0):
            if not self._accepts.take(1, now):
                self._accept_no_more(now + RESUME_FLOODED)
                return
            try:
                sock, _ = listener.sock.accept()
            except (BlockingIOError, InterruptedError, ConnectionError):
                self._accepts.give(1)
                return
            except OSError:  # no descriptors: a readable listener would never let ``wait`` rest
                self._accept_no_more(now + RESUME_ACCEPT)
                return
            self._admit(sock, listener, now)

    def _admit(self, sock: socket.socket, listener: Listener, now: float) -> None:
        name, remote = listener.name, listener.allowed
        limits = self.limits.state if name == "state" else self.limits.control
        try:
            peer = Peer(sock, name, self.access, limits, self.limits.subscriptions, now, remote)
        except OSError:  # it has disconnected
            sock.close()
            return
        self._peers |= {peer}
        if remote is None:
            self._finder.find(peer.port)
            # A banned process comes again; it is not read, and costs little, until it is known.
            peer.is_read = not self._offenders.is_any_banned(now)
        if peer.is_read:
            peer.greet()
        self._watch(peer)
        unidentified = sum(not other.is_identified for other in self._peers)
        if len(self._peers) > self.limits.connections:
            self._drop(self._superfluous(), "connections", now)
        elif unidentified > self.limits.unidentified:
            self._drop(peer, "connections", now)
        elif remote is not None and self._of_address(peer.address) > self.limits.per_process:
            self._drop(peer, "connections", now)

    def _of_address(self, address: str) -> int:
        """Return the number of connections from another machine."""
        return sum(peer.is_remote and peer.address == address for peer in self._peers)

    def _superfluous(self) -> Peer:
        """Return the newest connection of the process that has most."""
        counts: dict[int, int] = {}
        for peer in self._peers:
            counts[peer.process.pid] = counts.get(peer.process.pid, 0) + 1
        return max(self._peers, key=lambda peer: (counts[peer.process.pid], peer.opened))

    def _identify(self, found: Mapping[int, Process], now: float) -> None:
        """Add the processes of connections; disconnect those of banned and greedy ones."""
        for port, process in found.items():
            self._offenders.identified(port, process.pid, process.name)
        for peer in [p for p in self._peers if not p.is_identified and p.port in found]:
            peer.is_identified = True
            process = peer.process = found[peer.port]
            if peer.fault:
                self._drop(peer, peer.fault, now, ban=peer.is_banned)
                continue
            if process.pid:
                peer.client.key = process.pid
                alike = sum(other.process.pid == process.pid for other in self._peers)
                if self._offenders.is_banned(process.pid, now):
                    self._drop(peer, "banned", now)
                    continue
                if alike > self.limits.per_process:
                    self._drop(peer, "connections", now, ban=True)
                    continue
            if not peer.is_read:
                peer.is_read, peer.opened = True, now
                peer.greet()
                self._watch(peer)

    def _tick(self, now: float) -> None:
        if self._allowed is not None and self._allowed.changed():
            self._check_keys(self._allowed, now)
        for peer in list(self._peers):
            if peer.fault:
                if now - peer.received > UNKNOWN_AFTER:
                    peer.is_identified = True
                    self._drop(peer, peer.fault, now)
            elif not peer.is_open:
                if now - peer.opened > self.limits.handshake:
                    self._drop(peer, "handshake", now)
            elif peer.pinged is not None:
                if now - peer.pinged > SILENT_AFTER:
                    self._remove(peer)
            elif now - peer.received > PING_AFTER:
                peer.ping(now)
                self._watch(peer)

    def _accept_no_more(self, until: float) -> None:
        self._resume_at = until
        for listener in self._listeners:
            self._selector.unregister(listener.sock)

    def _check_keys(self, allowed: AllowList, now: float) -> None:
        """Disconnect clients whose key was revoked; give the others their role."""
        for peer in [p for p in self._peers if p.public_key]:
            grant = allowed.grant(peer.public_key)
            if grant is None:
                self._drop(peer, "revoked", now)
            else:
                peer.client.grant = grant

    def _accept_again(self) -> None:
        self._resume_at = None
        for listener in self._listeners:
            self._selector.register(listener.sock, selectors.EVENT_READ, listener)

    def _watch(self, peer: Peer) -> None:
        """Wait until a peer sends, or reads what waits for it."""
        mask = 0
        if peer in self._peers and not peer.fault:
            mask = selectors.EVENT_READ if peer.is_read else 0
            mask |= selectors.EVENT_WRITE if peer.is_writing else 0
        before = self._watched.pop(peer, 0)
        if mask:
            self._watched[peer] = mask
        if mask == before:
            return
        if not before:
            self._selector.register(peer.sock, mask, peer)
        elif mask:
            self._selector.modify(peer.sock, mask, peer)
        else:
            self._selector.unregister(peer.sock)

    def _remember_name(self, peer: Peer) -> None:
        """Keep the name of a process, for its connections that send no ``hello``."""
        if peer.process.pid and peer.client.name:
            self._names[peer.process.pid] = peer.client.name[:64]
            while len(self._names) > self.limits.connections:
                self._names.pop(next(iter(self._names)))

    def _processes_found(self, found: Mapping[int, Process]) -> None:
        self._found.append(found)
        self.wake()

    def _drop(self, peer: Peer, what: str, now: float, *, ban: bool = False) -> None:
        """Disconnect a peer and record why.

        If its process is not known yet, it is no longer served, and disconnected when it is: its
        system would forget whose connection it was.
        """
        if not peer.is_identified and not peer.fault and what != "connections":
            peer.fault, peer.is_banned = what, ban
            peer.topics = ()
            self._watch(peer)
            return
        process = peer.process
        name = peer.client.name or self._names.get(process.pid, "")
        self._offenders.add(
            Offender(what, peer.name, peer.port, process.pid, process.name, name, 1, now), ban=ban
        )
        self._remove(peer)

    def _remove(self, peer: Peer) -> None:
        if peer in self._peers:
            self._peers -= {peer}
            self._watch(peer)
            peer.close()


def _kind(message: bytes) -> str:
    """Return the kind of a published message."""
    return message[:64].partition(b"\0")[0].partition(b"/")[0].decode("utf-8", "replace")
