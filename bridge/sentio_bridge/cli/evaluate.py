"""`sentio eval`: recompute the figures of the model cards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from sentio_bridge.cli.checkout import checkout_module
from sentio_bridge.cli.exits import cli_errors
from sentio_bridge.errors import BridgeError

MODALITIES = ("face", "voice", "body", "eeg", "text", "game")

OWN = {"face": "images", "voice": "sounds", "body": "table", "text": "table"}
"""Argument of ``evaluate`` that takes a user's own data."""

SENT = ("face", "voice")
"""Modalities that send expression classes from a camera or a microphone."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("eval")(evaluate)


def evaluate(
    modality: Annotated[str, typer.Argument(help=f"One of {', '.join(MODALITIES)}.")],
    data: Annotated[
        Path | None,
        typer.Option(
            help="Folder with labelled data; not needed with --own.", envvar="SENTIO_DATA"
        ),
    ] = None,
    figures: Annotated[Path | None, typer.Option(help="Folder for plots.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    own: Annotated[
        Path | None,
        typer.Option(help="Your own data instead of the published data; see docs/evaluation.md."),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(help="Compare groups instead: sex, age, language, device, skin_tone."),
    ] = None,
    as_sent: Annotated[
        bool,
        typer.Option("--as-sent", help="Evaluate the expression classes that a game receives."),
    ] = False,
) -> None:
    """Recompute the figures of a model card (only in a checkout of the repository)."""
    from rich.console import Console

    if modality not in MODALITIES:
        raise typer.BadParameter(f"unknown modality {modality!r}; known: {', '.join(MODALITIES)}")
    if own is not None and (by is not None or as_sent or modality not in OWN):
        raise typer.BadParameter(
            f"--own is supported for {', '.join(OWN)}, without --by, --as-sent"
        )
    if as_sent and modality not in SENT:
        raise typer.BadParameter(f"--as-sent is supported for {', '.join(SENT)}")
    options: dict[str, Any]
    if by is not None:
        name, command = "sentio_research.evaluation.by_group", "sentio eval --by"
        options = {"modality": modality, "by": by}
    elif as_sent:
        name, command = "benchmarks.classes_sent", "sentio eval --as-sent"
        options = {"modality": modality}
    else:
        name, command = f"sentio_research.evaluation.{modality}", "sentio eval"
        options = {"figures": figures} | ({OWN[modality]: own} if own is not None else {})
    with cli_errors():
        module = checkout_module(name, command)
        folder = data or own
        if folder is None:
            raise BridgeError(
                "sentio eval: no labelled data",
                "add --data DIR or set SENTIO_DATA; docs/evaluation.md names the folders",
            )
        with Console(stderr=True).status(f"evaluating {modality} ..."):
            result = module.evaluate(folder, **options)
        _show(result, as_json)


def _show(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(result))
    else:
        _print(result)


def _print(result: dict[str, Any], depth: int = 0) -> None:
    for name, value in result.items():
        if isinstance(value, dict) and not {"value", "low", "high"} <= set(value):
            typer.echo("  " * depth + f"{name}:")
            _print(value, depth + 1)
        elif isinstance(value, dict):
            typer.echo(
                "  " * depth + f"{name}: {value['value']:.3f} [{value['low']:.3f}, "
                f"{value['high']:.3f}]"
            )
        else:
            text = f"{value:.4g}" if isinstance(value, float) else value
            typer.echo("  " * depth + f"{name}: {text}")
