"""Tables of the configuration file, and the configuration made from them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from sentio_bridge.affect.fusion import FusionSettings
from sentio_bridge.protocol.roles import ROLES
from sentio_recording.media.store import MediaSettings
from sentio_sensors.source_kind import SourceKind

Port = Annotated[int, msgspec.Meta(ge=0, le=65535)]


class _Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of tables that refuse unknown keys."""


class Sidecar(_Strict, frozen=True, kw_only=True):
    """The table ``[sidecar]``.

    Attributes:
        host: Address to listen on; must be a loopback address.
        state_port: Port of state and events; 0: any free port.
        control_port: Port of control requests; 0: any free port.
        rate_hz: Maximum frames per second.
        token: Token of clients with the role operator; empty: a new one at every start, in a file
            that clients of the same user find.
        game_may: Requests that games may send beyond those of their role, such as ``record``.
        raw: Stream ids, or patterns such as ``*/eeg``, that are published on ``raw/``.
    """

    host: str = "127.0.0.1"
    state_port: Port = 28700
    control_port: Port = 28701
    rate_hz: Annotated[float, msgspec.Meta(ge=1, le=120)] = 60.0
    token: Annotated[str, msgspec.Meta(max_length=200)] = ""
    game_may: list[str] = []
    raw: list[str] = []


class Remote(_Strict, frozen=True, kw_only=True):
    """The table ``[remote]``: ports for Python clients on other machines.

    Only clients with a key of ``sentio keys new`` can connect; all traffic is encrypted.

    Attributes:
        host: Address to listen on, such as ``0.0.0.0``; empty: other machines are not served.
        state_port: Port of state and events; 0: any free port.
        control_port: Port of control requests; 0: any free port.
    """

    host: str = ""
    state_port: Port = 28710
    control_port: Port = 28711


class ClientToken(_Strict, frozen=True, kw_only=True):
    """One ``[[client]]``: a further token and its role.

    Attributes:
        token: The token; at least 16 characters.
        role: ``listener``, ``game`` or ``operator``.
        subjects: A game's own subjects; empty for all.
        name: For people.
    """

    token: Annotated[str, msgspec.Meta(max_length=200)] = ""
    role: Literal[*ROLES] = "listener"  # type: ignore[valid-type]
    subjects: list[str] = []
    name: str = ""


class Models(_Strict, frozen=True, kw_only=True):
    """The table ``[models]``.

    Attributes:
        gpu: Use a GPU if onnxruntime supports it.
        landmarker: Path of ``face_landmarker.task``; empty: search the default folders.
        own: Manifests (TOML) of user models; each replaces the built-in model of its streams.
        face_hz: Maximum images per second for the face model: it costs more than all
            other models together, and faces change over half a second (ADR 0006).
        budget_ms: A model that repeatedly takes longer is switched off.
        text_encoder: Use the sentence encoder of the extra ``text-encoder`` for chat lines; a line
            then takes tens of milliseconds. Without the package, estimates have the reason
            ``no_encoder``.
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
        folder: Parent folder of the recordings.
        start: Start recording with the sidecar.
        expire_days: Days after which a recording expires; 0 for never.
        delete_expired: Delete expired recordings when the sidecar starts; otherwise it only lists
            them, and ``sentio recordings prune`` deletes them.
        media: Formats of video and sound, recorded with consent to ``record_raw``.
        encrypt: What protects the keys of encrypted recordings: ``keyring``, ``passphrase``, or age
            recipients (``age1...``); empty: recordings are not encrypted.
    """

    folder: str = "recordings"
    start: bool = False
    expire_days: Annotated[int, msgspec.Meta(ge=0)] = 0
    delete_expired: bool = False
    media: MediaSettings = MediaSettings()
    encrypt: str = ""


class Profiles(_Strict, frozen=True, kw_only=True):
    """The table ``[profiles]``; a text instead of it is the folder.

    Attributes:
        folder: Folder of the profiles; empty for the user's data folder.
        encrypt: As in ``[recording]``.
    """

    folder: str = ""
    encrypt: str = ""


class Privacy(_Strict, frozen=True, kw_only=True):
    """The table ``[privacy]``.

    Attributes:
        folder: Folder of receipts and audit; empty: one for this configuration in the user's data
            folder.
        exports: Folder of ``sentio data export``.
        pseudonyms: Names in ``subjects`` and ``children`` are replaced by random pseudonyms; the
            list that connects them is kept apart. ``sentio data pseudonyms`` shows it.
        encrypt_names: What protects that list: ``keyring``, ``passphrase``, or age recipients;
            empty: it is not encrypted, and only its owner can read it.
        consent_days: Days after which a consent ends; 0 for never.
        children: Guardian's pseudonym of each subject that is a child; an empty text while it is
            not known. Without a guardian everything is off.
        text: Consent text: ``game``, ``study`` or ``clinic``.
        language: Language of the consent text: ``en`` or ``de``.
        controller: Who is responsible for the data, for the text.
        contact: Where a person can ask, for the text.
        recipients: Who receives shared data, for the text.
    """

    folder: str = ""
    exports: str = "exports"
    pseudonyms: bool = False
    encrypt_names: str = ""
    consent_days: Annotated[float, msgspec.Meta(ge=0, le=36500)] = 0.0
    children: dict[str, str] = {}
    text: Literal["game", "study", "clinic"] = "game"
    language: Literal["en", "de"] = "en"
    controller: str = ""
    contact: str = ""
    recipients: str = ""


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One ``[[source]]``: a device, stream, file or simulator.

    Attributes:
        name: Name in displays and messages; default: made from the type.
        subject: Subject that it measures.
        sensors: Sensors whose consent it needs.
        kind: Source kind of its ``type``.
        settings: Settings of that kind.
    """

    name: str
    subject: str
    sensors: tuple[str, ...]
    kind: SourceKind
    settings: msgspec.Struct


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """Complete configuration of a sidecar.

    Attributes:
        subjects: Pseudonyms of the subjects.
        consent: Purposes by sensor that are granted at the start.
        privacy: Receipts, audit and consent texts.
        profiles: Where profiles are kept.
        outputs: Each ``[[output]]`` table, unchecked; ``outputs.configured`` checks and opens them.
        clients: Further tokens and their roles.
        remote: Ports for clients on other machines.
        text: Text of the file without the tokens, for recordings.
        path: Absolute path of the file; empty if the configuration is not a file.
        dated: When the file was changed, UTC; None if the configuration is not a file.
    """

    subjects: tuple[str, ...] = ("player",)
    sidecar: Sidecar = Sidecar()
    clients: tuple[ClientToken, ...] = ()
    remote: Remote = Remote()
    models: Models = Models()
    recording: Recording = Recording()
    fusion: FusionSettings = FusionSettings()
    consent: dict[str, list[str]] = {}
    sources: tuple[Source, ...] = ()
    outputs: tuple[dict[str, Any], ...] = ()
    privacy: Privacy = Privacy()
    profiles: Profiles = Profiles()
    text: str = ""
    path: str = ""
    dated: datetime | None = None


class File(_Strict, frozen=True, kw_only=True):
    """Structure of the file.

    Attributes:
        subjects: A pseudonym for each person: different printable names.
        sidecar: Ports, tokens and raw streams.
        client: Further tokens.
        models: Which models run.
        recording: Where and how sessions are recorded.
        fusion: Constants of the fusion.
        consent: Purposes by sensor that are granted at the start; ``sentio consent`` lists both.
        source: Devices, streams, files and simulators.
        output: Outputs beside ZeroMQ.
        privacy: Receipts, audit and consent texts.
        profiles: Folder of the profiles; empty for the user's data folder.
    """

    subjects: Annotated[tuple[str, ...], msgspec.Meta(min_length=1, max_length=64)] = ("player",)
    sidecar: Sidecar = Sidecar()
    client: list[ClientToken] = []
    remote: Remote = Remote()
    models: Models = Models()
    recording: Recording = Recording()
    fusion: FusionSettings = FusionSettings()
    consent: dict[str, list[str]] = {}
    source: list[dict[str, Any]] = []
    output: list[dict[str, Any]] = []
    privacy: Privacy = Privacy()
    profiles: str | Profiles = ""


class Common(msgspec.Struct, frozen=True, kw_only=True):
    """Keys of every ``[[source]]`` of any type.

    Attributes:
        type: Kind of the source; the next sections.
        name: Name in displays and messages; empty: made from the type.
        subject: Subject that it measures; empty: the first.
        sensors: Sensors whose consent it needs; empty: those of its type.
    """

    type: str
    name: str = ""
    subject: str = ""
    sensors: list[str] = []
