"""Exit codes and error messages of the commands."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from sentio_bridge.errors import BridgeError, ConfigError, PortTakenError

if TYPE_CHECKING:
    from sentio_models import ModelError
    from sentio_sensors import SensorError

FAILED = 1
BAD_CONFIG = 2
PORT_TAKEN = 3


@contextmanager
def cli_errors() -> Iterator[None]:
    """Print the project's errors to standard error and exit with a code."""
    try:
        yield
    except _typed() as error:  # evaluated after an error
        typer.echo(f"sentio: {error.what}", err=True)
        if error.fix:
            typer.echo(f"  {error.fix}", err=True)
        code = FAILED
        if isinstance(error, ConfigError):
            code = BAD_CONFIG
        elif isinstance(error, PortTakenError):
            code = PORT_TAKEN
        raise typer.Exit(code) from None
    except BrokenPipeError:  # the reader has closed the pipe: `sentio listen | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # or the flush at exit fails again
        raise typer.Exit(FAILED) from None
    except OSError as error:  # a file or folder given by the user
        typer.echo(f"sentio: {error.filename or ''}: {error.strerror or error}", err=True)
        raise typer.Exit(FAILED) from None


def _typed() -> tuple[type[BridgeError], type[SensorError], type[ModelError]]:
    """Return the project's errors, whose packages load numpy."""
    from sentio_models import ModelError
    from sentio_sensors import SensorError

    return BridgeError, SensorError, ModelError
