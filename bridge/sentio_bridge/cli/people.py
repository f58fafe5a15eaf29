"""`sentio calibrate` and `sentio profile`: baselines and stored profiles."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from sentio_bridge.cli.connection import Endpoint, Token, sidecar_at
from sentio_bridge.cli.exits import FAILED, cli_errors
from sentio_bridge.cli.governed import configured_rights
from sentio_bridge.cli.known_names import Subject, name_of, new_name_of
from sentio_bridge.cli.profile_files import Folder, stored

Stored = Annotated[str, typer.Argument(parser=name_of, metavar="NAME", help="Name of the profile.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("calibrate")(calibrate)
    group = typer.Typer(
        help="List, show, compare, train and delete profiles.", no_args_is_help=True
    )
    group.command("list")(list_)
    group.command("show")(show)
    group.command("drift")(drift)
    group.command("train")(train)
    group.command("delete")(delete)
    app.add_typer(group, name="profile")


def calibrate(
    kind: Annotated[str, typer.Option(help="rest, or active (after a rest calibration).")] = "rest",
    seconds: Annotated[float, typer.Option(help="Duration, 20 to 120 seconds.")] = 30.0,
    subject: Subject = None,
    profile: Annotated[
        str | None,
        typer.Option(parser=new_name_of, metavar="NAME", help="Name of the profile to store."),
    ] = None,
    endpoint: Endpoint = None,
    token: Token = "",
) -> None:
    """Measure a person's baseline with a running sidecar; Ctrl-C cancels."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from sentio_bridge.errors import BridgeError
    from sentio_bridge.transport.client import Requester
    from sentio_sensors import MonotonicClock

    clock = MonotonicClock()
    instructions = {"rest": "Sit comfortably and rest", "active": "Do what the game requires"}
    target = {} if subject is None else {"subject": subject}
    with cli_errors(), Requester(*sidecar_at(endpoint, token)) as requester:

        def send(action: str) -> dict[str, object]:
            reply = requester.call(
                "calibrate", action=action, kind=kind, seconds=seconds, profile=profile, **target
            )
            calibration: dict[str, object] = reply["calibration"]
            return calibration

        status = send("start")
        columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
        with Progress(*columns) as bar:
            task = bar.add_task(instructions.get(kind, kind), total=1.0)
            try:
                while status["state"] == "running":
                    clock.sleep(0.25)
                    status = send("status")
                    bar.update(task, completed=float(str(status["progress"])))
            except KeyboardInterrupt:
                status = send("stop")
        reasons = status["reasons"]
        problems = ", ".join(map(str, reasons)) if isinstance(reasons, list) else ""
        if status["state"] != "done":
            raise BridgeError(
                f"the baseline was refused: {problems}", "sit still, check the sensors"
            )
        typer.echo(
            f"stored as profile {status['profile']}"
            + (f" (not used: {problems})" if problems else "")
        )


def list_(
    folder: Folder = None,
) -> None:
    """List the stored profiles."""
    with cli_errors():
        store = stored(folder)
        listed = store.all()
    if not listed:
        typer.echo(f"no profiles in {store.folder}; create one with: sentio calibrate")
    for entry in listed:
        if entry.profile is None:
            typer.echo(f"{entry.name}: unusable: {entry.problem}")
        else:
            modalities = ", ".join(entry.profile.baselines)
            typer.echo(f"{entry.name}: subject {entry.profile.subject}, baselines: {modalities}")


def show(
    name: Stored,
    folder: Folder = None,
) -> None:
    """Print a stored profile as JSON."""
    from sentio_bridge.affect.personal.profile import encode

    with cli_errors():
        typer.echo(encode(stored(folder).load(name)).decode())


def drift(
    name: Stored,
    folder: Folder = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Compare a profile with its own history and with people in general."""
    import json

    import msgspec

    from sentio_bridge.affect.personal.drift import MOVED
    from sentio_bridge.affect.personal.drift import drift as compare
    from sentio_models.modalities.at_rest import at_rest

    with cli_errors():
        found = compare(stored(folder).load(name), at_rest())
    if as_json:
        typer.echo(json.dumps(msgspec.to_builtins(found)))
        return
    headings = (
        ("last sessions against the earlier ones", found.history),
        ("at rest, against people in general", found.training),
    )
    for title, values in headings:
        if values:
            typer.echo(f"{title}:")
        for value in values:
            mark = "moved" if value.moved else "     "
            typer.echo(
                f"  {mark} {value.name}: {value.now:.3g}, usual {value.usual:.3g} "
                f"({value.deviation:+.1f} sd)"
            )
    for lack in found.lacking:
        typer.echo(f"not compared: {lack}")
    if found.moved:
        typer.echo(
            f"{len(found.moved)} of {len(found.history) + len(found.training)} values are at least "
            f"{MOVED:g} sd away: check sensors, place and light, then calibrate again at rest"
        )


def train(
    name: Annotated[
        str,
        typer.Argument(
            parser=new_name_of, metavar="NAME", help="Profile that stores the trained models."
        ),
    ],
    subject: Subject = None,
    recordings: Annotated[
        list[Path],
        typer.Option("--from", help="Recording whose labels are used instead; repeatable."),
    ] = [],  # noqa: B006
    folder: Folder = None,
    endpoint: Endpoint = None,
    token: Token = "",
) -> None:
    """Train personal models on the labels of a running sidecar, or of recordings."""
    from sentio_bridge.errors import BridgeError
    from sentio_bridge.transport.client import Requester

    with cli_errors():
        if recordings:
            trained = _trained_from(recordings, name, subject, folder)
        else:
            target = {} if subject is None else {"subject": subject}
            with Requester(*sidecar_at(endpoint, token)) as requester:
                trained = requester.call("profile", action="train", name=name, **target)["trained"]
        accepted = 0
        for result in trained:
            what = f"{result['modality']} -> {result['dimension']}, {result['labels']} labels"
            if result["accepted"]:
                accepted += 1
                gain, low = result["gain"], result["gain_low"]
                typer.echo(f"{what}: held-out error {gain:.0%} lower (at least {low:.0%}), in use")
            else:
                typer.echo(f"{what}: refused: {result['reason']}; {result['fix']}")
        if not accepted:
            raise BridgeError("no personal model was accepted", "the generic models stay in use")


def _trained_from(
    recordings: list[Path], name: str, subject: str | None, folder: Path | None
) -> list[dict[str, Any]]:
    """Train on the labels of recordings; return the outcomes as a control reply."""
    from datetime import UTC, datetime

    from sentio_bridge.profiles.training import train as train_profile
    from sentio_bridge.replay.labels import labelled_moments
    from sentio_recording.recording import Recording

    if subject is None:
        with Recording(recordings[0]) as first:
            known = first.manifest.subjects if first.manifest is not None else []
        subject = known[0] if len(known) == 1 else None
    moments = labelled_moments(recordings, subject, _may_keep())
    store = stored(folder, new=True)
    store.check(name)
    today = datetime.now(UTC).isoformat(timespec="seconds")
    _, outcomes = train_profile(store, name, subject or "", moments, today)
    return [outcome.body() for outcome in outcomes]


def _may_keep() -> Callable[[str, str], bool]:
    """Return whether a subject's sensor may be kept in a personal model today."""
    rights = configured_rights()
    return rights.may_keep_model if rights is not None else lambda *_: True


def delete(
    name: Stored,
    folder: Folder = None,
    yes: Annotated[bool, typer.Option("--yes", help="Delete without confirmation.")] = False,
) -> None:
    """Delete a profile permanently."""
    with cli_errors():
        if not yes and not typer.confirm(f"delete profile {name}?"):
            raise typer.Exit(FAILED)
        stored(folder).delete(name)
        typer.echo(f"deleted {name}")
