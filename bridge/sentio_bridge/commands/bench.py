"""`sentio bench`: the figures of docs/benchmarks.md, measured here and now."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from sentio_bridge.commands.exits import told


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
    """Measure latency, load and the rest beside the bare loops that they are compared with."""
    from sentio_bridge.bench.processes import machine

    known = _suites(seconds, data, face)
    wanted = suite or ["eeg", "microphone", "startup", "demo", "subscribers"]
    with told():
        for name in wanted:
            if name not in known:
                raise typer.BadParameter(f"{name!r} is not one of {', '.join(known)}")
        result: dict[str, Any] = {"machine": machine()}
        for name in wanted:
            if not as_json:
                typer.echo(f"{name} ...")
            result[name] = known[name]()
            if not as_json:
                typer.echo(json.dumps(result[name], indent=1))
        if as_json:
            typer.echo(json.dumps(result))


def _suites(
    seconds: float, data: Path | None, face: Path | None
) -> dict[str, Callable[[], dict[str, Any]]]:
    from sentio_bridge.bench import (
        appraisal,
        fusion,
        latency,
        load,
        lsl_return,
        recording,
        responses,
    )

    return {
        "eeg": lambda: latency.eeg(seconds),
        "camera": lambda: latency.camera(seconds, face),
        "microphone": lambda: latency.microphone(seconds, data),
        "lsl-return": lsl_return.run,
        "startup": load.startup,
        "demo": lambda: load.everything(None, seconds),
        "everything": lambda: load.everything_live(seconds, face),
        "subscribers": load.subscribers,
        "fusion": lambda: fusion.run(data),
        "recording": recording.run,
        "responses": responses.run,
        "appraisal": lambda: appraisal.run(_needed(data)),
    }


def _needed(data: Path | None) -> Path:
    if data is None:
        raise typer.BadParameter("this suite needs the labelled data: --data DIR")
    return data
