"""`sentio session`: recordings named by participant, visit, task and run."""

from __future__ import annotations

from string import Formatter
from typing import Annotated, Any

import typer

from sentio_bridge.cli.connection import Endpoint, Token, sidecar_at
from sentio_bridge.cli.consent_lines import frames_not_recorded
from sentio_bridge.cli.exits import cli_errors
from sentio_bridge.cli.known_names import new_name_of

TEMPLATE = "sub-{participant}_ses-{visit}_task-{task}_run-{run:02}"
"""Default name of a recording's folder, with the entities of BIDS."""

MAX_RUNS = 99
"""Highest run that is tried where none is given."""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Record the sessions of a study.", no_args_is_help=True)
    group.command("start")(start)
    group.command("stop")(stop)
    app.add_typer(group, name="session")


def start(
    participant: Annotated[
        str,
        typer.Option(
            parser=new_name_of,
            metavar="NAME",
            help="Pseudonym of the participant, or the name if the configuration has pseudonyms.",
        ),
    ],
    visit: Annotated[str, typer.Option(help="Label of the visit.")] = "01",
    task: Annotated[str, typer.Option(help="Label of the task.")] = "session",
    run: Annotated[
        int | None, typer.Option(min=1, max=MAX_RUNS, help="Run; default: the next free one.")
    ] = None,
    template: Annotated[str, typer.Option(help="Name of the recording's folder.")] = TEMPLATE,
    raw: Annotated[
        list[str], typer.Option(help="Sensor whose raw samples are recorded; repeatable.")
    ] = [],  # noqa: B006
    purpose: Annotated[str, typer.Option(help="Purpose of the recording.")] = "research",
    endpoint: Endpoint = None,
    token: Token = "",
) -> None:
    """Start the recording of one run; its folder is named by the template."""
    from sentio_bridge.errors import BridgeError, RequestError
    from sentio_bridge.transport.client import Requester

    with cli_errors():
        labels = {"participant": participant, "visit": visit, "task": task}
        tried = range(1, MAX_RUNS + 1) if run is None else (run,)
        with Requester(*sidecar_at(endpoint, token), timeout=10.0) as requester:
            active = requester.call("record", action="status")["recording"]
            if active["active"]:
                raise BridgeError(
                    f"a recording is running: {active['folder']}",
                    "end it with: sentio session stop",
                )
            for number in tried:
                folder = folder_name(template, {**labels, "run": number})
                fields: dict[str, Any] = {"folder": folder, "purpose": purpose}
                if raw:
                    fields["raw"] = list(raw)
                try:
                    state = requester.call("record", action="start", **fields)["recording"]
                except RequestError as error:
                    if "already exists" in error.what and number != tried[-1]:
                        continue
                    raise
                typer.echo(f"recording run {number}: {state['folder']}")
                for line in frames_not_recorded(state):
                    typer.echo(f"  {line}")
                return


def stop(endpoint: Endpoint = None, token: Token = "") -> None:
    """End the recording of the run."""
    from sentio_bridge.transport.client import Requester

    with cli_errors(), Requester(*sidecar_at(endpoint, token), timeout=10.0) as requester:
        state = requester.call("record", action="stop")["recording"]
        if not state["folder"]:
            typer.echo("no recording was running")
            return
        typer.echo(
            f"recorded {state['seconds']:.1f} s, {state['dropped']} samples dropped: "
            f"{state['folder']}"
        )


def folder_name(template: str, values: dict[str, Any]) -> str:
    """Return the name of a recording's folder.

    Args:
        template: Text with fields in braces, as ``TEMPLATE``.
        values: Labels by field, and the number of the run. In a template with ``-`` and ``_`` as
            separators, labels may only contain letters and digits, as BIDS requires.

    Raises:
        RequestError: The template has another field, or a label another character.
    """
    from sentio_bridge.errors import RequestError

    for field, label in values.items():
        if not str(label).isascii() or not str(label).isalnum():
            raise RequestError(
                "bad_argument",
                f"--{field}: {label!r} has characters other than letters and digits",
                "BIDS labels have only letters and digits: write P01, not P-01",
            )
    try:
        fields = {name for _, name, _, _ in Formatter().parse(template) if name is not None}
        unknown = sorted(fields - set(values))
        if not unknown:
            return template.format(**values)
        problem = f"{{{unknown[0]}}} is not a field"
    except (ValueError, IndexError, KeyError) as error:
        problem = str(error)
    raise RequestError(
        "bad_argument", f"--template: {problem}", f"use {', '.join(values)}, as in {TEMPLATE}"
    )
