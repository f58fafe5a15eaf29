"""Tests of roles: the table in PROTOCOL.md is complete and obeyed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sentio_bridge.errors import RequestError
from sentio_bridge.protocol.requests import OPERATIONS
from sentio_bridge.protocol.roles import (
    NO_GRANT,
    OWN_SUBJECT,
    REQUESTS,
    TOPICS,
    Access,
    Grant,
    Role,
    check,
    least,
)

PAGE = Path(__file__).parents[3] / "bridge" / "PROTOCOL.md"


def table(heading: str) -> dict[str, list[str]]:
    """Return a table's rows in PROTOCOL.md, by the text of the first cell."""
    lines = PAGE.read_text(encoding="utf-8").split("\n")
    start = next(i for i, line in enumerate(lines) if line.startswith(f"| {heading} |"))
    rows = {}
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        for name in re.findall(r"`(\w+)`", cells[0]):
            rows[name] = cells[1:]
    return rows


def test_every_request_has_a_role_and_a_specification() -> None:
    assert set(REQUESTS) == set(OPERATIONS) == set(table("op"))
    assert set(REQUESTS) >= OWN_SUBJECT


def test_table_of_requests_is_that_of_the_code() -> None:
    rows = table("request")
    assert set(rows) == set(REQUESTS)
    for op, cells in rows.items():
        yes = ["yes" if role >= REQUESTS[op] else "" for role in Role]
        if op in OWN_SUBJECT:
            yes[Role.GAME] = "own subject"
        if op == "shutdown":
            yes[Role.GAME] = "if it started the sidecar"
        assert cells == yes, op


def test_table_of_topics_is_that_of_the_code() -> None:
    rows = table("topic and role")
    assert set(rows) == set(TOPICS)
    for kind, cells in rows.items():
        assert cells == ["yes" if role >= TOPICS[kind] else "" for role in Role], kind


def grants(role: Role) -> Grant:
    return Grant(role, frozenset({"ana"}) if role is Role.GAME else None)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("op", [*OPERATIONS, "unknown"])
def test_each_request_of_each_role(op: str, role: Role) -> None:
    permitted = role >= REQUESTS.get(op, Role.OPERATOR) and not (
        op == "shutdown" and role is Role.GAME
    )
    if permitted:
        assert check(grants(role), op, "ana", "fix", presented=True) == "ana"
        return
    with pytest.raises(RequestError) as caught:
        check(grants(role), op, "ana", "fix", presented=True)
    assert caught.value.code == ("unauthorised" if role is Role.NONE else "forbidden")
    assert caught.value.fix


@pytest.mark.parametrize("op", sorted(OWN_SUBJECT))
@pytest.mark.parametrize("subject", ["ben", "", "ANA", "ana "])
def test_game_may_act_only_for_its_own_subject(op: str, subject: str) -> None:
    with pytest.raises(RequestError, match="ana") as caught:
        check(grants(Role.GAME), op, subject, "", presented=True)
    assert caught.value.code == "forbidden"
    assert check(grants(Role.GAME), op, None, "", presented=True) == "ana"
    both = Grant(Role.GAME, frozenset({"ana", "ben"}))
    assert check(both, op, "ben", "", presented=True) == "ben"
    with pytest.raises(RequestError):
        check(both, op, None, "", presented=True)
    assert check(Grant(Role.GAME), op, "ben", "", presented=True) == "ben"
    assert check(Grant(Role.OPERATOR), op, subject, "", presented=True) == subject


def test_game_may_end_a_sidecar_that_it_started() -> None:
    assert check(Grant(Role.GAME, started=True), "shutdown", None, "", presented=True) is None
    with pytest.raises(RequestError, match="started"):
        check(Grant(Role.GAME), "shutdown", None, "", presented=True)


def test_configuration_may_permit_more() -> None:
    grant = Grant(Role.GAME, more=frozenset({"record"}))
    assert check(grant, "record", "ana", "", presented=True) == "ana"
    with pytest.raises(RequestError):
        check(grant, "override", "ana", "", presented=True)


def test_client_without_a_token_learns_what_to_do() -> None:
    for presented, what in ((False, "required"), (True, "unknown")):
        with pytest.raises(RequestError, match=what) as caught:
            check(NO_GRANT, "status", None, "look in the folder", presented=presented)
        assert caught.value.fix == "look in the folder"


def test_unknown_topics_and_tokens_are_refused() -> None:
    assert least("future") is Role.OPERATOR
    access = Access({"a": Grant(Role.GAME), "": Grant(Role.OPERATOR)})
    assert access.grant("") is None
    assert access.grant("b") is None
    assert access.grant("\udcff") is None
    assert access.grant("a") == Grant(Role.GAME)
