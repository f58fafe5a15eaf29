"""`sentio recordings`: what is kept on the disk, and what should be there no more."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sentio_bridge.cli.exits import cli_errors

if TYPE_CHECKING:
    from sentio_bridge.config.loader import Recording
    from sentio_recording.retention import StoredRecording

Where = Annotated[
    Path | None, typer.Argument(help="Folder of recordings; as in sentio.toml by default.")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="List recordings, and delete expired ones.", no_args_is_help=True)
    group.command("list")(list_)
    group.command("prune")(prune)
    app.add_typer(group, name="recordings")


def list_(folder: Where = None) -> None:
    """Show each recording with its size and how long it is kept."""
    from sentio_recording.retention import recordings

    with cli_errors():
        place = _folder(folder)
        found = list(recordings(place))
        for kept in found:
            typer.echo(_line(kept))
        if not found:
            typer.echo(f"no recordings in {place}")


def prune(
    folder: Where = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete the recordings whose date has passed ([recording] expire_days)."""
    from sentio_recording.retention import expired, remove

    with cli_errors():
        place = _folder(folder)
        gone = expired(place, datetime.now(UTC))
        if not gone:
            typer.echo(f"nothing has expired in {place}")
            return
        for kept in gone:
            typer.echo(_line(kept))
        if not yes:
            typer.confirm(f"delete {_count(len(gone))} with everything in them?", abort=True)
        for kept in gone:
            remove(kept)
        typer.echo(f"deleted {_count(len(gone))}")


def sweep(settings: Recording) -> str:
    """Do with expired recordings what the configuration says; return what to tell of it."""
    from sentio_recording.retention import expired, remove

    place = Path(settings.folder)
    gone = expired(place, datetime.now(UTC))
    if not gone:
        return ""
    if not settings.delete_expired:
        return f"{_count(len(gone))} in {place} expired: sentio recordings prune {place}"
    try:
        for kept in gone:
            remove(kept)
    except OSError as error:  # no reason not to start
        return f"expired, and cannot be deleted: {error.filename}: {error.strerror}"
    return f"deleted {_count(len(gone))} in {place} that expired"


def _folder(folder: Path | None) -> Path:
    from sentio_bridge.config.loader import Config, load

    usual = Path("sentio.toml")
    if folder is not None and not folder.is_dir():
        raise typer.BadParameter(f"there is no folder {folder}")
    return folder or Path((load(usual) if usual.exists() else Config()).recording.folder)


def _line(kept: StoredRecording) -> str:
    began = f"{kept.began:%Y-%m-%d %H:%M} UTC" if kept.began else "unknown date"
    until = f"until {kept.expires:%Y-%m-%d}" if kept.expires else "for ever"
    if kept.expired(datetime.now(UTC)):
        until = f"expired on {kept.expires:%Y-%m-%d}"
    return f"{kept.path}  {began}  {kept.size / 1e6:.1f} MB  {until}"


def _count(number: int) -> str:
    return f"{number} recording{'s' if number != 1 else ''}"
