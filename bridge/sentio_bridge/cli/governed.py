"""What the configuration in this folder states about a recording that leaves it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sentio_bridge.cli.connection import CONFIGURATION

if TYPE_CHECKING:
    from sentio_bridge.privacy.audit import Audit
    from sentio_bridge.server.data_rights import DataRights
    from sentio_recording.manifest import Manifest
    from sentio_recording.recording import Recording


@dataclass(frozen=True, slots=True)
class Governed:
    """A recording below the configured folder.

    Attributes:
        rights: Rights of its persons.
        folder: The recording, or the folder of its file.
        manifest: With the persons who leave the folder; None if there is no readable one.
        subjects: These persons.
    """

    rights: DataRights
    folder: Path
    manifest: Manifest | None
    subjects: Sequence[str]


def configured_rights(config: Path = CONFIGURATION) -> DataRights | None:
    """Return the rights of the configured folder; None without a configuration.

    Args:
        config: The configuration.

    Raises:
        ConfigError: It is invalid.
    """
    if not config.is_file():
        return None
    from sentio_bridge.config.loader import load
    from sentio_bridge.server.data_rights import DataRights

    return DataRights(load(config))


def configured_audit(config: Path = CONFIGURATION) -> Audit:
    """Return the audit of a configuration.

    Args:
        config: The configuration.

    Raises:
        ConfigError: It is missing or invalid.
    """
    from sentio_bridge.config.loader import load
    from sentio_bridge.privacy.audit import Audit
    from sentio_bridge.privacy.private_folder import state_folder

    loaded = load(config)
    return Audit(state_folder(loaded.path, loaded.privacy.folder))


def governed(
    recording: Recording, left_out: Collection[str] = (), config: Path = CONFIGURATION
) -> Governed | None:
    """Return what governs a recording; None outside of the configured folder.

    Args:
        recording: The recording, or a file of one.
        left_out: Persons who do not leave the folder.
        config: The configuration.

    Raises:
        ConfigError: The configuration is invalid.
    """
    from msgspec.structs import replace

    from sentio_recording import manifest_file
    from sentio_sensors import SensorError

    rights = configured_rights(config)
    if rights is None or not rights.holds(recording.path):
        return None
    folder = recording.path if recording.path.is_dir() else recording.path.parent
    manifest = None
    with suppress(OSError, SensorError):
        manifest = manifest_file.read(folder)
    everyone = recording.subjects if manifest is None else manifest.subjects
    subjects = [subject for subject in everyone if subject not in left_out]
    if manifest is not None:
        manifest = replace(manifest, subjects=subjects)
    return Governed(rights, folder, manifest, subjects)
