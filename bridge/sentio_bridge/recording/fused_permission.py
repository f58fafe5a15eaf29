"""What follows from several sensors is recorded only with consent for all of them."""

from __future__ import annotations

from collections import defaultdict

from sentio_bridge.core.commands import Command, EstimateReceived
from sentio_bridge.core.outgoing import EventMessage, FrameMessage, Outgoing
from sentio_bridge.recording.permission import Permission

MEASURED = frozenset({"change", "expression", "first_response", "frustration", "response", "state"})
"""Kinds of events that follow from sensors, as frames do; the others come from the game, from a
person who decides, or are about devices."""


class FusedPermission:
    """Decides whether frames and events of each subject may be recorded.

    A frame contains values of every sensor that took part, such as the heart rate.

    Args:
        permission: Decides for a single modality.
    """

    def __init__(self, permission: Permission) -> None:
        self._permission = permission
        self._took_part: defaultdict[str, set[str]] = defaultdict(set)

    def applied(self, command: Command) -> None:
        """Take notice of the estimates that move the state of a subject."""
        if isinstance(command, EstimateReceived):
            self._took_part[command.subject].add(command.estimate.modality)

    def allows(self, message: Outgoing) -> bool:
        """Return whether a message may be recorded; callable from one thread."""
        fused = isinstance(message, FrameMessage) or (
            isinstance(message, EventMessage) and message.body.kind in MEASURED
        )
        return not fused or self._permission.fused(message.key, self._took_part[message.key])
