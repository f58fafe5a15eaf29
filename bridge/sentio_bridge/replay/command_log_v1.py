"""Reads the log of recordings made before every input was a command; no I/O, no clock.

Its entries were calls of the hub and control requests, tagged with one letter. Here each becomes
the commands that do the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

import msgspec

from sentio_bridge.affect.personal import profile as profiles
from sentio_bridge.control.dispatcher import when
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
    """An event that nothing else led to: of the recording, or of a calibration."""

    subject: str
    kind: str
    name: str
    time: float
    data: dict[str, Any] = {}


class _Asked(msgspec.Struct, frozen=True, array_like=True, tag="r"):
    """A control request that was carried out."""

    client: str
    request: dict[str, Any]


class _Used(msgspec.Struct, frozen=True, array_like=True, tag="u"):
    """A profile that a request brought into use, as in its file."""

    subject: str
    profile: str


class _Tick(msgspec.Struct, frozen=True, array_like=True, tag="t"):
    """The hub sent messages."""


_Entry = _Measure | _Sensor | _Model | _Marker | _Event | _Asked | _Used | _Tick

_decoder = msgspec.json.Decoder(_Entry)


def is_old(text: str) -> bool:
    """Say whether an entry has a tag of one letter."""
    return text[:2] == '["' and text[3:4] == '"'


def entries(
    text: str, now: float, subjects: Sequence[str]
) -> Iterator[tuple[EstimateUsed | Polled | Logged, float]]:
    """Yield what an old entry means, with the times at which it is applied.

    Args:
        text: The entry.
        now: Its stamp.
        subjects: Of the recording.

    Raises:
        LogError: It is no entry.
    """
    try:
        entry: _Entry = _decoder.decode(text)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise LogError(f"command log: {error}", "the recording is of another version") from None
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
            if kind == "recording":  # a calibration's come from itself, which runs again
                changed = cmd.RecordingChanged(
                    subject, name, data.get("folder"), data.get("reason")
                )
                yield changed, time
        case _Asked(_, request):
            # What was refused then is refused again.
            with suppress(BridgeError, msgspec.ValidationError):
                for command in _commands(request, now, subjects):
                    yield command, now
        case _Used(subject, profile):
            with suppress(BridgeError):
                yield cmd.ProfileUsed(subject, profiles.decode(profile.encode())), now
        case _Tick():
            yield Polled(), now


def _commands(asked: dict[str, Any], now: float, subjects: Sequence[str]) -> Iterator[Logged]:
    """Yield the commands of a request; none where it only asked."""
    kind = rq.OPERATIONS.get(str(asked.get("op")))
    if kind is None:
        return
    request = msgspec.convert(asked, kind)
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
            yield cmd.MarkerReceived(subject, name, when(time, now), data)
        case rq.Consent(action="grant", sensor=str(sensor), purposes=purposes):
            yield cmd.ConsentGranted(subject, sensor, purposes, request.by or "client")
        case rq.Consent(action="withdraw", sensor=str(sensor)):
            yield cmd.ConsentWithdrawn(subject, sensor, request.by or "client")
        case rq.Freeze(reason=reason):
            yield cmd.Freeze(subject, reason)
        case rq.Unfreeze():
            yield cmd.Unfreeze(subject)
        case rq.Override(values=values, seconds=seconds):
            yield cmd.Override(subject, values, seconds)
        case rq.Label(name=name, value=value, time=time):
            yield cmd.LabelGiven(subject, name, value, when(time, now))
        case rq.Adaptation(what=what, value=value, why=why, time=time):
            yield cmd.AdaptationReported(subject, what, value, why, when(time, now))
        case rq.Calibrate(action="start", kind=block, seconds=seconds, profile=profile):
            yield cmd.CalibrationStarted(subject, block, seconds, profile or "")
        case rq.Calibrate(action="stop"):
            yield cmd.CalibrationStopped(subject)
        case rq.Calibrate() | rq.Status():
            yield cmd.CalibrationChecked()
        case _:
            return
