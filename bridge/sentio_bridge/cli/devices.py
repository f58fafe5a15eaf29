"""`sentio devices`: what is there, what is missing, and how to install it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("devices")(devices)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: something that is there, or something that is missing.

    Attributes:
        text: What it is.
        detail: More about it.
        wrong: It cannot be used as it is.
        fix: What a person can do.
    """

    text: str
    detail: str = ""
    wrong: bool = False
    fix: str = ""


def devices(
    boards: Annotated[bool, typer.Option(help="List every BrainFlow board by name.")] = False,
    wait: Annotated[float, typer.Option(help="Seconds to look for LSL streams.")] = 2.0,
) -> None:
    """List cameras, microphones, LSL streams and boards, and what is missing for each."""
    from rich.console import Console

    console = Console()
    parts: tuple[tuple[str, Callable[[], Iterable[Finding]], str], ...] = (
        ("Cameras", _cameras, "none found; a video file, a folder or an address works too"),
        ("Microphones", _microphones, "none found; a sound file works too"),
        ("LSL streams", lambda: _streams(wait), "none on the network now"),
        ("BrainFlow", lambda: _boards(boards), "none"),
        ("Models", _models, "none"),
    )
    for title, find, nothing in parts:
        console.print(f"[bold]{title}[/bold]")
        found = _found(find)
        if not found:
            console.print(f"  [dim]· {nothing}[/dim]", highlight=False, soft_wrap=True)
        for finding in found:
            console.print(_line(finding), highlight=False, soft_wrap=True)
    console.print("[dim]Without any of it: sentio run --demo[/dim]", highlight=False)


def _line(finding: Finding) -> str:
    from rich.markup import escape

    mark = "[red]✗[/red]" if finding.wrong else "[green]✓[/green]"
    detail = f"  [dim]{escape(finding.detail)}[/dim]" if finding.detail else ""
    fix = f"\n    [yellow]→ {escape(finding.fix)}[/yellow]" if finding.fix else ""
    return f"  {mark} {escape(finding.text)}{detail}{fix}"


def _found(find: Callable[[], Iterable[Finding]]) -> list[Finding]:
    from sentio_models import ModelError
    from sentio_sensors import SensorError

    found: list[Finding] = []
    try:
        found.extend(find())
    except (SensorError, ModelError) as error:
        found.append(Finding(error.what, wrong=True, fix=error.fix))
    return found


def _cameras() -> Iterator[Finding]:
    from sentio_sensors.camera import codec
    from sentio_sensors.camera.cameras import list_cameras

    for camera in list_cameras():
        name = f"{camera.index}: {camera.name}"
        if camera.problem:
            yield Finding(name, camera.problem, wrong=True, fix=camera.fix)
        else:
            yield Finding(name, camera.id)
    codec.load()


def _microphones() -> Iterator[Finding]:
    from sentio_sensors.microphone.portaudio import list_microphones

    for microphone in list_microphones():
        detail = f"{microphone.api}, {microphone.rate_hz:g} Hz"
        yield Finding(microphone.name, detail + (", the default" if microphone.default else ""))


def _streams(wait: float) -> Iterator[Finding]:
    from sentio_sensors.lsl import binding

    for stream in sorted(binding.find("", wait), key=lambda stream: stream.name):
        rate = f"at {stream.rate_hz:g} Hz" if stream.rate_hz else "at no fixed rate"
        channels = f"{len(stream.channels)} channel{'s' if len(stream.channels) != 1 else ''}"
        yield Finding(stream.name, f"{stream.kind}, {channels} {rate} from {stream.hostname}")


def _boards(every: bool) -> Iterator[Finding]:
    from sentio_sensors.brainflow.source import boards

    names = boards()
    if every:
        yield from map(Finding, names)
    else:
        yield Finding(f"{len(names)} boards known, one of them synthetic", "names: --boards")


def _models() -> Iterator[Finding]:
    from sentio_models.runtime.bundle import BUNDLES, locate
    from sentio_models.runtime.shipped import verify

    verdicts = verify()
    if find_spec("onnxruntime") is None:
        yield Finding("onnxruntime is not installed", "every model needs it", True, _RUNTIME)
    elif all(verdict.fine for verdict in verdicts):
        yield Finding(f"{len(verdicts)} models are whole", "more: sentio models list")
    else:
        for verdict in verdicts:
            if not verdict.fine:
                yield Finding(verdict.name, verdict.what, True, verdict.fix)
    if find_spec("mediapipe") is None:
        yield Finding("mediapipe is not installed", "faces need it", True, _FACE)
    for bundle in BUNDLES:
        yield Finding(bundle.name, str(locate(bundle)))


_RUNTIME = "pip install 'sentio[cpu]', or 'sentio[gpu]' where there is a CUDA card"
_FACE = "pip install 'sentio[face]'"
