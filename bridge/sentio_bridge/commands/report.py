"""`sentio report`: a recording or a profile as a page for a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sentio_bridge.commands.exits import told


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("report")(report)


def report(
    what: Annotated[str, typer.Argument(help="A recording's folder, or a profile's name.")],
    out: Annotated[Path | None, typer.Option(help="The page; NAME.html by default.")] = None,
    subject: Annotated[str, typer.Option(help="Whose, where a recording holds several.")] = "",
) -> None:
    """Write a self-contained page: affect over time, responses, mood, quality and limits."""
    from sentio_bridge.profiles_store import ProfileStore
    from sentio_bridge.recorded_session import session_of
    from sentio_bridge.report import render, render_profile
    from sentio_sensors.recording.recording import Recording

    with told():
        folder = Path(what)
        if folder.exists():
            with Recording(folder) as recording:
                page = render(session_of(recording, subject))
        else:
            page = render_profile(what, ProfileStore().load(what))
        path = out or Path(f"{folder.name}.html")
        path.write_text(page, encoding="utf-8")
        typer.echo(str(path))
