"""`sentio keys`: keys of Python clients on other machines."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sentio_bridge.cli.exits import cli_errors

Name = Annotated[str, typer.Argument(help="Name of the client.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        help="Make, list and revoke keys of clients on other machines.", no_args_is_help=True
    )
    group.command("new")(new)
    group.command("list")(list_)
    group.command("revoke")(revoke)
    app.add_typer(group, name="keys")


def new(
    name: Name,
    role: Annotated[str, typer.Option(help="listener, game or operator.")] = "listener",
    subject: Annotated[
        list[str] | None, typer.Option(help="A game's own subject; default: all.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="New key file; default: NAME.key.json.")] = None,
) -> None:
    """Allow a client, and write the file with which it connects."""
    import msgspec

    from sentio_bridge.errors import BridgeError
    from sentio_bridge.privacy.private_folder import append
    from sentio_bridge.transport.allow_list import AllowList

    with cli_errors():
        allowed = AllowList()
        path = out or Path(f"{name}.key.json")
        if path.exists():
            raise BridgeError(f"{path} exists", "choose another file with --out")
        pair = allowed.add(name, role, subject or ())
        try:
            append(path, msgspec.json.format(msgspec.json.encode(pair), indent=2) + b"\n")
        except BridgeError:
            allowed.revoke(name)
            raise
        typer.echo(f"{name} may connect as {role}; its key file: {path}")
        typer.echo("  copy it to the other machine, and set SENTIO_KEY_FILE to its path there")


def list_() -> None:
    """List the clients that may connect from other machines."""
    from sentio_bridge.transport.allow_list import AllowList

    with cli_errors():
        clients = AllowList().clients()
        for client in clients:
            since = f"{client.created:%Y-%m-%d}" if client.created else "?"
            whose = f" of {', '.join(client.subjects)}" if client.subjects else ""
            typer.echo(f"{client.name:20} {client.role}{whose}, since {since}, {client.public}")
        if not clients:
            typer.echo("no client may connect from another machine")


def revoke(name: Name) -> None:
    """Remove a client's key; a running sidecar disconnects the client."""
    from sentio_bridge.transport.allow_list import AllowList

    with cli_errors():
        AllowList().revoke(name)
        typer.echo(f"{name} may not connect any more")
