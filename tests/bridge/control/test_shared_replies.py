"""Tests of replies to other machines: what is known of a person needs ``share``."""

from __future__ import annotations

from typing import Any

import pytest
from tests.bridge.control.test_dispatcher import send

from sentio_bridge.control.dispatcher import Dispatcher, Later, Recorded
from sentio_bridge.control.shared_replies import OPEN
from sentio_bridge.protocol.requests import OPERATIONS
from sentio_bridge.protocol.roles import Client, Grant, Role

REQUIRED: dict[str, dict[str, Any]] = {
    "marker": {"name": "door"},
    "consent": {"action": "status"},
    "calibrate": {"action": "status"},
    "record": {"action": "status"},
    "replay": {"action": "pause"},
    "override": {"values": {"valence": 0.5}},
    "rate": {"hz": 30},
    "text": {"line": "hello"},
    "label": {"name": "valence", "value": 0.5},
    "self_report": {"name": "valence", "value": 0.5},
    "input": {"stream": "s", "role": "ppg", "channels": ["a"], "values": [0.5]},
    "adaptation": {"what": "pace", "value": 0.5},
    "synthesise": {"emotion": "joy", "intensity": 0.5},
    "profile": {"action": "list"},
}
PRIVATE = {"calibrate", "profile"}


def client(*, is_remote: bool) -> Client:
    return Client("c", Grant(Role.OPERATOR), is_remote=is_remote)


def dispatcher(done: list[str], sharing: dict[str, bool]) -> Dispatcher:
    """Return a dispatcher whose handlers note that they ran."""

    def handler(op: str) -> Any:
        def handle(request: Any, now: float) -> dict[str, Any]:
            done.append(op)
            return {"health": {"x": 1}, "detail": {"y": 2}}

        return handle

    return Dispatcher(
        {op: handler(op) for op in OPERATIONS}, may_share=lambda s: sharing.get(s, False)
    )


def test_every_operation_is_open_or_known_to_be_private() -> None:
    assert set(OPERATIONS) == OPEN | PRIVATE
    assert not OPEN & PRIVATE


@pytest.mark.parametrize("op", sorted(OPERATIONS))
def test_reply_about_a_person_needs_share(op: str) -> None:
    done: list[str] = []
    request = {"id": 1, "op": op, "subject": "anna", **REQUIRED.get(op, {})}
    for sharing, is_remote in ((False, True), (True, True), (False, False)):
        control = dispatcher(done, {"anna": sharing})
        done.clear()
        reply = send(control, request, client(is_remote=is_remote))
        if op in PRIVATE and is_remote and not sharing:
            assert reply["error"]["code"] == "refused"
            assert "share" in reply["error"]["fix"]
            assert done == []  # nothing was done either
            continue
        assert reply["ok"], reply
        assert done == [op]
        assert ("detail" in reply) == (op != "status" or sharing or not is_remote)


def test_share_of_another_person_is_not_enough() -> None:
    control = dispatcher([], {"anna": True, "bert": False})
    remote = client(is_remote=True)
    assert "detail" in send(control, {"id": 1, "op": "status", "subject": "anna"}, remote)
    assert "detail" not in send(control, {"id": 2, "op": "status", "subject": "bert"}, remote)
    assert "detail" not in send(control, {"id": 3, "op": "status"}, remote)


def test_receipts_stay_and_decisions_are_answered() -> None:
    control, remote = dispatcher([], {}), client(is_remote=True)
    asked = {"id": 1, "op": "consent", "action": "receipts"}
    assert send(control, asked, remote)["error"]["code"] == "refused"
    assert send(control, asked, client(is_remote=False))["ok"]
    for action in ("status", "grant", "withdraw", "text"):
        more = {"sensor": "body"} if action == "grant" else {}
        assert send(control, {"id": 2, "op": "consent", "action": action, **more}, remote)["ok"]


def test_withdrawal_during_slow_work_keeps_the_reply_here() -> None:
    sharing = {"": True}

    def work() -> None:
        sharing[""] = False

    later = Later(work, lambda _, now: {"profiles": ["anna"]})
    control = Dispatcher({"profile": lambda *_: later}, may_share=lambda s: sharing[s])
    reply = send(control, {"id": 1, "op": "profile", "action": "list"}, client(is_remote=True))
    assert "profiles" not in reply
    assert reply["error"]["code"] == "refused"


def test_recorded_answers_are_sent() -> None:
    control = Dispatcher({"marker": lambda *_: Recorded({"time": 1.0})})
    reply = send(control, {"id": 1, "op": "marker", "name": "x"}, client(is_remote=True))
    assert reply["time"] == 1.0
