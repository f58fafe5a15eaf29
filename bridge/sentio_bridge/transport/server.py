"""ZeroMQ sockets of the sidecar: state and control."""

from __future__ import annotations

import logging
import selectors
import socket
import threading
from collections.abc import Iterator, Sequence

import zmq
from zmq.auth.thread import ThreadAuthenticator

from sentio_bridge.errors import BridgeError, PortTakenError
from sentio_bridge.protocol import codec
from sentio_bridge.transport.closing import Closing

STATE_HWM = 256
"""Messages queued for one slow subscriber (about 3 s at full rate); more are dropped."""

HANDSHAKE_MS = 3000
"""Milliseconds after which a connection without a finished handshake is closed."""

REPLY_LINGER_MS = 200
"""Milliseconds to send the last replies, such as that to ``shutdown``."""

_DOMAIN = "sentio"
"""ZAP domain of both sockets, and of the passwords: '*' does not match a named domain."""


class ServerSockets(Closing):
    """The sidecar's sockets: XPUB for state and events, ROUTER for control.

    Any thread may call ``publish`` and ``wake``; one thread waits, reads requests and replies.

    Both sockets have a ZAP domain, with and without a token: libzmq then refuses peers of
    ZMTP 1.0 and 2.0 before it reads a frame. A browser's POST reads as ZMTP 1.0, so without a
    domain any web page could send requests. Without a running authenticator all peers are refused.

    Args:
        state: Endpoint of the state socket, for example ``tcp://127.0.0.1:28700``.
        control: Endpoint of the control socket.
        token: Password required of PLAIN clients, or None for NULL clients.

    Raises:
        PortTakenError: An endpoint is already in use.
        BridgeError: The endpoint cannot be bound for another reason, or the authenticator does
            not start; nothing is bound then.
    """

    def __init__(self, state: str, control: str, token: str | None = None) -> None:
        self._wake_tx, self._wake_rx = socket.socketpair()
        self._selector = selectors.DefaultSelector()
        self._lock = threading.Lock()  # a ZeroMQ socket must be used by one thread at a time
        self._context = zmq.Context()
        self._auth = _Authenticator(self._context, token)
        try:
            self._auth.start()
        except (zmq.ZMQError, RuntimeError) as error:
            self.close()
            raise BridgeError(
                f"the authenticator did not start, so nothing is bound: {error}",
                "close other programs, or raise the limits on threads and open files",
            ) from None
        self._xpub = self._context.socket(zmq.XPUB)
        self._xpub.setsockopt(zmq.XPUB_VERBOSE, 1)  # report a second subscriber, too
        self._xpub.setsockopt(zmq.SNDHWM, STATE_HWM)
        self._router = self._context.socket(zmq.ROUTER)
        self._router.setsockopt(zmq.MAXMSGSIZE, codec.MAX_REQUEST)
        self._xpub.setsockopt(zmq.LINGER, 0)
        self._router.setsockopt(zmq.LINGER, REPLY_LINGER_MS)
        for sock, endpoint in ((self._xpub, state), (self._router, control)):
            sock.setsockopt(zmq.HANDSHAKE_IVL, HANDSHAKE_MS)
            sock.setsockopt(zmq.HEARTBEAT_IVL, 2000)
            sock.setsockopt(zmq.HEARTBEAT_TIMEOUT, 5000)
            sock.setsockopt_string(zmq.ZAP_DOMAIN, _DOMAIN)
            sock.setsockopt(zmq.ZAP_ENFORCE_DOMAIN, 1)  # no authenticator: no client
            if token:
                sock.setsockopt(zmq.PLAIN_SERVER, 1)
            try:
                sock.bind(endpoint)
            except zmq.ZMQError as error:
                self.close()
                if error.errno == zmq.EADDRINUSE:
                    raise PortTakenError(
                        f"{endpoint} is in use", "another sidecar may be running"
                    ) from None
                raise BridgeError(f"cannot bind {endpoint}: {error}") from None
        self.state_endpoint = self._xpub.getsockopt_string(zmq.LAST_ENDPOINT)
        self.control_endpoint = self._router.getsockopt_string(zmq.LAST_ENDPOINT)
        self._wake_tx.setblocking(False)
        self._wake_rx.setblocking(False)
        # Wait on file descriptors: using the sockets would block threads that publish.
        for readable in (self._xpub.FD, self._router.FD, self._wake_rx):
            self._selector.register(readable, selectors.EVENT_READ)

    def wake(self) -> None:
        """Make a waiting ``wait`` return; callable from any thread."""
        try:
            self._wake_tx.send(b"\0")
        except (BlockingIOError, OSError):
            pass  # already woken, or closing

    def wait(self, seconds: float) -> None:
        """Wait for a client's message, a call of ``wake``, or ``seconds``."""
        with self._lock:
            if _has_message(self._xpub) or _has_message(self._router):
                return
        for key, _ in self._selector.select(max(0.0, seconds)):
            if key.fileobj is self._wake_rx:
                try:
                    self._wake_rx.recv(4096)
                except BlockingIOError:
                    pass

    def publish(self, *messages: bytes) -> None:
        """Send messages to the subscribers without blocking; do nothing once closed."""
        with self._lock:
            if self._context.closed:
                return
            for message in messages:
                try:
                    self._xpub.send(message, zmq.NOBLOCK)
                except zmq.Again:
                    pass  # XPUB drops messages of full subscribers
            pending = _has_message(self._xpub)
        if pending:
            self.wake()  # send() may have consumed the edge-triggered event of a subscription

    def subscriptions(self) -> list[tuple[bool, bytes]]:
        """Return the changes of subscriptions since the last call: (subscribed, prefix)."""
        notes = []
        with self._lock:
            while _has_message(self._xpub):
                notes.append(self._xpub.recv(zmq.NOBLOCK))
        return [(note[0] == 1, note[1:]) for note in notes if note[:1] in (b"\x00", b"\x01")]

    def requests(self, limit: int = 64) -> Iterator[tuple[Sequence[bytes], bytes]]:
        """Yield up to ``limit`` waiting requests as (envelope, body)."""
        for _ in range(limit):
            if not _has_message(self._router):
                return
            parts = self._router.recv_multipart(zmq.NOBLOCK)
            # DEALER: identity, body. REQ: identity, empty, body.
            if len(parts) in (2, 3):
                yield parts[:-1], parts[-1]

    def reply(self, envelope: Sequence[bytes], body: bytes) -> None:
        """Send the reply to one request."""
        try:
            self._router.send_multipart([*envelope, body], zmq.NOBLOCK)
        except zmq.ZMQError:
            pass  # the client has disconnected or does not read

    def close(self) -> None:
        """Close both sockets; replies are sent within 0.2 s, the rest is dropped.

        May be called twice.
        """
        self._auth.stop()
        with self._lock:
            self._selector.close()
            for end in (self._wake_tx, self._wake_rx):
                end.close()
            self._context.destroy()


def _has_message(sock: zmq.Socket[bytes]) -> bool:
    """Return whether a message waits, at a tenth of the cost of a failed receive."""
    return bool(int(sock.getsockopt(zmq.EVENTS)) & zmq.POLLIN)


class _Authenticator(ThreadAuthenticator):
    """Authenticator of the clients of one context, on its own thread.

    Args:
        context: Context of the sockets.
        token: Password of PLAIN clients; None to accept NULL clients.
    """

    def __init__(self, context: zmq.Context[zmq.Socket[bytes]], token: str | None) -> None:
        log = logging.getLogger(f"{__name__}.authenticator")
        log.setLevel(logging.INFO)  # at DEBUG the base class logs passwords
        super().__init__(context, log=log)
        if token:
            self.configure_plain(domain=_DOMAIN, passwords={"sentio": token})

    def stop(self) -> None:
        """End the thread and close its sockets; may be called twice."""
        if self.pipe is not None and not self.is_alive():
            # The base class would wait forever for a thread that has ended.
            self.pipe.close()
            self.pipe = None  # type: ignore[assignment]  # as the base class does
        super().stop()
