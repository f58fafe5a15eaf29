"""Command line `sentio COMMAND`; commands import their dependencies when they run."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from sentio_bridge.cli import (
    bench,
    configure,
    consent,
    data,
    devices,
    evaluate,
    inspect,
    keys,
    listen,
    models,
    people,
    play,
    recording,
    recordings,
    replay,
    report,
    run,
    self_test,
    session,
    steer,
    study_session,
)


def main() -> None:
    """Run the command line."""
    # No other user may read or write what a person's data, names or tokens are in; a game that a
    # command starts gets the value from before.
    called = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
    application(called)(obj=os.umask(0o077))


def application(called: str = "") -> typer.Typer:
    """Return the application with all commands, or with the one that is called.

    To read the options of all of them takes .04 s at each start.
    """
    app = typer.Typer(
        name="sentio",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(_options)
    for command in (
        run,
        session,
        steer,
        study_session,
        listen,
        devices,
        play,
        recording,
        recordings,
        replay,
        inspect,
        report,
        people,
        consent,
        data,
        keys,
        configure,
        models,
        evaluate,
        bench,
        self_test,
    ):
        command.register(app)
    commands = [info for info in app.registered_commands if info.name == called]
    groups = [info for info in app.registered_groups if info.name == called]
    if commands or groups:
        app.registered_commands, app.registered_groups = commands, groups
    return app


def _version(show: bool) -> None:
    if show:
        from sentio_bridge.version import VERSION

        typer.echo(f"sentio {VERSION}")
        raise typer.Exit


def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
    test: Annotated[
        bool,
        typer.Option(
            "--self-test", callback=self_test.run_option, is_eager=True, help="Run the self-test."
        ),
    ] = False,
) -> None:
    """Stream affect estimates, with their uncertainty, from sensors to game engines."""
