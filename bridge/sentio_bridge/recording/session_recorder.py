"""Record a running session: data with consent is written to a ``Recorder``."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from sentio_bridge.core import command_log
from sentio_bridge.core import commands as cmd
from sentio_bridge.core.command_log import Polled, StateSaved
from sentio_bridge.core.outgoing import EventMessage, FrameMessage, Outgoing
from sentio_bridge.pipeline.estimator_pipeline import Pace, Personalise, PipelineInput
from sentio_bridge.protocol.bodies import HealthBody, RecordingBody
from sentio_bridge.recording import session_streams
from sentio_bridge.recording.beginning import NOTHING, Beginning, Beginnings, Learnt
from sentio_bridge.recording.fused_permission import FusedPermission
from sentio_bridge.recording.loss_counts import LossCounts
from sentio_recording.recorded import AUDIT, COUNTERS, ORDER
from sentio_recording.recorder import Recorder
from sentio_sensors import Chunk, StreamKey, StreamSpec

_IN_MANIFEST = (cmd.ProfileUsed, cmd.RecordingReported)
"""Commands that a recording may miss: the manifest has the same content."""


class SessionRecorder:
    """Recorder of sessions, which checks consent for everything it writes.

    It observes the hub (``HubObserver``) and the estimators; frames do not depend on it.

    Attributes:
        beginnings: Makes the recordings.

    Args:
        beginnings: Makes the recordings; has the clock and each subject's consent.
    """

    def __init__(self, beginnings: Beginnings) -> None:
        self.beginnings = beginnings
        self._clock = beginnings.clock
        self._consent = beginnings.consent
        self._permission = beginnings.permission
        self._recorder: Recorder | None = None
        self._lock = threading.Lock()
        self._specs: dict[StreamKey, StreamSpec] = {}
        self._raw: frozenset[str] = frozenset()
        self._opening: Recorder | None = None
        self._before: Recorder | None = None
        self._missed = False
        self._losses = LossCounts()
        self._fused = FusedPermission(self._permission)

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
        elif isinstance(item, Pace):
            pace = {"limit_hz": item.limit_hz, "is_slow": item.is_slow}
            self._order(subject, ["pace", subject, estimator, pace])
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
    ) -> Beginning | None:
        """Begin a recording in memory; ``Beginnings.open`` creates its files.

        The caller then calls that, which may wait for the disk, on any thread, and then
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
            What it begins with; None if a recording is already running.

        Raises:
            RequestError: The name is invalid.
        """
        if self._opening is not None or (self._recorder and self._recorder.status.active):
            return None
        late = self._missed or self._recorder is not None
        beginning = self.beginnings.new(
            name, raw, purpose, late=late, saved=saved, contributed=contributed
        )
        recorder = beginning.recorder
        self._losses.begin()
        session_streams.open_streams(recorder, self._consent)
        with self._lock:
            self._raw = frozenset(recorder.manifest.raw)
            for key, spec in self._specs.items():
                if self._permission.stream(key.subject, spec, self._raw):
                    recorder.stream(spec)
            self._before, self._recorder = self._recorder, recorder
            self._opening = recorder
        for command in state:
            self._log(command, now)
        if saved is not None:
            recorder.record(command_log.STREAM, now, command_log.encode(StateSaved()))
        return beginning

    def opened(self, beginning: Beginning, succeeded: bool) -> None:
        """Complete the beginning; if opening failed, the recording is abandoned."""
        with self._lock:
            self._opening = None
            if not succeeded and self._recorder is beginning.recorder:
                self._recorder = self._before
                self._missed = True
            self._before = None

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
        beginning = self.begin(state, now, **options)
        if beginning is not None:
            succeeded = False
            try:
                self.beginnings.open(beginning)
                succeeded = True
            finally:
                self.opened(beginning, succeeded)
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
        status = recorder.status
        return RecordingBody(
            active=status.active,
            folder=status.folder,
            raw=sorted(self._raw),
            seconds=status.seconds,
            dropped=status.dropped,
            reason=status.reason,
            without_record=self._fused.lacking() if status.active else {},
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
