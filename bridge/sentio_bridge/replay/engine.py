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
from sentio_bridge.core.command_log import EstimateUsed, Logged, Polled, StateSaved
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.core.frame_pacer import FramePacer
from sentio_bridge.core.hub import Hub, HubState
from sentio_bridge.core.outgoing import FrameMessage, TimedOutgoing
from sentio_bridge.core.saved_state import STREAM as STATE
from sentio_bridge.core.saved_state import StateError, decode
from sentio_bridge.core.subject_state import SubjectState
from sentio_bridge.errors import BridgeError
from sentio_bridge.pipeline.estimator_pool import kinds
from sentio_bridge.pipeline.user_models import EstimatorKind
from sentio_bridge.recording import affect_streams
from sentio_bridge.recording.code_hash import code_hash
from sentio_bridge.replay import command_log_v1
from sentio_bridge.replay.estimates import EstimateLookup, estimates, recorded_estimates
from sentio_bridge.replay.own_models import available
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

    Returns:
        All messages of the hub, with the recorded times.

    Raises:
        ReplayError: There is no manifest or no log: only the recorded frames can be replayed.
        ConfigError: This version cannot read the recorded configuration.
    """
    return prepared(recording, known, config, compute=compute)[1]


def prepared(
    recording: Recording,
    known: tuple[EstimatorKind, ...] | None = None,
    config: Config | None = None,
    *,
    compute: bool = True,
) -> tuple[Hub, Iterator[TimedOutgoing]]:
    """Return the hub of a replay with its messages; see ``frames``.

    The hub has the state after the last message that was read.
    """
    manifest = recording.manifest
    log = recording.numbers(command_log.STREAM)
    if manifest is None or not log:
        raise ReplayError("the recording has no command log", "replay its frames with --frames")
    saved = None
    if config is None:
        config = parse(manifest.configuration, "recorded configuration", sources=False)
        with suppress(StateError):  # ``differences`` states why
            saved = saved_state(recording)
    models = available(config.models, manifest.models)
    computed = EstimateLookup(estimates(recording, known or kinds(models)))
    recorded = EstimateLookup(recorded_estimates(recording))
    # A model that ran before the start of the recording has used samples that are not in it.
    preferred, fallback = (
        (computed, recorded) if compute and manifest.complete_start else (recorded, computed)
    )
    hub = _hub(manifest, config)
    if saved is not None:
        hub.restore(saved)
    included = saved is not None
    return hub, _messages(recording, log, hub, included, (preferred, fallback))


def _messages(
    recording: Recording,
    log: Sequence[int],
    hub: Hub,
    included: bool,
    lookups: Sequence[EstimateLookup],
) -> Iterator[TimedOutgoing]:
    """Apply the log to a hub; yield its messages.

    Args:
        recording: The recording.
        log: Numbers of the log's streams.
        hub: Hub in its state at the start.
        included: The commands before ``StateSaved`` are included in that state.
        lookups: Estimates, the preferred ones first.
    """
    assert recording.manifest is not None
    subjects = recording.manifest.subjects
    for now, text in recording.rows(log):
        for entry, at in _entries(text, now, subjects):
            if isinstance(entry, StateSaved):
                included = False
            elif included:
                continue  # this command is included in the state
            elif isinstance(entry, Polled):
                for outgoing in hub.poll(at):
                    yield TimedOutgoing(at, outgoing)
            elif isinstance(entry, EstimateUsed):
                found = (lookup.find(entry) for lookup in lookups)
                estimate = next((e for e in found if e is not None), None)
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


def saved_state(recording: Recording) -> HubState | None:
    """Return the state at the start of a recording that began during a session.

    Returns:
        None if the recording has no state: it began with the sidecar, or consent was missing.

    Raises:
        StateError: The state belongs to other code, or is damaged.
    """
    texts = recording.texts(STATE)
    return decode(texts[0][1], code_hash()) if texts else None


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
) -> Iterable[tuple[EstimateUsed | Polled | StateSaved | Logged, float]]:
    """Decode an entry of the log, of this or the previous version, with its time."""
    if command_log_v1.is_old(text):
        return command_log_v1.entries(text, now, subjects)
    return [(command_log.decode(text), now)]


def recorded_frames(recording: Recording) -> Iterator[TimedOutgoing]:
    """Yield the frames as recorded, without computing anything."""
    numbers = {
        (info.kind, info.meta.get("subject", "")): number
        for number, info in recording.streams.items()
        if info.kind in ("Affect", "AffectMeta", "AffectEvidence")
    }
    by_subject = (
        _frames_of(
            recording,
            subject,
            vectors,
            numbers["AffectMeta", subject],
            numbers.get(("AffectEvidence", subject)),
        )
        for (kind, subject), vectors in numbers.items()
        if kind == "Affect" and ("AffectMeta", subject) in numbers
    )
    yield from heapq.merge(*by_subject, key=lambda sent: sent.time)


def _frames_of(
    recording: Recording, subject: str, vectors: int, metas: int, evidence: int | None
) -> Iterator[TimedOutgoing]:
    """Yield one subject's frames for which vector and meta can be read."""
    waiting: dict[int, dict[float, Any]] = {vectors: {}, metas: {}}
    ages = _RowsByTime(recording, evidence)
    for part in recording.chunks((vectors, metas)):
        for time, row in zip(part.times.tolist(), part.values, strict=True):
            waiting[part.stream][time] = row
            if all(time in rows for rows in waiting.values()):
                frame = affect_streams.frame(
                    subject, time, waiting[vectors][time], waiting[metas][time], ages.at(time)
                )
                for rows in waiting.values():
                    rows.clear()  # earlier rows without a counterpart are lost
                yield TimedOutgoing(time, FrameMessage(frame))


class _RowsByTime:
    """Rows of one stream, asked for by ascending time.

    Args:
        recording: Holds it.
        stream: Its number; None where there is none.
    """

    def __init__(self, recording: Recording, stream: int | None) -> None:
        parts = () if stream is None else recording.chunks((stream,))
        self._rows = (
            pair for part in parts for pair in zip(part.times.tolist(), part.values, strict=True)
        )
        self._next = next(self._rows, None)

    def at(self, time: float) -> Any | None:
        """Return the row of exactly this time, or None."""
        while self._next is not None and self._next[0] < time:
            self._next = next(self._rows, None)
        return self._next[1] if self._next is not None and self._next[0] == time else None
