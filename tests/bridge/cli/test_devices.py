"""`sentio devices`: what stops one kind is shown with what it had found, and hides no other."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from rich.console import Console
from typer.testing import CliRunner

from sentio_bridge.cli import devices
from sentio_bridge.cli.app import application
from sentio_bridge.config import source_registry
from sentio_sensors import AbsentError
from sentio_sensors.source_kind import Finding


def of(problem: Exception) -> Iterator[Finding]:
    yield Finding("the first strap")
    raise problem


@pytest.mark.parametrize(
    ("problem", "text", "fix"),
    [
        (AbsentError("no radio", "plug one in"), "no radio", "plug one in"),
        (ZeroDivisionError("in a driver"), "ZeroDivisionError: in a driver", ""),
    ],
)
def test_what_stops_a_search_is_the_last_finding(
    caplog: pytest.LogCaptureFixture, problem: Exception, text: str, fix: str
) -> None:
    caplog.set_level(logging.DEBUG)
    first, last = devices._collect(lambda: of(problem))  # noqa: SLF001 - a driver's defect
    assert first == Finding("the first strap")
    assert (last.text, last.fix, last.wrong) == (text, fix, True)
    expected = [] if isinstance(problem, AbsentError) else [ZeroDivisionError]
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == expected


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
    result = CliRunner().invoke(application(), ["devices", "--wait", "0"])
    assert result.exit_code == 0
    assert "Unusable source types" in result.output
    assert "watch" in result.output
    assert "reinstall or remove this package" in result.output
