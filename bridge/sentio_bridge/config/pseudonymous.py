"""Replace the names in a configuration by pseudonyms (``[privacy] pseudonyms``)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from sentio_bridge.config.input_file import MAX_BYTES, read_limited
from sentio_bridge.config.schema import Privacy
from sentio_bridge.errors import ConfigError
from sentio_bridge.privacy.private_folder import state_folder
from sentio_bridge.privacy.pseudonyms import Pseudonyms
from sentio_bridge.privacy.sealing import scope_of


def list_of(settings: Privacy, path: str) -> Pseudonyms | None:
    """Return the list of names of an installation; None if it uses names as written.

    Args:
        settings: The table ``[privacy]``.
        path: Absolute path of the configuration.
    """
    if not settings.pseudonyms:
        return None
    scope = scope_of(state_folder(path, settings.folder))
    return Pseudonyms(scope, settings.encrypt_names)


def known(path: Path, name: str, *, new: bool = False) -> str:
    """Return the pseudonym of a name that a person has entered, or the name as it is.

    Args:
        path: Configuration; without the file, or the setting, names stay as they are.
        name: The name, or a pseudonym.
        new: A name that is not known gets a pseudonym.

    Raises:
        PrivacyError: The list of names cannot be read or written.
    """
    names = list_at(path)
    if names is None:
        return name
    return names.of(name) if new else names.find(name)


def list_at(path: Path) -> Pseudonyms | None:
    """Return the list of names of a file's installation, without adding its names.

    Args:
        path: Configuration; without the file, or the setting, there is none.
    """
    try:
        data, _ = read_limited(path, MAX_BYTES)
        table = tomllib.loads(data.decode("utf-8-sig")).get("privacy", {})
    except (OSError, ValueError, ConfigError):
        return None  # a missing or damaged file is reported where it is needed
    if not isinstance(table, Mapping) or table.get("pseudonyms") is not True:
        return None
    folder, encrypt = (str(table.get(key, "")) for key in ("folder", "encrypt_names"))
    settings = Privacy(pseudonyms=True, folder=folder, encrypt_names=encrypt)
    return list_of(settings, str(path.resolve()))


def replaced(text: str, names: Mapping[str, str]) -> str:
    """Return a configuration's text with pseudonyms for names in quotes.

    Args:
        text: TOML.
        names: Pseudonym of each name.
    """
    for name, pseudonym in names.items():
        text = re.sub(rf"([\"']){re.escape(name)}\1", rf"\g<1>{pseudonym}\g<1>", text)
    return text


def without_names(text: str, names: Mapping[str, str]) -> str:
    """Return the text for recordings without names; empty if that is impossible.

    Args:
        text: TOML in which ``replaced`` was used.
        names: Pseudonym of each name.
    """
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(name)}\b", names[name], text)
    try:
        tomllib.loads(text)
    except ValueError:
        return ""
    return text
