"""Replay a recording through the same pipeline, with identical messages."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from sentio_bridge.affect.personal import profile as profiles
from sentio_bridge.affect.subject_model import SubjectModel
from sentio_bridge.config.loader import Config, parse
from sentio_bridge.core import command_log
from sentio_bridge.core import commands as cmd
from sentio_bridge.core.command_log import EstimateUsed, Logged, Polled
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.core.frame_pacer import FramePacer
from sentio_bridge.core.hub import Hub
from sentio_bridge.core.outgoing import FrameMessage, TimedOutgoing
from sentio_bridge.core.subject_state import SubjectState
from sentio_bridge.errors import BridgeError
from sentio_bridge.pipeline.estimator_pool import kinds
from sentio_bridge.pipeline.user_models import EstimatorKind
from sentio_bridge.recording import affect_streams
from sentio_bridge.replay import command_log_v1
from sentio_bridge.replay.estimates import EstimateLookup, estimates, recorded_estimates
from sentio_recording.manifest import Manifest
from sentio_recording.recording import Recording


class ReplayError(BridgeError):
    """A recording does not contain enough data for the requested replay."""


def frames(
    recording: Recording,
    known: tuple[EstimatorKind, ...] | None = None,
    config: Config | None = None,
    *,
    compute: bool = True,
) -> Iterator[TimedOutgoing]:
    """Apply the recorded commands to a new hub, and recompute models and fusion.

    A recording that started with the sidecar gives the same bytes as the live run, epoch and
    sequence numbers included.

    Args:
        recording: A folder with a manifest and the command log.
        known: The kinds of estimators; default: from the configuration.
        config: Replaces the recorded configuration, to compare settings.
        compute: Run the models; otherwise only if an estimate was not recorded.

    Yields:
        All messages of the hub, with the recorded times.

    Raises:
        ReplayError: There is no manifest or no log: only the recorded frames can be replayed.
        ConfigError: This version cannot read the recorded configuration.
    """
    manifest = recording.manifest
    log = recording.numbers(command_log.STREAM)
    if manifest is None or not log:
        raise ReplayError("the recording has no command log", "replay its frames with --frames")
    config = config or parse(manifest.configuration, "recorded configuration", sources=False)
    computed = EstimateLookup(estimates(recording, known or kinds(config.models)))
    recorded = EstimateLookup(recorded_estimates(recording))
    # A model that ran before the start of the recording has used samples that are not in it.
    preferred, fallback = (
        (computed, recorded) if compute and manifest.complete_start else (recorded, computed)
    )
    hub = _hub(manifest, config)
    for now, text in recording.rows(log):
        for entry, at in _entries(text, now, manifest.subjects):
            if isinstance(entry, Polled):
                for outgoing in hub.poll(at):
                    yield TimedOutgoing(at, outgoing)
            elif isinstance(entry, EstimateUsed):
                estimate = preferred.find(entry) or fallback.find(entry)
                if estimate is not None:
                    hub.apply(
                        cmd.EstimateReceived(
                            entry.subject, entry.estimator, entry.captured, estimate
                        ),
                        at,
                    )
            else:
                with suppress(BridgeError):  # refused commands are refused again
                    hub.apply(entry, at)


def _hub(manifest: Manifest, config: Config) -> Hub:
    """Return a hub in its state at the start of the recording."""
    start = manifest.clocks.monotonic
    subjects = {}
    for subject in manifest.subjects:
        consent = ConsentLedger()
        for sensor, purposes in manifest.consent.get(subject, {}).items():
            if purposes:
                consent.grant(sensor, purposes, "recorded", start)
        subjects[subject] = SubjectState(
            SubjectModel(subject, config.fusion), consent, FramePacer(config.sidecar.rate_hz)
        )
    hub = Hub(int(manifest.extra.get("epoch", 0)), subjects)
    for subject, text in manifest.profiles.items():
        with suppress(BridgeError):  # an unreadable profile is ignored
            hub.apply(cmd.ProfileUsed(subject, profiles.decode(text.encode())), start)
    return hub


def _entries(
    text: str, now: float, subjects: Sequence[str]
) -> Iterable[tuple[EstimateUsed | Polled | Logged, float]]:
    """Decode an entry of the log, of this or the previous version, with its time."""
    if command_log_v1.is_old(text):
        return command_log_v1.entries(text, now, subjects)
    return [(command_log.decode(text), now)]


def recorded_frames(recording: Recording) -> Iterator[TimedOutgoing]:
    """Yield the frames as recorded, without computing anything."""
    numbers = {
        (info.kind, info.meta.get("subject", "")): number
        for number, info in recording.streams.items()
        if info.kind in ("Affect", "AffectMeta")
    }
    by_subject = (
        _frames_of(recording, subject, vectors, numbers["AffectMeta", subject])
        for (kind, subject), vectors in numbers.items()
        if kind == "Affect" and ("AffectMeta", subject) in numbers
    )
    yield from heapq.merge(*by_subject, key=lambda sent: sent.time)


def _frames_of(
    recording: Recording, subject: str, vectors: int, metas: int
) -> Iterator[TimedOutgoing]:
    """Yield one subject's frames for which both parts can be read."""
    waiting: dict[int, dict[float, Any]] = {vectors: {}, metas: {}}
    for part in recording.chunks((vectors, metas)):
        for time, row in zip(part.times.tolist(), part.values, strict=True):
            waiting[part.stream][time] = row
            if all(time in rows for rows in waiting.values()):
                frame = affect_streams.frame(
                    subject, time, waiting[vectors][time], waiting[metas][time]
                )
                for rows in waiting.values():
                    rows.clear()  # earlier rows without a counterpart are lost
                yield TimedOutgoing(time, FrameMessage(frame))
