"""`sentio bench`: the figures of docs/benchmarks.md, measured here and now."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from sentio_bridge.cli.checkout import checkout_module
from sentio_bridge.cli.exits import cli_errors


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("bench")(bench)


def bench(
    suite: Annotated[list[str] | None, typer.Option(help="Which; all quick ones if none.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
    seconds: Annotated[float, typer.Option(help="Of each measurement.")] = 20.0,
    data: Annotated[Path | None, typer.Option(help="Folder of labelled data.")] = None,
    face: Annotated[Path | None, typer.Option(help="A picture of a face, for the camera.")] = None,
) -> None:
    """Measure latency, load and the rest (only in a checkout of the repository)."""
    with cli_errors():
        suites = checkout_module("benchmarks.suites", "sentio bench")
        known = suites.suites(seconds, data, face)
        wanted = suite or suites.QUICK
        for name in wanted:
            if name not in known:
                raise typer.BadParameter(f"{name!r} is not one of {', '.join(known)}")
        result: dict[str, Any] = {"machine": suites.machine()}
        for name in wanted:
            if not as_json:
                typer.echo(f"{name} ...")
            try:
                result[name] = known[name]()
            except ValueError as error:
                raise typer.BadParameter(f"{name}: {error}") from None
            if not as_json:
                typer.echo(json.dumps(result[name], indent=1))
        if as_json:
            typer.echo(json.dumps(result))
