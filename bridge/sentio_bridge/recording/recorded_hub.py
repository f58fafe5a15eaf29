"""A hub that tells a recording session of every call made from outside, in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sentio_bridge.core import command_log
from sentio_bridge.core.command_log import Entry
from sentio_bridge.core.hub import Hub
from sentio_bridge.core.sensor_status import SensorStatus
from sentio_bridge.core.subject_state import SubjectState
from sentio_bridge.recording.session_recorder import SessionRecorder


class RecordedHub(Hub):
    """The hub of a live sidecar.

    Calls that the hub makes of its own follow from the outer call and are not told. Of a request
    either the request is told, or the calls that it made (``hublog.BY_EFFECT``).

    Args:
        epoch: As ``Hub``.
        subjects: As ``Hub``.
        session: Told of the calls.
    """

    def __init__(
        self, epoch: int, subjects: Mapping[str, SubjectState], session: SessionRecorder
    ) -> None:
        super().__init__(epoch, subjects)
        self._session = session
        self._depth = 0
        self._now = 0.0
        self._made: list[Entry] | None = None
        self._state: dict[tuple[str, str, str], Entry] = {}

    def sensor(
        self, subject: str, name: str, source: str, status: SensorStatus, now: float
    ) -> None:
        """See ``Hub``."""
        entry = command_log.Sensor(
            subject, name, source, status.state, status.reasons, status.fix, status.streams
        )
        self._state[subject, name, source] = entry
        with self._outer(entry, now):
            super().sensor(subject, name, source, status, now)

    def model(
        self, subject: str, modality: str, state: str, reason: str, fix: str, now: float
    ) -> None:
        """See ``Hub``."""
        entry = command_log.Model(subject, modality, state, reason, fix)
        self._state[subject, "model", modality] = entry
        with self._outer(entry, now):
            super().model(subject, modality, state, reason, fix, now)

    def marker(
        self, subject: str, name: str, time: float, data: Mapping[str, Any], now: float
    ) -> None:
        """See ``Hub``."""
        with self._outer(command_log.Marker(subject, name, time, dict(data)), now):
            super().marker(subject, name, time, data, now)

    def event(
        self, subject: str, kind: str, name: str, time: float, data: Mapping[str, Any]
    ) -> None:
        """See ``Hub``; told with the time of the call before, which is all that order needs."""
        with self._outer(command_log.Event(subject, kind, name, time, dict(data)), self._now):
            super().event(subject, kind, name, time, data)

    def due(self, now: float) -> list[bytes]:
        """See ``Hub``."""
        self._now = now
        with self._inside():
            messages = super().due(now)
        self._session.ticked(messages, now)
        return messages

    @contextmanager
    def carrying_out(self) -> Iterator[None]:
        """Hold back what is called inside until ``carried_out`` says what it was."""
        profiles = {
            subject: subject_state.person.profile
            for subject, subject_state in self.subjects.items()
        }
        self._made, self._profiles = [], profiles
        try:
            yield
        finally:
            self._made = None

    def carried_out(self, request: Mapping[str, Any], now: float) -> None:
        """Tell of a request that was carried out, inside ``carrying_out``."""
        made, self._made = self._made or [], None
        entry = command_log.asked("", request)
        if entry is not None:
            self._session.call(entry, now)
            return
        for told in made:
            self._session.call(told, now)
        for subject, subject_state in self.subjects.items():
            profile = subject_state.person.profile
            if profile is not None and profile is not self._profiles[subject]:
                self._session.used(subject, profile, now)

    def retell(self, now: float) -> None:
        """Tell what a recording that begins now must know of before."""
        for entry in self._state.values():
            self._session.call(entry, now)
        for subject, subject_state in self.subjects.items():
            rate = {"op": "rate", "hz": subject_state.pacer.rate_hz}
            self._session.call(command_log.asked("", rate), now)
            if subject_state.frozen is not None:
                freeze = {"op": "freeze", "subject": subject, "reason": subject_state.frozen}
                self._session.call(command_log.asked("", freeze), now)

    @contextmanager
    def _outer(self, entry: Entry, now: float) -> Iterator[None]:
        if self._depth == 0:
            self._now = max(self._now, now)
            if self._made is None:
                self._session.call(entry, now)
            else:
                self._made.append(entry)
        with self._inside():
            yield

    @contextmanager
    def _inside(self) -> Iterator[None]:
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
