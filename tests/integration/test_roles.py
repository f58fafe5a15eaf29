"""Every request and topic, by every role and none, against a running sidecar."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from sentio_bridge.client import Requester, Subscription
from sentio_bridge.protocol.requests import OPERATIONS
from sentio_bridge.protocol.roles import OWN_SUBJECT, REQUESTS, TOPICS, Role

from .conftest import DEADLINE, Sidecar, sidecars

TOKENS = {
    Role.NONE: "",
    Role.LISTENER: "a listener's token",
    Role.GAME: "a game's own token",
    Role.OPERATOR: "the operator's token",
}

CONFIG = f"""
subjects = ["ana", "ben"]
[sidecar]
token = "{TOKENS[Role.OPERATOR]}"
raw = ["*"]
[consent]
body = ["adapt"]
[[client]]
role = "listener"
token = "{TOKENS[Role.LISTENER]}"
[[client]]
role = "game"
subjects = ["ana"]
token = "{TOKENS[Role.GAME]}"
[[source]]
type = "simulate"
subject = "ana"
roles = ["ppg", "eda"]
[[source]]
type = "simulate"
subject = "ben"
roles = ["ppg", "eda"]
"""


@pytest.fixture(scope="module")
def sidecar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sidecar]:
    with sidecars(tmp_path_factory.mktemp("roles")) as start:
        started = start(CONFIG, token=TOKENS[Role.OPERATOR])
        started.until(b"health", lambda h: h["frames"] > 10)
        yield started


def code(sidecar: Sidecar, token: str, op: str, **arguments: Any) -> str:
    """Return the code of a request's error; empty if it succeeded."""
    with Requester(sidecar.control, token or "no such token", timeout=DEADLINE) as requester:
        reply = requester.try_call(op, **arguments)
    return "" if reply["ok"] else reply["error"]["code"]


DENIED = {"unauthorised", "forbidden"}


@pytest.mark.parametrize("role", Role)
def test_every_request_by_role(sidecar: Sidecar, role: Role) -> None:
    """A permitted request without arguments may fail for another reason."""
    permitted = set()
    for op in OPERATIONS:
        if op == "shutdown" and role is Role.OPERATOR:
            continue  # the last test sends it
        if code(sidecar, TOKENS[role], op, subject="ana", seconds=-1) not in DENIED:
            permitted.add(op)
    expected = {op for op, least in REQUESTS.items() if role >= least} - {"shutdown"}
    # Without a token hello is answered, as an error that states what to do.
    assert permitted == (expected - {"hello"} if role is Role.NONE else expected)


def test_game_acts_only_for_its_own_subject(sidecar: Sidecar) -> None:
    game = TOKENS[Role.GAME]
    for op in OWN_SUBJECT:
        assert code(sidecar, game, op, subject="ben") == "forbidden", op
    assert code(sidecar, game, "marker", name="boss") == ""
    assert code(sidecar, game, "freeze", subject="ana") == ""
    assert code(sidecar, TOKENS[Role.OPERATOR], "unfreeze", subject="ben") == ""


def kinds(sub: Subscription, seconds: float) -> set[str]:
    """Return the kinds of the messages that arrive within ``seconds``."""
    found = set()
    end = time.monotonic() + seconds
    while (rest := end - time.monotonic()) > 0:
        message = sub.receive(rest)
        if message is not None:
            found.add(message.partition(b"\0")[0].partition(b"/")[0].decode())
    return found


@pytest.mark.parametrize("role", Role)
def test_every_topic_by_role(sidecar: Sidecar, role: Role) -> None:
    wanted = {kind for kind, least in TOPICS.items() if role >= least}
    received = set()
    end = time.monotonic() + DEADLINE
    with Subscription(sidecar.state, [b""], TOKENS[role] or "no such token") as sub:
        while received < wanted and time.monotonic() < end:
            code(sidecar, TOKENS[Role.OPERATOR], "marker", subject="ana", name="an event")
            received |= kinds(sub, 0.5)
        received |= kinds(sub, 1.5)  # what else it receives within a report of health
    assert received == wanted


def test_client_without_a_token_learns_what_to_do(sidecar: Sidecar) -> None:
    with Requester(sidecar.control, "no such token", timeout=DEADLINE) as requester:
        hello = requester.try_call("hello")
        status = requester.try_call("status")
    for reply in (hello, status):
        assert reply["error"]["code"] == "unauthorised"
        assert "token" in reply["error"]["fix"]
    assert (hello["name"], hello["role"]) == ("sentio", "none")
    assert not {"subjects", "layout", "state_endpoint"} & set(hello)


def test_refused_subscriber_is_named_in_health(sidecar: Sidecar) -> None:
    with Subscription(sidecar.state, [b""], "no such token") as sub:
        assert sub.receive(0.5) is None
        health = sidecar.until(
            b"health", lambda h: any(o["what"] == "refused" for o in h["disconnected"])
        )
    assert health["subscribers"] <= 1


def test_operator_may_end_it(sidecar: Sidecar) -> None:
    with Requester(sidecar.control, TOKENS[Role.OPERATOR], timeout=DEADLINE) as requester:
        requester.shutdown("the test ends")
    assert sidecar.process.wait(DEADLINE) == 0
