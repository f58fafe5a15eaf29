"""ZeroMQ: the sidecar's two sockets and a client's two; the only place that imports zmq."""

from __future__ import annotations

import logging
import selectors
import socket
import threading
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Self

import zmq
from zmq.auth.thread import ThreadAuthenticator

from sentio_bridge.errors import BridgeError, PortTakenError
from sentio_bridge.protocol import codec

STATE_HWM = 256
"""Messages kept for one slow subscriber (about 3 s at full rate); the rest is dropped."""

HANDSHAKE_MS = 3000
"""A connection that has not finished its greeting by then is closed."""

_DOMAIN = "sentio"
"""ZAP domain of both sockets, and of the passwords: '*' is no wildcard for a named domain."""


class ServerSockets:
    """What the sidecar binds: XPUB for state and events, ROUTER for control.

    Any thread may publish and wake; one thread waits, reads requests and answers them.

    Both sockets have a ZAP domain, with and without a token: libzmq then refuses peers of
    ZMTP 1.0 and 2.0 before it reads a frame. A browser's POST reads as ZMTP 1.0, so without a
    domain any web page could send requests. Without a running authenticator nobody gets in.

    Args:
        state: Endpoint of the state socket, for example ``tcp://127.0.0.1:28700``.
        control: Endpoint of the control socket.
        token: Password that PLAIN clients must give, or None for NULL.

    Raises:
        PortTakenError: Somebody listens there already.
        BridgeError: The endpoint cannot be bound for another reason, or the authenticator does
            not start; nothing is bound then.
    """

    def __init__(self, state: str, control: str, token: str | None = None) -> None:
        self._bell, self._ear = socket.socketpair()
        self._selector = selectors.DefaultSelector()
        self._using = threading.Lock()  # ZeroMQ's sockets are for one thread at a time
        self._context = zmq.Context()
        self._auth = _Authenticator(self._context, token)
        try:
            self._auth.start()
        except (zmq.ZMQError, RuntimeError) as error:
            self.close()
            raise BridgeError(
                f"the authenticator did not start, so nothing is bound: {error}",
                "end other programs, or raise the limits on threads and open files",
            ) from None
        self._xpub = self._context.socket(zmq.XPUB)
        self._xpub.setsockopt(zmq.XPUB_VERBOSE, 1)  # or a second subscriber goes unnoticed
        self._xpub.setsockopt(zmq.SNDHWM, STATE_HWM)
        self._router = self._context.socket(zmq.ROUTER)
        self._router.setsockopt(zmq.MAXMSGSIZE, codec.MAX_REQUEST)
        for sock, endpoint in ((self._xpub, state), (self._router, control)):
            sock.setsockopt(zmq.LINGER, 0)
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
        self._bell.setblocking(False)
        self._ear.setblocking(False)
        # Waiting must not use them for others to publish meanwhile: it watches their own bells.
        for rings in (self._xpub.FD, self._router.FD, self._ear):
            self._selector.register(rings, selectors.EVENT_READ)

    def wake(self) -> None:
        """Make a waiting ``wait`` return; callable from any thread."""
        try:
            self._bell.send(b"\0")
        except (BlockingIOError, OSError):
            pass  # the bell rings already, or we are closing

    def wait(self, seconds: float) -> None:
        """Sleep until a client says something, ``wake`` is called or ``seconds`` have passed."""
        with self._using:
            if _waits(self._xpub) or _waits(self._router):
                return
        for key, _ in self._selector.select(max(0.0, seconds)):
            if key.fileobj is self._ear:
                try:
                    self._ear.recv(4096)
                except BlockingIOError:
                    pass

    def publish(self, *messages: bytes) -> None:
        """Send whole messages to whoever subscribed; never blocks; nothing once closed."""
        with self._using:
            if self._context.closed:
                return
            for message in messages:
                try:
                    self._xpub.send(message, zmq.NOBLOCK)
                except zmq.Again:
                    pass  # XPUB drops for full subscribers by itself
            told = _waits(self._xpub)
        if told:
            self.wake()  # sending has swallowed the ring of a new subscriber

    def subscriptions(self) -> list[tuple[bool, bytes]]:
        """Return what subscribers asked for since last time: (subscribed, prefix)."""
        notes = []
        with self._using:
            while _waits(self._xpub):
                notes.append(self._xpub.recv(zmq.NOBLOCK))
        return [(note[0] == 1, note[1:]) for note in notes if note[:1] in (b"\x00", b"\x01")]

    def requests(self, most: int = 64) -> Iterator[tuple[Sequence[bytes], bytes]]:
        """Yield up to ``most`` waiting requests as (envelope, body)."""
        for _ in range(most):
            if not _waits(self._router):
                return
            parts = self._router.recv_multipart(zmq.NOBLOCK)
            # DEALER: identity, body. REQ: identity, empty, body.
            if len(parts) in (2, 3):
                yield parts[:-1], parts[-1]

    def reply(self, envelope: Sequence[bytes], body: bytes) -> None:
        """Answer one request."""
        try:
            self._router.send_multipart([*envelope, body], zmq.NOBLOCK)
        except zmq.ZMQError:
            pass  # the client has gone or does not read

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Close both sockets at once, as often as asked; unsent messages are dropped."""
        self._auth.stop()
        with self._using:
            self._selector.close()
            for end in (self._bell, self._ear):
                end.close()
            self._context.destroy(linger=0)


def _waits(sock: zmq.Socket[bytes]) -> bool:
    """Tell whether a message waits: asking costs a tenth of trying and failing to receive."""
    return bool(int(sock.getsockopt(zmq.EVENTS)) & zmq.POLLIN)


class _Authenticator(ThreadAuthenticator):
    """Says who may connect to the sockets of one context, from a thread of its own.

    Args:
        context: Of the sockets.
        token: Password of PLAIN clients; None where NULL clients are served.
    """

    def __init__(self, context: zmq.Context[zmq.Socket[bytes]], token: str | None) -> None:
        log = logging.getLogger(f"{__name__}.authenticator")
        log.setLevel(logging.INFO)  # at DEBUG the base class writes passwords down
        super().__init__(context, log=log)
        if token:
            self.configure_plain(domain=_DOMAIN, passwords={"sentio": token})

    def stop(self) -> None:
        """End the thread and close its sockets, as often as asked."""
        if self.pipe is not None and not self.is_alive():
            # The base class would wait for ever to send to a thread that has ended.
            self.pipe.close()
            self.pipe = None  # type: ignore[assignment]  # as the base class does
        super().stop()
