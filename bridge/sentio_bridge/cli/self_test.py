"""`sentio self-test`: load all models and device libraries, and estimate.

Shows that an installation, or a folder of `make bundle`, is complete. Uses no device.
"""

from __future__ import annotations

import logging
import time
from typing import Annotated

import typer

from sentio_bridge.cli.exits import FAILED

log = logging.getLogger(__name__)


def register(app: typer.Typer) -> None:
    """Add the command; the option ``--self-test`` is its other form."""
    app.command("self-test")(self_test)


def self_test(
    without: Annotated[
        list[str] | None, typer.Option(help="Part that may be missing, such as face; repeatable.")
    ] = None,
) -> None:
    """Load every model and device library, and estimate from built-in input."""
    from sentio_bridge.cli.self_checks import CHECKS

    skipped = set(without or ())
    unknown = skipped - set(CHECKS)
    if unknown:
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}; known: {', '.join(CHECKS)}")
    failed = 0
    for name, check in CHECKS.items():
        if name in skipped:
            typer.echo(f"skipped {name}")
            continue
        start = time.perf_counter()
        try:
            result = check()
        except Exception as error:  # also from native libraries; the others are still checked
            log.debug("%s failed", name, exc_info=True)
            typer.echo(f"FAILED  {name}: {error}")
            failed += 1
        else:
            typer.echo(f"ok      {name}: {result} ({time.perf_counter() - start:.1f} s)")
    typer.echo(f"{len(CHECKS) - failed - len(skipped)} ok, {failed} failed")
    if failed:
        raise typer.Exit(FAILED)


def run_option(test: bool) -> None:
    """Run the self-test and exit, if the option is given."""
    if test:
        self_test()
        raise typer.Exit
