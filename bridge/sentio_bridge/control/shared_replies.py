"""Filter replies to clients on other machines by the purpose ``share``; pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sentio_bridge.errors import RequestError
from sentio_bridge.protocol import requests as rq
from sentio_bridge.protocol.requests import Request
from sentio_bridge.protocol.roles import Client

MayShare = Callable[[str], bool]
"""Returns whether what is known of a subject may leave this machine; of an empty text, of all."""

OPEN = frozenset(
    {"hello", "time", "shutdown", "devices", "rate", "record", "replay", "synthesise"}
    | {"marker", "label", "self_report", "text", "input", "adaptation", "override"}
    | {"consent", "freeze", "unfreeze", "status"}
)
"""Operations whose replies state only what the client has sent, or the sidecar's own state.

The reply of any other one is refused. Of ``status`` the detail is left out, and the list of
receipts is refused.
"""


class SharedReplies:
    """Decision about the replies to clients on other machines.

    Args:
        may_share: Asked at each reply: consent may have changed.
    """

    def __init__(self, may_share: MayShare) -> None:
        self._may_share = may_share

    def check(self, op: str, arguments: Request, client: Client) -> None:
        """Refuse a request whose reply may not leave this machine.

        Raises:
            RequestError: ``refused``, before anything is done.
        """
        lists = isinstance(arguments, rq.Consent) and arguments.action == "receipts"
        if (op not in OPEN or lists) and not self._allowed(arguments, client):
            raise RequestError(
                "refused",
                f"the reply to {op} may not leave the sidecar's machine",
                "each sensor that is read needs share: sentio consent grant SENSOR --for ...",
            )

    def filtered(
        self, op: str, arguments: Request, client: Client, answer: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Return what of an answer may leave this machine.

        Raises:
            RequestError: Nothing of it.
        """
        self.check(op, arguments, client)
        if op == "status" and not self._allowed(arguments, client):
            return {key: value for key, value in answer.items() if key != "detail"}
        return answer

    def _allowed(self, arguments: Request, client: Client) -> bool:
        return not client.is_remote or self._may_share(arguments.subject or "")
