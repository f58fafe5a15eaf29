"""Description of a recording: ``manifest.json``; no I/O."""

from __future__ import annotations

from typing import Any

import msgspec

from sentio_recording.errors import DamagedError
from sentio_sensors.stream import StreamSpec

SCHEMA = 1
"""Version of the recording folder's format; others are refused."""


class Clocks(msgspec.Struct, frozen=True, kw_only=True):
    """One instant on the recording's clock and on the wall clock.

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
    """End of the recording; absent while it runs or after a crash.

    Attributes:
        monotonic: Time of the end (LSL clock, seconds).
        reason: ``stopped``, or the error.
        samples: Number of samples by stream.
        dropped: Samples that were dropped because the disk was too slow, by stream.
    """

    monotonic: float
    reason: str
    samples: dict[str, int] = {}
    dropped: dict[str, int] = {}


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """Metadata of a recording.

    Attributes:
        id: Unique identifier.
        clocks: Relation of its clock to the wall clock.
        schemas: Versions of the contained formats: ``recording``, ``affect``, ...
        subjects: Pseudonyms.
        configuration: Text of the configuration.
        models: SHA-256 of each model's bytes, by file name.
        devices: Recorded streams.
        consent: Granted purposes by subject and sensor.
        purpose: Free text given at the start.
        expires: ISO 8601 in UTC after which it may be deleted; empty for never.
        raw: Sensors whose raw samples or media were requested; recorded if ``consent`` allows it.
        profiles: Profile of each subject at the start, as in the profile's file.
        complete_start: The recording started with the sidecar, so that a replay can give the same
            bytes; otherwise models have used samples that are not in it.
        ending: End of the recording.
        sealed: Id of its keys if it is encrypted: this is then the part that needs no key, and
            ``manifest.sealed`` has the whole.
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
    sealed: str = ""


_manifests = msgspec.json.Decoder(Manifest)


def encode(manifest: Manifest) -> bytes:
    """Encode a manifest as JSON."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


def decode(data: bytes) -> Manifest:
    """Decode a manifest.

    Raises:
        DamagedError: It is invalid, or has another version.
    """
    try:
        manifest = _manifests.decode(data)
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
