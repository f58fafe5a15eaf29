"""Connections of the server: who is admitted, watched, named and disconnected."""

from __future__ import annotations

import selectors
import socket
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sentio_bridge.protocol.roles import Access
from sentio_bridge.transport.allow_list import AllowList
from sentio_bridge.transport.limits import Limits, TokenBucket
from sentio_bridge.transport.offenders import Offender, Offenders
from sentio_bridge.transport.peer import Peer
from sentio_bridge.transport.processes import Process, ProcessFinder
from sentio_bridge.transport.remote import Listener

PING_AFTER, SILENT_AFTER = 2.0, 20.0
"""Seconds without bytes until a PING is sent, and without an answer until the peer is closed.

A game that is stopped for some seconds keeps its connection, and so its events.
"""

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

HOLD, HELD = 1.0, 8
"""Seconds for which a connection of a banned process stays open, and how many of one process.

Nothing of it is read: a program that floods then waits, instead of connecting again at once.
"""


class Connections:
    """Accepted connections, kept within their limits; used by the thread that waits.

    Attributes:
        peers: Replaced at each change, so that other threads read it without a lock.
        stalled: Peers with bytes that began to wait; other threads add to it, then wake.

    Args:
        listeners: Listening sockets; ``close`` closes them.
        access: Tokens and their roles.
        limits: Limits of connections.
        selector: Where listeners and peers are registered.
        wake: Makes the waiting thread call ``turn``; called from another thread.
        allowed: Keys of clients on other machines, or None.
        now: Time, seconds.
    """

    def __init__(
        self,
        listeners: Sequence[Listener],
        access: Access,
        limits: Limits,
        selector: selectors.BaseSelector,
        wake: Callable[[], None],
        allowed: AllowList | None,
        now: float,
    ) -> None:
        self.peers: frozenset[Peer] = frozenset()
        self.stalled: set[Peer] = set()
        self._listeners = listeners
        self._access = access
        self._limits = limits
        self._selector = selector
        self._wake = wake
        self._allowed = allowed
        self._watched: dict[Peer, int] = {}
        self._found: deque[Mapping[int, Process]] = deque()
        self._offenders = Offenders(limits.ban)
        self._names: dict[int, str] = {}
        self._tick_at = 0.0
        self._resume_at: float | None = None
        self._accepts = TokenBucket(limits.accepts, limits.accepts_per_second, now)
        self._finder = ProcessFinder(self._processes_found)
        self._accept_again()

    def turn(self, now: float) -> None:
        """Do what is due without an event: found processes, timeouts, stalled peers."""
        while self._found:
            self._identify(self._found.popleft(), now)
        if now >= self._tick_at:
            self._tick_at = now + TICK
            self._tick(now)
        if self._resume_at is not None and now >= self._resume_at:
            self._accept_again()
        while self.stalled:
            self.watch(self.stalled.pop())

    def offenders(self, now: float) -> list[Mapping[str, Any]]:
        """Return who was disconnected and why, for `health`; the newest first."""
        return self._offenders.report(now)

    def end(self) -> None:
        """Close every connection and listener."""
        for peer in self.peers:
            peer.close()
        self.peers = frozenset()
        for listener in self._listeners:
            listener.sock.close()

    def close(self) -> None:
        """End the search for processes."""
        self._finder.close()

    def accept(self, listener: Listener, now: float) -> None:
        """Accept connections that wait at a listener, as many as the limits permit."""
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
        limits = self._limits.state if name == "state" else self._limits.control
        try:
            peer = Peer(sock, name, self._access, limits, self._limits.subscriptions, now, remote)
        except OSError:  # it has disconnected
            sock.close()
            return
        self.peers |= {peer}
        if remote is None:
            self._finder.find(peer.port)
            # A banned process comes again; it is not read, and costs little, until it is known.
            peer.is_read = not self._offenders.is_any_banned(now)
        if peer.is_read:
            peer.greet()
        self.watch(peer)
        unidentified = sum(not other.is_identified for other in self.peers)
        if len(self.peers) > self._limits.connections:
            self.drop(self._superfluous(), "connections", now)
        elif unidentified > self._limits.unidentified:
            self.drop(peer, "connections", now)
        elif remote is not None and self._of_address(peer.address) > self._limits.per_process:
            self.drop(peer, "connections", now)

    def _of_address(self, address: str) -> int:
        """Return the number of connections from another machine."""
        return sum(peer.is_remote and peer.address == address for peer in self.peers)

    def _superfluous(self) -> Peer:
        """Return the newest connection of the process that has most."""
        counts: dict[int, int] = {}
        for peer in self.peers:
            counts[peer.process.pid] = counts.get(peer.process.pid, 0) + 1
        return max(self.peers, key=lambda peer: (counts[peer.process.pid], peer.opened))

    def _identify(self, found: Mapping[int, Process], now: float) -> None:
        """Add the processes of connections; disconnect those of banned and greedy ones."""
        for port, process in found.items():
            self._offenders.identified(port, process.pid, process.name)
        for peer in [p for p in self.peers if not p.is_identified and p.port in found]:
            peer.is_identified = True
            process = peer.process = found[peer.port]
            if peer.fault:
                self.drop(peer, peer.fault, now, ban=peer.is_banned)
                continue
            if process.pid:
                peer.client.key = process.pid
                alike = sum(other.process.pid == process.pid for other in self.peers)
                if self._offenders.is_banned(process.pid, now):
                    self._hold(peer, now)
                    continue
                if alike > self._limits.per_process:
                    self.drop(peer, "connections", now, ban=True)
                    continue
            if not peer.is_read:
                peer.is_read, peer.opened = True, now
                peer.greet()
                self.watch(peer)

    def _tick(self, now: float) -> None:
        if self._allowed is not None and self._allowed.changed():
            self._check_keys(self._allowed, now)
        for peer in list(self.peers):
            if peer.held_until is not None:
                if now >= peer.held_until:
                    self.remove(peer)
            elif peer.fault:
                if now - peer.received > UNKNOWN_AFTER:
                    peer.is_identified = True
                    self.drop(peer, peer.fault, now)
            elif not peer.is_open:
                if peer.is_read and now - peer.opened > self._limits.handshake:
                    self.drop(peer, "handshake", now)
            elif peer.pinged is not None:
                if now - peer.pinged > SILENT_AFTER:
                    self.drop(peer, "silent", now)
            elif now - peer.received > PING_AFTER:
                peer.ping(now)
                self.watch(peer)

    def _accept_no_more(self, until: float) -> None:
        self._resume_at = until
        for listener in self._listeners:
            self._selector.unregister(listener.sock)

    def _check_keys(self, allowed: AllowList, now: float) -> None:
        """Disconnect clients whose key was revoked; give the others their role."""
        for peer in [p for p in self.peers if p.public_key]:
            grant = allowed.grant(peer.public_key)
            if grant is None:
                self.drop(peer, "revoked", now)
            else:
                peer.client.grant = grant

    def _accept_again(self) -> None:
        self._resume_at = None
        for listener in self._listeners:
            self._selector.register(listener.sock, selectors.EVENT_READ, listener)

    def watch(self, peer: Peer) -> None:
        """Wait until a peer sends, or reads what waits for it."""
        mask = 0
        if peer in self.peers and not peer.fault:
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

    def remember_name(self, peer: Peer) -> None:
        """Keep the name of a process, for its connections that send no ``hello``."""
        if peer.process.pid and peer.client.name:
            self._names[peer.process.pid] = peer.client.name[:64]
            while len(self._names) > self._limits.connections:
                self._names.pop(next(iter(self._names)))

    def _processes_found(self, found: Mapping[int, Process]) -> None:
        self._found.append(found)
        self._wake()

    def drop(self, peer: Peer, what: str, now: float, *, ban: bool = False) -> None:
        """Disconnect a peer and record why.

        If its process is not known yet, it is no longer served, and disconnected when it is: its
        system would forget whose connection it was.
        """
        if not peer.is_identified and not peer.fault and what != "connections":
            peer.fault, peer.is_banned = what, ban
            peer.topics = ()
            self.watch(peer)
            return
        peer.fault = what
        self._record(peer, what, now, ban=ban)
        self.remove(peer)

    def _hold(self, peer: Peer, now: float) -> None:
        """Record a connection of a banned process; disconnect it later."""
        held = sum(
            p.held_until is not None and p.process.pid == peer.process.pid for p in self.peers
        )
        peer.fault = "banned"
        self._record(peer, peer.fault, now, ban=False)
        if held >= HELD:
            self.remove(peer)
            return
        peer.held_until = now + HOLD
        self.watch(peer)

    def _record(self, peer: Peer, what: str, now: float, *, ban: bool) -> None:
        process = peer.process
        name = peer.client.name or self._names.get(process.pid, "")
        self._offenders.add(
            Offender(what, peer.name, peer.port, process.pid, process.name, name, 1, now), ban=ban
        )

    def remove(self, peer: Peer) -> None:
        """Disconnect a peer, if it is connected."""
        if peer in self.peers:
            self.peers -= {peer}
            self.watch(peer)
            peer.close()
