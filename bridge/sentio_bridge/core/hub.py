"""Turns estimates, sensor states and time into messages; no I/O, no clock.

The messages are a function of the calls and their ``now`` alone: the same calls in the same
order give the same bytes, which is what replay relies on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sentio_bridge.affect.snapshot import Snapshot
from sentio_bridge.core.metrics import Recent
from sentio_bridge.core.sensor_status import SensorStatus
from sentio_bridge.core.subject_state import SubjectState
from sentio_bridge.errors import RequestError
from sentio_bridge.protocol import codec
from sentio_models import Estimate

DETAIL_HZ = 4.0
"""How often the long message goes out: people and tools read it, engines rarely."""


class Hub:
    """The state of all subjects and what is to be sent about them.

    Args:
        epoch: Chosen at random at each start.
        subjects: By subject.
    """

    def __init__(self, epoch: int, subjects: Mapping[str, SubjectState]) -> None:
        self.epoch = epoch
        self.subjects = dict(subjects)
        self.latency = {subject: Recent() for subject in subjects}
        self.frames = 0
        self._events: list[bytes] = []
        self._event_id = 0
        self._detail_due: dict[str, float] = dict.fromkeys(subjects, 0.0)
        self._untold: dict[str, Snapshot] = {}
        self._fresh: dict[str, float] = {}
        self._last: dict[bytes, bytes] = {}

    def subject_state(self, subject: str | None) -> SubjectState:
        """Return a subject's subject_state; None means the only one.

        Raises:
            RequestError: No such subject, or None where there are several.
        """
        if subject is None and len(self.subjects) == 1:
            return next(iter(self.subjects.values()))
        if subject not in self.subjects:
            raise RequestError(
                "unknown_subject",
                f"subject {subject!r} is not one of {', '.join(self.subjects)}",
                "name one of them",
            )
        return self.subjects[subject]

    def measure(
        self, subject: str, estimate: Estimate, captured: float, now: float, model: str = ""
    ) -> None:
        """Take one modality's estimate, made by ``model``, of the window ended at ``captured``."""
        self.subjects[subject].estimate(estimate, captured, now, model)
        self._fresh[subject] = max(captured, self._fresh.get(subject, captured))

    def sensor(
        self, subject: str, name: str, source: str, status: SensorStatus, now: float
    ) -> None:
        """Learn what one source of a sensor does; a change is told as an event."""
        subject_state = self.subjects[subject]
        if subject_state.sensor(name, source, status, now):
            status = subject_state.sensors[name]
            self._detail_due[subject] = now
            self.event(
                subject,
                "sensor",
                name,
                now,
                {"state": status.state, "reasons": list(status.reasons), "fix": status.fix},
            )

    def consent_changed(self, subject: str, sensor: str, now: float) -> None:
        """Tell at once what a change of consent does to a sensor, before its sources do."""
        for source, status in self.subjects[subject].closed(sensor).items():
            self.sensor(subject, sensor, source, status, now)

    def event(
        self, subject: str, kind: str, name: str, time: float, data: Mapping[str, Any]
    ) -> None:
        """Queue an event for the next tick."""
        body = {
            "epoch": self.epoch,
            "id": self._event_id,
            "time": time,
            "kind": kind,
            "name": name,
            "data": dict(data),
        }
        self._event_id += 1
        self._events.append(codec.encode_map("event", subject, body))
        self.subjects[subject].pacer.news()

    def model(
        self, subject: str, modality: str, state: str, reason: str, fix: str, now: float
    ) -> None:
        """Learn that a modality's model is missing or failed."""
        if self.subjects[subject].model(modality, state, reason, fix, now):
            data = {"state": state, "reasons": [reason], "fix": fix}
            self.event(subject, "model", modality, now, data)

    def marker(
        self, subject: str, name: str, time: float, data: Mapping[str, Any], now: float
    ) -> None:
        """Take a named moment, from the engine or from a marker stream."""
        self.subjects[subject].analysis.marker(name, time, data)
        self.event(subject, "marker", name, time, data)

    def detail_now(self, subject_state: SubjectState, now: float) -> dict[str, Any]:
        """Return a subject's detail without sending a frame."""
        return subject_state.detail(subject_state.person.snapshot(now), self.epoch, now)

    def tick(self, now: float) -> list[bytes]:
        """Return all messages that are due at ``now``: events, frames, details."""
        return [*self.due(now), *self.details(now)]

    def due(self, now: float) -> list[bytes]:
        """Return the events and frames that are due at ``now``; ``details`` comes after."""
        frames: list[bytes] = []
        for subject, subject_state in self.subjects.items():
            for name, time, data in subject_state.analysis.answered(now):
                self.event(subject, "response", name, time, data)
            if subject_state.pacer.due(now):
                frames.append(self._frame(subject, subject_state, now))
        messages = self._events + frames
        self._events = []
        return messages

    def details(self, now: float) -> list[bytes]:
        """Return the long messages about the frames of ``now``.

        They are a call of their own because they take as long to make as the frames, which
        engines wait for.
        """
        untold, self._untold = self._untold, {}
        messages = []
        for subject, snapshot in untold.items():
            body = self.subjects[subject].detail(snapshot, self.epoch, now)
            messages.append(codec.encode_map("detail", subject, body))
            self.remember(codec.topic("detail", subject), messages[-1])
        return messages

    def deadline(self) -> float:
        """Return when the next tick has something to send."""
        return min(subject_state.pacer.deadline() for subject_state in self.subjects.values())

    def remember(self, prefix: bytes, message: bytes) -> None:
        """Keep ``message`` as the last value of its topic, for late joiners."""
        self._last[prefix] = message

    def last(self, subscription: bytes) -> list[bytes]:
        """Return the last value of every topic that ``subscription`` selects."""
        return [message for message in self._last.values() if message.startswith(subscription)]

    def _frame(self, subject: str, subject_state: SubjectState, now: float) -> bytes:
        snapshot = subject_state.snapshot(now)
        frame = subject_state.frame(snapshot, self.epoch, now)
        change = subject_state.state_change()
        message = codec.encode_affect(frame)
        self.frames += 1
        self.remember(codec.topic("affect", subject), message)
        if subject in self._fresh:
            age = (now - self._fresh.pop(subject)) * 1000.0
            self.latency[subject].add(age, now)
        if change is not None:
            self.event(
                subject,
                "state",
                change[1].label,
                now,
                {"from": change[0].label, "to": change[1].label},
            )
        if change is not None or now >= self._detail_due[subject]:
            self._detail_due[subject] = now + 1.0 / DETAIL_HZ
            self._untold[subject] = snapshot
        return message
