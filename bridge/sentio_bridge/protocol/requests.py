"""The arguments of every control request, checked by type and range (PROTOCOL.md, section 6)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from sentio_bridge.protocol.vocabulary import INPUT_ROLES, LABELS, SENSORS

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=256)]
Unit = Annotated[float, msgspec.Meta(ge=-1, le=1)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What every request has.

    Attributes:
        subject: Whom it is about; None where there is only one.
    """

    subject: str | None = None


class Hello(Request, frozen=True, kw_only=True):
    """A client introduces itself."""

    client: str = ""
    client_version: str = ""


class Time(Request, frozen=True, kw_only=True):
    """What time is it on the sidecar's clock."""


class Status(Request, frozen=True, kw_only=True):
    """Health and detail at once."""


class Marker(Request, frozen=True, kw_only=True):
    """Something happened in the game."""

    name: Name
    time: float | None = None
    data: dict[str, Any] = {}


class Consent(Request, frozen=True, kw_only=True):
    """A person agrees, takes it back, or asks."""

    action: Literal["grant", "withdraw", "status"]
    sensor: Literal[*SENSORS] | None = None  # type: ignore[valid-type]
    purposes: tuple[str, ...] = ("adapt",)
    by: str = ""


class Calibrate(Request, frozen=True, kw_only=True):
    """Measure what is usual for this person."""

    action: Literal["start", "stop", "status"]
    kind: Literal["rest", "active"] = "rest"
    seconds: Annotated[float, msgspec.Meta(ge=30, le=120)] = 60.0
    profile: str | None = None


class Record(Request, frozen=True, kw_only=True):
    """Start or stop a recording; both may be asked for twice.

    Attributes:
        action: What to do.
        folder: Name of the new folder below the configured one; never a path.
        raw: Sensors whose raw samples are kept too.
        purpose: What it is for.
    """

    action: Literal["start", "stop", "status"]
    folder: str | None = None
    raw: list[str] = []
    purpose: str = ""


class Replay(Request, frozen=True, kw_only=True):
    """Steer the recording that is being replayed."""

    action: Literal["pause", "resume", "seek", "speed"]
    time: float | None = None
    speed: Annotated[float, msgspec.Meta(ge=0.25, le=100)] | None = None


class Freeze(Request, frozen=True, kw_only=True):
    """Adaptation holds still."""

    reason: str = "asked for"


class Unfreeze(Request, frozen=True, kw_only=True):
    """Adaptation may go on."""


class Override(Request, frozen=True, kw_only=True):
    """Set values by hand."""

    values: dict[str, float | None]
    seconds: Annotated[float, msgspec.Meta(gt=0, le=86400)] = 3600.0


class Rate(Request, frozen=True, kw_only=True):
    """How many frames a second at most."""

    hz: Annotated[float, msgspec.Meta(ge=1, le=120)]


class Text(Request, frozen=True, kw_only=True):
    """A line that the person wrote."""

    line: Annotated[str, msgspec.Meta(max_length=8192)]
    time: float | None = None


class Label(Request, frozen=True, kw_only=True):
    """What the person, or the game's own condition, says the state is."""

    name: Literal[*LABELS]  # type: ignore[valid-type]
    value: Unit
    time: float | None = None


class Input(Request, frozen=True, kw_only=True):
    """Samples of a sensor that the engine reads: headset face tracking, a heart-rate strap."""

    stream: Name
    role: Literal[*INPUT_ROLES]  # type: ignore[valid-type]
    channels: Annotated[list[str], msgspec.Meta(min_length=1, max_length=128)]
    values: Annotated[list[float], msgspec.Meta(min_length=1, max_length=512)]
    rate_hz: Annotated[float, msgspec.Meta(ge=0, le=2000)] = 0.0
    time: float | None = None


class Adaptation(Request, frozen=True, kw_only=True):
    """What the engine changed, for the record."""

    what: Name
    value: float
    why: str = ""
    time: float | None = None


class Synthesise(Request, frozen=True, kw_only=True):
    """From an affect to a response that an agent can show."""

    emotion: str | None = None
    intensity: Share = 1.0
    valence: Unit | None = None
    arousal: Unit | None = None
    dominance: Unit | None = None


class Profile(Request, frozen=True, kw_only=True):
    """What is known of people."""

    action: Literal["list", "use", "delete", "train"]
    name: Name | None = None


OPERATIONS: dict[str, type[Request]] = {
    "hello": Hello,
    "time": Time,
    "status": Status,
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
    "input": Input,
    "adaptation": Adaptation,
    "synthesise": Synthesise,
    "profile": Profile,
}
"""The argument type of each operation."""
