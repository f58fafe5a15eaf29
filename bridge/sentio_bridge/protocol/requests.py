"""Arguments of all control requests, with ranges (PROTOCOL.md, section 6)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from sentio_bridge.protocol.vocabulary import INPUT_ROLES, LABELS, SENSORS

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=256)]
Short = Annotated[str, msgspec.Meta(max_length=256)]
Unit = Annotated[float, msgspec.Meta(ge=-1, le=1)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all requests.

    Attributes:
        subject: Subject of the request; may be None if there is only one.
    """

    subject: str | None = None


class Hello(Request, frozen=True, kw_only=True):
    """Identify the client and query the sidecar's identity."""

    client: str = ""
    client_version: str = ""


class Time(Request, frozen=True, kw_only=True):
    """Query the time of the sidecar's clock."""


class Status(Request, frozen=True, kw_only=True):
    """Query health and detail."""


class Shutdown(Request, frozen=True, kw_only=True):
    """End the sidecar: close sources, complete a recording, store profiles."""

    reason: Annotated[str, msgspec.Meta(max_length=256)] = ""


class Devices(Request, frozen=True, kw_only=True):
    """List the devices that could be configured as sources.

    Attributes:
        types: Source types to search; empty for all.
        seconds: Search time.
    """

    types: Annotated[tuple[str, ...], msgspec.Meta(max_length=32)] = ()
    seconds: Annotated[float, msgspec.Meta(ge=0, le=10)] = 2.0


class Marker(Request, frozen=True, kw_only=True):
    """Report a named moment of the game."""

    name: Name
    time: float | None = None
    data: dict[str, Any] = {}


class Consent(Request, frozen=True, kw_only=True):
    """Grant, withdraw or query consent.

    Attributes:
        action: The action.
        sensor: Sensor; required to grant. None withdraws every sensor.
        purposes: A grant leaves exactly these; default ``adapt``. A withdrawal ends these;
            default all.
        by: Who decided, for the receipt.
        how: Kind of client, for the receipt.
        text: The text that the person saw.
        text_name: Name of that text.
        text_version: Version of that text.
        language: Language of that text; for ``text``, the requested one.
        template: Template of the requested text.
        days: Days after which the grant ends; 0: as configured.
        guardian: Guardian who decides for a child.
        erase: Also erase what was kept of the sensor.
    """

    action: Literal["grant", "withdraw", "status", "receipts", "text"]
    sensor: Literal[*SENSORS] | None = None  # type: ignore[valid-type]
    purposes: tuple[str, ...] | None = None
    by: Short = ""
    how: Short = ""
    text: Annotated[str, msgspec.Meta(max_length=8192)] = ""
    text_name: Short = ""
    text_version: Short = ""
    language: Short = ""
    template: Short = ""
    days: Annotated[float, msgspec.Meta(ge=0, le=36500)] = 0.0
    guardian: Short = ""
    erase: bool = False


class Calibrate(Request, frozen=True, kw_only=True):
    """Measure the baseline of a subject."""

    action: Literal["start", "stop", "status"]
    kind: Literal["rest", "active"] = "rest"
    seconds: Annotated[float, msgspec.Meta(ge=20, le=120)] = 30.0
    profile: str | None = None


class Record(Request, frozen=True, kw_only=True):
    """Start, stop or query a recording; a repeated start or stop has no effect.

    Attributes:
        action: The action.
        folder: Name of the new folder below the configured one; never a path.
        raw: Sensors whose raw samples are recorded.
        purpose: Purpose of the recording.
    """

    action: Literal["start", "stop", "status"]
    folder: str | None = None
    raw: list[str] = []
    purpose: str = ""


class Replay(Request, frozen=True, kw_only=True):
    """Control the recording that is being replayed."""

    action: Literal["pause", "resume", "seek", "speed"]
    time: float | None = None
    speed: Annotated[float, msgspec.Meta(ge=0.25, le=100)] | None = None


class Freeze(Request, frozen=True, kw_only=True):
    """Freeze adaptation."""

    reason: str = "asked for"
    by: str = ""


class Unfreeze(Request, frozen=True, kw_only=True):
    """Resume adaptation."""

    by: str = ""


class Override(Request, frozen=True, kw_only=True):
    """Override values of the affect vector."""

    values: dict[str, float | None]
    seconds: Annotated[float, msgspec.Meta(gt=0, le=86400)] = 3600.0
    by: str = ""


class Rate(Request, frozen=True, kw_only=True):
    """Set the maximum frame rate."""

    hz: Annotated[float, msgspec.Meta(ge=1, le=120)]


class Text(Request, frozen=True, kw_only=True):
    """Send a line of text written by the person."""

    line: Annotated[str, msgspec.Meta(max_length=8192)]
    time: float | None = None


class Label(Request, frozen=True, kw_only=True):
    """Store the true state for training; the fused state does not change."""

    name: Literal[*LABELS]  # type: ignore[valid-type]
    value: Unit
    time: float | None = None


class SelfReport(Request, frozen=True, kw_only=True):
    """Send the person's own report as evidence of the modality ``self``."""

    name: Literal[*LABELS]  # type: ignore[valid-type]
    value: Unit
    time: float | None = None


class Input(Request, frozen=True, kw_only=True):
    """Send samples of a sensor that the engine reads, such as face tracking.

    Attributes:
        stream: Unique name of the stream.
        role: What the samples are.
        channels: Names of the values of a row.
        values: Row by row, the oldest row first; None where a value is unknown.
        rate_hz: Rows a second; 0 for irregular rows.
        time: Capture time of the last row (LSL clock, seconds); now if it is omitted.
    """

    stream: Name
    role: Literal[*INPUT_ROLES]  # type: ignore[valid-type]
    channels: Annotated[list[str], msgspec.Meta(min_length=1, max_length=128)]
    values: Annotated[list[float | None], msgspec.Meta(min_length=1, max_length=512)]
    rate_hz: Annotated[float, msgspec.Meta(ge=0, le=2000)] = 0.0
    time: float | None = None


class Adaptation(Request, frozen=True, kw_only=True):
    """Report an adaptation made by the engine.

    Attributes:
        what: Name of what was adapted.
        value: The value that it was given.
        why: The true cause, in one line for people.
        asked: The value that was requested before limits; ``value`` if it is omitted.
        by: Author of an override or a freeze; empty for the engine's own adaptation.
        seconds: Duration of an override or a freeze that has ended.
        time: Time of the change (LSL clock, seconds).
    """

    what: Name
    value: float
    why: str = ""
    asked: float | None = None
    by: Annotated[str, msgspec.Meta(max_length=256)] = ""
    seconds: Annotated[float, msgspec.Meta(ge=0)] | None = None
    time: float | None = None


class Synthesise(Request, frozen=True, kw_only=True):
    """Query an agent's behaviour for a target affect."""

    emotion: str | None = None
    intensity: Share = 1.0
    valence: Unit | None = None
    arousal: Unit | None = None
    dominance: Unit | None = None


class Profile(Request, frozen=True, kw_only=True):
    """List, use, delete or train profiles."""

    action: Literal["list", "use", "delete", "train"]
    name: Name | None = None


OPERATIONS: dict[str, type[Request]] = {
    "hello": Hello,
    "time": Time,
    "status": Status,
    "shutdown": Shutdown,
    "devices": Devices,
    "marker": Marker,
    "consent": Consent,
    "calibrate": Calibrate,
    "record": Record,
    "replay": Replay,
    "freeze": Freeze,
    "unfreeze": Unfreeze,
    "override": Override,
    "rate": Rate,
    "text": Text,
    "label": Label,
    "self_report": SelfReport,
    "input": Input,
    "adaptation": Adaptation,
    "synthesise": Synthesise,
    "profile": Profile,
}
"""Argument type of each operation."""

for _kind in OPERATIONS.values():
    msgspec.json.Decoder(_kind)  # describes the type before two threads can do it at once
