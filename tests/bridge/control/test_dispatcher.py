"""Dispatcher: checks requests, replies once, and changes nothing on failure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_bridge.control.dispatcher import Dispatcher, Later, event_time
from sentio_bridge.defects import DefectLog
from sentio_bridge.errors import RequestError
from sentio_bridge.protocol import codec
from sentio_bridge.protocol.roles import NO_GRANT, Access, Client, Grant, Role

NOW = 100.0


class Recorder:
    """Handlers that record the requests they receive."""

    def __init__(self) -> None:
        self.requests: list[Any] = []

    def handler(self, request: Any, now: float) -> Mapping[str, Any]:
        self.requests.append(request)
        return {"time": now}

    def breaks(self, request: Any, now: float) -> Mapping[str, Any]:
        raise ValueError("oh")


def operator(key: str = "c") -> Client:
    return Client(key, Grant(Role.OPERATOR))


def send(
    control: Dispatcher, body: Any, client: Client | None = None, now: float = NOW
) -> dict[str, Any]:
    blob = body if isinstance(body, bytes) else msgspec.msgpack.encode(body)
    replies: list[bytes] = []
    control.handle(blob, client or operator(), now, replies.append)
    (reply,) = replies
    return codec.decode_map(reply)


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def control(recorder: Recorder) -> Dispatcher:
    return Dispatcher(
        {"marker": recorder.handler, "rate": recorder.handler, "hello": recorder.breaks}
    )


@pytest.mark.parametrize("request_", [b"", {"op": "marker", "name": "x"}, {"v": 2, "id": 7}])
def test_reply_without_a_readable_id_has_an_empty_id(control: Dispatcher, request_: object) -> None:
    assert send(control, request_)["id"] == ""


def test_valid_request_reaches_its_handler(control: Dispatcher, recorder: Recorder) -> None:
    reply = send(control, {"id": 5, "op": "marker", "name": "boss", "unknown": "ignored"})
    assert reply == {"v": 1, "id": 5, "ok": True, "time": NOW}
    assert recorder.requests[0].name == "boss"


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (b"\xc1", "malformed"),
        (b"", "malformed"),
        ([1], "malformed"),
        ({"op": "marker", "name": "x"}, "malformed"),
        ({"id": True, "op": "marker"}, "malformed"),
        ({"id": "x" * 65, "op": "marker"}, "malformed"),
        ({"id": 1}, "unknown_op"),
        ({"id": 1, "op": "markr", "name": "x"}, "unknown_op"),
        ({"id": 1, "op": 7}, "unknown_op"),
        ({"id": 1, "op": "marker"}, "bad_argument"),
        ({"id": 1, "op": "marker", "name": ""}, "bad_argument"),
        ({"id": 1, "op": "marker", "name": 7}, "bad_argument"),
        ({"id": 1, "op": "rate", "hz": 0}, "bad_argument"),
        ({"id": 1, "op": "rate", "hz": "fast"}, "bad_argument"),
        ({"id": 1, "op": "freeze"}, "refused"),
        ({"id": 1, "op": "hello"}, "failed"),
        ({"v": 2, "id": 1, "op": "rate", "hz": 1}, "version"),
    ],
)
def test_invalid_request_gets_a_typed_error(
    control: Dispatcher, recorder: Recorder, request_: Any, code: str
) -> None:
    reply = send(control, request_)
    assert reply["ok"] is False
    assert reply["error"]["code"] == code
    assert reply["error"]["message"]
    assert recorder.requests == []


def test_subject_of_a_game_is_its_own_only_if_it_names_none(
    control: Dispatcher, recorder: Recorder
) -> None:
    game = Client("g", Grant(Role.GAME, frozenset({"ana"})))
    request = {"id": 1, "op": "marker", "name": "x"}
    assert send(control, {**request, "subject": ["bo"]}, game)["error"]["code"] == "bad_argument"
    assert send(control, request, game)["ok"]
    assert [request.subject for request in recorder.requests] == ["ana"]


def test_nearest_operation_is_suggested(control: Dispatcher) -> None:
    assert "marker" in send(control, {"id": 1, "op": "markr"})["error"]["fix"]


def test_token_is_checked_before_the_operation(recorder: Recorder) -> None:
    access = Access({"secret": Grant(Role.GAME)}, "ask the operator")
    control = Dispatcher({"marker": recorder.handler}, access)
    unknown = Client("x", NO_GRANT)
    for token in (None, "", "wrong", 7):
        for request in ({"op": "marker", "name": "x"}, {"op": "no such"}, {}):
            error = send(control, {"id": 1, "token": token, **request}, unknown)["error"]
            assert error["code"] == "unauthorised"
            assert error["fix"] == "ask the operator"
            assert error["message"] == ("the token is unknown" if token else "a token is required")
    assert recorder.requests == []
    request = {"id": 1, "op": "marker", "name": "x"}
    assert send(control, {**request, "token": "secret"}, unknown)["ok"]
    assert send(control, {**request, "token": "wrong"})["error"]["code"] == "unauthorised"


def test_hello_without_a_token_is_an_error_with_a_fix(recorder: Recorder) -> None:
    hello = {"name": "sentio", "version": "1", "protocol": [1, 1], "subjects": ["ana"]}
    control = Dispatcher({"hello": lambda *_: hello}, Access({}, "ask the operator"))
    unknown = Client("x", NO_GRANT)
    reply = send(control, {"id": 1, "op": "hello", "client": "n" * 99}, unknown)
    assert reply["ok"] is False
    assert reply["error"]["fix"] == "ask the operator"
    assert (reply["name"], reply["protocol"], reply["role"]) == ("sentio", [1, 1], "none")
    assert "subjects" not in reply
    assert unknown.name == "n" * 64
    reply = send(control, {"id": 1, "op": "hello"})
    assert (reply["ok"], reply["role"], reply["subjects"]) == (True, "operator", ["ana"])


def test_rate_limit_applies_to_each_client(control: Dispatcher, recorder: Recorder) -> None:
    request = {"id": 1, "op": "rate", "hz": 30}
    replies = [send(control, request, operator("greedy"))["ok"] for _ in range(250)]
    assert replies == [True] * 200 + [False] * 50
    assert send(control, request, operator("greedy"))["error"]["code"] == "busy"
    named = {"id": "withdraw", "op": "consent", "action": "status"}
    assert send(control, named, operator("greedy"))["error"]["code"] == "busy"
    withdrawal = {"id": 1, "op": "consent", "action": "withdraw"}
    assert send(control, withdrawal, operator("greedy")).get("error", {}).get("code") != "busy"
    assert send(control, request, operator("other"))["ok"]
    assert send(control, request, operator("greedy"), NOW + 1.1)["ok"]


def test_event_times_far_from_now_are_refused() -> None:
    assert event_time(None, NOW) == NOW
    assert event_time(NOW - 9.0, NOW) == NOW - 9.0
    for bad in (NOW - 11.0, NOW + 2.0):
        with pytest.raises(RequestError, match="expected -10"):
            event_time(bad, NOW)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["id", "op", "name", "hz", "v", "token"]), VALUES))
def test_any_map_gets_one_reply(body: dict[str, Any]) -> None:
    recorder = Recorder()
    reply = send(Dispatcher({"marker": recorder.handler, "rate": recorder.handler}), body)
    assert reply["ok"] is (len(recorder.requests) == 1)


@given(st.binary(max_size=200))
def test_any_bytes_get_one_reply(blob: bytes) -> None:
    assert send(Dispatcher({}), blob)["ok"] is False


class Jobs:
    """Job queue that runs on request."""

    def __init__(self, room: int = 8) -> None:
        self.waiting: list[tuple[Callable[[], None], Callable[[float], None]]] = []
        self.room = room

    def submit(self, work: Callable[[], None], done: Callable[[float], None]) -> None:
        if len(self.waiting) >= self.room:
            raise RequestError("busy", "too many jobs")
        self.waiting.append((work, done))

    def run(self, now: float) -> None:
        for work, done in self.waiting:
            work()
            done(now)
        self.waiting.clear()


def slow(result: Exception | str) -> Callable[[Any, float], Later]:
    def work() -> str:
        if isinstance(result, Exception):
            raise result
        return result

    return lambda request, _: Later(work, lambda found, now: {"found": found, "time": now})


def test_slow_answer_is_sent_when_its_work_is_done() -> None:
    jobs, replies = Jobs(), list[bytes]()
    control = Dispatcher({"hello": slow("here")}, jobs=jobs)
    request = msgspec.msgpack.encode({"id": 3, "op": "hello"})
    control.handle(request, operator(), NOW, replies.append)
    assert replies == []
    jobs.run(NOW + 5)
    reply = {"v": 1, "id": 3, "ok": True, "found": "here", "time": NOW + 5}
    assert [codec.decode_map(r) for r in replies] == [reply]


def test_failed_slow_work_is_a_refusal_or_a_defect(caplog: pytest.LogCaptureFixture) -> None:
    for error, code, logged in (
        (RequestError("refused", "no"), "refused", 0),
        (ValueError("oh"), "failed", 1),
    ):
        caplog.clear()
        defects = DefectLog()
        control = Dispatcher({"hello": slow(error)}, defects=defects)
        assert send(control, {"id": 1, "op": "hello"})["error"]["code"] == code
        assert len([r for r in caplog.records if r.exc_info]) == logged == defects.count


def test_full_job_queue_abandons_the_request_as_busy() -> None:
    abandoned: list[bool] = []
    later = Later(lambda: None, lambda _, now: {}, lambda: abandoned.append(True))
    control = Dispatcher({"hello": lambda *_: later}, jobs=Jobs(room=0))
    assert send(control, {"id": 1, "op": "hello"})["error"]["code"] == "busy"
    assert abandoned == [True]
    later = Later(lambda: None, lambda _, now: {}, lambda: {"applied": True})
    assert send(control, {"id": 2, "op": "hello"})["applied"] is True


def test_introduction_of_a_client_is_passed_on_with_its_role() -> None:
    seen: list[tuple[str, str]] = []
    access = Access({"a token of it": Grant(Role.LISTENER)})
    dispatcher = Dispatcher(
        {"hello": lambda request, now: {"ok": True}},
        access,
        on_hello=lambda hello, role: seen.append((hello.client, role)),
    )
    for token in ("a token of it", "another token"):
        body = codec.encode_body({"id": 1, "op": "hello", "client": "c", "token": token})
        dispatcher.handle(body, Client(1, NO_GRANT), 0.0, lambda _: None)
    assert seen == [("c", "listener"), ("c", "none")]
