"""`sentio devices`: list devices, missing software, and how to install it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sentio_bridge.cli.connection import Token, endpoint_of
from sentio_bridge.cli.exits import cli_errors

if TYPE_CHECKING:
    from rich.console import Console

    from sentio_sensors import Finding

SHOWN = 8
"""Maximum number of devices shown of a kind without ``--all``."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("devices")(devices)


def devices(
    more: Annotated[
        bool, typer.Option("--all", "--boards", help="List every BrainFlow board by name.")
    ] = False,
    wait: Annotated[float, typer.Option(help="Seconds to search.")] = 2.0,
    endpoint: Annotated[
        str,
        typer.Option(
            "--control",
            "--endpoint",
            parser=lambda text: endpoint_of(text) if text else "",
            metavar="ENDPOINT",
            help="Control endpoint of a running sidecar that searches instead.",
        ),
    ] = "",
    token: Token = "",
) -> None:
    """List the devices of every source type, and missing software."""
    from rich.console import Console

    console = Console()
    if endpoint:
        with cli_errors():
            _print_remote(console, endpoint, token, wait, more)
        return
    _print_local(console, wait, more)
    console.print("[dim]To try it without hardware: sentio run --demo[/dim]", highlight=False)


def _print_local(console: Console, wait: float, more: bool) -> None:
    from sentio_bridge.config.source_registry import installed
    from sentio_bridge.pipeline.device_search import collect, search
    from sentio_sensors import Finding

    registry = installed()
    kinds = list(registry.kinds.values())
    for kind, findings in zip(kinds, search(kinds, wait), strict=True):
        _print(console, kind.title, findings, kind.nothing, more)
    _print(console, "Models", collect(_models), "none", more)
    broken = [
        Finding(name, problem, wrong=True, fix="reinstall or remove this package")
        for name, problem in registry.problems.items()
    ]
    if broken:
        _print(console, "Unusable source types", broken, "", more)


def _print_remote(console: Console, endpoint: str, token: str, wait: float, more: bool) -> None:
    """Print the devices of the sidecar's machine; boards by name only with ``more``."""
    from sentio_bridge.transport.client import Requester
    from sentio_sensors import Finding

    with Requester(endpoint, token or None) as requester:
        found = requester.devices(seconds=wait)
    titles: dict[str, list[dict[str, Any]]] = {}
    for entry in found:
        titles.setdefault(entry["title"], []).append(entry)
    for title, entries in titles.items():
        findings = [
            Finding(e["name"], e["detail"], not e["usable"], e["fix"], settings=e["settings"])
            for e in entries
        ]
        hidden = 0 if more else max(0, len(findings) - SHOWN)
        _print(console, title, findings[: len(findings) - hidden], "none found", more)
        if hidden:
            console.print(f"    [dim]and {hidden} more: sentio devices --all[/dim]")
    if not titles:
        console.print("no devices found")


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


def _models() -> Iterator[Finding]:
    from sentio_models.modalities.face.mediapipe_library import missing_libraries
    from sentio_models.runtime.bundle import BUNDLES, locate
    from sentio_models.runtime.shipped import verify
    from sentio_sensors import Finding

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
    elif missing := missing_libraries():
        what, fix = missing
        yield Finding(what, "required by the face modality", True, fix)
    for bundle in BUNDLES:
        yield Finding(bundle.name, str(locate(bundle)))


_RUNTIME = "pip install 'sentio-affect[cpu]' ('sentio-affect[gpu]' with a CUDA card)"
_FACE = "pip install 'sentio-affect[face]'"
