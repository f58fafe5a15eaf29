"""Requests in, replies out, exactly one each; a request that fails changes nothing; no I/O."""

from __future__ import annotations

import hmac
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Protocol

import msgspec

from sentio_bridge.defects import DefectLog
from sentio_bridge.errors import RequestError, WireError
from sentio_bridge.protocol import codec
from sentio_bridge.protocol.requests import OPERATIONS, Request

REQUESTS_PER_SECOND = 200
"""What one client may ask for; a headset sends 90 inputs a second."""

MAX_CLIENTS = 256
"""Clients whose rate is remembered; the longest silent is forgotten first."""

Answer = Mapping[str, Any]
"""The reply's own keys."""


@dataclass(frozen=True, slots=True)
class Later:
    """An answer that needs slow work first: a disk, a device, a training.

    Attributes:
        work: Does it, off the hub's lock: it must not touch the hub. What it raises becomes the
            reply, and ``finish`` is not called.
        finish: Given what ``work`` returned and the time (LSL clock), under the hub's lock;
            applies the commands that follow and returns the reply's own keys.
        abandon: Called instead of both where too much waits already.
    """

    work: Callable[[], Any]
    finish: Callable[[Any, float], Answer]
    abandon: Callable[[], None] = lambda: None


Handler = Callable[[Any, float], Answer | Later]
"""Carries out one checked request at a time (LSL clock)."""

Reply = Callable[[bytes], None]
"""Sends the reply to whoever asked."""


class Jobs(Protocol):
    """Runs slow work elsewhere, one after the other."""

    def submit(self, work: Callable[[], None], done: Callable[[float], None]) -> None:
        """Run ``work``, then ``done`` with the time, under the hub's lock.

        Raises:
            RequestError: Too much waits already.
        """
        ...


class Dispatcher:
    """Checks requests, hands them to their handlers and composes the replies.

    Args:
        handlers: One for each operation that this sidecar offers.
        token: What every request must carry, or None where none is asked for.
        jobs: Where slow work runs; by default at once, while the client waits.
        defects: Logs and counts what handlers should not raise.
    """

    def __init__(
        self,
        handlers: Mapping[str, Handler],
        token: str | None = None,
        jobs: Jobs | None = None,
        defects: DefectLog | None = None,
    ) -> None:
        self._handlers = dict(handlers)
        self._token = token
        self._jobs = jobs
        self._recent: dict[bytes, deque[float]] = {}
        self._defects = defects or DefectLog()
        self.rejected = 0

    def handle(self, body: bytes, client: bytes, now: float, reply: Reply) -> None:
        """Answer one request, now or once its work is done; never raises for what a client sent.

        Args:
            body: The request's bytes.
            client: Who asks, for the rate limit.
            now: LSL clock, seconds.
            reply: Called once with the reply's bytes.
        """
        id_: int | str = ""
        op: Any = None
        try:
            self._limit(client, now)
            request = codec.decode_map(body)
            id_, op = _checked_id(request), request.get("op")
            self._authorise(request)
            answer = self._dispatch(request, now)
            if isinstance(answer, Later):
                self._start(answer, id_, op, now, reply)
                return
            encoded = _reply(id_, answer)
        except Exception as error:  # a defect costs this request
            encoded = self._refusal(id_, op, error)
        reply(encoded)

    def _start(self, later: Later, id_: int | str, op: Any, now: float, reply: Reply) -> None:
        result: list[Any] = []
        failure: list[Exception] = []

        def work() -> None:
            try:
                result.append(later.work())
            except Exception as error:  # ``done`` makes the reply of it
                failure.append(error)

        def done(at: float) -> None:
            try:
                if failure:
                    raise failure[0]
                encoded = _reply(id_, later.finish(result[0], at))
            except Exception as error:  # a defect costs this request
                encoded = self._refusal(id_, op, error)
            reply(encoded)

        if self._jobs is None:
            work()
            done(now)
            return
        try:
            self._jobs.submit(work, done)
        except RequestError:
            later.abandon()
            raise

    def _refusal(self, id_: Any, op: Any, error: Exception) -> bytes:
        """Return the reply to a request that failed; a defect of ours costs only this request."""
        self.rejected += 1
        if isinstance(error, WireError):
            problem = {"code": error.code, "message": error.what, "fix": error.fix}
        else:
            self._defects.caught(f"the request {op!r} failed", error)
            problem = {"code": "failed", "message": f"{type(error).__name__}: {error}", "fix": ""}
        return codec.encode_body({"id": id_, "ok": False, "error": problem})

    def _dispatch(self, request: Mapping[str, Any], now: float) -> Answer | Later:
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


def _reply(id_: int | str, answer: Answer) -> bytes:
    return codec.encode_body({"id": id_, "ok": True, **answer})


def _checked_id(request: Mapping[str, Any]) -> int | str:
    id_ = request.get("id")
    if isinstance(id_, bool) or not isinstance(id_, int | str) or len(str(id_)) > 64:
        raise WireError("malformed", "id is missing, or not an integer or a short text")
    return id_


def when(asked: float | None, now: float) -> float:
    """Return when a request says that something happened.

    Raises:
        RequestError: More than 10 s ago or 1 s ahead: a wrong clock, better refused than kept.
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
