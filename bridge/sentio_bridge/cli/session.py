"""`sentio status` and `sentio shutdown`: query and end a running sidecar."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from sentio_bridge.cli.connection import Endpoint, Token, sidecar_at
from sentio_bridge.cli.consent_lines import frames_not_recorded
from sentio_bridge.cli.exits import cli_errors
from sentio_bridge.cli.known_names import Subject

ENDING_SECONDS = 15.0
"""Time limit of a sidecar's end; closing sources takes up to 3 s, storing profiles longer."""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("status")(status)
    app.command("shutdown")(shutdown)


def status(
    subject: Subject = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the reply with the keys of the protocol.")
    ] = False,
    endpoint: Endpoint = None,
    token: Token = "",
) -> None:
    """Show what a running sidecar measures, and its problems."""
    from sentio_bridge.transport.client import Requester

    with cli_errors(), Requester(*sidecar_at(endpoint, token)) as requester:
        reply = requester.call("status", **({} if subject is None else {"subject": subject}))
        if as_json:
            typer.echo(
                json.dumps({key: reply[key] for key in ("health", "detail") if key in reply})
            )
            return
        for line in _lines(reply["health"], reply.get("detail")):
            typer.echo(line)


def shutdown(
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Return after the sidecar has ended.")
    ] = True,
    endpoint: Endpoint = None,
    token: Token = "",
) -> None:
    """End a running sidecar: close sources, complete a recording, store profiles."""
    from sentio_bridge.errors import BridgeError
    from sentio_bridge.transport.client import Requester
    from sentio_sensors import MonotonicClock

    clock = MonotonicClock()
    with cli_errors():
        where, key = sidecar_at(endpoint, token)
        with Requester(where, key) as requester:
            requester.shutdown("sentio shutdown")
        if not wait:
            return
        end = clock.now() + ENDING_SECONDS
        while clock.now() < end:
            if not _listens(where):
                typer.echo("the sidecar has ended")
                return
            clock.sleep(0.05)
        raise BridgeError(
            f"the sidecar at {where} has not ended within {ENDING_SECONDS:g} s",
            "end its process",
        )


def _listens(endpoint: str) -> bool:
    """Return whether a program accepts connections at a TCP endpoint."""
    import socket

    host, _, port = endpoint.removeprefix("tcp://").rpartition(":")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), timeout=1.0):
            return True
    except (OSError, ValueError):
        return False


def _lines(health: dict[str, Any], detail: dict[str, Any] | None) -> list[str]:
    """Return the status as lines of text; the detail is None without ``share``."""
    lines = [
        f"up {health['uptime']:.0f} s, {health['rate_hz']:.0f} frames/s, "
        f"{health['cpu']:.0%} of a core, {health['rss'] / 1e6:.0f} MB, "
        f"{health['subscribers']} subscriptions",
    ]
    lines.extend(f"problem: {problem}" for problem in health["problems"])
    if detail is None:
        return ["state: not shared with other machines", *lines]
    state = f"state: {detail['state']} ({detail['why']})" if detail["why"] else detail["state"]
    lines.insert(0, state)
    for name, sensor in sorted(detail["sensors"].items()):
        reasons = f": {', '.join(sensor['reasons'])}" if sensor["reasons"] else ""
        lines.append(f"  {name}: {sensor['state']}{reasons}")
    recording = detail["recording"]
    lines.append(f"recording to {recording['folder']}" if recording["active"] else "not recording")
    lines.extend(f"  {line}" for line in frames_not_recorded(recording))
    return lines
