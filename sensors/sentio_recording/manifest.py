"""What a recording says of itself beside the data: ``manifest.json``; no I/O."""

from __future__ import annotations

from typing import Any

import msgspec

from sentio_recording.errors import DamagedError
from sentio_sensors.stream import StreamSpec

SCHEMA = 1
"""Version of the recording folder; others are refused."""


class Clocks(msgspec.Struct, frozen=True, kw_only=True):
    """The one place where the recording's clock and the wall clock meet.

    Attributes:
        monotonic: LSL clock at the start, seconds; every stamp in the data is on this clock.
        wall: The same instant, ISO 8601 in UTC.
    """

    monotonic: float
    wall: str


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """A stream that was recorded."""

    stream: str
    role: str
    device: str
    rate_hz: float
    channels: list[str]
    units: list[str]


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """How the recording ended; absent while it runs, or where it never ended properly.

    Attributes:
        monotonic: When (LSL clock).
        reason: ``stopped``, or what went wrong.
        samples: By stream.
        dropped: Samples that were not written since the disk was too slow, by stream.
    """

    monotonic: float
    reason: str
    samples: dict[str, int] = {}
    dropped: dict[str, int] = {}


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about a recording that is not samples.

    Attributes:
        id: Unique.
        clocks: Its clock against the wall clock.
        schemas: Versions of the formats inside: ``recording``, ``affect``, ...
        subjects: Pseudonyms.
        configuration: The configuration's text.
        models: SHA-256 of each model's bytes, by file name.
        devices: What was recorded.
        consent: Granted purposes by subject and sensor.
        purpose: What it is for, in the words of who started it.
        expires: ISO 8601 in UTC after which it may be deleted; empty for never.
        raw: Sensors whose raw samples or media were wanted; kept where ``consent`` says so.
        profiles: What was known of each subject at the start, as in the file of their profile.
        complete_start: The recording began with the sidecar, so that a replay can give the same
            bytes; otherwise models had seen samples that are not in it.
        ending: How it ended.
    """

    id: str
    clocks: Clocks
    schema: int = SCHEMA
    schemas: dict[str, int] = {}
    software: str = ""
    subjects: list[str] = []
    configuration: str = ""
    models: dict[str, str] = {}
    devices: list[Device] = []
    consent: dict[str, dict[str, list[str]]] = {}
    purpose: str = ""
    expires: str = ""
    raw: list[str] = []
    profiles: dict[str, str] = {}
    complete_start: bool = False
    ending: Ending | None = None
    extra: dict[str, Any] = {}


def encode(manifest: Manifest) -> bytes:
    """Return the file's bytes."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


def decode(data: bytes) -> Manifest:
    """Read a manifest.

    Raises:
        DamagedError: It is not one, or of another version.
    """
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DamagedError(f"manifest.json: {error}", "sentio repair keeps the samples") from None
    if manifest.schema != SCHEMA:
        raise DamagedError(
            f"manifest.json has version {manifest.schema}, this program reads {SCHEMA}",
            "update Sentio" if manifest.schema > SCHEMA else "use the version that wrote it",
        )
    return manifest


def device(spec: StreamSpec) -> Device:
    """Describe a stream for the manifest."""
    return Device(
        stream=spec.id,
        role=spec.role.value,
        device=spec.device,
        rate_hz=spec.rate_hz,
        channels=[channel.label for channel in spec.channels],
        units=[channel.unit for channel in spec.channels],
    )
