"""Read the first version of the command log; no I/O, no clock.

Its entries are calls of the hub and control requests, tagged with one letter. Each is converted to
equivalent commands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

import msgspec

from sentio_bridge.affect.personal import profile as profiles
from sentio_bridge.control.dispatcher import event_time
from sentio_bridge.core import commands as cmd
from sentio_bridge.core.command_log import EstimateUsed, LogError, Logged, Polled
from sentio_bridge.core.sensor_status import SensorStatus
from sentio_bridge.errors import BridgeError
from sentio_bridge.protocol import requests as rq


class _Measure(msgspec.Struct, frozen=True, array_like=True, tag="m"):
    subject: str
    worker: str
    captured: float


class _Sensor(msgspec.Struct, frozen=True, array_like=True, tag="s"):
    subject: str
    name: str
    source: str
    state: str
    reasons: tuple[str, ...]
    fix: str
    streams: tuple[str, ...]


class _Model(msgspec.Struct, frozen=True, array_like=True, tag="p"):
    subject: str
    modality: str
    state: str
    reason: str
    fix: str


class _Marker(msgspec.Struct, frozen=True, array_like=True, tag="k"):
    subject: str
    name: str
    time: float
    data: dict[str, Any] = {}


class _Event(msgspec.Struct, frozen=True, array_like=True, tag="e"):
    """An event without another entry: of the recording, or of a calibration."""

    subject: str
    kind: str
    name: str
    time: float
    data: dict[str, Any] = {}


class _Requested(msgspec.Struct, frozen=True, array_like=True, tag="r"):
    """A control request that was executed."""

    client: str
    request: dict[str, Any]


class _Used(msgspec.Struct, frozen=True, array_like=True, tag="u"):
    """A profile that a request activated, as stored."""

    subject: str
    profile: str


class _Tick(msgspec.Struct, frozen=True, array_like=True, tag="t"):
    """The hub sent messages."""


_Entry = _Measure | _Sensor | _Model | _Marker | _Event | _Requested | _Used | _Tick

_decoder = msgspec.json.Decoder(_Entry)


def is_old(text: str) -> bool:
    """Return whether an entry has a tag of one letter."""
    return text[:2] == '["' and text[3:4] == '"'


def entries(
    text: str, now: float, subjects: Sequence[str]
) -> Iterator[tuple[EstimateUsed | Polled | Logged, float]]:
    """Yield the commands of an old entry, with the times at which they apply.

    Args:
        text: The entry.
        now: Timestamp of the entry.
        subjects: Subjects of the recording.

    Raises:
        LogError: The text is not a valid entry.
    """
    try:
        entry: _Entry = _decoder.decode(text)
    except (ValueError, RecursionError) as error:
        raise LogError(
            f"command log: {error}", "the recording was made by another version"
        ) from None
    match entry:
        case _Measure(subject, worker, captured):
            yield EstimateUsed(subject, worker, captured), now
        case _Sensor():
            status = SensorStatus(entry.state, entry.reasons, entry.fix, entry.streams)
            yield cmd.SensorChanged(entry.subject, entry.name, entry.source, status), now
        case _Model(subject, modality, state, reason, fix):
            yield cmd.ModelChanged(subject, modality, state, reason, fix), now
        case _Marker(subject, name, time, data):
            yield cmd.MarkerReceived(subject, name, time, data), now
        case _Event(subject, kind, name, time, data):
            if kind == "recording":  # events of a calibration are recomputed
                changed = cmd.RecordingChanged(
                    subject, name, data.get("folder"), data.get("reason")
                )
                yield changed, time
        case _Requested(_, request):
            # Requests that were refused are refused again.
            with suppress(BridgeError, msgspec.ValidationError):
                for command in _commands(request, now, subjects):
                    yield command, now
        case _Used(subject, profile):
            with suppress(BridgeError):
                yield cmd.ProfileUsed(subject, profiles.decode(profile.encode())), now
        case _Tick():
            yield Polled(), now


def _commands(fields: dict[str, Any], now: float, subjects: Sequence[str]) -> Iterator[Logged]:
    """Yield the commands of a request; none if it was only a query."""
    kind = rq.OPERATIONS.get(str(fields.get("op")))
    if kind is None:
        return
    request = msgspec.convert(fields, kind)
    if isinstance(request, rq.Rate):
        yield cmd.RateChanged(request.hz)
        return
    if isinstance(request, rq.Hello | rq.Time | rq.Synthesise):
        return
    given = request.subject
    subject = subjects[0] if given is None and len(subjects) == 1 else given
    if subject is None or subject not in subjects:
        return
    match request:
        case rq.Marker(name=name, time=time, data=data):
            yield cmd.MarkerReceived(subject, name, event_time(time, now), data)
        case rq.Consent(action="grant", sensor=str(sensor), purposes=purposes):
            granted = ("adapt",) if purposes is None else purposes
            yield cmd.ConsentGranted(subject, sensor, granted, request.by or "client")
        case rq.Consent(action="withdraw", sensor=str(sensor)):
            yield cmd.ConsentWithdrawn(subject, sensor, request.by or "client")
        case rq.Freeze(reason=reason):
            yield cmd.Freeze(subject, reason)
        case rq.Unfreeze():
            yield cmd.Unfreeze(subject)
        case rq.Override(values=values, seconds=seconds):
            yield cmd.Override(subject, values, seconds)
        case rq.Label(name=name, value=value, time=time):
            yield cmd.LabelGiven(subject, name, value, event_time(time, now))
        case rq.Adaptation(what=what, value=value, why=why, time=time):
            yield cmd.AdaptationReported(subject, what, value, why, event_time(time, now))
        case rq.Calibrate(action="start", kind=block, seconds=seconds, profile=profile):
            yield cmd.CalibrationStarted(subject, block, seconds, profile or "")
        case rq.Calibrate(action="stop"):
            yield cmd.CalibrationStopped(subject)
        case rq.Calibrate() | rq.Status():
            yield cmd.CalibrationChecked()
        case _:
            return
