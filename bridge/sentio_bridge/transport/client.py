"""ZeroMQ sockets of a client: subscribe and request."""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import Any

import zmq

from sentio_bridge.errors import BridgeError, RequestError
from sentio_bridge.protocol import codec
from sentio_bridge.transport import tokens
from sentio_bridge.transport.client_keys import KeyPair, configured_keys
from sentio_bridge.transport.closing import Closing
from sentio_bridge.transport.event_gaps import EventGaps
from sentio_bridge.transport.inbox import Inbox

SEARCH_GRACE = 8.0
"""Seconds that a sidecar may take beyond the search time of ``devices``."""

TOKEN_CHECK = 0.5
"""Seconds between looks at the token file while nothing arrives: a sidecar that has restarted has
a new token."""

MAX_DRAINED = 10_000
"""Maximum number of messages that one ``receive`` reads from the socket."""

HANDSHAKE_MS = 3000
"""Milliseconds until an unfinished handshake is tried again."""


_REFUSALS = zmq.EVENT_HANDSHAKE_FAILED_AUTH | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL
"""Events of a socket whose token is refused."""


class _Connection(Closing):
    """A socket that connects with the newest token.

    Args:
        endpoint: Endpoint of the sidecar.
        token: Token; None for that of the environment or of the token file.
        open_: Creates the socket, not yet connected.
        keys: Keys for a sidecar on another machine; None for those of ``SENTIO_KEY_FILE``.
    """

    def __init__(
        self,
        endpoint: str,
        token: str | None,
        open_: Callable[[zmq.Context[zmq.Socket[bytes]]], zmq.Socket[bytes]],
        keys: KeyPair | None = None,
    ) -> None:
        self._keys = keys or configured_keys(endpoint)
        self._endpoint = endpoint
        self._fixed = token or os.environ.get(tokens.VARIABLE) or None
        self._open = open_
        self._context = zmq.Context()
        self._monitor: zmq.Socket[bytes] | None = None
        self._refused = False
        self._token = self._newest()
        self.socket = self._connected()

    @property
    def refused(self) -> bool:
        """Whether the sidecar has refused the newest token."""
        self._read_monitor()
        return self._refused

    def refresh(self) -> bool:
        """Connect again if the token has changed; return whether it has."""
        token = self._newest()
        if token == self._token:
            return False
        self._token = token
        self._refused = False
        self.socket.close(linger=0)
        self._end_monitor()
        self.socket = self._connected()
        return True

    def poll(self, timeout: float) -> bool:
        """Wait for a message; return False after the timeout, or if it reconnects."""
        end = time.monotonic() + timeout
        while True:
            rest = end - time.monotonic()
            if self.socket.poll(max(0, int(min(rest, TOKEN_CHECK) * 1000))):
                return True
            self._read_monitor()
            if self.refresh() or rest <= TOKEN_CHECK:
                return False

    def close(self) -> None:
        """Close the socket."""
        self._context.destroy(linger=0)

    def _read_monitor(self) -> None:
        """Read the refusals: libzmq stops connecting when some 2,000 of them wait."""
        while self._monitor is not None and self._monitor.poll(0):
            self._monitor.recv_multipart()
            self._refused = True

    def _end_monitor(self) -> None:
        if self._monitor is not None:
            self._monitor.close(linger=0)
            self._monitor = None

    def _newest(self) -> str:
        return self._fixed or tokens.find(self._endpoint)

    def _connected(self) -> zmq.Socket[bytes]:
        socket = self._open(self._context)
        self._monitor = socket.get_monitor_socket(_REFUSALS)
        socket.setsockopt(zmq.LINGER, 0)
        socket.setsockopt(zmq.HANDSHAKE_IVL, HANDSHAKE_MS)
        if self._keys is not None:
            socket.curve_serverkey = self._keys.server.encode()
            socket.curve_publickey = self._keys.public.encode()
            socket.curve_secretkey = self._keys.secret.encode()
        elif self._token:
            socket.setsockopt_string(zmq.PLAIN_USERNAME, "sentio")
            socket.setsockopt_string(zmq.PLAIN_PASSWORD, self._token)
        socket.connect(self._endpoint)
        return socket


class Subscription(Closing):
    """Subscription to the messages of a sidecar.

    A program that reads more slowly than the sidecar sends receives the newest frame, detail and
    health, and every event; states in between are left out. With ``backlog`` it receives every
    message in order, and falls behind.

    Args:
        endpoint: State endpoint of the sidecar.
        topics: Prefixes such as ``b"affect/"``; the default selects all messages.
        token: Token; None for that of ``SENTIO_TOKEN`` or of the user's token file.
        backlog: Receive every message, for programs that record or count.
        keys: Keys for a sidecar on another machine; None for those of ``SENTIO_KEY_FILE``.
    """

    def __init__(
        self,
        endpoint: str,
        topics: Sequence[bytes] = (b"",),
        token: str | None = None,
        *,
        backlog: bool = False,
        keys: KeyPair | None = None,
    ) -> None:
        def open_(context: zmq.Context[zmq.Socket[bytes]]) -> zmq.Socket[bytes]:
            sub = context.socket(zmq.SUB)
            for topic in topics:
                sub.setsockopt(zmq.SUBSCRIBE, topic)
            return sub

        self._connection = _Connection(endpoint, token, open_, keys)
        self._inbox = None if backlog else Inbox()
        self._gaps = EventGaps(topics)

    @property
    def missed_events(self) -> int:
        """Number of events that were sent but not received.

        Such as those sent while the connection was cut; it rises with the next event after them.
        0 for a subscription that selects only some events. On another machine it also counts
        those that are not shared.
        """
        return self._gaps.missed

    def receive(self, timeout: float) -> bytes | None:
        """Return the next message, or None after ``timeout`` seconds."""
        message = self._next(timeout)
        if message is not None:
            self._gaps.note(message)
        return message

    def _next(self, timeout: float) -> bytes | None:
        if self._inbox is not None:
            self._drain(self._inbox)
            waiting = self._inbox.take()
            if waiting is not None:
                return waiting
        end = time.monotonic() + timeout
        while True:
            if self._connection.poll(max(0.0, end - time.monotonic())):
                return self._connection.socket.recv()
            if time.monotonic() >= end:
                return None

    @property
    def refused(self) -> bool:
        """Whether the sidecar has refused the token; nothing arrives then."""
        return self._connection.refused

    def _drain(self, inbox: Inbox) -> None:
        """Move at most ``MAX_DRAINED`` messages from the socket to the inbox."""
        for _ in range(MAX_DRAINED):
            try:
                inbox.put(self._connection.socket.recv(zmq.NOBLOCK))
            except zmq.Again:
                return

    def close(self) -> None:
        """Close the socket."""
        self._connection.close()


class Requester(Closing):
    """Sender of control requests, one at a time.

    Args:
        endpoint: Control endpoint of the sidecar.
        token: Token; None for that of ``SENTIO_TOKEN`` or of the user's token file.
        timeout: Seconds to wait for a reply.
        keys: Keys for a sidecar on another machine; None for those of ``SENTIO_KEY_FILE``.
    """

    def __init__(
        self,
        endpoint: str,
        token: str | None = None,
        timeout: float = 2.0,
        *,
        keys: KeyPair | None = None,
    ) -> None:
        def open_(context: zmq.Context[zmq.Socket[bytes]]) -> zmq.Socket[bytes]:
            return context.socket(zmq.DEALER)

        self._connection = _Connection(endpoint, token, open_, keys)
        self._endpoint = endpoint
        self._timeout = timeout
        self._id = 0

    def call(self, op: str, **arguments: Any) -> dict[str, Any]:
        """Send a request and return its reply.

        Raises:
            RequestError: The request was refused.
            BridgeError: No reply arrived in time.
        """
        return _accepted(self.try_call(op, **arguments))

    def try_call(self, op: str, **arguments: Any) -> dict[str, Any]:
        """Send a request and return its reply; a refusal has ``ok: False`` and ``error``.

        Raises:
            BridgeError: No reply arrived in time.
        """
        return self._exchange(op, arguments, self._timeout)

    def request(self, op: str, **arguments: Any) -> dict[str, Any]:
        """Send a request; the former name of ``try_call``, to be removed."""
        warnings.warn("Requester.request: use try_call", DeprecationWarning, stacklevel=2)
        return self.try_call(op, **arguments)

    def ask(self, op: str, **arguments: Any) -> dict[str, Any]:
        """Send a request; the first name of ``try_call``, to be removed."""
        warnings.warn("Requester.ask: use try_call", DeprecationWarning, stacklevel=2)
        return self.try_call(op, **arguments)

    def devices(self, types: Sequence[str] = (), seconds: float = 2.0) -> list[dict[str, Any]]:
        """Return the devices that the sidecar finds on its machine; it opens none.

        Args:
            types: Source types to search, such as ``camera``; empty for all.
            seconds: Search time, 0 to 10.

        Returns:
            A map for each device (PROTOCOL.md, section 6).

        Raises:
            RequestError: A type is unknown.
            BridgeError: No reply arrived in time.
        """
        arguments = {"types": list(types), "seconds": seconds}
        reply = self._exchange("devices", arguments, self._timeout + seconds + SEARCH_GRACE)
        found: list[dict[str, Any]] = _accepted(reply)["devices"]
        return found

    def shutdown(self, reason: str = "") -> None:
        """End the sidecar; return when it has accepted the request.

        Raises:
            RequestError: The request was refused.
            BridgeError: No reply arrived in time.
        """
        self.call("shutdown", reason=reason)

    def _exchange(self, op: str, arguments: Mapping[str, Any], timeout: float) -> dict[str, Any]:
        wrong = _not_finite(arguments.get("values"))
        if wrong is not None:  # the encoder leaves out what is unknown, and null releases an entry
            message = f"values: {wrong} is not a finite number"
            fix = f"send a number for {wrong}, or None to release it"
            return {"ok": False, "error": {"code": "bad_argument", "message": message, "fix": fix}}
        self._id += 1
        body = codec.encode_body({"id": self._id, "op": op, **arguments})
        self._connection.refresh()
        self._connection.socket.send(body)
        socket = self._connection.socket
        end = time.monotonic() + timeout
        while (rest := end - time.monotonic()) > 0:
            if self._connection.poll(rest):
                reply = codec.decode_map(self._connection.socket.recv_multipart()[-1])
                if reply.get("id") not in (self._id, "", None):
                    continue
                # It may have been sent before the sidecar wrote its token.
                if _is_unauthorised(reply) and self._connection.refresh():
                    socket = self._connection.socket
                    socket.send(body)
                    continue
                return reply
            elif socket is not self._connection.socket:  # the sidecar has restarted
                socket = self._connection.socket
                socket.send(body)
        raise BridgeError(
            f"no reply from {self._endpoint} within {timeout:g} s",
            "is the sidecar running? start it with: sentio run; with other ports: --control PORT",
        )

    def close(self) -> None:
        """Close the socket."""
        self._connection.close()


def _not_finite(values: object) -> str | None:
    """Return the first name of a map whose number is NaN or infinite, else None."""
    named = values.items() if isinstance(values, Mapping) else ()
    return next((str(k) for k, v in named if isinstance(v, float) and not isfinite(v)), None)


def _accepted(reply: dict[str, Any]) -> dict[str, Any]:
    """Return a reply, or raise the error that it contains."""
    if reply["ok"]:
        return reply
    error = reply["error"]
    raise RequestError(error["code"], error["message"], error["fix"])


def _is_unauthorised(reply: Mapping[str, Any]) -> bool:
    return not reply["ok"] and reply["error"]["code"] == "unauthorised"
