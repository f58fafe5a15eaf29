"""Dispatch requests to handlers: one reply each, no effect on failure; no I/O."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, Protocol

from sentio_bridge.config.validation import Invalid, convert
from sentio_bridge.control.shared_replies import MayShare, SharedReplies
from sentio_bridge.defects import DefectLog
from sentio_bridge.errors import RequestError, WireError
from sentio_bridge.protocol import codec
from sentio_bridge.protocol.requests import OPERATIONS, Hello, Request
from sentio_bridge.protocol.roles import NO_GRANT, Access, Client, Grant, check

REQUESTS_PER_SECOND = 200
"""Limit for one client; a headset sends 90 inputs a second."""

MAX_CLIENTS = 256
"""Clients with a rate count; the least recently active is dropped first."""

MAX_NAME = 64
"""Characters that are kept of a client's name."""

OPEN_KEYS = ("name", "version", "protocol", "time")
"""Keys of the reply to ``hello`` that a client without a valid token receives."""

Answer = Mapping[str, Any]
"""Keys of the reply, in addition to ``id`` and ``ok``."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An answer that is sent once what it acknowledges is in a recording's files.

    Attributes:
        answer: Keys of the reply.
    """

    answer: Answer


@dataclass(frozen=True, slots=True)
class Later:
    """An answer that first needs slow work: disk, device or training.

    Attributes:
        work: Runs without the hub's lock and must not use the hub. An exception becomes the
            reply, and ``finish`` is not called.
        finish: Called under the hub's lock with the result of ``work`` and the time (LSL clock);
            applies the resulting commands and returns the answer.
        abandon: Called instead of both if the job queue is full; returns the answer, or None:
            the request is refused as ``busy``.
        jobs: Runner of this work; None: the dispatcher's.
    """

    work: Callable[[], Any]
    finish: Callable[[Any, float], Answer]
    abandon: Callable[[], Answer | None] = lambda: None
    jobs: Jobs | None = None


Handler = Callable[[Any, float], Answer | Recorded | Later]
"""Executes one checked request at the given time (LSL clock)."""

Reply = Callable[[bytes], None]
"""Sends the reply to the client."""


class Jobs(Protocol):
    """Protocol of a job runner that executes slow work sequentially."""

    def submit(self, work: Callable[[], None], done: Callable[[float], None]) -> None:
        """Run ``work``, then ``done`` with the time, under the hub's lock.

        Raises:
            RequestError: The queue is full.
        """
        ...


class Dispatcher:
    """Dispatcher that checks requests, calls their handlers and builds the replies.

    Args:
        handlers: Handler of each operation that this sidecar supports.
        access: Tokens that a request may contain instead of those of its connection.
        jobs: Runner of slow work; by default it runs immediately.
        defects: Log of unexpected exceptions of handlers.
        on_hello: Called with each introduction of a client and its role.
        may_share: Returns whether what is known of a subject may be sent to clients on other
            machines; by default nothing is.
    """

    def __init__(
        self,
        handlers: Mapping[str, Handler],
        access: Access | None = None,
        jobs: Jobs | None = None,
        defects: DefectLog | None = None,
        on_hello: Callable[[Hello, str], None] = lambda *_: None,
        may_share: MayShare = lambda _: False,
    ) -> None:
        self._shared = SharedReplies(may_share)
        self._on_hello = on_hello
        self._handlers = dict(handlers)
        self._access = access or Access({})
        self._jobs = jobs
        self._recent: dict[Hashable, deque[float]] = {}
        self._defects = defects or DefectLog()
        self.rejected = 0

    def handle(
        self,
        body: bytes,
        client: Client,
        now: float,
        reply: Reply,
        recorded: Reply | None = None,
    ) -> None:
        """Reply to one request, now or after its work; never raises for invalid input.

        Args:
            body: Bytes of the request.
            client: Client that sent it; ``hello`` sets its name.
            now: LSL clock, seconds.
            reply: Called once with the bytes of the reply.
            recorded: Called instead with the reply to what is recorded, which waits until it is
                in the files; default: ``reply``.
        """
        id_: int | str = ""
        op: Any = None
        try:
            over = self._is_over(client.key, now)
            if over and b"withdraw" not in body:  # not even decoded
                raise _too_many()
            request = codec.decode_map(body)
            id_, op = _checked_id(request), request.get("op")
            if over and (op, request.get("action")) != ("consent", "withdraw"):
                raise _too_many()
            answer = self._dispatch(request, client, now)
            if isinstance(answer, Later):
                self._start(answer, id_, op, now, reply)
                return
            if isinstance(answer, Recorded):
                answer, reply = answer.answer, recorded or reply
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

        jobs = later.jobs or self._jobs
        if jobs is None:
            work()
            done(now)
            return
        try:
            jobs.submit(work, done)
        except RequestError:
            answer = later.abandon()
            if answer is None:
                raise
            reply(_reply(id_, answer))

    def _refusal(self, id_: Any, op: Any, error: Exception) -> bytes:
        """Return the reply to a failed request; a defect affects only this request."""
        self.rejected += 1
        if isinstance(error, WireError):
            problem = {"code": error.code, "message": error.what, "fix": error.fix}
        else:
            self._defects.caught(f"the request {op!r} failed", error)
            problem = {"code": "failed", "message": f"{type(error).__name__}: {error}", "fix": ""}
        return codec.encode_body({"id": id_, "ok": False, "error": problem})

    def _dispatch(
        self, request: Mapping[str, Any], client: Client, now: float
    ) -> Answer | Recorded | Later:
        op = request.get("op")
        grant, presented = self._grant(request, client)
        if not isinstance(op, str) or op not in OPERATIONS:
            check(grant, "", None, self._access.fix, presented=presented)
            near = get_close_matches(str(op), OPERATIONS, 1)
            raise RequestError(
                "unknown_op", f"op {op!r} is unknown", f"did you mean {near[0]!r}?" if near else ""
            )
        subject = request.get("subject")
        named = subject if isinstance(subject, str) else None
        permitted = check(grant, op, named, self._access.fix, presented=presented)
        if subject is None and permitted is not None:
            request = {**request, "subject": permitted}
        try:
            arguments: Request = convert(request, OPERATIONS[op])
        except Invalid as error:
            where = ".".join(map(str, error.path))
            raise RequestError("bad_argument", f"{op}: {where}: {error.what}", error.fix) from None
        handler = self._handlers.get(op)
        if handler is None:
            raise RequestError("refused", f"{op} is not supported by this sidecar")
        self._shared.check(op, arguments, client)
        answer = self._filtered(op, arguments, client, handler(arguments, now))
        if isinstance(arguments, Hello) and not isinstance(answer, Later | Recorded):
            client.name = arguments.client[:MAX_NAME]
            self._on_hello(arguments, grant.role.label)
            return self._introduced(answer, grant, presented=presented)
        return answer

    def _filtered(
        self, op: str, arguments: Request, client: Client, answer: Answer | Recorded | Later
    ) -> Answer | Recorded | Later:
        """Return an answer with what may be sent to this client."""

        def allowed(full: Answer) -> Answer:
            return self._shared.filtered(op, arguments, client, full)

        if isinstance(answer, Recorded):
            return Recorded(allowed(answer.answer))
        if isinstance(answer, Later):
            later = answer

            def abandon() -> Answer | None:
                full = later.abandon()
                return None if full is None else allowed(full)

            return replace(
                later,
                finish=lambda result, at: allowed(later.finish(result, at)),
                abandon=abandon,
            )
        return allowed(answer)

    def _introduced(self, answer: Answer, grant: Grant, *, presented: bool) -> Answer:
        """Add the role to the reply of ``hello``; without one it is an error with a fix."""
        if grant.role is not NO_GRANT.role:
            return {**answer, "role": grant.role.label}
        what = "the token is unknown" if presented else "a token is required"
        return {
            **{key: answer[key] for key in OPEN_KEYS if key in answer},
            "ok": False,
            "role": grant.role.label,
            "error": {"code": "unauthorised", "message": what, "fix": self._access.fix},
        }

    def _grant(self, request: Mapping[str, Any], client: Client) -> tuple[Grant, bool]:
        """Return the grant of the request or its connection, and if a token was given."""
        token = request.get("token")
        if not token:
            return client.grant, client.presented
        return (self._access.grant(token) if isinstance(token, str) else None) or NO_GRANT, True

    def _is_over(self, client: Hashable, now: float) -> bool:
        """Count a request; return whether its client sends too many."""
        recent = self._recent.pop(client, None) or deque(maxlen=REQUESTS_PER_SECOND)
        self._recent[client] = recent  # the newest client is last
        while len(self._recent) > MAX_CLIENTS:
            self._recent.pop(next(iter(self._recent)))
        if len(recent) == REQUESTS_PER_SECOND and now - recent[0] < 1.0:
            return True
        recent.append(now)
        return False


def _too_many() -> RequestError:
    """Return the error for requests beyond the limit, except withdrawals of consent."""
    return RequestError(
        "busy", f"over {REQUESTS_PER_SECOND} requests in a second", "send fewer requests"
    )


def _reply(id_: int | str, answer: Answer) -> bytes:
    return codec.encode_body({"id": id_, "ok": True, **answer})


def _checked_id(request: Mapping[str, Any]) -> int | str:
    id_ = request.get("id")
    if isinstance(id_, bool) or not isinstance(id_, int | str) or len(str(id_)) > 64:
        raise WireError("malformed", "id is missing, or not an integer or a short text")
    return id_


def event_time(requested: float | None, now: float) -> float:
    """Return the time of an event in a request, or ``now`` if it has none.

    Raises:
        RequestError: It is more than 10 s ago or 1 s ahead: the client's clock is wrong.
    """
    if requested is None:
        return now
    if not now - 10.0 <= requested <= now + 1.0:
        raise RequestError(
            "bad_argument",
            f"time {requested:.3f} is {requested - now:+.1f} s from now, expected -10..+1",
            "use the sidecar's clock: see 'time' in PROTOCOL.md",
        )
    return requested
