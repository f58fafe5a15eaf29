"""State of one subject; no I/O, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

import msgspec

from sentio_bridge.affect.derived_state import DerivedState
from sentio_bridge.affect.evidence import Evidence, with_deviations
from sentio_bridge.affect.explanation import remedy
from sentio_bridge.affect.personal.profile import Profile
from sentio_bridge.affect.snapshot import Snapshot
from sentio_bridge.affect.subject_model import SubjectModel
from sentio_bridge.core.commands import Freeze, ModelChanged, SensorChanged
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.core.frame_pacer import FramePacer
from sentio_bridge.core.sensor_status import SensorStatus, without_consent
from sentio_bridge.errors import RequestError
from sentio_bridge.protocol.bodies import (
    CalibrationBody,
    DetailBody,
    ModalityBody,
    RecordingBody,
    SensorBody,
)
from sentio_bridge.protocol.frame import INDEX, LAYOUT, AffectFrame, State, pack, pack_evidence
from sentio_bridge.protocol.vocabulary import FEATURES_ONLY, MODALITY_OF
from sentio_models import Estimate

EVIDENCE_HZ = 10.0
"""Rate of ages and confidences while the same entries stay known."""

_CAPTURED = ("on", "gap")
"""States of a sensor whose device is open."""

_MODALITY_STATE = {
    "off": "absent",
    "opening": "warming",
    "on": "ok",
    "ended": "gap",
}
"""State of a modality by the state of its sensor, where the names differ."""


@dataclass(slots=True)
class SubjectState:
    """One subject's person, consent, overrides and frame sequence.

    Attributes:
        person: Fusion and calibration.
        consent: Consent of this subject.
        pacer: When the next frame is due.
        sensors: Last known status of each configured sensor.
        analysis: Responses, mood and appraisal.
        frozen: Reason why adaptation is frozen, or None.
        calibration: Progress of the guided baseline.
        recording: Status of the recorder.
    """

    person: SubjectModel
    consent: ConsentLedger
    pacer: FramePacer
    sensors: dict[str, SensorStatus] = field(default_factory=dict)
    analysis: DerivedState = field(default_factory=DerivedState)
    frozen: str | None = None
    calibration: CalibrationBody | None = None
    recording: RecordingBody | None = None
    _overrides: dict[str, tuple[float, float]] = field(default_factory=dict)
    _sources: dict[str, dict[str, SensorStatus]] = field(default_factory=dict)
    _since: dict[str, float] = field(default_factory=dict)
    _problems: dict[str, tuple[str, tuple[str, ...], str]] = field(default_factory=dict)
    _seq: int = 0
    _shown: int = 0
    _evidence_due: float = 0.0
    _state: State | None = None
    _previous: State | None = None

    def estimate(self, estimate: Estimate, captured: float, now: float, model: str = "") -> None:
        """Fuse an estimate, unless its sensor's consent was withdrawn meanwhile."""
        sensor = _SENSOR_OF_MODALITY.get(estimate.modality)
        if sensor is not None and not self.consent.allows(sensor):
            return
        if self._problems.pop(estimate.modality, None) is not None:
            self._report(estimate.modality, now)  # its model runs again
        if estimate.modality not in FEATURES_ONLY:
            personal = sensor is None or self.consent.allows(sensor, "personal_model")
            self.person.estimate(estimate, captured, now, model, personal=personal)
        self.analysis.estimate(estimate, captured)
        self.pacer.changed()

    def sensor(
        self,
        name: str,
        source: str,
        status: SensorStatus,
        now: float,
        since: float | None = None,
    ) -> bool:
        """Store a source's status; return whether the sensor's state changed."""
        before = self.sensors.get(name)
        self._sources.setdefault(name, {})[source] = status
        status = _combined(self._sources[name].values())
        if before == status:
            return False
        self.sensors[name] = status
        if status.state in _CAPTURED:
            self._since.setdefault(name, now if since is None else since)
        else:
            self._since.pop(name, None)
        modality = MODALITY_OF.get(name)
        if modality is not None:
            self._report(modality, now)
        self.pacer.changed()
        return before is None or before.state != status.state

    def source(self, sensor: str, source: str) -> SensorStatus | None:
        """Return the status of one source of a sensor, if it is known."""
        return self._sources.get(sensor, {}).get(source)

    def commands(self) -> list[SensorChanged | ModelChanged | Freeze]:
        """Return the commands that bring a new subject to the state of this one."""
        subject = self.person.subject
        found: list[SensorChanged | ModelChanged | Freeze] = [
            SensorChanged(subject, sensor, source, status, self._since.get(sensor))
            for sensor, sources in self._sources.items()
            for source, status in sources.items()
        ]
        for modality, (state, reasons, fix) in self._problems.items():
            found.append(ModelChanged(subject, modality, state, reasons[0], fix))
        if self.frozen is not None:
            found.append(Freeze(subject, self.frozen))
        return found

    def closed(self, sensor: str) -> dict[str, SensorStatus]:
        """Return the new status of each source after ``sensor``'s consent changed.

        Contains every known source, also of engines, whose status changes. For a withdrawn sensor
        without a source, one entry states the withdrawal.
        """
        sources = self._sources.get(sensor, {})
        if not self.consent.allows(sensor):
            no_source = ("consent",) if self.consent.withdrawn(sensor) else ()
            return dict.fromkeys(sources or no_source, without_consent(self.consent, sensor))
        return {
            source: SensorStatus("off")
            for source, status in sources.items()
            if status.state == "withdrawn"
        }

    def model(self, modality: str, state: str, reason: str, fix: str, now: float) -> bool:
        """Store a missing or failed model; return whether that is a change."""
        problem = (state, (reason,), fix)
        if self._problems.get(modality) == problem:
            return False
        self._problems[modality] = problem
        self._report(modality, now)
        self.pacer.changed()
        return True

    def _report(self, modality: str, now: float) -> None:
        """Report a modality's problem to fusion: its sensor's, else its model's."""
        status = self.sensors.get(_SENSOR_OF_MODALITY.get(modality, ""), SensorStatus("on"))
        state = _MODALITY_STATE.get(status.state, status.state)
        problem = (state, status.reasons, status.fix)
        if state == "ok":
            problem = self._problems.get(modality, problem)
        self.person.modality_state(modality, *problem, now)

    def override(self, values: Mapping[str, float | None], seconds: float, now: float) -> None:
        """Set entries of the affect vector for a time; None releases an entry.

        Raises:
            RequestError: A name is not in the layout; nothing has changed.
        """
        for name in values:
            if name not in INDEX:
                near = get_close_matches(name, LAYOUT, 1)
                raise RequestError(
                    "bad_argument",
                    f"values: {name!r} is not in the affect vector",
                    f"did you mean {near[0]!r}?" if near else "PROTOCOL.md, section 4, lists it",
                )
        for name, value in values.items():
            if value is None:
                self._overrides.pop(name, None)
            else:
                self._overrides[name] = (value, now + seconds)
        self.pacer.changed()

    def overrides(self, now: float) -> dict[str, float]:
        """Return the overridden values at ``now``."""
        if not self._overrides:
            return {}
        self._overrides = {n: o for n, o in self._overrides.items() if o[1] > now}
        return {name: value for name, (value, _) in self._overrides.items()}

    def snapshot(self, now: float) -> Snapshot:
        """Return the fused and derived state at ``now``; derived state is updated."""
        fused = self.person.snapshot(now)
        self.analysis.follow(now, fused.values)
        return self._whole(fused, now)

    def peek(self, now: float) -> Snapshot:
        """Return the same as ``snapshot`` without an update."""
        return self._whole(self.person.snapshot(now), now)

    def _whole(self, fused: Snapshot, now: float) -> Snapshot:
        derived = self.analysis.values(now, fused.values)
        return msgspec.structs.replace(fused, values={**fused.values, **derived})

    def use_profile(self, profile: Profile) -> None:
        """Use a profile from now on.

        Raises:
            ProfileError: It belongs to another person.
        """
        self.person.use_profile(profile)
        self.analysis.levels.restore(profile.ranges)

    def frame(self, snapshot: Snapshot, epoch: int, now: float) -> AffectFrame:
        """Return the next frame, numbered, of ``snapshot``.

        Ages and confidences are included when the set of known entries has changed, and otherwise
        ``EVIDENCE_HZ`` times a second: clients compute the ages between.
        """
        overrides = self.overrides(now)
        values = {**snapshot.values, **overrides}
        mask, vector = pack(values)
        age = confidence = None
        if mask != self._shown or now >= self._evidence_due:
            self._shown, self._evidence_due = mask, now + 1.0 / EVIDENCE_HZ
            evidence = self.evidence(snapshot, values, now)
            evidence.update(dict.fromkeys(overrides, Evidence(0.0, 1.0)))
            age = pack_evidence({name: found.age for name, found in evidence.items()})
            confidence = pack_evidence({n: found.confidence for n, found in evidence.items()})
        frame = AffectFrame(
            self.person.subject,
            epoch,
            self._seq,
            snapshot.captured,
            now,
            snapshot.state,
            mask,
            vector,
            age,
            confidence,
        )
        self._seq += 1
        self._previous, self._state = self._state, snapshot.state
        return frame

    def evidence(
        self, snapshot: Snapshot, values: Mapping[str, float], now: float
    ) -> dict[str, Evidence]:
        """Return age and confidence of each entry of ``values`` at ``now``."""
        found = self.person.evidence(snapshot, now)
        found.update(self.analysis.evidence(values, found, now))
        return with_deviations(found, values)

    def state_change(self) -> tuple[State, State] | None:
        """Return the last frame's change of state as (from, to), if it was one."""
        if self._previous is None or self._state is None or self._previous == self._state:
            return None
        return self._previous, self._state

    def detail(self, snapshot: Snapshot, epoch: int, now: float) -> DetailBody:
        """Return the body of ``detail/<subject>`` (PROTOCOL.md, section 5)."""
        overrides = self.overrides(now)
        granted = self.consent.status()
        return DetailBody(
            epoch=epoch,
            seq=max(0, self._seq - 1),
            sent=now,
            state=snapshot.state.label,
            why=self.person.why(snapshot),
            values={**snapshot.values, **overrides},
            emotions=snapshot.emotions,
            modalities={
                name: ModalityBody(
                    share.state,
                    share.weight,
                    share.quality,
                    share.age,
                    share.reasons,
                    share.model,
                    share.fix or remedy(share.reasons),
                )
                for name, share in snapshot.modalities.items()
            },
            sensors={
                name: SensorBody(
                    status.state,
                    status.reasons,
                    status.fix,
                    status.streams,
                    granted.get(name, ()),
                    self._since.get(name),
                )
                for name, status in self.sensors.items()
            },
            calibration=self.calibration,
            recording=self._recorded(),
            frozen=self.frozen is not None,
            overrides=overrides,
            action_units=snapshot.action_units,
        )

    def _recorded(self) -> RecordingBody | None:
        """Return the recorder's status with the recorded sensors of this subject."""
        recording = self.recording
        if recording is None or not recording.active:
            return recording
        kept: dict[str, str] = {}
        for name in self._since:
            if name in recording.raw and self.consent.allows(name, "record_raw"):
                kept[name] = "raw"
            elif self.consent.allows(name, "record"):
                kept[name] = "features"
        subject = self.person.subject
        lacking = {s: found for s, found in recording.without_record.items() if s == subject}
        return msgspec.structs.replace(recording, sensors=kept, without_record=lacking)


_BEST_FIRST = ("withdrawn", "on", "opening", "gap", "error", "absent", "ended", "off")
"""Order of states: a sensor with several sources has the best one's state."""


def _combined(parts: Iterable[SensorStatus]) -> SensorStatus:
    """Return one status for all sources of a sensor, with all their problems."""
    ordered = sorted(parts, key=lambda part: _BEST_FIRST.index(part.state))
    best = ordered[0]
    if best.state == "withdrawn":
        return best
    reasons = dict.fromkeys(reason for part in ordered for reason in part.reasons)
    fixes = dict.fromkeys(part.fix for part in ordered if part.fix)
    streams = dict.fromkeys(stream for part in ordered for stream in part.streams)
    return SensorStatus(best.state, tuple(reasons), next(iter(fixes), ""), tuple(streams))


_SENSOR_OF_MODALITY = {modality: sensor for sensor, modality in MODALITY_OF.items()}
