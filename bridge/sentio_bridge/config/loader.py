"""Read and check the configuration file; errors have a line and a fix."""

from __future__ import annotations

import ipaddress
import logging
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from sentio_bridge.config import line_index, pseudonymous, source_registry
from sentio_bridge.config.input_file import MAX_BYTES, read_limited
from sentio_bridge.config.line_index import LineIndex
from sentio_bridge.config.renamed import rename
from sentio_bridge.config.schema import (
    ClientToken,
    Common,
    Config,
    File,
    Models,
    Profiles,
    Recording,
    Remote,
    Sidecar,
    Source,
)
from sentio_bridge.config.source_registry import COMMON_KEYS, SourceRegistry
from sentio_bridge.config.validation import Invalid, check_characters, convert, one_of
from sentio_bridge.errors import BridgeError, ConfigError
from sentio_bridge.privacy.policy import forbidden
from sentio_bridge.privacy.pseudonyms import Pseudonyms
from sentio_bridge.protocol.requests import OPERATIONS
from sentio_bridge.protocol.vocabulary import PURPOSES, SENSORS

__all__ = [
    "ClientToken",
    "Config",
    "Models",
    "Recording",
    "Sidecar",
    "Source",
    "is_loopback",
    "numeric",
    "load",
    "parse",
]

log = logging.getLogger(__name__)


def load(path: Path) -> Config:
    """Read and check a configuration file.

    Raises:
        ConfigError: It is missing, not UTF-8, not TOML, or a key or value is invalid.
    """
    text, dated = _read(path)
    config = parse(text, str(path))
    names = pseudonymous.list_of(config.privacy, str(path.resolve()))
    if names is not None:
        config = _pseudonymous(text, config, names, str(path))
    return replace(config, path=str(path.resolve()), dated=dated)


def ports_of(path: Path) -> Sidecar:
    """Return the table ``[sidecar]`` of a file; no other file is read for it.

    Raises:
        ConfigError: As ``load``.
    """
    return parse(_read(path)[0], str(path), sources=False).sidecar


def _read(path: Path) -> tuple[str, datetime]:
    """Return the text of a file, and when it was changed.

    Raises:
        ConfigError: It is missing, too large, not UTF-8, or a pipe that sends nothing.
    """
    try:
        data, changed = read_limited(path, MAX_BYTES + 1)
    except FileNotFoundError:
        fix = f"create it with: sentio config init {path}"
        raise ConfigError(f"{path} does not exist", fix) from None
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}") from None
    if len(data) > MAX_BYTES:
        raise ConfigError(
            f"{path} is larger than {MAX_BYTES / 1e6:g} MB",
            "expected a configuration (TOML); to play a recorded file: sentio play FILE",
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        fix = "save it as UTF-8 (in PowerShell: Set-Content -Encoding utf8)"
        raise ConfigError(f"{path} is UTF-16, not UTF-8", fix)
    if b"\0" in data:
        raise ConfigError(f"{path} is not UTF-8 text: it contains zero bytes", "save it as UTF-8")
    try:
        return data.decode("utf-8-sig"), datetime.fromtimestamp(changed, UTC)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}, line {line}: not UTF-8", "save it as UTF-8") from None


def _pseudonymous(text: str, config: Config, names: Pseudonyms, where: str) -> Config:
    """Return a configuration in which the names of persons are replaced.

    Raises:
        ConfigError: A name is not written as a plain text, or the list of names is unusable.
    """
    children = config.privacy.children
    written = dict.fromkeys(n for n in (*config.subjects, *children, *children.values()) if n)
    try:
        known = {name: names.of(name) for name in written}
    except BridgeError as error:
        raise ConfigError(f"{where}: {error.what}", error.fix) from None
    fix = 'write names as plain texts in quotes, also as keys of [privacy.children]: "Ann Lee"'
    try:
        made = parse(pseudonymous.replaced(text, known), where)
    except ConfigError as error:
        raise ConfigError(f"{error.what} (names replaced by pseudonyms)", fix) from None
    if set(made.subjects) != {known[name] for name in config.subjects}:
        raise ConfigError(f"{where}: a name in subjects cannot be replaced", fix)
    return replace(made, text=pseudonymous.without_names(made.text, known))


def parse(
    text: str,
    where: str = "configuration",
    *,
    sources: bool = True,
    registry: SourceRegistry | None = None,
) -> Config:
    """Check a configuration's text.

    Args:
        text: TOML.
        where: Name of the text in errors.
        sources: Read the ``[[source]]`` tables. Replay does not: the package of a source need
            not be installed.
        registry: The source types; default: all that are installed.

    Raises:
        ConfigError: A key or value is invalid.
    """
    text = text.removeprefix("\ufeff")
    try:
        raw = tomllib.loads(text)
    except RecursionError:
        raise ConfigError(f"{where}: not TOML: nested too deeply") from None
    except ValueError as error:
        raise ConfigError(f"{where}: not TOML: {error}", _escape_fix(text, str(error))) from None
    old_names: dict[line_index.Path, line_index.Path] = {}
    try:
        old_names.update(rename(raw))
        config = _config(raw, sources, registry or source_registry.installed(), text)
    except Invalid as error:
        path = old_names.get(error.path, error.path)
        line = LineIndex(text).line(path)
        key = next((part for part in reversed(path) if isinstance(part, str)), "")
        what = f"{key}: {error.what}" if key else error.what
        raise ConfigError(f"{where}, line {line}: {what}", error.fix) from None
    except RecursionError:
        raise ConfigError(f"{where}: keys are nested too deeply") from None
    for new, old in old_names.items():
        log.warning(
            "%s, line %d: %r is the old name of %r; the next version will not accept it",
            where,
            LineIndex(text).line(old),
            old[-1],
            new[-1],
        )
    return config


def _escape_fix(text: str, error: str) -> str:
    """Return how to write the path that an error is about; empty if there is none."""
    at = re.search(r"line (\d+)", error)
    line = text.splitlines()[int(at[1]) - 1] if at else ""
    path = re.search(r'"([^"]*\\[^"]*)"', line)
    return f"write paths in single quotes: '{path[1]}'" if path else ""


def numeric(host: str) -> str:
    """Return a host; for ``localhost`` its address, which not all systems know."""
    return "127.0.0.1" if host == "localhost" else host


def is_loopback(host: str) -> bool:
    """Return whether ``host`` is a loopback address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _config(raw: dict[str, Any], sources: bool, registry: SourceRegistry, text: str) -> Config:
    check_characters(raw)
    _check_purposes(raw.get("consent"))
    file = convert(raw, File)
    for sensor, purposes in file.consent.items():
        one_of(sensor, SENSORS, ("consent", sensor))
        for purpose in purposes:
            problem = forbidden(purpose)
            if problem:
                raise Invalid(("consent", sensor), problem, "see docs/responsible-use.md")
            one_of(purpose, PURPOSES, ("consent", sensor))
    for child in file.privacy.children:
        one_of(child, file.subjects, ("privacy", "children", child))
    _check_subjects(file.subjects)
    _check_ports(file.sidecar)
    _check_remote(file.remote, file.sidecar)
    _check_clients(file)
    folder = file.profiles
    profiles = Profiles(folder=folder) if isinstance(folder, str) else folder
    _check_encryption(("recording", "encrypt"), file.recording.encrypt)
    _check_encryption(("profiles", "encrypt"), profiles.encrypt)
    _check_encryption(("privacy", "encrypt_names"), file.privacy.encrypt_names)
    listed = [
        _source(table, index, file.subjects, registry)
        for index, table in enumerate(file.source if sources else ())
    ]
    for index, source in enumerate(listed):
        if (source.subject, source.name) in ((s.subject, s.name) for s in listed[:index]):
            what = f"another source is named {source.name!r}"
            fix = "give each source of a subject a different name"
            raise Invalid(("source", index, "name"), what, fix)
    return Config(
        subjects=file.subjects,
        sidecar=file.sidecar,
        clients=tuple(file.client),
        remote=file.remote,
        models=file.models,
        recording=file.recording,
        fusion=file.fusion,
        consent=file.consent,
        sources=tuple(listed),
        outputs=tuple(file.output),
        privacy=file.privacy,
        profiles=profiles,
        text=_without_tokens(text, [file.sidecar.token, *(c.token for c in file.client)]),
    )


def _check_subjects(subjects: tuple[str, ...]) -> None:
    """Refuse duplicate names and names that are invalid in topics or folders."""
    for index, subject in enumerate(subjects):
        if not subject or not subject.isprintable() or set(subject) & set('/\\"'):
            raise Invalid(
                ("subjects", index), f"{subject!r} is not a valid name", "use letters and digits"
            )
        if subject in subjects[:index]:
            raise Invalid(
                ("subjects", index),
                f"{subject!r} is not unique",
                "use a different name for each subject",
            )


def _check_encryption(path: tuple[str, ...], setting: str) -> None:
    """Refuse an unknown way to protect keys."""
    known = setting in ("", "keyring", "passphrase")
    if not known and not all(part.startswith("age1") for part in setting.split()):
        raise Invalid(
            path,
            f"{setting[:80]!r} is not a way to protect keys",
            'use "keyring", "passphrase", or a public key of age: "age1..."',
        )


def _check_ports(sidecar: Sidecar) -> None:
    """Refuse hosts and ports that a sidecar cannot use."""
    if not is_loopback(sidecar.host):
        raise Invalid(
            ("sidecar", "host"),
            f"{sidecar.host!r} is not a loopback address",
            "use 127.0.0.1 or localhost; [remote] host serves clients on other machines, with keys",
        )
    if sidecar.state_port and sidecar.state_port == sidecar.control_port:
        raise Invalid(
            ("sidecar", "control_port"),
            f"{sidecar.control_port} is also the state port",
            "choose another port, or 0 for any free port",
        )


def _check_remote(remote: Remote, sidecar: Sidecar) -> None:
    """Refuse an invalid address, and ports that are used twice."""
    try:
        address = ipaddress.ip_address(remote.host or "0.0.0.0")
    except ValueError:
        raise Invalid(
            ("remote", "host"),
            f"{remote.host[:80]!r} is not an IP address",
            "use the address of a network interface, or 0.0.0.0 for all of IPv4",
        ) from None
    local = numeric(sidecar.host)
    used: dict[int, str] = {}
    if address.is_unspecified or str(address) == local:
        used[sidecar.state_port] = "[sidecar] state_port"
        used[sidecar.control_port] = "[sidecar] control_port"
    for key, port in (("state_port", remote.state_port), ("control_port", remote.control_port)):
        if remote.host and port and port in used:
            raise Invalid(
                ("remote", key),
                f"{port} is also {used[port]}",
                "choose another port, or 0 for any free port",
            )
        used[port] = f"[remote] {key}"


def _check_clients(file: File) -> None:
    """Refuse unknown requests and subjects of clients."""
    for index, op in enumerate(file.sidecar.game_may):
        one_of(op, tuple(OPERATIONS), ("sidecar", "game_may", index))
    used = {file.sidecar.token} - {""}
    for index, client in enumerate(file.client):
        if client.token in used:
            raise Invalid(
                ("client", index, "token"),
                "another client, or [sidecar], has this token",
                "give each client its own: a token decides the role",
            )
        used |= {client.token} - {""}
        for number, subject in enumerate(client.subjects):
            one_of(subject, file.subjects, ("client", index, "subjects", number))


def _check_purposes(consent: Any) -> None:
    """Refuse purposes that are not a list of strings, with the line to write."""
    for sensor, purposes in consent.items() if isinstance(consent, dict) else ():
        if not isinstance(purposes, list) or not all(isinstance(p, str) for p in purposes):
            fix = f'write: {sensor} = ["adapt"]'
            raise Invalid(("consent", sensor), "expected a list of purposes", fix)


def _source(
    table: Mapping[str, Any], index: int, subjects: tuple[str, ...], registry: SourceRegistry
) -> Source:
    path = ("source", index)
    if "type" not in table:
        fix = f"known types: {', '.join(sorted(registry.kinds))}"
        raise Invalid(path, "key 'type' is missing", fix)
    common = convert({key: table[key] for key in COMMON_KEYS if key in table}, Common, path)
    if common.type in registry.problems and common.type not in registry.kinds:
        what = f"{common.type!r} is not available: {registry.problems[common.type]}"
        raise Invalid((*path, "type"), what, "reinstall or remove that package")
    one_of(common.type, tuple(registry.kinds), (*path, "type"))
    kind = registry.kinds[common.type]
    specific = {key: value for key, value in table.items() if key not in COMMON_KEYS}
    settings: msgspec.Struct = convert(specific, kind.settings, path, COMMON_KEYS)
    subject = common.subject or subjects[0]
    one_of(subject, subjects, (*path, "subject"))
    for sensor in common.sensors:
        one_of(sensor, SENSORS, (*path, "sensors"))
    return Source(
        name=common.name or f"{common.type}{index}",
        subject=subject,
        sensors=tuple(common.sensors) or kind.sensors,
        kind=kind,
        settings=settings,
    )


def _without_tokens(text: str, tokens: Sequence[str]) -> str:
    """Return the text for recordings, which must not contain a token.

    Raises:
        Invalid: The line of a token cannot be removed.
    """
    rest = re.sub(r"(?m)^\s*token\s*=.*$", "", text)
    if any(tokens) and _has_token(rest):
        fix = 'write it on a separate line below [sidecar]: token = "..."'
        raise Invalid(("sidecar", "token"), "cannot be removed from recordings in this form", fix)
    return rest


def _has_token(text: str) -> bool:
    """Return whether a configuration's text has a token, or cannot be read."""
    try:
        raw = tomllib.loads(text)
    except ValueError:
        return True
    return any(table.get("token") for table in (raw.get("sidecar", {}), *raw.get("client", [])))
