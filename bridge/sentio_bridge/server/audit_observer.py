"""Hub observer that writes to the audit what happens to a person's data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from sentio_bridge.core import commands as cmd
from sentio_bridge.core.outgoing import Outgoing
from sentio_bridge.privacy.audit_writer import AuditWriter
from sentio_bridge.transport.limits import TokenBucket

PERIOD = 60.0
"""Seconds for which adaptations are counted before they become a line: a game makes many."""

MOST_NAMES = 64
"""Names of adaptations that are counted one by one in a period; the others count as ``other``."""

FREQUENT, FREQUENT_PER_SECOND = 600, 1 / 10
"""Lines about freezes, overrides and profiles at once, and in the long run; more are counted."""

_CAPTURING = ("on", "gap")


class AuditObserver:
    """Hub observer for the audit; not used in replay.

    Args:
        writer: Writes the lines.
    """

    def __init__(self, writer: AuditWriter) -> None:
        self._writer = writer
        self._capturing: dict[tuple[str, str, str], bool] = {}
        self._adaptations: Counter[tuple[str, str]] = Counter()
        self._frequent = TokenBucket(FREQUENT, FREQUENT_PER_SECOND, 0.0)
        self._more: Counter[tuple[str, str]] = Counter()
        self._due = 0.0

    def applied(self, command: cmd.Command, now: float) -> None:
        """Write a line about a command that concerns a person's data."""
        note = self._writer.note
        match command:
            case cmd.ConsentGranted(subject=subject):
                data = {"sensor": command.sensor, "purposes": command.purposes, "by": command.by}
                note("grant", subject, data)
            case cmd.ConsentWithdrawn(subject=subject):
                gone = command.purposes or ("all",)
                data = {"sensor": command.sensor, "purposes": gone, "by": command.by}
                note("withdrawal", subject, data)
            case cmd.SensorChanged():
                self._capture(command)
            case cmd.RecordingChanged(subject=subject, change=change):
                folder = Path(command.folder or "").name
                note("recording", subject, {"change": change}, folder)
            case cmd.Override(subject=subject):
                self._often("override", subject, {"names": sorted(command.values)}, now)
            case cmd.Freeze(subject=subject):
                self._often("freeze", subject, {}, now)
            case cmd.Unfreeze(subject=subject):
                self._often("unfreeze", subject, {}, now)
            case cmd.ProfileUsed(subject=subject, profile=profile):
                models = [f"{model.modality}/{model.dimension}" for model in profile.personal]
                data = {"baselines": [*profile.baselines], "models": models}
                self._often("profile", subject, data, now)
            case cmd.ModelChanged(subject=subject):
                note("model", subject, {"modality": command.modality, "state": command.state})
            case cmd.AdaptationReported(subject=subject, what=what):
                key = (subject, what[:64])
                if key not in self._adaptations and len(self._adaptations) >= MOST_NAMES:
                    key = (subject, "other")
                self._adaptations[key] += 1

    def polled(self, messages: Sequence[Outgoing], now: float) -> None:
        """Write what was counted in a period."""
        if now >= self._due and (self._adaptations or self._more):
            self.flush()
        if now >= self._due:
            self._due = now + PERIOD

    def flush(self) -> None:
        """Write what was counted."""
        for (subject, what), count in self._adaptations.items():
            self._writer.note("adaptation", subject, {"what": what, "count": count})
        self._adaptations.clear()
        for (kind, subject), count in self._more.items():
            self._writer.note(kind, subject, {"more": count})
        self._more.clear()

    def _often(self, kind: str, subject: str, data: Mapping[str, object], now: float) -> None:
        """Write a line that a client can cause at will, or count it."""
        if self._frequent.take(1, now):
            self._writer.note(kind, subject, data)
        else:
            self._more[kind, subject] += 1

    def _capture(self, command: cmd.SensorChanged) -> None:
        """Write when a source of a sensor begins and ends to deliver samples."""
        key = (command.subject, command.sensor, command.source)
        capturing = command.status.state in _CAPTURING
        if capturing == self._capturing.get(key, False):
            return
        self._capturing[key] = capturing
        data = {"sensor": command.sensor, "source": command.source, "on": capturing}
        self._writer.note("capture", command.subject, data)
