"""`sentio recordings`: list recordings and delete expired ones."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sentio_bridge.cli.connection import CONFIGURATION
from sentio_bridge.cli.exits import cli_errors
from sentio_bridge.cli.governed import configured_audit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sentio_bridge.config.loader import Recording
    from sentio_bridge.privacy.audit import Audit
    from sentio_recording.retention import StoredRecording

Where = Annotated[
    Path | None, typer.Argument(help="Folder of recordings; default: from sentio.toml.")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="List recordings, and delete expired ones.", no_args_is_help=True)
    group.command("list")(list_)
    group.command("prune")(prune)
    app.add_typer(group, name="recordings")


def list_(folder: Where = None) -> None:
    """List recordings with their size and expiry date."""
    from sentio_recording.retention import recordings

    with cli_errors():
        place = _folder(folder)
        stored = list(recordings(place))
        for recording in stored:
            typer.echo(_line(recording))
        if not stored:
            typer.echo(f"no recordings in {place}")


def prune(
    folder: Where = None,
    yes: Annotated[bool, typer.Option("--yes", help="Delete without confirmation.")] = False,
) -> None:
    """Delete expired recordings (setting expire_days), with their keys."""
    from sentio_recording.retention import expired

    with cli_errors():
        place = _folder(folder)
        overdue = expired(place, datetime.now(UTC))
        if not overdue:
            typer.echo(f"nothing has expired in {place}")
            return
        for recording in overdue:
            typer.echo(_line(recording))
        if not yes:
            typer.confirm(f"delete {_count(len(overdue))} with all their files?", abort=True)
        _delete(overdue, configured_audit() if CONFIGURATION.is_file() else None)
        typer.echo(f"deleted {_count(len(overdue))}")


def sweep(settings: Recording, audit: Audit | None = None) -> str:
    """Delete or report expired recordings, as configured; return a message.

    Args:
        settings: Settings of recordings.
        audit: Gets a line of what was deleted.
    """
    from sentio_bridge.errors import BridgeError
    from sentio_recording.retention import expired, plausible
    from sentio_sensors import SensorError

    place, now = Path(settings.folder), datetime.now(UTC)
    overdue = expired(place, now)
    delete = settings.delete_expired and place.is_dir()
    try:
        if delete and not plausible(place, now) and overdue:
            return (
                f"{_count(len(overdue))} in {place} expired, but the clock ({now:%Y-%m-%d}) is far"
                " after the last start: a start from tomorrow on deletes, or now: sentio recordings"
                f" prune {place}"
            )
        if not overdue:
            return ""
        if not delete:
            return f"{_count(len(overdue))} in {place} expired: sentio recordings prune {place}"
        _delete(overdue, audit)
    except OSError as error:  # the sidecar starts anyway
        return f"expired recording cannot be deleted: {error.filename}: {error.strerror}"
    except (SensorError, BridgeError) as error:
        return f"expired recordings: {error}"
    return f"deleted {_count(len(overdue))} (expired) in {place}"


def _delete(overdue: Sequence[StoredRecording], audit: Audit | None) -> None:
    """Delete recordings and their keys.

    Encrypted copies elsewhere are unreadable then.

    Raises:
        OSError: A file cannot be deleted.
        SensorError: Keys cannot be destroyed.
        PrivacyError: The audit cannot be written.
    """
    from sentio_recording import manifest_file
    from sentio_recording.retention import remove
    from sentio_recording.sealed.key_folder import KeyFolder

    keys = KeyFolder()
    for recording in overdue:
        id_ = manifest_file.public(recording.path).sealed
        remove(recording)
        if id_:
            keys.forget(id_)
    if audit is not None:
        audit.append([("retention", {"recordings": len(overdue)})])


def _folder(folder: Path | None) -> Path:
    from sentio_bridge.config.loader import Config, load

    if folder is not None and not folder.is_dir():
        raise typer.BadParameter(f"folder {folder} does not exist")
    if folder is not None:
        return folder
    config = load(CONFIGURATION) if CONFIGURATION.exists() else Config()
    return Path(config.recording.folder)


def _line(recording: StoredRecording) -> str:
    began = f"{recording.began:%Y-%m-%d %H:%M} UTC" if recording.began else "unknown date"
    until = f"until {recording.expires:%Y-%m-%d}" if recording.expires else "no expiry"
    if recording.expired(datetime.now(UTC)):
        until = f"expired on {recording.expires:%Y-%m-%d}"
    return f"{recording.path}  {began}  {recording.size / 1e6:.1f} MB  {until}"


def _count(number: int) -> str:
    return f"{number} recording{'s' if number != 1 else ''}"
