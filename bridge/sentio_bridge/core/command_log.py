"""The order of the hub's calls, as texts that a recording keeps; no I/O, no clock.

Frames are a function of the estimates and of these calls with their ``now``. Each entry is a
JSON array that begins with a letter; its time is its stamp in the recording. JSON, not msgpack:
XDF knows no binary samples, and what researchers open the file with decodes every text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import msgspec

from sentio_bridge.affect.personal import profile as profiles
from sentio_bridge.affect.subject_model import SubjectModel
from sentio_bridge.core.hub import Hub
from sentio_bridge.core.sensor_status import SensorStatus
from sentio_bridge.errors import BridgeError
from sentio_models import Estimate

STREAM = "hub"
"""Name of the recording's stream."""

SECRETS = frozenset({"token", "id", "v"})
"""Keys of a request that are not recorded."""

BY_EFFECT = frozenset({"record", "replay", "text", "input", "profile"})
"""Operations that are not carried out again: the hub's calls that they made are in the log
instead. So a person's words and samples stay out of it, and so does the disk of a replay."""


class Measure(msgspec.Struct, frozen=True, array_like=True, tag_field="k", tag="m"):
    """``Hub.measure``: the estimate of ``worker`` whose window ended at ``captured``."""

    subject: str
    worker: str
    captured: float


class Sensor(msgspec.Struct, frozen=True, array_like=True, tag_field="k", tag="s"):
    """``Hub.sensor``."""

    subject: str
    name: str
    source: str
    state: str
    reasons: tuple[str, ...]
    fix: str
    streams: tuple[str, ...]


class Model(msgspec.Struct, frozen=True, array_like=True, tag_field="k", tag="p"):
    """``Hub.model``."""

    subject: str
    modality: str
    state: str
    reason: str
    fix: str


class Marker(msgspec.Struct, frozen=True, array_like=True, tag_field="k", tag="k"):
    """``Hub.marker``, from a marker stream."""

    subject: str
    name: str
    time: float
    data: dict[str, Any] = {}


class Event(msgspec.Struct, frozen=True, array_like=True, tag_field="k", tag="e"):
    """``Hub.event``, where it came from none of the others."""

    subject: str
    kind: str
    name: str
    time: float
    data: dict[str, Any] = {}


class Asked(msgspec.Struct, frozen=True, array_like=True, tag_field="k", tag="r"):
    """A control request that was carried out."""

    client: str
    request: dict[str, Any]


class Used(msgspec.Struct, frozen=True, array_like=True, tag_field="k", tag="u"):
    """A profile that a request brought into use; as in its file."""

    subject: str
    profile: str


class Tick(msgspec.Struct, frozen=True, array_like=True, tag_field="k", tag="t"):
    """``Hub.tick`` that had something to send."""


Entry = Measure | Sensor | Model | Marker | Event | Asked | Used | Tick

_encoder = msgspec.json.Encoder(enc_hook=float)  # numpy's numbers
_decoder = msgspec.json.Decoder(Entry)


class LogError(BridgeError):
    """A text of the hub's log is none of its entries."""


def encode(entry: Entry) -> bytes:
    """Return an entry as text; numbers come back exactly."""
    return _encoder.encode(entry)


def decode(text: str | bytes) -> Entry:
    """Read an entry.

    Raises:
        LogError: It is none.
    """
    try:
        entry: Entry = _decoder.decode(text)
        return entry
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise LogError(f"hub log: {error}", "the recording is of another version") from None


def asked(client: str, request: Mapping[str, Any]) -> Asked | None:
    """Return the entry of a request, without its secrets; None for those told by effect."""
    if request.get("op") in BY_EFFECT:
        return None
    return Asked(client, {k: v for k, v in request.items() if k not in SECRETS})


def use(person: SubjectModel, text: str) -> None:
    """Let ``person`` use a recorded profile; one that cannot be read is as good as none."""
    with suppress(BridgeError):
        profile = profiles.decode(text.encode())
        person.use_profile(profile)


def apply(
    hub: Hub,
    entry: Entry,
    now: float,
    estimate: Callable[[Measure], Estimate | None],
    request: Callable[[Mapping[str, Any], float], None],
) -> list[bytes]:
    """Make the call that ``entry`` tells of.

    Args:
        hub: Whose calls they are.
        entry: One of the log.
        now: Its stamp.
        estimate: Finds the estimate that a ``Measure`` means, or None where it is not there.
        request: Carries out a control request.

    Returns:
        The messages, where it is a ``Tick``.
    """
    match entry:
        case Measure(subject=subject, worker=worker, captured=captured):
            found = estimate(entry)
            if found is not None:
                hub.measure(subject, found, captured, now, worker)
        case Sensor():
            status = SensorStatus(entry.state, entry.reasons, entry.fix, entry.streams)
            hub.sensor(entry.subject, entry.name, entry.source, status, now)
        case Model():
            hub.model(entry.subject, entry.modality, entry.state, entry.reason, entry.fix, now)
        case Marker():
            hub.marker(entry.subject, entry.name, entry.time, entry.data, now)
        case Event():
            hub.event(entry.subject, entry.kind, entry.name, entry.time, entry.data)
        case Asked():
            request(entry.request, now)
        case Used(subject=subject, profile=text):
            use(hub.subjects[subject].person, text)
        case Tick():
            return hub.tick(now)
    return []
