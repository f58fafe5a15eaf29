"""Command line, `sentio COMMAND`; each command imports its dependencies when it runs."""

from __future__ import annotations

import typer

from sentio_bridge.cli import (
    bench,
    configure,
    devices,
    evaluate,
    inspect,
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
)


def main() -> None:
    """Run the command line."""
    application()()


def application() -> typer.Typer:
    """Return the application with all commands."""
    app = typer.Typer(
        name="sentio",
        help="Stream affect estimates, with their uncertainty, from sensors to game engines.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for command in (
        run,
        session,
        listen,
        devices,
        play,
        recording,
        recordings,
        replay,
        inspect,
        report,
        people,
        configure,
        models,
        evaluate,
        bench,
        self_test,
    ):
        command.register(app)
    return app
