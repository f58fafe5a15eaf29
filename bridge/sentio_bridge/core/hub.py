"""The deterministic core: commands in, messages out; no I/O, no clock.

The messages are a function of the commands and their times alone: the same commands and polls in
the same order give the same bytes, which is what replay relies on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, assert_never

from sentio_bridge.affect.personal.profile import Profile
from sentio_bridge.affect.snapshot import Snapshot
from sentio_bridge.core import commands as cmd
from sentio_bridge.core.metrics import Recent
from sentio_bridge.core.outgoing import DetailMessage, EventMessage, FrameMessage, Outgoing
from sentio_bridge.core.subject_state import SubjectState
from sentio_bridge.defects import DefectLog
from sentio_bridge.errors import RequestError
from sentio_bridge.protocol import bodies
from sentio_bridge.protocol.bodies import DetailBody, EventBody, EventData

DETAIL_HZ = 4.0
"""Maximum rate of the detail message, which people and tools read."""


@dataclass(frozen=True, slots=True)
class HubState:
    """State of a hub on which its next messages depend."""

    subjects: dict[str, SubjectState]
    event_id: int
    events: list[EventMessage]
    detail_due: dict[str, float]
    newest_sample: dict[str, float]


class HubObserver(Protocol):
    """Protocol of observers: the recorder, the audit, and effects of commands."""

    def applied(self, command: cmd.Command, now: float) -> None:
        """Take a command that was applied at ``now``."""
        ...

    def polled(self, messages: Sequence[Outgoing], now: float) -> None:
        """Take the messages that ``Hub.poll(now)`` returned."""
        ...


class Hub:
    """Hub of all subjects: applies commands and returns due messages.

    Args:
        epoch: Chosen at random at each start.
        subjects: By subject.
        observers: Receive every command and every message, in this order.
        defects: Log of defects of observers and of one subject's frame, which then affect nothing
            else; without it they are raised.
    """

    def __init__(
        self,
        epoch: int,
        subjects: Mapping[str, SubjectState],
        observers: Sequence[HubObserver] = (),
        defects: DefectLog | None = None,
    ) -> None:
        self.epoch = epoch
        self.subjects = dict(subjects)
        self.latency = {subject: Recent() for subject in subjects}
        self.frames = 0
        self._observers = tuple(observers)
        self._defects = defects
        self._events: list[EventMessage] = []
        self._event_id = 0
        self._detail_due: dict[str, float] = dict.fromkeys(subjects, 0.0)
        self._newest_sample: dict[str, float] = {}
        self._calibrated: list[tuple[str, str, Profile]] = []

    def subject_state(self, subject: str | None) -> SubjectState:
        """Return a subject's state; None means the only one.

        Raises:
            RequestError: No such subject, or None where there are several.
        """
        if subject is None and len(self.subjects) == 1:
            return next(iter(self.subjects.values()))
        if subject not in self.subjects:
            raise RequestError(
                "unknown_subject",
                "there are several subjects"
                if subject is None
                else f"there is no subject {subject!r}",
                f"name one of {', '.join(self.subjects)}; in a command: --subject NAME",
            )
        return self.subjects[subject]

    def apply(self, command: cmd.Command, now: float) -> None:
        """Apply a command: the only way to change the state.

        Args:
            command: What happened or is wanted.
            now: LSL clock, seconds; never before that of the command before.

        Raises:
            BridgeError: It cannot be carried out; nothing has changed, no observer was called.
        """
        self._carry_out(command, now)
        for observer in self._observers:
            try:
                observer.applied(command, now)
            except Exception as error:  # a defect of an observer costs it this command
                self._caught(f"{type(observer).__name__} did not take a command", error)

    def poll(self, now: float) -> list[Outgoing]:
        """Return the messages due at ``now``: events, then frames, then details."""
        try:
            self._check_calibrations(now)
        except Exception as error:  # frames go on
            self._caught("calibrations could not be checked", error)
        frames: list[Outgoing] = []
        snapshots: dict[str, Snapshot] = {}
        for subject, state in self.subjects.items():
            try:
                for kind, name, time, data in state.analysis.answered(now):
                    self._event(subject, kind, name, time, data)
                if state.pacer.due(now):
                    snapshot = state.snapshot(now)
                    self._changes(subject, state, now)
                    frames.append(self._frame(subject, state, snapshot, now))
                    if self._detail_wanted(subject, state, now):
                        snapshots[subject] = snapshot
            except Exception as error:  # other subjects go on
                self._caught(f"no frame of {subject} could be made", error)
        messages: list[Outgoing] = [*self._events, *frames]
        self._events = []
        for subject, snapshot in snapshots.items():
            try:
                body = self.subjects[subject].detail(snapshot, self.epoch, now)
                messages.append(DetailMessage(subject, body))
            except Exception as error:  # the frame is sent all the same
                self._caught(f"no detail of {subject} could be made", error)
        if messages:
            for observer in self._observers:
                try:
                    observer.polled(messages, now)
                except Exception as error:  # the messages are sent all the same
                    self._caught(f"{type(observer).__name__} did not take messages", error)
        return messages

    def deadline(self) -> float:
        """Return when the next message is due (LSL clock)."""
        return min(state.pacer.deadline() for state in self.subjects.values())

    def detail(self, subject: str, now: float) -> DetailBody:
        """Return a subject's detail without sending a frame."""
        state = self.subjects[subject]
        return state.detail(state.peek(now), self.epoch, now)

    def take_calibrated(self) -> list[tuple[str, str, Profile]]:
        """Return subject, name and profile of calibrations since the last call."""
        found, self._calibrated = self._calibrated, []
        return found

    def state(self) -> list[cmd.Command]:
        """Return the commands that bring a new hub to the state of this one.

        A recording that begins now starts with them. Consent and profiles are in its manifest,
        the state of models and fusion in ``saved``.
        """
        found: list[cmd.Command] = []
        for state in self.subjects.values():
            found += state.commands()
            found.append(cmd.RateChanged(state.pacer.rate_hz))
        return found

    def saved(self) -> HubState:
        """Return the complete state, not copied."""
        return HubState(
            self.subjects,
            self._event_id,
            self._events,
            self._detail_due,
            self._newest_sample,
        )

    def restore(self, state: HubState) -> None:
        """Continue from the state of another hub, which is not used afterwards."""
        self.subjects = state.subjects
        self.latency = {subject: Recent() for subject in state.subjects}
        self._event_id = state.event_id
        self._events = state.events
        self._detail_due = state.detail_due
        self._newest_sample = state.newest_sample

    def _carry_out(self, command: cmd.Command, now: float) -> None:
        match command:
            case cmd.EstimateReceived(subject=subject, captured=captured):
                estimator = command.estimator
                self.subject_state(subject).estimate(command.estimate, captured, now, estimator)
                newest = self._newest_sample.get(subject, captured)
                self._newest_sample[subject] = max(captured, newest)
            case cmd.SensorChanged():
                self._sensor(command, now)
            case cmd.ModelChanged():
                self._model(command, now)
            case cmd.MarkerReceived(subject=subject, name=name, time=time, data=data):
                self.subject_state(subject).analysis.marker(name, time, data)
                self._event(subject, "marker", name, time, data)
            case cmd.ConsentGranted() | cmd.ConsentWithdrawn():
                self._consent(command, now)
            case cmd.Freeze(subject=subject, reason=reason, by=by):
                self._set_frozen(subject, reason, by, now)
            case cmd.Unfreeze(subject=subject, by=by):
                self._set_frozen(subject, None, by, now)
            case cmd.Override(subject=subject, values=values):
                self.subject_state(subject).override(values, command.seconds, now)
                seconds = command.seconds if command.by else None
                override = bodies.OverrideData(values, command.by, seconds)
                self._event(subject, "override", "values", now, override)
            case cmd.RateChanged(hz=hz):
                for state in self.subjects.values():
                    state.pacer.rate_hz = hz
            case cmd.CalibrationStarted(subject=subject):
                person = self.subject_state(subject).person
                person.calibrate_start(command.kind, command.seconds, now, command.profile)
                self._check_calibrations(now)
            case cmd.CalibrationStopped(subject=subject):
                self.subject_state(subject).person.calibrate_stop(now)
                self._check_calibrations(now)
            case cmd.CalibrationChecked():
                self._check_calibrations(now)
            case cmd.LabelGiven(subject=subject):
                person = self.subject_state(subject).person
                person.label(command.name, command.value, command.time, now)
            case cmd.SelfReported(subject=subject):
                state = self.subject_state(subject)
                state.person.self_report(command.name, command.value, command.time, now)
                state.pacer.changed()
            case cmd.AdaptationReported(subject=subject, what=what, time=time):
                adaptation = bodies.AdaptationData(
                    command.value, command.why, command.asked, command.by, command.seconds
                )
                self._event(subject, "adaptation", what, time, adaptation)
            case cmd.ProfileUsed(subject=subject, profile=profile):
                self.subject_state(subject).use_profile(profile)
            case cmd.ProfileProblem(subject=subject, problem=problem, reason=reason):
                problem_data = bodies.CalibrationData([reason])
                self._event(subject, "calibration", problem, now, problem_data)
            case cmd.RecordingChanged(subject=subject, change=change):
                recording = bodies.RecordingData(command.folder, command.reason)
                self._event(subject, "recording", change, now, recording)
            case cmd.RecordingReported(recording=reported):
                for state in self.subjects.values():
                    state.recording = reported
            case _:
                assert_never(command)

    def _caught(self, what: str, error: Exception) -> None:
        """Log a defect; raise it if there is no log."""
        if self._defects is None:
            raise error
        self._defects.caught(what, error)

    def _sensor(self, command: cmd.SensorChanged, now: float) -> None:
        """Apply the status of a source; a change of the sensor's state is an event."""
        subject, sensor = command.subject, command.sensor
        state = self.subject_state(subject)
        if state.sensor(sensor, command.source, command.status, now, command.since):
            status = state.sensors[sensor]
            self._detail_due[subject] = now
            data = bodies.ProblemData(status.state, status.reasons, status.fix)
            self._event(subject, "sensor", sensor, now, data)

    def _model(self, command: cmd.ModelChanged, now: float) -> None:
        state = self.subject_state(command.subject)
        if state.model(command.modality, command.state, command.reason, command.fix, now):
            data = bodies.ProblemData(command.state, (command.reason,), command.fix)
            self._event(command.subject, "model", command.modality, now, data)

    def _consent(self, command: cmd.ConsentGranted | cmd.ConsentWithdrawn, now: float) -> None:
        """Change a consent, and at once the status of the sensor's sources."""
        subject, sensor = command.subject, command.sensor
        state = self.subject_state(subject)
        if isinstance(command, cmd.ConsentGranted):
            state.consent.grant(sensor, command.purposes, command.by, now)
        else:
            state.consent.withdraw(sensor, command.by, now, command.purposes)
        data = bodies.ConsentData(state.consent.status()[sensor], command.by)
        self._event(subject, "consent", sensor, now, data)
        for source, status in state.closed(sensor).items():
            self._sensor(cmd.SensorChanged(subject, sensor, source, status), now)

    def _set_frozen(self, subject: str, reason: str | None, by: str, now: float) -> None:
        self.subject_state(subject).frozen = reason
        name = "frozen" if reason else "unfrozen"
        self._event(subject, "frozen", name, now, bodies.FrozenData(reason or "", by))

    def _check_calibrations(self, now: float) -> None:
        """Finish blocks whose time is over; a change of their state is an event."""
        for subject, state in self.subjects.items():
            before = state.calibration
            if before is not None and "running" not in (before.state, state.person.calibration):
                continue  # as nearly always
            after = state.person.calibrate_status(now)
            state.calibration = after
            made = state.person.calibrated()
            if made is not None:
                self._calibrated.append((subject, *made))
            if before is not None and after.state != before.state:
                data = bodies.CalibrationData(after.reasons)
                self._event(subject, "calibration", after.state, now, data)

    def _changes(self, subject: str, state: SubjectState, now: float) -> None:
        """Queue an event for each dimension that has changed, with its onset."""
        for change in state.analysis.changed():
            data = bodies.ChangeData(
                "up" if change.up else "down",
                change.before,
                change.after,
                change.probability,
                now,
            )
            self._event(subject, "change", change.name, change.onset, data)

    def _event(self, subject: str, kind: str, name: str, time: float, data: EventData) -> None:
        """Queue an event for the next poll."""
        self.subject_state(subject).pacer.changed()
        body = EventBody(self.epoch, self._event_id, time, kind, name, data)
        self._event_id += 1
        self._events.append(EventMessage(subject, body))

    def _frame(
        self, subject: str, state: SubjectState, snapshot: Snapshot, now: float
    ) -> FrameMessage:
        frame = state.frame(snapshot, self.epoch, now)
        self.frames += 1
        if subject in self._newest_sample:
            age = (now - self._newest_sample.pop(subject)) * 1000.0
            self.latency[subject].add(age, now)
        return FrameMessage(frame)

    def _detail_wanted(self, subject: str, state: SubjectState, now: float) -> bool:
        """Return whether a detail is due with this frame; queue a change of state."""
        change = state.state_change()
        if change is not None:
            before, after = (fused.label for fused in change)
            self._event(subject, "state", after, now, bodies.StateData(before, after))
        if change is None and now < self._detail_due[subject]:
            return False
        self._detail_due[subject] = now + 1.0 / DETAIL_HZ
        return True
