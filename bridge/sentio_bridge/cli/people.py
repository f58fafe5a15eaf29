"""`sentio calibrate` and `sentio profile`: what is usual for a person, and where it is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sentio_bridge.cli.exits import FAILED, cli_errors

CONTROL = "tcp://127.0.0.1:28701"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("calibrate")(calibrate)
    group = typer.Typer(help="List, show, train and delete profiles.", no_args_is_help=True)
    group.command("list")(list_)
    group.command("show")(show)
    group.command("train")(train)
    group.command("delete")(delete)
    app.add_typer(group, name="profile")


def calibrate(
    kind: Annotated[str, typer.Option(help="rest, or active after a rest.")] = "rest",
    seconds: Annotated[float, typer.Option(help="30 to 120.")] = 60.0,
    subject: Annotated[str | None, typer.Option(help="Whom, if there are several.")] = None,
    profile: Annotated[str | None, typer.Option(help="Name to store it under.")] = None,
    endpoint: Annotated[str, typer.Option(help="The sidecar's control endpoint.")] = CONTROL,
    token: Annotated[str, typer.Option(help="Where the sidecar asks for one.")] = "",
) -> None:
    """Measure what is usual for a person, on a running sidecar; Ctrl-C gives up."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from sentio_bridge.errors import BridgeError
    from sentio_bridge.transport.client import Requester
    from sentio_sensors import MonotonicClock

    clock = MonotonicClock()
    words = {"rest": "Sit comfortably and do nothing", "active": "Do what the game will ask for"}
    whom = {} if subject is None else {"subject": subject}
    with cli_errors(), Requester(endpoint, token or None) as requester:

        def ask(action: str) -> dict[str, object]:
            reply = requester.ask(
                "calibrate", action=action, kind=kind, seconds=seconds, profile=profile, **whom
            )
            if not reply["ok"]:
                raise BridgeError(reply["error"]["message"], reply["error"]["fix"])
            found: dict[str, object] = reply["calibration"]
            return found

        status = ask("start")
        columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
        with Progress(*columns) as bar:
            task = bar.add_task(words.get(kind, kind), total=1.0)
            try:
                while status["state"] == "running":
                    clock.sleep(0.25)
                    status = ask("status")
                    bar.update(task, completed=float(str(status["progress"])))
            except KeyboardInterrupt:
                status = ask("stop")
        reasons = status["reasons"]
        said = ", ".join(map(str, reasons)) if isinstance(reasons, list) else ""
        if status["state"] != "done":
            raise BridgeError(f"the baseline was refused: {said}", "sit still, check the sensors")
        typer.echo(
            f"stored as profile {status['profile']}" + (f" (not used: {said})" if said else "")
        )


def list_(
    folder: Annotated[Path | None, typer.Option(help="Instead of the user's.")] = None,
) -> None:
    """List the profiles."""
    from sentio_bridge.profiles.store import ProfileStore

    store = ProfileStore(folder)
    listed = store.all()
    if not listed:
        typer.echo(f"no profiles in {store.folder}; sentio calibrate writes one")
    for entry in listed:
        if entry.profile is None:
            typer.echo(f"{entry.name}: cannot be used: {entry.problem}")
        else:
            modalities = ", ".join(entry.profile.baselines)
            typer.echo(f"{entry.name}: {entry.profile.subject}, baselines of {modalities}")


def show(
    name: Annotated[str, typer.Argument(help="Which.")],
    folder: Annotated[Path | None, typer.Option(help="Instead of the user's.")] = None,
) -> None:
    """Show a profile, as the file has it."""
    from sentio_bridge.affect.personal.profile import encode
    from sentio_bridge.profiles.store import ProfileStore

    with cli_errors():
        typer.echo(encode(ProfileStore(folder).load(name)).decode())


def train(
    name: Annotated[str, typer.Argument(help="The profile to train into.")],
    subject: Annotated[str | None, typer.Option(help="Whom, if there are several.")] = None,
    endpoint: Annotated[str, typer.Option(help="The sidecar's control endpoint.")] = CONTROL,
    token: Annotated[str, typer.Option(help="Where the sidecar asks for one.")] = "",
) -> None:
    """Train personal models on the moments labelled in a running sidecar."""
    from sentio_bridge.errors import BridgeError
    from sentio_bridge.transport.client import Requester

    whom = {} if subject is None else {"subject": subject}
    with cli_errors(), Requester(endpoint, token or None) as requester:
        reply = requester.ask("profile", action="train", name=name, **whom)
        if not reply["ok"]:
            raise BridgeError(reply["error"]["message"], reply["error"]["fix"])
        accepted = 0
        for found in reply["trained"]:
            what = f"{found['modality']} -> {found['dimension']}, {found['labels']} labels"
            if found["accepted"]:
                accepted += 1
                gain, low = found["gain"], found["gain_low"]
                typer.echo(f"{what}: held-out error {gain:.0%} lower (at least {low:.0%}), in use")
            else:
                typer.echo(f"{what}: refused: {found['reason']}; {found['fix']}")
        if not accepted:
            raise BridgeError("no personal model was kept", "the generic ones stay in use")


def delete(
    name: Annotated[str, typer.Argument(help="Which.")],
    folder: Annotated[Path | None, typer.Option(help="Instead of the user's.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete a profile for good."""
    from sentio_bridge.profiles.store import ProfileStore

    with cli_errors():
        if not yes and not typer.confirm(f"delete profile {name}?"):
            raise typer.Exit(FAILED)
        ProfileStore(folder).delete(name)
        typer.echo(f"deleted {name}")
