"""`sentio config`: write and check a configuration file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sentio_bridge.cli.exits import cli_errors


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
    from sentio_bridge.pipeline.estimator_pool import kinds

    with cli_errors():
        config = load(path)
        kinds(config.models)  # refuses what a run would refuse: models that are not there
        typer.echo(f"{path}: valid")
        typer.echo(f"  subjects: {', '.join(config.subjects)}")
        for sensor, purposes in config.consent.items():
            typer.echo(f"  agreed: {sensor} for {', '.join(purposes)}")
        for source in config.sources:
            agreed = [sensor for sensor in source.sensors if config.consent.get(sensor)]
            opens = f"opens for {', '.join(agreed)}" if agreed else "stays closed: no consent"
            typer.echo(f"  source {source.name}: {opens}")
