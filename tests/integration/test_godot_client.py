"""The Godot addon against real sidecars, and against a publisher of another version."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
import zmq

from .conftest import Sidecar
from .test_godot import ROOT, check_tests, godot, imported

__all__ = ["imported"]

DEADLINE = 400.0
"""Seconds for all of it: some ten sidecars are started one after the other."""


@pytest.fixture
def newer_port() -> Iterator[int]:
    """A publisher of the protocol's version 2."""
    stop = threading.Event()
    context = zmq.Context()
    sock = context.socket(zmq.PUB)
    port = sock.bind_to_random_port("tcp://127.0.0.1")

    def publish() -> None:
        while not stop.wait(0.05):
            body = msgspec.msgpack.encode({"v": 2, "e": 1, "n": 0})
            sock.send(b"affect/player\0" + body)

    thread = threading.Thread(target=publish)
    thread.start()
    yield port
    stop.set()
    thread.join()
    context.destroy(linger=0)


@pytest.mark.slow
@pytest.mark.usefixtures("imported")
def test_the_addon_against_a_real_sidecar(newer_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    command = Path(sys.executable).parent / "sentio"
    found = str(command) if command.exists() else shutil.which("sentio")
    assert found, "the command 'sentio' is not installed beside this Python"
    monkeypatch.setenv("SENTIO_COMMAND", found)
    monkeypatch.setenv("SENTIO_NEWER_PORT", str(newer_port))
    check_tests("tests/integration/test_sidecar.gd", deadline=DEADLINE)


PROJECT = """\
config_version=5

[application]

config/name="New game"
run/main_scene="res://main.tscn"
config/features=PackedStringArray("4.4")

[editor_plugins]

enabled=PackedStringArray("res://addons/sentio/plugin.cfg")
"""

MAIN = """\
extends Node


func _on_client_frame(frame: SentioAffectFrame) -> void:
	if frame.has("arousal"):
		print("arousal ", frame.value("arousal"))
		get_tree().quit()
"""

SCENE = """\
[gd_scene load_steps=5 format=3]

[ext_resource type="Script" path="res://main.gd" id="1"]
[ext_resource type="Script" path="res://addons/sentio/nodes/client.gd" id="2"]
[ext_resource type="Script" path="res://addons/sentio/resources/connection.gd" id="3"]

[sub_resource type="Resource" id="4"]
script = ExtResource("3")
state_port = {state}
control_port = {control}

[node name="Main" type="Node"]
script = ExtResource("1")

[node name="SentioClient" type="Node" parent="."]
script = ExtResource("2")
connection = SubResource("4")

[connection signal="frame" from="SentioClient" to="." method="_on_client_frame"]
"""


def test_first_value_in_an_empty_project(run: Callable[..., Sidecar], tmp_path: Path) -> None:
    sidecar = run()
    shutil.copytree(ROOT / "godot_addon/addons/sentio", tmp_path / "addons/sentio")
    (tmp_path / "project.godot").write_text(PROJECT)
    (tmp_path / "main.gd").write_text(MAIN)
    state, control = sidecar.ports
    (tmp_path / "main.tscn").write_text(SCENE.format(state=state, control=control))
    command = [godot(), "--headless", "--path", str(tmp_path)]
    for arguments in (["--import"], ["--max-fps", "60"]):
        done = subprocess.run(
            [*command, *arguments],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=60.0,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        assert "SCRIPT ERROR" not in done.stderr, done.stderr[-2000:]
    assert "arousal " in done.stdout, done.stdout[-2000:]
