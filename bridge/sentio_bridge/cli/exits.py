"""How commands end: exit codes and errors that a person can act on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from sentio_bridge.errors import BridgeError, ConfigError, PortTakenError
from sentio_models import ModelError
from sentio_sensors import SensorError

FAILED = 1
BAD_CONFIG = 2
PORT_TAKEN = 3


@contextmanager
def cli_errors() -> Iterator[None]:
    """Turn the project's errors into one line on standard error and an exit code."""
    try:
        yield
    except (BridgeError, SensorError, ModelError) as error:
        typer.echo(f"sentio: {error.what}", err=True)
        if error.fix:
            typer.echo(f"  {error.fix}", err=True)
        code = FAILED
        if isinstance(error, ConfigError):
            code = BAD_CONFIG
        elif isinstance(error, PortTakenError):
            code = PORT_TAKEN
        raise typer.Exit(code) from None
    except BrokenPipeError:  # who read our output has seen enough: `sentio listen | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # and nothing is left to flush into it
        raise typer.Exit(FAILED) from None
    except OSError as error:  # a file or folder that a person named
        typer.echo(f"sentio: {error.filename or ''}: {error.strerror or error}", err=True)
        raise typer.Exit(FAILED) from None
