"""`sentio config`: write and check a configuration file."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sentio_bridge.cli.exits import cli_errors

if TYPE_CHECKING:
    from sentio_bridge.config.loader import Config


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Write and check a configuration file.", no_args_is_help=True)
    group.command("init")(init)
    group.command("check")(check)
    app.add_typer(group, name="config")


def init(
    path: Annotated[Path, typer.Argument(help="Where to write it.")] = Path("sentio.toml"),
    force: Annotated[bool, typer.Option(help="Replace a file that is there.")] = False,
) -> None:
    """Write a commented configuration to start from."""
    from sentio_bridge.config.presets import fresh
    from sentio_bridge.config.source_registry import installed
    from sentio_bridge.errors import ConfigError

    with cli_errors():
        if path.exists() and not force:
            raise ConfigError(f"{path} is there already", "replace it with --force")
        path.write_text(fresh(installed().kinds.values()), encoding="utf-8")
        typer.echo(f"wrote {path}; run it with: sentio run --config {path}")


def check(
    path: Annotated[Path, typer.Argument(help="Which file.")] = Path("sentio.toml"),
) -> None:
    """Check a configuration and list what it grants and opens."""
    from sentio_bridge.config.loader import load
    from sentio_bridge.outputs import checked

    with cli_errors():
        config = load(path)
        checked(config.outputs)
        _refuse_what_cannot_run(config)
        typer.echo(f"{path}: valid")
        typer.echo(f"  subjects: {', '.join(config.subjects)}")
        for sensor, purposes in config.consent.items():
            typer.echo(f"  agreed: {sensor} for {', '.join(purposes)}")
        for source in config.sources:
            agreed = [sensor for sensor in source.sensors if config.consent.get(sensor)]
            opens = f"opens for {', '.join(agreed)}" if agreed else "stays closed: no consent"
            typer.echo(f"  source {source.name}: {opens}")
            remark = source.kind.remark(source.settings) if source.kind.remark else ""
            if remark:
                typer.echo(f"    {remark}")


def _refuse_what_cannot_run(config: Config) -> None:
    """Refuse what a run on this machine would refuse, except ports in use.

    Raises:
        ConfigError: A model is not there, the host has no such address, or the folder of a
            recording that begins with the sidecar cannot be written.
    """
    from sentio_bridge.errors import ConfigError
    from sentio_bridge.pipeline.estimator_pool import kinds

    kinds(config.models)
    host = config.sidecar.host
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.bind((host, 0))
    except OSError as error:
        what = f"[sidecar] host: cannot bind {host}: {error.strerror}"
        raise ConfigError(what, "use 127.0.0.1") from None
    folder = Path(config.recording.folder).absolute()
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if config.recording.start and not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
        what = f"[recording] folder: {folder} cannot be written"
        raise ConfigError(what, "choose another folder")
