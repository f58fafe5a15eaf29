"""Limits of the sockets for one client and for all, and a token bucket; no I/O."""

from __future__ import annotations

from dataclasses import dataclass

from sentio_bridge.protocol import codec


@dataclass(frozen=True, slots=True)
class SocketLimits:
    """Limits of one connection to one of the two sockets.

    Attributes:
        frame: Largest frame, bytes.
        frames: Frames (messages and commands) received at once.
        frames_per_second: Frames received in the long run.
        data: Bytes received at once.
        data_per_second: Bytes received in the long run.
        queue: Messages that wait to be sent; more are dropped, except for events.
        queue_bytes: Bytes that wait to be sent; for a subscriber half of them for events alone.
    """

    frame: int
    frames: float
    frames_per_second: float
    data: float
    data_per_second: float
    queue: int
    queue_bytes: int


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of all connections.

    Attributes:
        connections: Connections to both sockets.
        per_process: Connections of one process.
        unidentified: Connections whose process is not known yet.
        handshake: Seconds until a connection without a finished handshake is closed.
        subscriptions: Topics of one subscriber.
        ban: Seconds for which a process that exceeded a limit may not connect again.
        waiting: Requests that wait to be handled, of all clients; more stay in the network.
        accepts: Connections accepted at once; more wait in the network.
        accepts_per_second: Connections accepted in the long run.
        state: The state socket.
        control: The control socket.
    """

    connections: int = 128
    per_process: int = 32
    unidentified: int = 64
    handshake: float = 3.0
    subscriptions: int = 64
    ban: float = 10.0
    waiting: int = 256
    accepts: float = 64
    accepts_per_second: float = 100
    state: SocketLimits = SocketLimits(1024, 512, 50, 65_536, 16_384, 256, 2_097_152)
    control: SocketLimits = SocketLimits(
        codec.MAX_REQUEST, 1000, 400, 4_194_304, 2_097_152, 64, 2_097_152
    )


class TokenBucket:
    """Bucket that permits bursts and a lower rate in the long run.

    Args:
        capacity: Largest burst.
        per_second: Refill.
        now: Time, seconds.
    """

    def __init__(self, capacity: float, per_second: float, now: float) -> None:
        self._capacity = capacity
        self._per_second = per_second
        self._level = capacity
        self._at = now

    def take(self, amount: float, now: float) -> bool:
        """Take an amount; return False, taking nothing, if it is not there."""
        self._level = min(self._capacity, self._level + (now - self._at) * self._per_second)
        self._at = now
        if amount > self._level:
            return False
        self._level -= amount
        return True

    def give(self, amount: float) -> None:
        """Return an amount that was not used."""
        self._level = min(self._capacity, self._level + amount)
