"""`sentio devices`: what is there, what is missing, and how to install it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("devices")(devices)


def devices(
    boards: Annotated[bool, typer.Option(help="List every BrainFlow board by name.")] = False,
    wait: Annotated[float, typer.Option(help="Seconds to look for LSL streams.")] = 2.0,
) -> None:
    """List cameras, microphones, LSL streams and boards, and what is missing for each."""
    from rich.console import Console

    console = Console()
    parts: tuple[tuple[str, Callable[[], Sequence[str]], str], ...] = (
        ("Cameras", _cameras, "none found; a file, folder or URL works too"),
        ("Microphones", _microphones, "none found; a sound file works too"),
        ("LSL streams", lambda: _streams(wait), "none on the network now"),
        ("BrainFlow", lambda: _boards(boards), "none"),
        ("Models", _models, "none"),
    )
    for title, find, nothing in parts:
        console.print(f"[bold]{title}[/bold]")
        for text in _found(find) or [nothing]:
            console.print(f"  {text}", markup=False, highlight=False, soft_wrap=True)


def _found(find: Callable[[], Sequence[str]]) -> list[str]:
    from sentio_models import ModelError
    from sentio_sensors import SensorError

    try:
        return list(find())
    except (SensorError, ModelError) as error:
        return [f"missing: {error.what}", *([f"  {error.fix}"] if error.fix else [])]


def _cameras() -> list[str]:
    from sentio_sensors.video.cameras import list_cameras

    return [f"{camera.index}: {camera.name} ({camera.id})" for camera in list_cameras()]


def _microphones() -> list[str]:
    from sentio_sensors.audio.portaudio import list_microphones

    return [f"{microphone.name} ({microphone.api})" for microphone in list_microphones()]


def _streams(wait: float) -> list[str]:
    from sentio_sensors import lsl

    return [
        f"{stream.name}: {stream.kind}, {len(stream.channels)} channels at {stream.rate_hz:g} Hz"
        f" from {stream.hostname}"
        for stream in lsl.find("", wait)
    ]


def _boards(every: bool) -> list[str]:
    from sentio_sensors.brainflow_board import boards

    names = boards()
    if every:
        return names
    return [f"{len(names)} boards known, among them synthetic; list them with --boards"]


def _models() -> list[str]:
    from sentio_models.bundle import BUNDLES, locate
    from sentio_models.download import verify

    for bundle in BUNDLES:
        locate(bundle)
    return [
        f"{verdict.name}: {'ready' if verdict.fine else verdict.what}"
        + (f" → {verdict.fix}" if verdict.fix else "")
        for verdict in verify()
    ]
