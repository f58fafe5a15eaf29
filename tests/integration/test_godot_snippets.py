"""The GDScript of the manuals compiles against the addon, with warnings as errors."""

from __future__ import annotations

import re
import shutil
import textwrap
from pathlib import Path

import pytest

from .test_godot import LOAD_ALL, ROOT, start

pytestmark = pytest.mark.engine

FENCED = re.compile(r"^([ \t]*)```gdscript\n(.*?)^[ \t]*```", re.DOTALL | re.MULTILINE)
PAGES = [ROOT / "README.md", *sorted((ROOT / "godot_addon").rglob("*.md"))]
PAGES += sorted((ROOT / "docs").rglob("*.md"))

AROUND = """\
extends Node

var feed: SentioFeed
var client: SentioClient
var launcher: SentioLauncher
var exposure: SentioExposure
var comfort: SentioComfort
var vignette: SentioVignette
var panel: SentioWorldPanel
var rig: Node3D
var eyes: Node3D
var hand: XRController3D
var wanted_place: Vector3
var lift_moves: bool
var interval: float
"""
"""What the snippets use of a game."""

PROJECT = """\
config_version=5

[debug]

gdscript/warnings/untyped_declaration=2
gdscript/warnings/unsafe_method_access=2
gdscript/warnings/unsafe_property_access=2
"""


def script(snippet: str) -> str:
    """Return a whole script with the snippet in it."""
    lines = textwrap.dedent(snippet).replace("    ", "\t")
    if re.search(r"^extends ", lines, re.MULTILINE):
        return lines
    if not re.search(r"^func ", lines, re.MULTILINE):
        lines = "func use() -> void:\n" + textwrap.indent(lines, "\t")
    return f"{AROUND}\n\n{lines}"


def snippets() -> dict[str, str]:
    """Return each fenced snippet as a script, by page and line."""
    found = {}
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for match in FENCED.finditer(text):
            line = text[: match.start()].count("\n") + 1
            found[f"{page.relative_to(ROOT)}:{line}"] = script(match[2])
    return found


SNIPPETS = snippets()


@pytest.fixture(scope="module")
def output(addon_project: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What Godot prints when it loads every snippet in a project with the addon."""
    project = shutil.copytree(addon_project, tmp_path_factory.mktemp("manual") / "project")
    (project / "project.godot").write_text(PROJECT)
    (project / "load_all.gd").write_text(LOAD_ALL)
    wrong = AROUND + "\n\nfunc use() -> void:\n\tfeed.no_such_method()\n"
    for name, text in {**SNIPPETS, "wrong": wrong}.items():
        (project / f"{file_name(name)}.gd").write_text(text)
    paths = [f"res://{file_name(name)}.gd" for name in (*SNIPPETS, "wrong")]
    done = start("-s", "load_all.gd", "--", *paths, project=project)
    return done.stdout + done.stderr


def file_name(name: str) -> str:
    """Return a file name for a snippet's page and line."""
    return re.sub(r"\W", "_", name)


def test_there_are_snippets_in_the_manuals() -> None:
    pages = {name.split(":")[0] for name in SNIPPETS}
    assert {"docs/tasks/vr.md", "docs/tasks/jump_scare.md", "docs/shipping.md"} <= pages


@pytest.mark.parametrize("name", SNIPPETS)
def test_a_snippet_compiles(name: str, output: str) -> None:
    assert f"res://{file_name(name)}.gd true" in output, output[-3000:]


def test_a_wrong_snippet_is_found(output: str) -> None:
    assert "res://wrong.gd false" in output
