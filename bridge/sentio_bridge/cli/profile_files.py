"""Profiles that a command reads and writes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sentio_bridge.cli.connection import CONFIGURATION

if TYPE_CHECKING:
    from sentio_bridge.profiles.store import ProfileStore

Folder = Annotated[
    Path | None,
    typer.Option(help="Folder of profiles; default: of sentio.toml, else the user's."),
]


def stored(folder: Path | None, *, new: bool = False) -> ProfileStore:
    """Return the profiles of a folder; without one, of ``sentio.toml`` or the user.

    Args:
        folder: As given; None: not given.
        new: New profiles may be written, encrypted as the configuration states.

    Raises:
        ConfigError: The configuration is invalid.
        SensorError: New profiles cannot be encrypted.
    """
    from sentio_bridge.profiles.store import ProfileStore, profile_folder, profile_store

    if folder is not None or not CONFIGURATION.is_file():
        return ProfileStore(folder)
    from sentio_bridge.config.loader import load
    from sentio_bridge.privacy.private_folder import state_folder
    from sentio_bridge.privacy.sealing import scope_of

    config = load(CONFIGURATION)
    if not new:
        return ProfileStore(profile_folder(config.profiles.folder))
    scope = scope_of(state_folder(config.path, config.privacy.folder))
    return profile_store(config.profiles.folder, config.profiles.encrypt, scope)
