"""Record a running session: data with consent is written to a ``Recorder``."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import Any

import msgspec

from sentio_bridge.affect.personal.profile import Profile, encode
from sentio_bridge.config.loader import Recording as Settings
from sentio_bridge.core import command_log, saved_state
from sentio_bridge.core import commands as cmd
from sentio_bridge.core.command_log import Polled, StateSaved
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.core.outgoing import EventMessage, FrameMessage, Outgoing
from sentio_bridge.defects import DefectLog
from sentio_bridge.errors import RequestError
from sentio_bridge.pipeline.estimator_pipeline import Personalise, PipelineInput
from sentio_bridge.privacy.sealing import Sealing
from sentio_bridge.protocol.bodies import HealthBody, RecordingBody
from sentio_bridge.protocol.frame import MINOR, SCHEMA
from sentio_bridge.protocol.vocabulary import SENSORS
from sentio_bridge.recording import session_streams
from sentio_bridge.recording.code_hash import code_hash
from sentio_bridge.recording.fused_permission import FusedPermission
from sentio_bridge.recording.loss_counts import LossCounts
from sentio_bridge.recording.new_folder import check, discard, new_folder
from sentio_bridge.recording.permission import Permission
from sentio_bridge.version import VERSION
from sentio_recording.manifest import SCHEMA as FOLDER_SCHEMA
from sentio_recording.manifest import Clocks, Manifest
from sentio_recording.recorded import AUDIT, COUNTERS, ORDER
from sentio_recording.recorder import Recorder
from sentio_sensors import Chunk, Clock, StreamKey, StreamSpec

_IN_MANIFEST = (cmd.ProfileUsed, cmd.RecordingReported)
"""Commands that a recording may miss: the manifest has the same content."""

Learnt = Mapping[str, Collection[str]]
"""Modalities that what was learnt of each subject rests on."""

NOTHING: Learnt = {}


class SessionRecorder:
    """Recorder of sessions, which checks consent for everything it writes.

    It observes the hub (``HubObserver``) and the estimators; frames do not depend on it.

    Args:
        settings: Settings of recordings.
        clock: The LSL clock.
        consent: Consent ledger of each subject; read from any thread.
        configuration: Text of the configuration, for the manifest.
        epoch: Epoch of the hub.
        on_end: Called on the writing thread, with the reason, when a recording ended by itself.
        profiles: Returns the profiles in use, by subject.
        models: Returns the SHA-256 of each model that may be in use, by name.
        now_utc: The wall clock, read once for each recording.
        defects: Logs and counts a defect that ends a recording.
        sealing: Makes the keys of encrypted recordings; None: they are not encrypted.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        consent: Mapping[str, ConsentLedger],
        *,
        configuration: str,
        epoch: int,
        on_end: Callable[[str], None] = lambda _: None,
        profiles: Callable[[], Mapping[str, Profile]] = dict,
        models: Callable[[], Mapping[str, str]] = dict,
        now_utc: Callable[[], datetime] = lambda: datetime.now(UTC),
        defects: DefectLog | None = None,
        sealing: Sealing | None = None,
    ) -> None:
        self._sealing = sealing
        self._settings = settings
        self._clock = clock
        self._consent = consent
        self._permission = Permission(consent)
        self._configuration = configuration
        self._epoch = epoch
        self._on_end = on_end
        self._profiles = profiles
        self._models = models
        self._now_utc = now_utc
        self._defects = defects or DefectLog()
        self._recorder: Recorder | None = None
        self._lock = threading.Lock()
        self._specs: dict[StreamKey, StreamSpec] = {}
        self._raw: frozenset[str] = frozenset()
        self._opening: Recorder | None = None
        self._before: Recorder | None = None
        self._missed = False
        self._losses = LossCounts()
        self._saved: bytes | None = None
        self._fused = FusedPermission(self._permission)
        self._learnt: tuple[Learnt, Mapping[str, Profile]] = ({}, {})  # what it begins with

    def consumed(self, subject: str, estimator: str, item: PipelineInput) -> None:
        """Record an input just before a pipeline applies it; from any thread.

        Replay applies the same inputs in the same order.
        """
        if isinstance(item, Chunk):
            self._chunk(subject, item)
        elif isinstance(item, StreamSpec):
            self._stream(subject, estimator, item)
        elif isinstance(item, Personalise):
            # The restart counts for samples that may be recorded, the usual values need consent.
            norms = item.norms if self._permission.modality(subject, item.modality) else {}
            self._order(subject, ["personalise", subject, estimator, norms])
        else:
            self._order(subject, ["forget", subject, estimator, {}])

    def begin(
        self,
        state: Sequence[cmd.Command],
        now: float,
        *,
        name: str | None = None,
        raw: Sequence[str] | None = None,
        purpose: str = "",
        saved: bytes | None = None,
        contributed: Learnt = NOTHING,
    ) -> Recorder | None:
        """Begin a recording in memory; ``open`` creates its files.

        The caller then calls ``open``, which may wait for the disk, on any thread, and then
        ``opened``.

        Args:
            state: Commands that bring a new hub to the state of this one.
            now: LSL clock, seconds.
            name: Name of the new folder below the configured one; default: the time.
            raw: Sensors whose raw samples are requested; only those with consent for
                ``record_raw`` are recorded. None requests all sensors, as for a recording started
                by the configuration.
            purpose: Purpose of the recording.
            saved: State of the hub (``saved_state.save``), for a recording that begins during a
                session; None if it must not be stored.
            contributed: The modalities in ``saved``, by subject.

        Returns:
            The recorder; None if a recording is already running.

        Raises:
            RequestError: The name is invalid.
        """
        if name is not None:
            check(name)
        if self._opening is not None or (self._recorder and self._recorder.status.active):
            return None
        profiles = self._permitted_profiles()
        manifest = self._manifest(raw, purpose, profiles)
        self._learnt = (contributed, profiles)
        name = name or f"{self._now_utc():%Y%m%d-%H%M%S}-{token_hex(3)}"
        path = Path(self._settings.folder).resolve() / name
        recorder = Recorder(
            path,
            manifest,
            self._clock,
            media=self._settings.media,
            on_end=self._on_end,
            on_defect=partial(self._defects.caught, "the recording ended"),
        )
        self._losses.begin()
        session_streams.open_streams(recorder, self._consent)
        with self._lock:
            self._raw = frozenset(manifest.raw)
            for key, spec in self._specs.items():
                if self._permission.stream(key.subject, spec, self._raw):
                    recorder.stream(spec)
            self._before, self._recorder = self._recorder, recorder
            self._opening = recorder
        for command in state:
            self._log(command, now)
        self._saved = saved
        if saved is not None:
            recorder.record(command_log.STREAM, now, command_log.encode(StateSaved()))
        return recorder

    def open(self, recorder: Recorder) -> None:
        """Create the folder and the files of a recording; from any thread.

        Raises:
            RequestError: The name already exists. Or consent for what the recording begins with
                (what was learnt before) was withdrawn meanwhile: nothing is left on the disk.
            SensorError: The folder cannot be written.
        """
        new_folder(self._settings.folder, Path(recorder.status.folder).name)
        models = dict(self._models())  # reads files
        recorder.manifest = msgspec.structs.replace(recorder.manifest, models=models)
        if self._sealing is not None:
            recorder.keys = self._sealing.keys(list(self._consent))
        saved, self._saved = self._saved, None
        shared = recorder.keys is not None and recorder.keys.is_shared
        if saved is not None and not shared:  # of all persons: erasing one's key would not end it
            text = saved_state.encode(saved, code_hash())
            recorder.record(saved_state.STREAM, recorder.manifest.clocks.monotonic, text)
        recorder.start()
        if not self._permission.state(*self._learnt):
            discard(recorder, None if self._sealing is None else self._sealing.folder)
            what = "consent for what the recording begins with was withdrawn meanwhile"
            raise RequestError("refused", what, "start it again: it begins without")

    def opened(self, recorder: Recorder, succeeded: bool) -> None:
        """Complete ``open``; if it failed, the recording is abandoned."""
        with self._lock:
            self._opening = None
            if not succeeded and self._recorder is recorder:
                self._recorder = self._before
                self._missed = True
            self._before = None

    def may_store_state(self, contributed: Learnt) -> bool:
        """Return whether the state of a session may be stored in a recording.

        It contains what was learnt from every modality: each needs consent to be recorded.

        Args:
            contributed: The modalities in the state, by subject.
        """
        return self._permission.state(contributed, self._profiles())

    def start(
        self, state: Sequence[cmd.Command] = (), now: float = 0.0, **options: Any
    ) -> RecordingBody:
        """Start a recording and wait for the disk; no effect if one is running.

        Args:
            state: As for ``begin``.
            now: As for ``begin``.
            options: ``name``, ``raw`` and ``purpose`` of ``begin``.

        Raises:
            RequestError: The name is invalid or already exists.
            SensorError: The folder cannot be written.
        """
        recorder = self.begin(state, now, **options)
        if recorder is not None:
            succeeded = False
            try:
                self.open(recorder)
                succeeded = True
            finally:
                self.opened(recorder, succeeded)
        return self.body()

    def stop(self) -> RecordingBody:
        """End the recording and wait for the disk; no effect if none is running.

        May be called from any thread.
        """
        if self._recorder is not None:
            self._recorder.stop()
        return self.body()

    def written(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` once the recorded items so far are in the files."""
        recorder = self._recorder
        if recorder is None:
            callback()
        else:
            recorder.written(callback)

    def body(self) -> RecordingBody:
        """Return ``recording`` of PROTOCOL.md, section 5."""
        recorder = self._recorder
        if recorder is None:
            return RecordingBody()
        s = recorder.status
        lacking = self._fused.lacking() if s.active else {}
        return RecordingBody(
            s.active, s.folder, sorted(self._raw), s.seconds, s.dropped, s.reason, {}, lacking
        )

    def applied(self, command: cmd.Command, now: float) -> None:
        """Record a command that the hub has applied."""
        self._fused.applied(command)
        recorder = self._recorder
        if recorder is None:
            self._missed |= not isinstance(command, _IN_MANIFEST)
            return
        self._log(command, now)
        if isinstance(command, cmd.EstimateReceived):
            if self._permission.modality(command.subject, command.estimate.modality):
                session_streams.record_estimate(recorder, command)
        elif isinstance(command, cmd.LabelGiven):
            session_streams.record_label(recorder, command)

    def polled(self, messages: Sequence[Outgoing], now: float) -> None:
        """Record the messages that the hub sends, with consent."""
        recorder = self._recorder
        if recorder is None:
            return
        recorder.record(command_log.STREAM, now, command_log.encode(Polled()))
        for message in filter(self._fused.allows, messages):
            if isinstance(message, FrameMessage):
                session_streams.record_frame(recorder, message)
            elif isinstance(message, EventMessage):
                session_streams.record_event(recorder, message)

    def counted(self, health: HealthBody, now: float) -> None:
        """Record what was lost since the recording began, if it has changed.

        Args:
            health: Health of the sidecar.
            now: LSL clock, seconds.
        """
        counts = self._losses.changed(health)
        if self._recorder is not None and counts is not None:
            self._recorder.record(COUNTERS, now, msgspec.json.encode(counts))

    def audited(self, line: bytes) -> None:
        """Record a line of the audit; from any thread."""
        if self._recorder is not None:
            self._recorder.record(AUDIT, self._clock.now(), line.rstrip(b"\n"))

    def _stream(self, subject: str, estimator: str, spec: StreamSpec) -> None:
        """Store the description of a stream, and record it with consent."""
        permitted = replace(spec, meta={**spec.meta, "subject": subject, "worker": estimator})
        with self._lock:
            self._specs[StreamKey(subject, spec.id)] = permitted
            self._fused.opened(subject, permitted)
            if self._recorder is not None and self._permission.stream(
                subject, permitted, self._raw
            ):
                self._recorder.stream(permitted)

    def _chunk(self, subject: str, chunk: Chunk) -> None:
        """Record a chunk, with consent."""
        recorder = self._recorder
        if recorder is None:
            self._missed = True
            return
        spec = self._specs.get(StreamKey(subject, chunk.stream))
        if spec is not None and self._permission.stream(subject, spec, self._raw):
            recorder.chunk(chunk, subject)

    def _order(self, subject: str, entry: Sequence[Any]) -> None:
        """Record an estimator's inputs between two chunks."""
        if self._recorder is not None:
            text = msgspec.json.encode(entry, enc_hook=float)
            self._recorder.record(ORDER, self._clock.now(), text, ordered=True, owner=subject)

    def _permitted_profiles(self) -> Mapping[str, Profile]:
        """Return the profiles in use that may be recorded, by subject."""
        found = {s: self._permission.profile(s, p) for s, p in self._profiles().items()}
        return {subject: profile for subject, profile in found.items() if profile is not None}

    def _manifest(
        self, raw: Sequence[str] | None, purpose: str, profiles: Mapping[str, Profile]
    ) -> Manifest:
        wall, days = self._now_utc(), self._settings.expire_days
        late = self._missed or self._recorder is not None
        return Manifest(
            id=token_hex(16),
            clocks=Clocks(monotonic=self._clock.now(), wall=wall.isoformat()),
            schemas={"recording": FOLDER_SCHEMA, "affect": SCHEMA, "affect_minor": MINOR},
            software=f"sentio {VERSION}",
            subjects=list(self._consent),
            configuration=self._configuration,
            consent={s: dict(ledger.status()) for s, ledger in self._consent.items()},
            purpose=purpose,
            expires=(wall + timedelta(days=days)).isoformat() if days else "",
            raw=sorted(SENSORS if raw is None else set(raw)),
            profiles={subject: encode(profile).decode() for subject, profile in profiles.items()},
            complete_start=not late and len(profiles) == len(self._profiles()),
            extra={"epoch": self._epoch},
        )

    def _log(self, command: cmd.Command, now: float) -> None:
        """Log a command; of a profile only the content with consent."""
        if isinstance(command, cmd.ProfileUsed):
            permitted = self._permission.profile(command.subject, command.profile)
            if permitted is None:
                return
            command = cmd.ProfileUsed(command.subject, permitted)
        entry = command_log.entry_of(command)
        if entry is not None and self._recorder is not None:
            owner = getattr(command, "subject", "")
            self._recorder.record(command_log.STREAM, now, command_log.encode(entry), owner=owner)
