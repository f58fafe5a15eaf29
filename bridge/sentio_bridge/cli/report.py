"""`sentio report`: write a session or a profile as one HTML page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sentio_bridge.cli.exits import cli_errors
from sentio_bridge.cli.profile_files import stored
from sentio_bridge.cli.results import note, note_profile
from sentio_bridge.errors import BridgeError

if TYPE_CHECKING:
    from sentio_bridge.affect.event_responses import Response
    from sentio_models import Estimate
    from sentio_recording.recording import Recording


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("report")(report)


def report(
    what: Annotated[str, typer.Argument(help="Recording or name of a profile.")],
    out: Annotated[Path | None, typer.Option(help="File to write; default: NAME.html.")] = None,
    profiles: Annotated[Path | None, typer.Option(help="Folder of the profiles.")] = None,
    subject: Annotated[
        str, typer.Option(help="Subject; default: the first in the recording.")
    ] = "",
) -> None:
    """Write an HTML report on a recording or a profile."""
    with cli_errors():
        path = Path(what)
        if path.exists():
            (page, subject), name = _of_recording(path, subject), path.stem
        else:
            try:
                (page, subject), name = _of_profile(what, profiles), what
            except BridgeError as error:
                raise BridgeError(
                    f"there is no recording {what}, and {error.what}",
                    "name the folder of a recording, or a profile of: sentio profile list",
                ) from None
        target = out or Path(f"{name}.html")
        target.write_text(page, encoding="utf-8")
        if path.exists():
            note("report", target, [([path], [target])], subject)
        else:
            note_profile(subject, target)
        typer.echo(f"wrote {target}")


def _of_recording(path: Path, subject: str) -> tuple[str, str]:
    """Recompute the derived states of a recording; return the page and its subject."""
    from sentio_bridge.core.outgoing import FrameMessage
    from sentio_bridge.replay.engine import recorded_frames
    from sentio_bridge.replay.estimates import recorded_estimates
    from sentio_bridge.report import Marker, render, session_from_frames
    from sentio_bridge.report.recorded import adaptations
    from sentio_recording.absent_frames import absent_frames
    from sentio_recording.recording import Recording

    with Recording(path) as recording:
        frames = [
            sent.outgoing.body
            for sent in recorded_frames(recording)
            if isinstance(sent.outgoing, FrameMessage)
        ]
        names = list(dict.fromkeys([*(frame.subject for frame in frames), *recording.subjects]))
        subject = subject or (names[0] if names else "nobody")
        if names and subject not in names:
            raise BridgeError(
                f"{subject!r} is not in the recording; it contains {', '.join(names)}",
                "choose one of them with --subject",
            )
        own_frames = [frame for frame in frames if frame.subject == subject]
        marker_data = list(_markers(recording, subject))
        markers = [Marker(name, time) for name, time, _ in marker_data]
        estimates = list(recorded_estimates(recording))
        changes = adaptations(recording.texts("events"), subject)
        absent = absent_frames(recording)
    known = [(frame.sent, frame.known_values()) for frame in own_frames]
    own_estimates = [(at, made) for (owner, _), at, made in estimates if owner == subject]
    session = session_from_frames(
        subject,
        known,
        markers=markers,
        responses=_responses(known, marker_data, own_estimates),
        adaptations=changes,
        title=path.name,
        notes=[sentence[:1].upper() + sentence[1:] for sentence in absent],
    )
    return render(session), subject


def _responses(
    frames: Iterable[tuple[float, Mapping[str, float]]],
    markers: Iterable[tuple[str, float, dict[str, Any]]],
    estimates: Iterable[tuple[float, Estimate]],
) -> list[Response]:
    """Return the responses to markers, computed in the order of the live run.

    Args:
        frames: Time and known values of each frame.
        markers: Name, time and data of each marker.
        estimates: Time and estimate.
    """
    from sentio_bridge.affect.derived_state import DerivedState

    analysis = DerivedState()
    responses: list[Response] = []

    def follow(time: float, values: Mapping[str, float]) -> None:
        analysis.follow(time, values)
        responses.extend(analysis.responses.poll(time))

    moments: list[tuple[float, int, Callable[[], object]]] = [
        *((time, 0, partial(analysis.estimate, made, time)) for time, made in estimates),
        *((time, 1, partial(analysis.marker, name, time, data)) for name, time, data in markers),
        *((time, 2, partial(follow, time, values)) for time, values in frames),
    ]
    for _, _, apply in sorted(moments, key=lambda moment: moment[:2]):
        apply()
    return responses


def _markers(recording: Recording, subject: str) -> Iterator[tuple[str, float, dict[str, Any]]]:
    """Yield name, time and data of a subject's markers; foreign files have only names."""
    from sentio_bridge.report.recorded import recorded_events

    native = False
    for event in recorded_events(recording.texts("events")):
        native = True
        if event.kind == "marker" and event.subject == subject:
            yield event.name, event.time, event.data
    if not native:
        for time, text in recording.texts("markers"):
            yield text, time, {}


def _of_profile(name: str, folder: Path | None) -> tuple[str, str]:
    from sentio_bridge.report import render_profile

    profile = stored(folder).load(name)
    return render_profile(name, profile), profile.subject
