"""`sentio devices`: list devices, missing software, and how to install it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer

from sentio_sensors.source_kind import Finding, SourceKind

if TYPE_CHECKING:
    from rich.console import Console

log = logging.getLogger(__name__)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("devices")(devices)


def devices(
    more: Annotated[
        bool, typer.Option("--all", "--boards", help="List every BrainFlow board by name.")
    ] = False,
    wait: Annotated[float, typer.Option(help="Seconds to search for each kind.")] = 2.0,
) -> None:
    """List the devices of every source type, and missing software."""
    from rich.console import Console

    from sentio_bridge.config.source_registry import installed

    console = Console()
    registry = installed()
    for kind in registry.kinds.values():
        _print(console, kind.title, _collect(partial(_devices, kind, wait)), kind.nothing, more)
    _print(console, "Models", _collect(_models), "none", more)
    broken = [
        Finding(name, problem, wrong=True, fix="reinstall or remove this package")
        for name, problem in registry.problems.items()
    ]
    if broken:
        _print(console, "Unusable source types", broken, "", more)
    console.print("[dim]To try it without hardware: sentio run --demo[/dim]", highlight=False)


def _print(
    console: Console, title: str, findings: Iterable[Finding], nothing: str, more: bool
) -> None:
    from rich.markup import escape

    console.print(f"[bold]{escape(title)}[/bold]")
    lines = [line for finding in findings for line in _lines(finding, more)]
    for line in lines or [f"  [dim]· {escape(nothing)}[/dim]"]:
        console.print(line, highlight=False, soft_wrap=True)


def _lines(finding: Finding, more: bool) -> Iterator[str]:
    from rich.markup import escape

    mark = "[red]✗[/red]" if finding.wrong else "[green]✓[/green]"
    detail = f"  [dim]{escape(finding.detail)}[/dim]" if finding.detail else ""
    yield f"  {mark} {escape(finding.text)}{detail}"
    if finding.fix:
        yield f"    [yellow]→ {escape(finding.fix)}[/yellow]"
    yield from (f"    {escape(line)}" for line in finding.more if more)


def _devices(kind: SourceKind, wait: float) -> Iterable[Finding]:
    if kind.discover is None:
        return [Finding(f'type = "{kind.name}"', kind.description)]
    return kind.discover(wait)


def _collect(find: Callable[[], Iterable[Finding]]) -> list[Finding]:
    """Return all findings of ``find``; an exception becomes the last one."""
    from sentio_models import ModelError
    from sentio_sensors import SensorError

    findings: list[Finding] = []
    try:
        findings.extend(find())
    except (SensorError, ModelError) as error:
        findings.append(Finding(error.what, wrong=True, fix=error.fix))
    except Exception as error:  # from a driver; the other kinds are still listed
        log.debug("device search failed", exc_info=True)
        findings.append(Finding(f"{type(error).__name__}: {error}", wrong=True))
    return findings


def _models() -> Iterator[Finding]:
    from sentio_models.runtime.bundle import BUNDLES, locate
    from sentio_models.runtime.shipped import verify

    verdicts = verify()
    if find_spec("onnxruntime") is None:
        yield Finding("onnxruntime is not installed", "required by every model", True, _RUNTIME)
    elif all(verdict.fine for verdict in verdicts):
        yield Finding(f"{len(verdicts)} models verified", "more: sentio models list")
    else:
        for verdict in verdicts:
            if not verdict.fine:
                yield Finding(verdict.name, verdict.what, True, verdict.fix)
    if find_spec("mediapipe") is None:
        yield Finding("mediapipe is not installed", "required by the face modality", True, _FACE)
    for bundle in BUNDLES:
        yield Finding(bundle.name, str(locate(bundle)))


_RUNTIME = "pip install 'sentio-affect[cpu]' ('sentio-affect[gpu]' with a CUDA card)"
_FACE = "pip install 'sentio-affect[face]'"
