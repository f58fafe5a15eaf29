"""Projects that Godot has imported, for all tests of a run.

An import starts the editor, which takes five seconds of processor in an empty project. A copy of
an imported project with its `.godot` needs none.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.locked import locked

from .godot_stages import assert_silent
from .test_godot import PROJECT, ROOT, start

EMPTY = """\
config_version=5

[application]

config/name="New game"
run/main_scene="res://main.tscn"
config/features=PackedStringArray("4.4")

[editor_plugins]

enabled=PackedStringArray("res://addons/sentio/plugin.cfg")
"""
"""A project in which the addon is enabled."""

SCENE = """\
[gd_scene format=3]

[node name="Main" type="Node"]
"""


def import_here(run_folder: Path) -> None:
    """Import the addon's own project."""
    _import(PROJECT, run_folder / "godot_imported")


def empty_project(run_folder: Path) -> Path:
    """Return an empty project with the addon, which is imported."""
    folder = run_folder / "godot_empty"
    with locked(run_folder / "godot_empty.lock"):
        if not folder.exists():
            shutil.copytree(ROOT / "godot_addon/addons/sentio", folder / "addons/sentio")
            (folder / "project.godot").write_text(EMPTY)
            (folder / "main.tscn").write_text(SCENE)
    _import(folder, run_folder / "godot_empty_imported")
    return folder


def _import(project: Path, mark: Path) -> None:
    """Import a project unless the mark is there; all workers wait for the first."""
    with locked(mark.with_suffix(".lock")):
        if not mark.exists():
            done = start("--import", project=project)
            assert done.returncode == 0, done.stderr[-2000:]
            assert_silent(done.stdout + done.stderr)
            mark.touch()
