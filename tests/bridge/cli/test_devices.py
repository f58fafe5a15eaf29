"""Tests of `sentio devices`: a fault of one kind hides no other."""

from __future__ import annotations

import pytest
from rich.console import Console
from typer.testing import CliRunner

from sentio_bridge.cli import devices
from sentio_bridge.cli.app import application
from sentio_bridge.config import source_registry
from sentio_sensors.source_kind import Finding


def test_a_finding_has_its_lines_and_no_markup_of_its_own() -> None:
    console = Console(width=80, color_system=None)
    finding = Finding("[red]cyton[/red]", "a board", True, "plug it in", ("board 0",))
    with console.capture() as shown:
        devices._print(console, "Boards", [finding], "none", more=True)  # noqa: SLF001
        devices._print(console, "Straps", [], "none found", more=False)  # noqa: SLF001
    assert shown.get().split("\n")[:-1] == [
        "Boards",
        "  ✗ [red]cyton[/red]  a board",
        "    → plug it in",
        "    board 0",
        "Straps",
        "  · none found",
    ]


def test_kinds_that_cannot_be_used_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = source_registry.SourceRegistry({}, {"watch": "some-package: ImportError"})
    monkeypatch.setattr(source_registry, "installed", lambda: broken)
    result = CliRunner().invoke(application("devices"), ["devices", "--wait", "0"])
    assert result.exit_code == 0
    assert "Unusable source types" in result.output
    assert "watch" in result.output
    assert "reinstall or remove this package" in result.output
