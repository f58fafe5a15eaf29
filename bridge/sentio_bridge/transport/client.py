"""ZeroMQ sockets of a client: subscribe and request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import zmq

from sentio_bridge.errors import BridgeError, RequestError
from sentio_bridge.protocol import codec
from sentio_bridge.transport.closing import Closing

SEARCH_GRACE = 8.0
"""Seconds that a sidecar may take beyond the search time of ``devices``."""


class Subscription(Closing):
    """Subscription to the messages of a sidecar.

    Args:
        endpoint: State endpoint of the sidecar.
        topics: Prefixes such as ``b"affect/"``; the default selects all messages.
        token: Password, if the sidecar requires one.
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
        """Return the next message, or None after ``timeout`` seconds."""
        if not self._sub.poll(int(timeout * 1000)):
            return None
        return self._sub.recv()

    def close(self) -> None:
        """Close the socket."""
        self._context.destroy(linger=0)


class Requester(Closing):
    """Sender of control requests, one at a time.

    Args:
        endpoint: Control endpoint of the sidecar.
        token: Password, if the sidecar requires one.
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

    def request(self, op: str, **arguments: Any) -> dict[str, Any]:
        """Send a request and return its reply, which may have ``ok: False``.

        Raises:
            BridgeError: No reply arrived in time.
        """
        return self._exchange(op, arguments, self._timeout)

    def call(self, op: str, **arguments: Any) -> dict[str, Any]:
        """Send a request and return its reply.

        Raises:
            RequestError: The request was refused.
            BridgeError: No reply arrived in time.
        """
        return _accepted(self.request(op, **arguments))

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
        self._id += 1
        extra = {"token": self._token} if self._token else {}
        self._dealer.send(codec.encode_body({"id": self._id, "op": op, **extra, **arguments}))
        while self._dealer.poll(int(timeout * 1000)):
            reply = codec.decode_map(self._dealer.recv_multipart()[-1])
            if reply.get("id") in (self._id, "", None):
                return reply
        raise BridgeError(
            f"no reply from {self._endpoint} within {timeout:g} s",
            "is the sidecar running? start it with: sentio run",
        )

    def close(self) -> None:
        """Close the socket."""
        self._context.destroy(linger=0)


def _accepted(reply: dict[str, Any]) -> dict[str, Any]:
    """Return a reply, or raise the error that it contains."""
    if reply["ok"]:
        return reply
    error = reply["error"]
    raise RequestError(error["code"], error["message"], error["fix"])


def _use_token(sock: zmq.Socket[bytes], token: str | None) -> None:
    if token:
        sock.setsockopt_string(zmq.PLAIN_USERNAME, "sentio")
        sock.setsockopt_string(zmq.PLAIN_PASSWORD, token)
