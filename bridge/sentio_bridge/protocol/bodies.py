"""Typed bodies of `detail`, `event`, `health` and `raw` messages; pure.

Field names and their order are those of the wire (PROTOCOL.md, sections 5 and 7 to 9).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec
import numpy as np

from sentio_bridge.errors import WireError

Body = TypeVar("Body", bound=msgspec.Struct)


class ModalityBody(msgspec.Struct, frozen=True):
    """One modality in a `detail` message."""

    state: str
    weight: float
    quality: float
    age: float | None
    reasons: Sequence[str]
    model: str
    fix: str


class SensorBody(msgspec.Struct, frozen=True):
    """One sensor in a `detail` message.

    Attributes:
        state: State of the sensor.
        reasons: Codes or a sentence.
        fix: What the user can do; may be empty.
        streams: Ids of its open streams.
        consent: Granted purposes.
        since: Since when it is captured (LSL clock, seconds); None while it is not.
    """

    state: str
    reasons: Sequence[str]
    fix: str
    streams: Sequence[str]
    consent: Sequence[str]
    since: float | None = None


class CalibrationBody(msgspec.Struct, frozen=True):
    """Progress of the calibration.

    Attributes:
        state: ``none``, ``running``, ``done`` or ``refused``.
        progress: 0..1.
        kind: ``rest`` or ``active``.
        reasons: Codes.
        profile: Name of the resulting profile.
    """

    state: str
    progress: float
    kind: str
    reasons: Sequence[str]
    profile: str


class RecordingBody(msgspec.Struct, frozen=True):
    """Status of the recorder.

    Attributes:
        active: Whether a recording is running.
        folder: Folder of the running or last recording.
        raw: Sensors whose raw samples are recorded.
        seconds: Length of the recording.
        dropped: Samples that could not be written.
        reason: Why it ended; empty while it is running.
        sensors: Captured sensors of the subject that are recorded: ``features`` or ``raw``.
        without_record: By subject and sensor, the purposes of sensors in use that lack
            ``record``: while there are any, the subject's fused frames are not recorded.
    """

    active: bool = False
    folder: str = ""
    raw: Sequence[str] = ()
    seconds: float = 0.0
    dropped: int = 0
    reason: str = ""
    sensors: Mapping[str, str] = {}
    without_record: Mapping[str, Mapping[str, Sequence[str]]] = {}


class DetailBody(msgspec.Struct, frozen=True):
    """The body of ``detail/<subject>``; None becomes an empty map on the wire."""

    epoch: int
    seq: int
    sent: float
    state: str
    why: str
    values: Mapping[str, float]
    emotions: Sequence[tuple[str, float]]
    modalities: Mapping[str, ModalityBody]
    sensors: Mapping[str, SensorBody]
    calibration: CalibrationBody | None
    recording: RecordingBody | None
    frozen: bool
    overrides: Mapping[str, float]
    action_units: Mapping[str, float] = {}


class StateData(msgspec.Struct, frozen=True, rename={"before": "from", "after": "to"}):
    """Data of an event of kind ``state``: labels of the fused state."""

    before: str
    after: str


class ProblemData(msgspec.Struct, frozen=True):
    """Data of an event of kind ``sensor`` or ``model``."""

    state: str
    reasons: Sequence[str]
    fix: str


class ConsentData(msgspec.Struct, frozen=True):
    """Data of an event of kind ``consent``; no purposes means withdrawn."""

    purposes: Sequence[str]
    by: str


class CalibrationData(msgspec.Struct, frozen=True):
    """Data of an event of kind ``calibration``."""

    reasons: Sequence[str]


class RecordingData(msgspec.Struct, frozen=True, omit_defaults=True):
    """Data of an event of kind ``recording``: folder, or reason for ending by itself."""

    folder: str | None = None
    reason: str | None = None


class FrozenData(msgspec.Struct, frozen=True, omit_defaults=True):
    """Data of an event of kind ``frozen``; ``by`` is its author, if one was named."""

    reason: str
    by: str = ""


class OverrideData(msgspec.Struct, frozen=True, omit_defaults=True):
    """Data of an event of kind ``override``; None releases an entry.

    Attributes:
        values: The values, by name.
        by: Author, if one was named.
        seconds: How long the values hold, if an author was named.
    """

    values: Mapping[str, float | None]
    by: str = ""
    seconds: float | None = None


class AdaptationData(msgspec.Struct, frozen=True, omit_defaults=True):
    """Data of an event of kind ``adaptation``: the fields of the request of that name."""

    value: float
    why: str
    asked: float | None = None
    by: str = ""
    seconds: float | None = None


class ChangeData(msgspec.Struct, frozen=True, rename={"before": "from", "after": "to"}):
    """Data of an event of kind ``change``: a dimension has really moved.

    Attributes:
        direction: ``up`` or ``down``.
        before: Where it was settled, in the dimension's unit.
        after: Where it was when the change was found.
        probability: How surely it moved, 0.9..1.
        found: When that was found (LSL clock, seconds); the event's time is when it began.
    """

    direction: str
    before: float
    after: float
    probability: float
    found: float


EventData = (
    StateData
    | ProblemData
    | ConsentData
    | CalibrationData
    | RecordingData
    | FrozenData
    | OverrideData
    | AdaptationData
    | ChangeData
    | Mapping[str, Any]
)
"""Data of an event; a map for markers (from the client) and responses."""


class EventBody(msgspec.Struct, frozen=True):
    """The body of ``event/<subject>``.

    Attributes:
        epoch: Epoch of the hub.
        id: Number of the event in this epoch.
        time: Time of the event (LSL clock, seconds).
        kind: ``marker``, ``state``, ``sensor``, ``consent``, ...
        name: Name of the marker, sensor, new state, ...
        data: Data of that kind.
    """

    epoch: int
    id: int
    time: float
    kind: str
    name: str
    data: EventData


class SourceHealth(msgspec.Struct, frozen=True):
    """One source in `health`; rate in Hz, age in seconds, counts in samples."""

    subject: str
    state: str
    reason: str
    fix: str
    rate_hz: float
    age: float | None
    drops: int
    lost: int
    reconnects: int


class ModelHealth(msgspec.Struct, frozen=True, omit_defaults=True):
    """One estimator in `health`; percentiles in ms, absent before the first run.

    Attributes:
        state: ``ok``, ``slowed`` or why it is off.
        limit_hz: Rate to which a slow model is limited, or None.
    """

    subject: str
    modality: str
    runs: int
    failures: int
    state: str
    hz: float
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None
    limit_hz: float | None = None


class HealthBody(msgspec.Struct, frozen=True):
    """The body of `health`.

    Attributes:
        epoch: Epoch of the hub.
        time: LSL clock, seconds.
        uptime: Seconds.
        rate_hz: Frames per second of all subjects.
        frames: Number of frames sent.
        cpu: Share of one core.
        rss: Bytes of memory.
        subscribers: Number of subscriptions.
        latency: By subject, percentiles in ms from capture to sending.
        sources: By name; ``subject/name`` if there are several subjects.
        models: By estimator; ``subject/estimator`` if there are several subjects.
        queues: Dropped samples, by the names of ``models``.
        problems: Sentences for the user.
        outputs: Failed calls by output; only outputs that have failed.
        defects: Number of unexpected exceptions, caught and logged; those of a model are its
            ``failures``.
        disconnected: Clients that were disconnected for a reason, the newest first.
    """

    epoch: int
    time: float
    uptime: float
    rate_hz: float
    frames: int
    cpu: float
    rss: int
    subscribers: int
    latency: Mapping[str, Mapping[str, float]]
    sources: Mapping[str, SourceHealth]
    models: Mapping[str, ModelHealth]
    queues: Mapping[str, int]
    problems: Sequence[str]
    outputs: Mapping[str, int] = {}
    defects: int = 0
    disconnected: Sequence[Mapping[str, Any]] = ()


class RawBody(msgspec.Struct, frozen=True):
    """The body of ``raw/<stream>``: ``t`` contains float64 times, ``x`` float32 rows."""

    stream: str
    role: str
    rate_hz: float
    channels: Sequence[str]
    t: bytes
    x: bytes
    subject: str


for _kind in (DetailBody, HealthBody):
    msgspec.json.Decoder(_kind)  # describes the type before two threads can do it at once


def plain(body: msgspec.Struct) -> dict[str, Any]:
    """Return a body as nested plain maps and lists, in the order of the wire."""
    value = msgspec.to_builtins(body, enc_hook=_number, builtin_types=(bytes,))
    assert isinstance(value, dict)
    if isinstance(body, DetailBody):
        value["calibration"] = value["calibration"] or {}
        value["recording"] = value["recording"] or {}
    return value


def detail_of(value: Mapping[str, Any]) -> DetailBody:
    """Convert the body of a received ``detail/<subject>``.

    Raises:
        WireError: A key is missing or of another type.
    """
    normalised = {**value, "calibration": value.get("calibration") or None}
    normalised["recording"] = value.get("recording") or None
    return _converted(normalised, DetailBody)


def health_of(value: Mapping[str, Any]) -> HealthBody:
    """Convert the body of a received `health`.

    Raises:
        WireError: A key is missing or of another type.
    """
    return _converted(value, HealthBody)


def _converted(value: Mapping[str, Any], kind: type[Body]) -> Body:
    try:
        return msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError as error:
        raise WireError("malformed", f"{kind.__name__}: {error}") from None


def _number(value: Any) -> Any:
    """Convert types that msgspec does not support, such as numpy scalars."""
    if isinstance(value, np.generic | np.ndarray):
        return value.item() if isinstance(value, np.generic) else value.tolist()
    if isinstance(value, Mapping):
        return dict(value)
    raise NotImplementedError(f"cannot send a value of type {type(value).__name__}")
