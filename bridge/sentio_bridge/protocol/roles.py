"""Roles of clients, with their requests and topics; pure (PROTOCOL.md, section 1).

Every output and page uses these tables; nothing else decides what a client may do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from sentio_bridge.errors import RequestError


class Role(IntEnum):
    """Role of a client; a higher one may do all that a lower one may."""

    NONE = 0
    LISTENER = 1
    GAME = 2
    OPERATOR = 3

    @property
    def label(self) -> str:
        """Name on the wire."""
        return self.name.lower()


ROLES: Mapping[str, Role] = {role.label: role for role in Role if role is not Role.NONE}
"""Roles that a token can have, by name."""

REQUESTS: Mapping[str, Role] = {
    "hello": Role.NONE,
    "time": Role.LISTENER,
    "status": Role.LISTENER,
    "marker": Role.GAME,
    "consent": Role.GAME,
    "calibrate": Role.GAME,
    "freeze": Role.GAME,
    "unfreeze": Role.GAME,
    "text": Role.GAME,
    "label": Role.GAME,
    "self_report": Role.GAME,
    "input": Role.GAME,
    "adaptation": Role.GAME,
    "synthesise": Role.GAME,
    "profile": Role.GAME,
    "devices": Role.GAME,
    "shutdown": Role.GAME,
    "record": Role.OPERATOR,
    "replay": Role.OPERATOR,
    "override": Role.OPERATOR,
    "rate": Role.OPERATOR,
}
"""Lowest role of each request; one that is not listed needs ``OPERATOR``."""

OWN_SUBJECT = frozenset(
    {"marker", "consent", "calibrate", "freeze", "unfreeze", "text", "label", "input"}
    | {"adaptation", "profile", "self_report"}
)
"""Requests that a game may send only for its own subjects."""

TOPICS: Mapping[str, Role] = {
    "affect": Role.LISTENER,
    "detail": Role.LISTENER,
    "event": Role.LISTENER,
    "health": Role.LISTENER,
    "raw": Role.OPERATOR,
}
"""Lowest role of each kind of message; one that is not listed needs ``OPERATOR``."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token permits.

    Attributes:
        role: Role of its client.
        subjects: A game's own subjects; None for all of the sidecar.
        started: Its client has started the sidecar, and may end it.
        more: Requests beyond those of the role, by configuration.
    """

    role: Role
    subjects: frozenset[str] | None = None
    started: bool = False
    more: frozenset[str] = frozenset()


NO_GRANT = Grant(Role.NONE)
"""Grant of a client without a valid token."""


@dataclass(slots=True)
class Client:
    """A connected client.

    Attributes:
        key: Identifies it for limits: equal for the connections of one process, if known.
        grant: What it may do.
        name: Name that it gave in ``hello``; may be empty.
        presented: It gave a token, which may be unknown.
        is_remote: It is on another machine.
    """

    key: Hashable
    grant: Grant
    name: str = ""
    presented: bool = False
    is_remote: bool = False


class Access:
    """Tokens and their grants.

    Args:
        grants: Grant of each token.
        fix: What a client without a token can do, for error messages.
    """

    def __init__(self, grants: Mapping[str, Grant], fix: str = "") -> None:
        # By hash: the time of a comparison then reveals nothing about a token.
        self._grants = {_hash(token): grant for token, grant in grants.items() if token}
        self.fix = fix

    def grant(self, token: str) -> Grant | None:
        """Return the grant of a token, or None if it is unknown."""
        return self._grants.get(_hash(token))


def least(kind: str) -> Role:
    """Return the lowest role that receives messages of this kind."""
    return TOPICS.get(kind, Role.OPERATOR)


def check(grant: Grant, op: str, subject: str | None, fix: str, *, presented: bool) -> str | None:
    """Return the subject of a permitted request; None means the only one.

    Args:
        grant: What the client may do.
        op: Operation.
        subject: Subject of the request, if it names one.
        fix: What a client without a token can do.
        presented: The client gave a token, which is unknown if its role is ``NONE``.

    Raises:
        RequestError: ``unauthorised`` without a valid token, ``forbidden`` if the role or the
            subject is not permitted.
    """
    needed = REQUESTS.get(op, Role.OPERATOR)
    if grant.role is Role.NONE and needed is not Role.NONE:
        what = "the token is unknown" if presented else "a token is required"
        raise RequestError("unauthorised", what, fix)
    if grant.role < needed and op not in grant.more:
        raise RequestError(
            "forbidden",
            f"{op} needs the role {needed.label}, but this token has {grant.role.label}",
            _fix_of(grant, op),
        )
    if op == "shutdown" and grant.role is Role.GAME and not grant.started:
        raise RequestError(
            "forbidden", "a game may end only a sidecar that it started", "leave it running"
        )
    if grant.role is not Role.GAME or grant.subjects is None or op not in OWN_SUBJECT:
        return subject
    if subject is None and len(grant.subjects) == 1:
        return next(iter(grant.subjects))
    if subject not in grant.subjects:
        raise RequestError(
            "forbidden",
            f"{op} for subject {subject!r}: this token is for {', '.join(sorted(grant.subjects))}",
            "name a subject of this token",
        )
    return subject


def _fix_of(grant: Grant, op: str) -> str:
    fix = "use a token with that role (PROTOCOL.md, section 1)"
    if grant.role is Role.GAME:
        fix += f', or permit it to games: [sidecar] game_may = ["{op}"]'
    return fix


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
