"""The order of the hub's calls, as texts that a recording keeps; no I/O, no clock.

Frames are a function of the estimates and of these calls with their ``now``. Each entry is a
JSON array that begins with a letter; its time is its stamp in the recording. JSON, not msgpack:
XDF knows no binary samples, and what researchers open the file with decodes every text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from sentio_bridge.errors import BridgeError
from sentio_bridge.hub import Hub
from sentio_bridge.lane import SensorStatus
from sentio_models import Estimate

STREAM = "hub"
"""Name of the recording's stream."""

SECRETS = frozenset({"token", "id", "v"})
"""Keys of a request that are not recorded."""

NOT_REPLAYED = frozenset({"record", "replay"})
"""Operations that change no frame, and must not be carried out again."""


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


class Tick(msgspec.Struct, frozen=True, array_like=True, tag_field="k", tag="t"):
    """``Hub.tick`` that had something to send."""


Entry = Measure | Sensor | Model | Marker | Event | Asked | Tick

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
    """Return the entry of a request, without its secrets; None for what is not replayed."""
    if request.get("op") in NOT_REPLAYED:
        return None
    return Asked(client, {k: v for k, v in request.items() if k not in SECRETS})


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
        case Tick():
            return hub.tick(now)
    return []
