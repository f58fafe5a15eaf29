"""One TOML file configures everything; what is wrong is told with its line and the right word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, get_args, get_type_hints

import msgspec

from sentio_bridge.affect.fusion import FusionSettings
from sentio_bridge.errors import ConfigError
from sentio_bridge.protocol.vocabulary import PURPOSES, SENSORS
from sentio_recording.media.store import MediaSettings
from sentio_recording.replay_source import ReplaySettings
from sentio_sensors import Role
from sentio_sensors.brainflow.source import BrainflowSettings
from sentio_sensors.camera.source import CameraSettings
from sentio_sensors.lsl.source import LslSettings
from sentio_sensors.microphone.source import MicrophoneSettings
from sentio_sensors.simulated import SimulateSettings

SourceSettings = (
    SimulateSettings
    | LslSettings
    | BrainflowSettings
    | CameraSettings
    | MicrophoneSettings
    | ReplaySettings
)

_SENSORS_OF: dict[type[msgspec.Struct], tuple[str, ...]] = {
    SimulateSettings: ("camera", "microphone", "eeg", "body"),
    LslSettings: ("eeg", "body"),
    BrainflowSettings: ("eeg", "body"),
    CameraSettings: ("camera",),
    MicrophoneSettings: ("microphone",),
    ReplaySettings: ("camera", "microphone", "eeg", "body"),
}
"""Which consents cover a source that does not say so itself."""

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
        delete_expired: Delete expired recordings when the sidecar starts; otherwise it only tells
            of them, and ``sentio recordings prune`` deletes them.
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
        settings: What its own kind of source takes.
    """

    name: str
    subject: str
    sensors: tuple[str, ...]
    settings: SourceSettings


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a sidecar is started with.

    Attributes:
        subjects: Pseudonyms of the people that are served.
        consent: Purposes by sensor that are agreed before the start.
        profiles: Folder of the profiles; empty for the user's own.
        text: The file itself without the token, for recordings.
    """

    subjects: tuple[str, ...] = ("player",)
    sidecar: Sidecar = Sidecar()
    models: Models = Models()
    recording: Recording = Recording()
    fusion: FusionSettings = FusionSettings()
    consent: dict[str, list[str]] = {}
    sources: tuple[Source, ...] = ()
    profiles: str = ""
    text: str = ""


class _File(_Strict, frozen=True, kw_only=True):
    """The file's own shape."""

    subjects: Annotated[tuple[str, ...], msgspec.Meta(min_length=1, max_length=64)] = ("player",)
    sidecar: Sidecar = Sidecar()
    models: Models = Models()
    recording: Recording = Recording()
    fusion: FusionSettings = FusionSettings()
    consent: dict[str, list[str]] = {}
    source: list[dict[str, Any]] = []
    profiles: str = ""


_TABLES: dict[str, type[msgspec.Struct]] = {
    "sidecar": Sidecar,
    "models": Models,
    "recording": Recording,
    "recording.media": MediaSettings,
    "fusion": FusionSettings,
}
"""What the file's tables may hold."""

_CHOICES: dict[str, tuple[str, ...]] = {
    "roles": tuple(role.value for role in Role),
    **{name: get_args(kind) for name, kind in get_type_hints(MediaSettings).items()},
}
"""Values that a key may have, where these are few."""


class _Common(msgspec.Struct, frozen=True, kw_only=True):
    """What every ``[[source]]`` may say, whatever its type."""

    name: str = ""
    subject: str = ""
    sensors: list[str] = []


def load(path: Path) -> Config:
    """Read and check a configuration file.

    Raises:
        ConfigError: It is not there, not TOML, or a key or value is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        fix = f"write one with: sentio config init {path}"
        raise ConfigError(f"there is no {path}", fix) from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is no text in UTF-8", "save it as UTF-8") from None
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}") from None
    return parse(text, str(path))


def parse(text: str, where: str = "configuration") -> Config:
    """Check a configuration's text.

    Args:
        text: TOML.
        where: How to call it in errors.

    Raises:
        ConfigError: A key or value is wrong; nothing of it is used.
    """
    try:
        raw = msgspec.toml.decode(text)
    except msgspec.DecodeError as error:
        raise ConfigError(f"{where}: not TOML: {error}") from None
    _check_purposes(raw.get("consent"), text, where)
    try:
        file = msgspec.convert(raw, _File)
    except msgspec.ValidationError as error:
        raise _told(text, where, str(error)) from None
    for sensor, purposes in file.consent.items():
        _one_of(text, where, "consent", sensor, sensor, SENSORS)
        for purpose in purposes:
            _one_of(text, where, "consent", sensor, purpose, PURPOSES)
    sources = tuple(
        _source(text, where, index, dict(table), file.subjects)
        for index, table in enumerate(file.source)
    )
    return Config(
        subjects=file.subjects,
        sidecar=file.sidecar,
        models=file.models,
        recording=file.recording,
        fusion=file.fusion,
        consent=file.consent,
        sources=sources,
        profiles=file.profiles,
        text=re.sub(r"(?m)^\s*token\s*=.*$", "", text),
    )


def _check_purposes(consent: Any, text: str, where: str) -> None:
    """Tell of a sensor whose purposes are no list, which msgspec does not name."""
    for sensor, purposes in consent.items() if isinstance(consent, dict) else ():
        if not isinstance(purposes, list) or not all(isinstance(p, str) for p in purposes):
            line = _line_of(text, "consent", sensor)
            raise ConfigError(
                f"{where}, line {line}: {sensor}: expected a list of purposes",
                f'write: {sensor} = ["adapt"]',
            )


def _source(
    text: str, where: str, index: int, table: dict[str, Any], subjects: tuple[str, ...]
) -> Source:
    own = {key: table.pop(key) for key in _Common.__struct_fields__ if key in table}
    try:
        common = msgspec.convert(own, _Common)
        settings: SourceSettings = msgspec.convert(table, SourceSettings)
    except msgspec.ValidationError as error:
        known = _keys(_Common, *_types().values())
        kind = _types().get(str(table.get("type")))
        if kind is not None:
            known = _keys(_Common, kind)
        raise _told(text, where, str(error), f"source[{index}]", known) from None
    subject = common.subject or subjects[0]
    _one_of(text, where, f"source[{index}]", "subject", subject, subjects)
    for sensor in common.sensors:
        _one_of(text, where, f"source[{index}]", "sensors", sensor, SENSORS)
    sensors = tuple(common.sensors) or _SENSORS_OF[type(settings)]
    return Source(
        name=common.name or f"{table['type']}{index}",
        subject=subject,
        sensors=sensors,
        settings=settings,
    )


def _one_of(
    text: str, where: str, table: str, key: str, value: str, allowed: tuple[str, ...] | list[str]
) -> None:
    if value not in allowed:
        line = _line_of(text, table, key)
        raise ConfigError(
            f"{where}, line {line}: {value!r} is not one of {', '.join(allowed)}",
            _nearest(value, allowed),
        )


def _told(
    text: str, where: str, problem: str, table: str = "", known: Sequence[str] = ()
) -> ConfigError:
    """Word a validation error with its line and the nearest right word.

    Args:
        text: The file.
        where: How it is called.
        problem: msgspec's words.
        table: What was converted, if not the whole file.
        known: Keys that are right there; by default those of the table that the error names.
    """
    found = re.search(r" - at `\$\.?(.*?)`$", problem)
    path = [p for p in (table, found[1].replace("[...]", "") if found else "") if p]
    what = re.sub(r" - at `.*`$", "", problem)
    unknown = re.search(r"unknown field `(.+?)`", what)
    parts = ".".join(path).split(".") if path else []
    if unknown:
        key, parents = unknown[1], parts
        what = f"unknown key {key!r}"
        fix = _nearest(key, known or _keys(_TABLES.get(".".join(parts), _File)))
    else:
        key, parents = (parts[-1], parts[:-1]) if parts else ("", [])
        fix = _remedy(what, re.sub(r"\[.*", "", key))
    line = _line_of(text, ".".join(parents), re.sub(r"\[.*", "", key))
    return ConfigError(f"{where}, line {line}: {key}: {what}" if key else f"{where}: {what}", fix)


def _remedy(what: str, key: str) -> str:
    """Return how to put right what msgspec says is wrong with the value of ``key``."""
    invalid = re.search(r"Invalid (?:enum )?value '(.+?)'", what)
    choices = _CHOICES.get(key, ())
    if invalid and (choices or "enum" not in what):
        return _nearest(invalid[1], choices or list(_types()))
    if "missing required field `type`" in what:
        return f"types are {', '.join(sorted(_types()))}"
    if "Expected `array`, got `str`" in what:
        return f'write it in brackets: {key} = ["..."]'
    if "Expected `str`" in what:
        return f'write it in quotes: {key} = "..."'
    return ""


def _line_of(text: str, table: str, key: str) -> int:
    """Find the line of ``key`` in ``table`` (``sidecar``, ``source[1]``, or empty for the top)."""
    name, _, index = table.partition("[")
    digits = index.split("]")[0]
    wanted = int(digits) if digits.isdigit() else 0
    inside, seen, header = table == "", -1, 1
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip()
        if bare.startswith("["):
            inside = bare.strip("[]").strip() == name
            seen += inside
            inside = inside and seen == wanted
            header = number if inside else header
        elif inside and re.match(rf"[\"']?{re.escape(key)}[\"']?\s*=", bare):
            return number
    return header


def _nearest(word: str, allowed: Sequence[str]) -> str:
    near = get_close_matches(word, allowed, 1, 0.5)
    return f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(sorted(allowed))}"


def _types() -> dict[str, type[msgspec.Struct]]:
    return {str(t.__struct_config__.tag): t for t in _SENSORS_OF}


def _keys(*structs: type[msgspec.Struct]) -> list[str]:
    return sorted({field for s in structs for field in s.__struct_fields__})
