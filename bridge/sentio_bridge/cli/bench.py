"""`sentio bench`: measure the figures of docs/benchmarks.md on this machine."""

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
    suite: Annotated[
        list[str] | None, typer.Option(help="Suite; default: all quick suites.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    seconds: Annotated[float, typer.Option(help="Duration of each measurement.")] = 20.0,
    data: Annotated[Path | None, typer.Option(help="Folder with labelled data.")] = None,
    face: Annotated[
        Path | None, typer.Option(help="Image of a face, used as camera input.")
    ] = None,
    row: Annotated[
        list[str] | None, typer.Option(help="Row of the suite faults; default: all.")
    ] = None,
    hours: Annotated[float, typer.Option(min=0, help="Length of the suite soak.")] = 2.0,
    speed: Annotated[float, typer.Option(min=1, help="Speed of the clock of the suite soak.")] = 1,
    page: Annotated[
        Path | None, typer.Option(help="Page (Markdown) that faults or soak writes.")
    ] = None,
) -> None:
    """Measure latency, load and accuracy (only in a checkout of the repository)."""
    with cli_errors():
        suites = checkout_module("benchmarks.suites", "sentio bench")
        campaign = suites.Campaign(tuple(row or ()), hours, speed, page)
        known = suites.suites(seconds, data, face, campaign)
        selected = suite or suites.QUICK
        for name in selected:
            if name not in known:
                raise typer.BadParameter(f"unknown suite {name!r}; known: {', '.join(known)}")
        result: dict[str, Any] = {"machine": suites.machine()}
        for name in selected:
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
