"""Plays a recording through the same pipeline again: the same bytes of frames come out."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sentio_bridge.affect.subject_model import SubjectModel
from sentio_bridge.config.loader import Config, parse
from sentio_bridge.control.dispatcher import Dispatcher
from sentio_bridge.control.profile_handlers import ProfileHandlers
from sentio_bridge.control.session_handlers import SessionHandlers
from sentio_bridge.core import command_log
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.core.frame_pacer import FramePacer
from sentio_bridge.core.hub import Hub
from sentio_bridge.core.subject_state import SubjectState
from sentio_bridge.errors import BridgeError
from sentio_bridge.pipeline.estimator_pool import kinds
from sentio_bridge.pipeline.user_models import EstimatorKind
from sentio_bridge.profiles.store import ProfileStore
from sentio_bridge.protocol import codec
from sentio_bridge.protocol.timed_message import TimedMessage
from sentio_bridge.recording import affect_streams
from sentio_bridge.replay.estimates import EstimateLookup, estimates, recorded_estimates
from sentio_models import Estimate
from sentio_recording.recording import Recording


class ReplayError(BridgeError):
    """A recording holds too little to be replayed in the way that was asked for."""


def frames(
    recording: Recording,
    known: tuple[EstimatorKind, ...] | None = None,
    config: Config | None = None,
    *,
    compute: bool = True,
) -> Iterator[TimedMessage]:
    """Run models, fusion and hub again, in the recorded order and with the recorded times.

    A recording that began with the sidecar gives the same bytes as the live run, epoch and
    sequence numbers included.

    Args:
        recording: A folder with a manifest and the hub's log.
        known: The estimators; those of the configuration by default.
        config: Instead of the recorded configuration, to see what another would have given.
        compute: Run the models; otherwise only where an estimate was not recorded.

    Raises:
        ReplayError: There is no manifest or no log: only its recorded frames can be replayed.
        ConfigError: The recorded configuration is not one that this version reads.
    """
    manifest = recording.manifest
    log = recording.numbers(command_log.STREAM)
    if manifest is None or not log:
        raise ReplayError("the recording holds no log of the hub", "replay its frames: --frames")
    config = config or parse(manifest.configuration, "recorded configuration", sources=False)
    again = EstimateLookup(estimates(recording, known or kinds(config.models)))
    told = EstimateLookup(recorded_estimates(recording))
    # A model that ran before the recording began has seen what is not in it.
    first, spare = (again, told) if compute and manifest.complete_start else (told, again)
    consent = {s: ConsentLedger() for s in manifest.subjects}
    for subject, ledger in consent.items():
        for sensor, purposes in manifest.consent.get(subject, {}).items():
            if purposes:
                ledger.grant(sensor, purposes, "recorded", manifest.clocks.monotonic)
    hub = Hub(
        int(manifest.extra.get("epoch", 0)),
        {
            subject: SubjectState(
                SubjectModel(subject, config.fusion), ledger, FramePacer(config.sidecar.rate_hz)
            )
            for subject, ledger in consent.items()
        },
    )
    for subject, text in manifest.profiles.items():
        command_log.use(hub.subjects[subject].person, text)
    with TemporaryDirectory() as profiles:
        calls = _Again(hub, Path(profiles))
        yield from calls.run(
            recording.rows(log), lambda entry: first.find(entry) or spare.find(entry)
        )


class _Again:
    """Makes the calls of a log, with what follows from them in a live sidecar.

    Args:
        hub: Fresh.
        profiles: An empty folder for the profiles of calibrations.
    """

    def __init__(self, hub: Hub, profiles: Path) -> None:
        self._hub = hub
        operations = SessionHandlers(
            hub,
            consent_changed=lambda subject, sensor: None,
            health=lambda now: {},
            state_endpoint="",
        )
        self._people = ProfileHandlers(hub, ProfileStore(profiles), lambda subject, norms: None)
        self._control = Dispatcher({**operations.handlers(), **self._people.handlers()})

    def run(
        self,
        log: Iterable[tuple[float, str]],
        find: Callable[[command_log.Measure], Estimate | None],
    ) -> Iterator[TimedMessage]:
        """Yield what the hub sends."""
        for now, text in log:
            entry = command_log.decode(text)
            if isinstance(entry, command_log.Event) and entry.kind == "calibration":
                continue  # comes from the calibration itself, which runs again
            elif isinstance(entry, command_log.Tick):
                self._people.tick(now)
            for message in command_log.apply(self._hub, entry, now, find, self._request):
                yield TimedMessage(now, message)

    def _request(self, asked: Mapping[str, Any], now: float) -> None:
        self._control.handle(codec.encode_body({**asked, "id": 0}), b"", now)


def recorded_frames(recording: Recording) -> Iterator[TimedMessage]:
    """Yield the frames as they were sent, without running anything again."""
    numbers = {
        (info.kind, info.meta.get("subject", "")): number
        for number, info in recording.streams.items()
        if info.kind in ("Affect", "AffectMeta")
    }
    of_each = (
        _frames_of(recording, subject, vectors, numbers["AffectMeta", subject])
        for (kind, subject), vectors in numbers.items()
        if kind == "Affect" and ("AffectMeta", subject) in numbers
    )
    yield from heapq.merge(*of_each, key=lambda sent: sent.time)


def _frames_of(
    recording: Recording, subject: str, vectors: int, metas: int
) -> Iterator[TimedMessage]:
    """Yield one subject's frames: those of which both parts can be read."""
    waiting: dict[int, dict[float, Any]] = {vectors: {}, metas: {}}
    for part in recording.chunks((vectors, metas)):
        for time, row in zip(part.times.tolist(), part.values, strict=True):
            waiting[part.stream][time] = row
            if all(time in rows for rows in waiting.values()):
                frame = affect_streams.frame(
                    subject, time, waiting[vectors][time], waiting[metas][time]
                )
                for rows in waiting.values():
                    rows.clear()  # what had no other part by now has lost it
                yield TimedMessage(time, codec.encode_affect(frame))


def restamped(sent: TimedMessage, now: float, epoch: int, seq: int | None = None) -> bytes:
    """Return a message as if it were sent now: what engines take for live.

    Args:
        sent: Recorded or replayed.
        now: The clock of those who will read it.
        epoch: Of this replay, so that readers do not take it for the recorded session.
        seq: In this replay, of a frame or of that which a detail belongs to; as recorded by
            default.
    """
    kind, key, body = codec.split(sent.message)
    shift = now - sent.time
    if kind == "affect":
        frame = codec.decode_affect(sent.message)
        captured = None if frame.captured is None else frame.captured + shift
        seq = frame.seq if seq is None else seq
        again = replace(frame, epoch=epoch, seq=seq, sent=now, captured=captured)
        return codec.encode_affect(again)
    told = codec.decode_map(body)
    told["epoch"] = epoch
    if kind == "detail" and seq is not None:
        told["seq"] = seq
    for name in ("sent", "time"):
        if name in told:
            told[name] += shift
    return codec.encode_map(kind, key, told)
