"""Requests in, replies out, exactly one each; a request that fails changes nothing; no I/O."""

from __future__ import annotations

import hmac
from collections import deque
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

import msgspec

from sentio_bridge.errors import RequestError, WireError
from sentio_bridge.protocol import codec
from sentio_bridge.protocol.requests import OPERATIONS, Request

REQUESTS_PER_SECOND = 200
"""What one client may ask for; a headset sends 90 inputs a second."""

MAX_CLIENTS = 256
"""Clients whose rate is remembered; the longest silent is forgotten first."""

Handler = Callable[[Any, float], Mapping[str, Any]]
"""Carries out one checked request at a time (LSL clock) and returns the reply's own keys."""


class Dispatcher:
    """Checks requests, hands them to their handlers and words the replies.

    Args:
        handlers: One for each operation that this sidecar offers.
        token: What every request must carry, or None where none is asked for.
        done: Told of every request that was carried out.
    """

    def __init__(
        self,
        handlers: Mapping[str, Handler],
        token: str | None = None,
        done: Callable[[Mapping[str, Any], float], None] = lambda _request, _now: None,
    ) -> None:
        self._handlers = dict(handlers)
        self._done = done
        self._token = token
        self._recent: dict[bytes, deque[float]] = {}
        self.rejected = 0

    def handle(self, body: bytes, client: bytes, now: float) -> bytes:
        """Answer one request; never raises for what a client sent.

        Args:
            body: The request's bytes.
            client: Who asks, for the rate limit.
            now: LSL clock, seconds.
        """
        id_: int | str = ""
        try:
            self._limit(client, now)
            request = codec.decode_map(body)
            id_ = _checked_id(request)
            self._authorise(request)
            reply = self._dispatch(request, now)
            self._done(request, now)
        except WireError as error:
            self.rejected += 1
            problem = {"code": error.code, "message": error.what, "fix": error.fix}
            return codec.encode_body({"id": id_, "ok": False, "error": problem})
        except Exception as error:  # a defect of ours must not take the sidecar down
            self.rejected += 1
            problem = {"code": "failed", "message": f"{type(error).__name__}: {error}", "fix": ""}
            return codec.encode_body({"id": id_, "ok": False, "error": problem})
        return codec.encode_body({"id": id_, "ok": True, **reply})

    def _dispatch(self, request: Mapping[str, Any], now: float) -> Mapping[str, Any]:
        op = request.get("op")
        kind = OPERATIONS.get(op) if isinstance(op, str) else None
        if kind is None or not isinstance(op, str):
            near = get_close_matches(str(op), OPERATIONS, 1)
            raise RequestError(
                "unknown_op", f"op {op!r} is unknown", f"did you mean {near[0]!r}?" if near else ""
            )
        try:
            arguments: Request = msgspec.convert(request, kind)
        except msgspec.ValidationError as error:
            raise RequestError("bad_argument", f"{op}: {error}") from None
        handler = self._handlers.get(op)
        if handler is None:
            raise RequestError("refused", f"{op} is not offered by this sidecar")
        return handler(arguments, now)

    def _authorise(self, request: Mapping[str, Any]) -> None:
        if self._token is None:
            return
        given = request.get("token")
        if not isinstance(given, str) or not hmac.compare_digest(
            given.encode(), self._token.encode()
        ):
            raise RequestError(
                "unauthorised",
                "the token is missing or wrong",
                "set the client's token to the one in the sidecar's configuration",
            )

    def _limit(self, client: bytes, now: float) -> None:
        recent = self._recent.pop(client, None) or deque(maxlen=REQUESTS_PER_SECOND)
        self._recent[client] = recent  # the newest client is last
        while len(self._recent) > MAX_CLIENTS:
            self._recent.pop(next(iter(self._recent)))
        if len(recent) == REQUESTS_PER_SECOND and now - recent[0] < 1.0:
            raise RequestError(
                "busy", f"over {REQUESTS_PER_SECOND} requests in a second", "ask less often"
            )
        recent.append(now)


def _checked_id(request: Mapping[str, Any]) -> int | str:
    id_ = request.get("id")
    if isinstance(id_, bool) or not isinstance(id_, int | str) or len(str(id_)) > 64:
        raise WireError("malformed", "id is missing, or not an integer or a short text")
    return id_


def when(asked: float | None, now: float) -> float:
    """Return when a request says that something happened.

    Raises:
        RequestError: More than 10 s ago or 1 s ahead: a wrong clock, better told than kept.
    """
    if asked is None:
        return now
    if not now - 10.0 <= asked <= now + 1.0:
        raise RequestError(
            "bad_argument",
            f"time {asked:.3f} is {asked - now:+.1f} s from now, expected -10..+1",
            "use the sidecar's clock: see 'time' in PROTOCOL.md",
        )
    return asked
