"""Tests of the demo: every stage in a real Godot, with screenshots.

With Xvfb the stages are drawn by software GL and must not be blank; without, they run headless.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from .conftest import Sidecar, sidecars
from .godot_stages import STAGES, assert_silent, display, project, tour
from .test_godot import DEADLINE, ROOT, godot, start

__all__ = ["display", "project"]

pytestmark = pytest.mark.engine

RECORDING = ROOT / "examples/recordings/simulated.frames"
SMALL = ("--resolution", "480x270")
LEAST_COLOURS = 200
"""A blank or broken picture has a handful; the plainest stage has over 500."""


def quick_alone(quick: str, stages: Sequence[str] = STAGES) -> list[object]:
    """Return all stages; those that are not quick are slow tests."""
    return [s if s == quick else pytest.param(s, marks=pytest.mark.slow) for s in stages]


def received(output: str) -> int:
    found = re.search(r"received (\d+) frames", output)
    assert found, output[-2000:]
    return int(found[1])


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_plays_and_is_drawn(stage: str, display: str | None, project: Path) -> None:
    size = () if stage == "inspector" else SMALL  # whose text needs room
    output = tour(
        project, display, f"--stage={stage}", "--seconds=6", "--scenario=stress", engine=size
    )
    assert received(output) > 100
    found = re.search(r"colours (\d+)|no picture", output)
    assert found, output[-2000:]
    if display:
        assert found[1], "Xvfb is there, and yet there is no picture"
        assert int(found[1]) > LEAST_COLOURS


def test_the_garden_starts_without_a_headset(project: Path) -> None:
    """With OpenXR enabled and no runtime it runs on the desktop."""
    output = tour(project, None, "--stage=garden", "--seconds=3", engine=("--xr-mode", "on"))
    assert received(output) > 20


@pytest.mark.parametrize("stage", quick_alone("character"))
def test_a_stage_plays_from_a_recording(stage: str, project: Path) -> None:
    output = tour(project, None, f"--stage={stage}", "--seconds=5", f"--recording={RECORDING}")
    assert received(output) > 20


@pytest.mark.parametrize("stage", quick_alone("arena", STAGES[1:-1]))
def test_a_stage_plays_with_adaptation_off(stage: str, project: Path) -> None:
    tour(project, None, f"--stage={stage}", "--seconds=5", "--no-adaptation")


@pytest.fixture(scope="module")
def sidecar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sidecar]:
    """Sidecar of all stages, with estimates when the first stage begins."""
    with sidecars(tmp_path_factory.mktemp("sidecar")) as start:
        started = start()
        started.until(b"detail/", lambda d: d["state"] == "ok")
        yield started


@pytest.mark.parametrize("stage", quick_alone("garden"))
def test_a_stage_plays_with_a_running_sidecar(stage: str, sidecar: Sidecar, project: Path) -> None:
    state, control = sidecar.ports
    chosen = f"--sidecar={state},{control}"
    output = tour(project, None, f"--stage={stage}", "--seconds=4", chosen, realtime=True)
    assert received(output) > 20


@pytest.mark.slow
def test_the_editor_opens_with_the_plugin_and_its_dock(project: Path) -> None:
    done = start("--editor", "--quit-after", "60", project=project)
    assert done.returncode == 0
    assert_silent(done.stdout + done.stderr)


LOOK = """@tool
extends EditorPlugin

var _seconds := 0.0
var _chosen := false


func _process(delta: float) -> void:
	_seconds += delta
	if not _chosen and _seconds > 1.0:
		_chosen = true
		EditorInterface.edit_node(EditorInterface.get_edited_scene_root())
	var person := EditorInterface.get_edited_scene_root() as SentioSimulator
	if _chosen and person and person.latest and person.latest.has("arousal"):
		print("in the inspector: arousal %.2f" % person.latest.value("arousal"))
		get_tree().quit()
"""


def test_the_inspector_shows_a_simulated_person(addon_project: Path, tmp_path: Path) -> None:
    """Scripts that run in the editor must all be tool scripts."""
    shutil.copytree(addon_project, tmp_path, dirs_exist_ok=True)
    look = tmp_path / "addons/look"
    look.mkdir()
    about = ("name", "description", "author", "version")
    lines = "".join(f'{key}="look"\n' for key in about)
    (look / "plugin.cfg").write_text(f'[plugin]\n{lines}script="look.gd"\n')
    (look / "look.gd").write_text(LOOK)
    (tmp_path / "project.godot").write_text(
        "config_version=5\n[editor_plugins]\nenabled=PackedStringArray("
        '"res://addons/sentio/plugin.cfg", "res://addons/look/plugin.cfg")\n'
    )
    (tmp_path / "person.tscn").write_text(
        "[gd_scene load_steps=2 format=3]\n"
        '[ext_resource type="Script" path="res://addons/sentio/nodes/simulator.gd" id="1"]\n'
        '[node name="Person" type="Node"]\nscript = ExtResource("1")\n'
    )
    done = start("--editor", "--quit-after", "3000", "person.tscn", project=tmp_path)
    output = done.stdout + done.stderr
    assert_silent(output)
    assert "in the inspector: arousal" in output, output[-3000:]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_zip_works_in_an_empty_project() -> None:
    godot()
    done = subprocess.run(
        [sys.executable, str(ROOT / ".ci/godot_zip.py")],
        capture_output=True,
        text=True,
        timeout=2 * DEADLINE,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "first value: arousal" in done.stdout
