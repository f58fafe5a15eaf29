"""The README's steps in an empty project, with each kind of source."""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Sidecar
from .test_godot import DEADLINE, ROOT, start

pytestmark = pytest.mark.engine

README = ROOT / "godot_addon/addons/sentio/README.md"
RECORDING = ROOT / "examples/recordings/simulated.frames"

SCENE = """\
[gd_scene load_steps=5 format=3]

[ext_resource type="Script" path="res://main.gd" id="1"]
[ext_resource type="Script" path="res://addons/sentio/nodes/{node}.gd" id="2"]
[ext_resource type="Script" path="res://addons/sentio/resources/connection.gd" id="3"]

[sub_resource type="Resource" id="4"]
script = ExtResource("3")
state_port = {state}
control_port = {control}

[node name="Main" type="Node"]
script = ExtResource("1")

[node name="Sentio" type="Node" parent="."]
script = ExtResource("2")
{property}

[connection signal="frame" from="Sentio" to="." method="_on_sentio_frame"]
"""
"""The node of steps 3 and 4; its signal `frame` is connected to the scene's script."""

MAIN = """\
extends Node


func _on_sentio_frame(frame: SentioAffectFrame) -> void:
	if frame.has("arousal"):
		print("arousal ", frame.value("arousal"))
		get_tree().quit()
"""


@pytest.fixture
def game(addon_project: Path, tmp_path: Path) -> Path:
    """Folder of a project of its own with the addon."""
    return shutil.copytree(addon_project, tmp_path / "game")


def snippet() -> str:
    """Return the function that step 5 of the README gives."""
    found = re.search(r"```gdscript\n(.*?)```", README.read_text(), re.DOTALL)
    assert found
    return textwrap.dedent(found[1])


def write(folder: Path, script: str, node: str, prop: str, ports: tuple[int, int]) -> None:
    """Write one source and a receiving script into a project with the addon."""
    (folder / "main.gd").write_text(script)
    scene = SCENE.format(node=node, property=prop, state=ports[0], control=ports[1])
    (folder / "main.tscn").write_text(scene)


def play(folder: Path, *arguments: str, seconds: float = DEADLINE) -> str:
    """Play the project; return what its script prints."""
    done = start(*arguments, project=folder, deadline=seconds)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "SCRIPT ERROR" not in done.stderr, done.stderr[-2000:]
    return done.stdout


def values(folder: Path, node: str, prop: str, ports: tuple[int, int] | None = None) -> list[float]:
    """Play the README's function for ten seconds and return what it prints.

    With the ports of a sidecar the seconds are real; without, they pass as fast as possible.
    """
    write(folder, f"extends Node\n\n\n{snippet()}", node, prop, ports or (1, 2))
    speed = "--max-fps" if ports else "--fixed-fps"
    output = play(folder, speed, "60", "--quit-after", "600")
    return [float(line) for line in output.splitlines() if re.fullmatch(r"[01]\.\d+", line)]


def check(printed: list[float]) -> None:
    assert len(printed) > 5
    assert all(0.0 <= value <= 1.0 for value in printed)
    assert len(set(printed)) > 2, "it moves"


def test_a_simulated_person(game: Path) -> None:
    check(values(game, "simulator", 'scenario = "stress"'))


def test_a_recording(game: Path) -> None:
    shutil.copy(RECORDING, game / "recorded.frames")
    check(values(game, "player", 'file = "res://recorded.frames"'))


def test_a_running_sidecar(run: Callable[..., Sidecar], game: Path) -> None:
    check(values(game, "client", 'connection = SubResource("4")', run().ports))


@pytest.mark.slow
def test_first_value_in_an_empty_project(run: Callable[..., Sidecar], game: Path) -> None:
    write(game, MAIN, "client", 'connection = SubResource("4")', run().ports)
    assert "arousal " in play(game, "--max-fps", "60")
