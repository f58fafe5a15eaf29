"""The tables of the configuration file and what is made of them."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from sentio_bridge.affect.fusion import FusionSettings
from sentio_recording.media.store import MediaSettings
from sentio_sensors.source_kind import SourceKind

Port = Annotated[int, msgspec.Meta(ge=0, le=65535)]


class _Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table whose keys are all known."""


class Sidecar(_Strict, frozen=True, kw_only=True):
    """The table ``[sidecar]``.

    Attributes:
        host: Where to listen; only loopback addresses are served without encryption.
        state_port: Of state and events; 0 takes any free one.
        control_port: Of control.
        rate_hz: Most frames a second.
        token: What clients must show; empty for none.
        raw: Stream ids, or patterns such as ``*/eeg``, that are published on ``raw/``.
    """

    host: str = "127.0.0.1"
    state_port: Port = 28700
    control_port: Port = 28701
    rate_hz: Annotated[float, msgspec.Meta(ge=1, le=120)] = 60.0
    token: str = ""
    raw: list[str] = []


class Models(_Strict, frozen=True, kw_only=True):
    """The table ``[models]``.

    Attributes:
        gpu: Use a graphics processor where onnxruntime has one.
        landmarker: Path of ``face_landmarker.task``; empty looks in the usual places.
        own: Manifests (TOML) of models that you bring; each stands in for ours of its streams.
        face_hz: Pictures a second that the face model looks at, at most: it costs more than all
            other models together, and faces change over half a second (ADR 0006).
        budget_ms: A model that takes longer, again and again, is switched off.
        text_encoder: Read chat lines with the sentence encoder of the extra ``text-encoder``: a
            line then costs tens of milliseconds. Without the package lines bear ``no_encoder``.
    """

    gpu: bool = False
    landmarker: str = ""
    own: list[str] = []
    face_hz: Annotated[float, msgspec.Meta(gt=0, le=120)] = 10.0
    budget_ms: Annotated[float, msgspec.Meta(gt=0)] = 100.0
    text_encoder: bool = False


class Recording(_Strict, frozen=True, kw_only=True):
    """The table ``[recording]``.

    Attributes:
        folder: Where recordings go; each gets a folder of its own.
        start: Begin with the sidecar.
        expire_days: After how many days a recording expires; 0 for never.
        delete_expired: Delete expired recordings when the sidecar starts; otherwise it only lists
            them, and ``sentio recordings prune`` deletes them.
        media: How video and sound are kept, where they are agreed to with ``record_raw``.
    """

    folder: str = "recordings"
    start: bool = False
    expire_days: Annotated[int, msgspec.Meta(ge=0)] = 0
    delete_expired: bool = False
    media: MediaSettings = MediaSettings()


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One ``[[source]]``: a device, stream, file or simulator.

    Attributes:
        name: For people and messages; made from the type where it is not given.
        subject: Whose body it measures.
        sensors: Which consents it needs.
        kind: The kind that its ``type`` names.
        settings: The keys of that kind.
    """

    name: str
    subject: str
    sensors: tuple[str, ...]
    kind: SourceKind
    settings: msgspec.Struct


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a sidecar is started with.

    Attributes:
        subjects: Pseudonyms of the people that are served.
        consent: Purposes by sensor that are agreed before the start.
        profiles: Folder of the profiles; empty for the user's own.
        outputs: Each ``[[output]]`` as it stands; ``outputs.configured`` checks and opens them.
        text: The file itself without the token, for recordings.
    """

    subjects: tuple[str, ...] = ("player",)
    sidecar: Sidecar = Sidecar()
    models: Models = Models()
    recording: Recording = Recording()
    fusion: FusionSettings = FusionSettings()
    consent: dict[str, list[str]] = {}
    sources: tuple[Source, ...] = ()
    outputs: tuple[dict[str, Any], ...] = ()
    profiles: str = ""
    text: str = ""


class File(_Strict, frozen=True, kw_only=True):
    """The file's own shape."""

    subjects: Annotated[tuple[str, ...], msgspec.Meta(min_length=1, max_length=64)] = ("player",)
    sidecar: Sidecar = Sidecar()
    models: Models = Models()
    recording: Recording = Recording()
    fusion: FusionSettings = FusionSettings()
    consent: dict[str, list[str]] = {}
    source: list[dict[str, Any]] = []
    output: list[dict[str, Any]] = []
    profiles: str = ""


class Common(msgspec.Struct, frozen=True, kw_only=True):
    """The keys of every ``[[source]]``, whatever its type."""

    type: str
    name: str = ""
    subject: str = ""
    sensors: list[str] = []
