"""Tests that commands shown in documents exist, with their options."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import typer
from tests.docs.tracked import ROOT, tracked

from sentio_bridge.cli.app import application

SHOWN = re.compile(r"(?<![\w./-])sentio ((?:[a-z]|--)[^`\n|]*)")
CODE = re.compile(r"```.*?```|`[^`\n]+`|^ {4,}\S.*$", re.DOTALL | re.MULTILINE)
ENDS = re.compile(r"\s(?:#|&&|;|>|or\b|and\b|then\b).*")
HISTORY = ("docs/decisions/", "CHANGELOG", "unity_plugin/CHANGELOG")
"""Pages that also describe what was."""


def shown() -> Iterator[tuple[str, str]]:
    """Yield page and command line of each command in code of a document."""
    for file in tracked(".md"):
        page = file.relative_to(ROOT).as_posix()
        if page.startswith(HISTORY):
            continue
        for code in CODE.findall(file.read_text(encoding="utf-8")):
            for line in SHOWN.findall(code):
                yield page, ENDS.sub("", line).strip()


def fault(command: Any, words: list[str]) -> str:
    """Return what of a command line does not exist, or an empty text."""
    children = getattr(command, "commands", None)
    while children and words and not words[0].startswith("-"):
        name = words.pop(0)
        # Several names at once: `sentio keys new|list`.
        names = re.split(r"[|/]", name.rstrip(".,:)"))
        unknown = [one for one in names if one not in children]
        if unknown:
            return f"no command {unknown[0]!r}"
        command = children[names[0]]
        children = getattr(command, "commands", None)
    options = {
        option for param in command.params for option in (*param.opts, *param.secondary_opts)
    }
    for word in words:
        option = word.split("=")[0].rstrip(".,:)]").lstrip("[")
        if option.startswith("--") and option not in options | {"--help"}:
            return f"no option {option!r}"
    return ""


def test_commands_in_documents_exist() -> None:
    lines = set(shown())
    assert len(lines) > 150
    sentio = typer.main.get_command(application())
    faults = [(*pair, found) for pair in sorted(lines) if (found := fault(sentio, pair[1].split()))]
    assert faults == []


def test_a_wrong_command_is_found() -> None:
    sentio = typer.main.get_command(application())
    assert fault(sentio, ["keys", "new|list"]) == ""
    assert fault(sentio, ["keys", "make"]) == "no command 'make'"
    assert fault(sentio, ["run", "--deamon"]) == "no option '--deamon'"
