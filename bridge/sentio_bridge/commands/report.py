"""`sentio report`: a session or a profile as one page that opens anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sentio_bridge.commands.exits import told


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("report")(report)


def report(
    what: Annotated[str, typer.Argument(help="A recording's folder or file, or a profile's name.")],
    out: Annotated[Path | None, typer.Option(help="The page to write.")] = None,
    profiles: Annotated[Path | None, typer.Option(help="Folder, instead of the user's.")] = None,
) -> None:
    """Write an HTML page on a recording or on a profile."""
    with told():
        path = Path(what)
        if path.exists():
            page, name = _of_recording(path), path.stem
        else:
            page, name = _of_profile(what, profiles), what
        target = out or Path(f"{name}.html")
        target.write_text(page, encoding="utf-8")
        typer.echo(f"wrote {target}")


def _of_recording(path: Path) -> str:
    """Run the analysis over the recorded frames and markers again, and draw it."""
    from sentio_bridge.analysis import Analysis
    from sentio_bridge.replay import recorded_estimates, recorded_frames
    from sentio_bridge.report import Marker, gathered, render
    from sentio_bridge.wire import decode_affect
    from sentio_models import Estimate
    from sentio_sensors.recording.recording import Recording

    with Recording(path) as recording:
        frames = [decode_affect(sent.message) for sent in recorded_frames(recording)]
        subject = frames[0].subject if frames else "nobody"
        mine = [frame for frame in frames if frame.subject == subject]
        markers = [Marker(text, time) for time, text in recording.texts("markers")]
        found = list(recorded_estimates(recording))
    analysis = Analysis()
    # In the order of time, as the live run heard them.
    moments: list[tuple[float, int, object]] = [(m.time, 1, m) for m in markers]
    moments += [(at, 0, estimate) for (whose, _), at, estimate in found if whose == subject]
    moments += [(frame.sent, 2, frame.known()) for frame in mine]
    responses = []
    for time, _, item in sorted(moments, key=lambda moment: moment[:2]):
        if isinstance(item, Marker):
            analysis.marker(item.name, time, {})
        elif isinstance(item, dict):
            analysis.values(time, item)
            responses += analysis.responses.poll(time)
        elif isinstance(item, Estimate):
            analysis.estimate(item, time)
    session = gathered(
        subject,
        [(frame.sent, frame.known()) for frame in mine],
        markers=markers,
        responses=responses,
        title=path.name,
    )
    return render(session)


def _of_profile(name: str, folder: Path | None) -> str:
    from sentio_bridge.profiles_store import ProfileStore
    from sentio_bridge.report import render_profile

    return render_profile(name, ProfileStore(folder).load(name))
