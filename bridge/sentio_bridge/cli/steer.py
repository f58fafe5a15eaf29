"""`sentio marker|label|freeze|unfreeze|override`: requests to a running sidecar."""

from __future__ import annotations

import json
from collections.abc import Callable
from difflib import get_close_matches
from math import isfinite
from typing import Annotated, Any

import typer

from sentio_bridge.cli.connection import Endpoint, Token, sidecar_at
from sentio_bridge.cli.exits import cli_errors
from sentio_bridge.cli.known_names import Subject

By = Annotated[str, typer.Option(help="Author, kept in the recording and its report.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    commands: dict[str, Callable[..., None]] = {
        "marker": marker,
        "label": label,
        "freeze": freeze,
        "unfreeze": unfreeze,
        "override": override,
    }
    for name, command in commands.items():
        app.command(name)(command)


def marker(
    name: Annotated[str, typer.Argument(help="Name of the event, for example: block_start.")],
    data: Annotated[str, typer.Option(help="Details, as a JSON object.")] = "",
    time: Annotated[
        float | None, typer.Option(help="Time of the event, LSL clock; default: now.")
    ] = None,
    subject: Subject = None,
    endpoint: Endpoint = None,
    token: Token = "",
) -> None:
    """Mark an event in the session and its recording."""
    with cli_errors():
        fields: dict[str, Any] = {"name": name, "data": _object(data)}
        if time is not None:
            fields["time"] = time
        reply = _send("marker", fields, subject, endpoint, token)
        typer.echo(f"marker {name} at {reply['time']:.3f}")
        similar = _similar(name)
        if similar:
            typer.echo(
                f"note: the appraisal reads {similar!r}, not {name!r}; is it a typing error?",
                err=True,
            )


def label(
    name: Annotated[str, typer.Argument(help="Entry, for example: arousal.")],
    value: Annotated[float, typer.Argument(help="Value, in the range of the entry.")],
    subject: Subject = None,
    endpoint: Endpoint = None,
    token: Token = "",
) -> None:
    """Store a label of the person's state."""
    with cli_errors():
        reply = _send("label", {"name": name, "value": value}, subject, endpoint, token)
        typer.echo(f"label {name} = {value:g}; {reply['labels']} labels in this session")


def freeze(
    reason: Annotated[str, typer.Argument(help="Reason, shown in the game.")] = "command line",
    by: By = "",
    subject: Subject = None,
    endpoint: Endpoint = None,
    token: Token = "",
) -> None:
    """Stop the adaptation of games until `sentio unfreeze`."""
    with cli_errors():
        _send("freeze", {"reason": reason, "by": by}, subject, endpoint, token)
        typer.echo(f"adaptation is frozen: {reason}")


def unfreeze(
    by: By = "", subject: Subject = None, endpoint: Endpoint = None, token: Token = ""
) -> None:
    """Resume the adaptation of games."""
    with cli_errors():
        _send("unfreeze", {"by": by}, subject, endpoint, token)
        typer.echo("adaptation continues")


def override(
    values: Annotated[list[str], typer.Argument(help="NAME=VALUE; NAME= releases an entry.")],
    seconds: Annotated[float, typer.Option(help="Duration.")] = 60.0,
    by: By = "",
    subject: Subject = None,
    endpoint: Endpoint = None,
    token: Token = "",
) -> None:
    """Set entries of the affect vector to given values for a time."""
    with cli_errors():
        fields = {"values": dict(map(_assignment, values)), "seconds": seconds, "by": by}
        reply = _send("override", fields, subject, endpoint, token)
        active = (f"{name} = {value:g}" for name, value in sorted(reply["overrides"].items()))
        typer.echo(f"overridden: {', '.join(active) or 'nothing'}")


def _send(
    op: str, fields: dict[str, Any], subject: str | None, endpoint: str | None, token: str
) -> dict[str, Any]:
    from sentio_bridge.transport.client import Requester

    if subject is not None:
        fields["subject"] = subject
    with Requester(*sidecar_at(endpoint, token)) as requester:
        return requester.call(op, **fields)


def _object(text: str) -> dict[str, Any]:
    from sentio_bridge.errors import RequestError

    try:
        value = json.loads(text) if text else {}
    except ValueError as error:
        value = error
    if not isinstance(value, dict):
        raise RequestError(
            "bad_argument",
            f"--data: {text!r} is not a JSON object",
            """write --data '{"wave": 2}'""",
        )
    return value


def _assignment(text: str) -> tuple[str, float | None]:
    from sentio_bridge.errors import RequestError

    name, equals, value = text.partition("=")
    try:
        number = float(value) if value else None
        if not equals or (number is not None and not isfinite(number)):
            raise ValueError(text)
        return name, number
    except ValueError:
        raise RequestError(
            "bad_argument", f"{text!r} is not NAME=VALUE", "write for example: stress=0.5"
        ) from None


def _similar(name: str) -> str:
    """Return the similar marker that the appraisal reads, or an empty text."""
    from sentio_bridge.affect.appraisal import CHALLENGE, FAILURE, SUCCESS

    known = (CHALLENGE, SUCCESS, FAILURE)
    close = get_close_matches(name.lower(), known, n=1, cutoff=0.8)
    return close[0] if close and name not in known else ""
