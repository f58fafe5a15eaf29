"""Recording a running sidecar: what is agreed to goes to a ``Recorder``, whoever asks for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any

import msgspec
import numpy as np

from sentio_bridge.affect.personal.profile import Profile, encode
from sentio_bridge.config.loader import Recording as Settings
from sentio_bridge.core import command_log
from sentio_bridge.core.command_log import Entry
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.pipeline.estimator_pipeline import Personalise, PipelineInput
from sentio_bridge.pipeline.messages import Measured
from sentio_bridge.protocol import codec
from sentio_bridge.protocol.frame import MINOR, SCHEMA
from sentio_bridge.protocol.vocabulary import MODALITY_OF, sensor_of
from sentio_bridge.recording import affect_streams
from sentio_bridge.recording.new_folder import new_folder
from sentio_bridge.version import VERSION
from sentio_recording.manifest import SCHEMA as FOLDER_SCHEMA
from sentio_recording.manifest import Clocks, Manifest
from sentio_recording.recorder import Recorder
from sentio_recording.recording import COUNTERS, ORDER
from sentio_recording.xdf.headers import StreamInfo
from sentio_sensors import Channel, Chunk, Clock, Role, StreamSpec

EVENTS, MARKERS, ESTIMATES, ADAPTATIONS = "events", "markers", "estimates", "adaptations"
"""Streams of texts: all events, marker names as other programs expect them, every estimate, and
what engines changed."""

FEATURES = frozenset({Role.FACE, Role.MARKER})
"""Streams that hold no raw samples: ``record`` is enough for them."""

_SENSOR_OF_MODALITY = {modality: sensor for sensor, modality in MODALITY_OF.items()}


class SessionRecorder:
    """Starts and stops recordings, and knows what may go into them.

    Args:
        settings: Where recordings go.
        clock: The LSL clock.
        consent: Each subject's ledger; read from any thread.
        configuration: The configuration's text, for the manifest.
        epoch: Of the hub.
        on_end: Told why a recording ended by itself; from the writing thread.
        profiles: Returns the profiles in use, by subject.
        models: Returns the SHA-256 of each model that may be in use, by name.
        now_utc: The wall clock, read once for each recording.
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
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._consent = consent
        self._configuration = configuration
        self._epoch = epoch
        self._on_end = on_end
        self._profiles = profiles
        self._models = models
        self._now_utc = now_utc
        self._recorder: Recorder | None = None
        self._lock = threading.Lock()
        self._specs: dict[str, tuple[str, StreamSpec]] = {}
        self._raw: frozenset[str] = frozenset()
        self._heard = False
        self._counts: dict[str, Any] = {}

    def consumed(self, subject: str, worker: str, item: PipelineInput) -> None:
        """Record an input just before a pipeline applies it; from any thread.

        Replay applies the same inputs in the same order.
        """
        if isinstance(item, Chunk):
            self.chunk(subject, item)
        elif isinstance(item, StreamSpec):
            self.stream(subject, worker, item)
        elif isinstance(item, Personalise):
            self.order(["personalise", subject, worker, item.norms])
        else:
            self.order(["forget", subject, worker, {}])

    def start(
        self,
        name: str | None = None,
        raw: Sequence[str] | None = None,
        purpose: str = "",
    ) -> dict[str, Any]:
        """Begin a recording; while one runs this only tells of it.

        Args:
            name: Of the new folder, directly below the configured one; by default the time.
            raw: Sensors whose raw samples are wanted; those agreed to with ``record_raw`` are
                recorded. None wants all that are agreed to, as a recording does that the
                configuration begins.
            purpose: What it is for.

        Raises:
            RequestError: The name is no plain name, or is taken.
            SensorError: The folder cannot be written.
        """
        if self._recorder is not None and self._recorder.status.active:
            return self.body()
        late = self._heard or self._recorder is not None
        known = self._profiles()
        kept = {s: k for s, p in known.items() if (k := self._kept(s, p)) is not None}
        wall = self._now_utc()
        path = new_folder(
            self._settings.folder,
            f"{wall:%Y%m%d-%H%M%S}-{token_hex(3)}" if name is None else name,
        )
        days = self._settings.expire_days
        wanted = set(_SENSOR_OF_MODALITY.values()) if raw is None else set(raw)
        manifest = Manifest(
            id=token_hex(16),
            clocks=Clocks(monotonic=self._clock.now(), wall=wall.isoformat()),
            schemas={"recording": FOLDER_SCHEMA, "affect": SCHEMA, "affect_minor": MINOR},
            software=f"sentio {VERSION}",
            subjects=list(self._consent),
            configuration=self._configuration,
            models=dict(self._models()),
            consent={s: dict(ledger.status()) for s, ledger in self._consent.items()},
            purpose=purpose,
            expires=(wall + timedelta(days=days)).isoformat() if days else "",
            raw=sorted(wanted),
            profiles=kept,
            complete_start=not late and len(kept) == len(known),
            extra={"epoch": self._epoch},
        )
        recorder = Recorder(
            path, manifest, self._clock, media=self._settings.media, on_end=self._on_end
        )
        recorder.start()
        self._counts = {}
        for subject in self._consent:
            for info in affect_streams.infos(subject):
                recorder.open(info)
        recorder.open(
            StreamInfo(MARKERS, "Markers", (Channel("marker", ""),), 0.0, "string", MARKERS)
        )
        with self._lock:
            self._raw = frozenset(wanted)
            for subject, spec in self._specs.values():
                if self._agreed(subject, spec):
                    recorder.stream(spec)
            self._recorder = recorder
        return self.body()

    def stop(self) -> dict[str, Any]:
        """End the recording; without one this only tells of the last."""
        if self._recorder is not None:
            self._recorder.stop()
        return self.body()

    def body(self) -> dict[str, Any]:
        """Return ``recording`` of PROTOCOL.md, section 5."""
        if self._recorder is None:
            return {"active": False, "folder": "", "raw": [], "seconds": 0.0, "dropped": 0,
                    "reason": ""}  # fmt: skip
        status = self._recorder.status
        return {
            "active": status.active,
            "folder": status.folder,
            "raw": sorted(self._raw),
            "seconds": status.seconds,
            "dropped": status.dropped,
            "reason": status.reason,
        }

    def stream(self, subject: str, worker: str, spec: StreamSpec) -> None:
        """Learn of a stream; from any thread."""
        kept = replace(spec, meta={**spec.meta, "subject": subject, "worker": worker})
        with self._lock:
            self._specs[spec.id] = subject, kept
            if self._recorder is not None and self._agreed(subject, kept):
                self._recorder.stream(kept)

    def chunk(self, subject: str, chunk: Chunk) -> None:
        """Record a chunk, if that is agreed to; from any thread."""
        recorder = self._recorder
        if recorder is None:
            self._heard = True
            return
        _, spec = self._specs.get(chunk.stream, (subject, None))
        if spec is not None and self._agreed(subject, spec):
            recorder.chunk(chunk)

    def order(self, told: Sequence[Any]) -> None:
        """Record what workers did between two chunks; from any thread."""
        if self._recorder is not None:
            text = msgspec.json.encode(told, enc_hook=float)
            self._recorder.record(ORDER, self._clock.now(), text, ordered=True)

    def measured(self, news: Measured, now: float) -> None:
        """Record an estimate that the hub is given."""
        if self._recorder is None:
            return
        self.call(command_log.Measure(news.subject, news.worker, news.captured), now)
        sensor = _SENSOR_OF_MODALITY.get(news.estimate.modality)
        if sensor is None or self._consent[news.subject].allows(sensor, "record"):
            told = {"subject": news.subject, "worker": news.worker, "estimate": news.estimate}
            text = msgspec.json.encode(told, enc_hook=float)
            self._recorder.record(ESTIMATES, news.captured, text)

    def call(self, entry: Entry | None, now: float) -> None:
        """Record a call of the hub, before or after it is made."""
        if self._recorder is None:
            self._heard = True
        elif entry is not None:
            self._recorder.record(command_log.STREAM, now, command_log.encode(entry))

    def used(self, subject: str, profile: Profile, now: float) -> None:
        """Record that a profile is in use from now on, if what it tells may be recorded."""
        kept = self._kept(subject, profile)
        if kept is not None:
            self.call(command_log.Used(subject, kept), now)

    def ticked(self, messages: Sequence[bytes], now: float) -> None:
        """Record what one ``Hub.due(now)`` returned."""
        recorder = self._recorder
        if recorder is None or not messages:
            return
        self.call(command_log.Tick(), now)
        for message in messages:
            kind, subject, body = codec.split(message)
            if kind == "affect":
                frame = codec.decode_affect(message)
                vector, meta = affect_streams.rows(frame)
                stamp = np.array([frame.sent])
                recorder.samples(f"{affect_streams.VECTOR}/{subject}", stamp, vector)
                recorder.samples(f"{affect_streams.META}/{subject}", stamp, meta)
            elif kind == "event":
                self._event(recorder, subject, body)

    def counted(self, health: Mapping[str, Any], now: float) -> None:
        """Record what was dropped and lost before it came here, where a count has changed.

        Args:
            health: Of the sidecar, as on the wire.
            now: LSL clock.
        """
        counts = {
            "queues": dict(health["queues"]),
            "sources": {
                name: {key: source[key] for key in ("drops", "lost", "reconnects")}
                for name, source in health["sources"].items()
            },
        }
        if self._recorder is not None and counts != self._counts:
            self._counts = counts
            self._recorder.record(COUNTERS, now, msgspec.json.encode(counts))

    def _event(self, recorder: Recorder, subject: str, body: bytes) -> None:
        event = codec.decode_map(body)
        time = float(event["time"])
        text = msgspec.json.encode({"subject": subject, **event})
        recorder.record(EVENTS, time, text)
        if event["kind"] == "marker":
            recorder.record(MARKERS, time, str(event["name"]).encode("utf-8", "replace"))
        elif event["kind"] == "adaptation":
            recorder.record(ADAPTATIONS, time, text)

    def _kept(self, subject: str, profile: Profile) -> str | None:
        """Return a profile as it may be recorded, without earlier sessions; None if not at all."""
        read = {*profile.baselines, *(model.modality for model in profile.personal)}
        for modality in read:
            sensor = _SENSOR_OF_MODALITY.get(modality)
            if sensor is not None and not self._consent[subject].allows(sensor, "record"):
                return None
        return encode(msgspec.structs.replace(profile, sessions=[])).decode()

    def _agreed(self, subject: str, spec: StreamSpec) -> bool:
        ledger = self._consent[subject]
        sensor = sensor_of(spec.role)
        if spec.role in FEATURES:
            return spec.role is Role.MARKER or ledger.allows(sensor, "record")
        return sensor in self._raw and ledger.allows(sensor, "record_raw")
