"""What follows from several sensors is recorded only with consent for all of them."""

from __future__ import annotations

from collections import defaultdict

from sentio_bridge.core.commands import Command, EstimateReceived
from sentio_bridge.core.outgoing import EventMessage, FrameMessage, Outgoing
from sentio_bridge.protocol.vocabulary import MODALITY_OF, sensor_of
from sentio_bridge.recording.permission import Permission
from sentio_sensors import Role, StreamSpec

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
        self._opened: defaultdict[str, set[str]] = defaultdict(set)

    def applied(self, command: Command) -> None:
        """Take notice of the estimates that move the state of a subject."""
        if isinstance(command, EstimateReceived):
            self._took_part[command.subject].add(command.estimate.modality)

    def opened(self, subject: str, spec: StreamSpec) -> None:
        """Take notice of a stream whose estimates will move the state of a subject."""
        modality = MODALITY_OF.get(spec.meta.get("sensor") or sensor_of(spec.role))
        if modality is not None and spec.role is not Role.MARKER:
            self._opened[subject].add(modality)

    def lacking(self) -> dict[str, dict[str, list[str]]]:
        """Return each subject's sensors in use without ``record``, with their purposes."""
        found = {}
        for subject in {*self._took_part, *self._opened}:
            used = {*self._took_part.get(subject, ()), *self._opened.get(subject, ())}
            if sensors := self._permission.lacking(subject, used):
                found[subject] = sensors
        return found

    def allows(self, message: Outgoing) -> bool:
        """Return whether a message may be recorded; callable from one thread."""
        fused = isinstance(message, FrameMessage) or (
            isinstance(message, EventMessage) and message.body.kind in MEASURED
        )
        return not fused or not self._permission.lacking(
            message.key, self._took_part.get(message.key, ())
        )
