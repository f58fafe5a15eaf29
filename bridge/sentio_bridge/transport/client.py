"""ZeroMQ sockets of a client: subscribe and request."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

import zmq

from sentio_bridge.errors import BridgeError
from sentio_bridge.protocol import codec


class Subscription:
    """What a client listens with.

    Args:
        endpoint: The sidecar's state endpoint.
        topics: Prefixes such as ``b"affect/"``; none means everything.
        token: Password, where the sidecar asks for one.
        conflate: Keep only the newest message (one topic only).
    """

    def __init__(
        self,
        endpoint: str,
        topics: Sequence[bytes] = (b"",),
        token: str | None = None,
        *,
        conflate: bool = False,
    ) -> None:
        self._context = zmq.Context()
        self._sub = self._context.socket(zmq.SUB)
        self._sub.setsockopt(zmq.LINGER, 0)
        self._sub.setsockopt(zmq.CONFLATE, int(conflate))
        _use_token(self._sub, token)
        for topic in topics:
            self._sub.setsockopt(zmq.SUBSCRIBE, topic)
        self._sub.connect(endpoint)

    def receive(self, timeout: float) -> bytes | None:
        """Return the next message, or None if none came within ``timeout`` seconds."""
        if not self._sub.poll(int(timeout * 1000)):
            return None
        return self._sub.recv()

    def close(self) -> None:
        """Stop listening."""
        self._context.destroy(linger=0)

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


class Requester:
    """What a client asks with, one request at a time.

    Args:
        endpoint: The sidecar's control endpoint.
        token: Where the sidecar asks for one.
        timeout: Seconds to wait for a reply.
    """

    def __init__(self, endpoint: str, token: str | None = None, timeout: float = 2.0) -> None:
        self._context = zmq.Context()
        self._dealer = self._context.socket(zmq.DEALER)
        self._dealer.setsockopt(zmq.LINGER, 0)
        _use_token(self._dealer, token)
        self._dealer.connect(endpoint)
        self._endpoint = endpoint
        self._token = token
        self._timeout = timeout
        self._id = 0

    def ask(self, op: str, **arguments: Any) -> dict[str, Any]:
        """Send a request and return its reply, which may say ``ok: False``.

        Raises:
            BridgeError: No reply came in time.
        """
        self._id += 1
        extra = {"token": self._token} if self._token else {}
        self._dealer.send(codec.encode_body({"id": self._id, "op": op, **extra, **arguments}))
        while self._dealer.poll(int(self._timeout * 1000)):
            reply = codec.decode_map(self._dealer.recv_multipart()[-1])
            if reply.get("id") in (self._id, "", None):
                return reply
        raise BridgeError(
            f"no reply from {self._endpoint} within {self._timeout:g} s",
            "is the sidecar running? start it with: sentio run",
        )

    def close(self) -> None:
        """Hang up."""
        self._context.destroy(linger=0)

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


def _use_token(sock: zmq.Socket[bytes], token: str | None) -> None:
    if token:
        sock.setsockopt_string(zmq.PLAIN_USERNAME, "sentio")
        sock.setsockopt_string(zmq.PLAIN_PASSWORD, token)
