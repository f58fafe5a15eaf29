"""Tests of the Godot addon with real sidecars and another version."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import psutil
import pytest
import zmq

from .conftest import free_port
from .test_godot import check_tests, godot

pytestmark = pytest.mark.engine

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
@pytest.mark.timeout(500)
@pytest.mark.usefixtures("imported")
def test_the_addon_against_a_real_sidecar(newer_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    command = Path(sys.executable).parent / "sentio"
    found = str(command) if command.exists() else shutil.which("sentio")
    assert found, "the command 'sentio' is not installed beside this Python"
    monkeypatch.setenv("SENTIO_COMMAND", found)
    monkeypatch.setenv("SENTIO_NEWER_PORT", str(newer_port))
    check_tests(
        "tests/integration/test_sidecar.gd", "tests/integration/test_launcher.gd", deadline=DEADLINE
    )


GAME = """\
extends Node


func _ready() -> void:
	var client := SentioClient.new()
	client.connection = SentioConnection.new()
	client.connection.state_port = int(OS.get_environment("STATE_PORT"))
	client.connection.control_port = int(OS.get_environment("CONTROL_PORT"))
	add_child(client)
	var launcher := SentioLauncher.new()
	launcher.client = client
	launcher.demo = true
	launcher.command = OS.get_environment("SENTIO_COMMAND")
	add_child(launcher)
	while client.link != SentioFeed.LinkState.LIVE:
		await get_tree().process_frame
	# Another child of the game, which inherits the sidecar's pipe and lives on.
	print("pids %d %d" % [launcher.process_id(), OS.create_process("sleep", ["60"])])
	if OS.get_environment("QUITS"):
		get_tree().quit()
"""

GAME_SCENE = """\
[gd_scene load_steps=2 format=3]

[ext_resource type="Script" path="res://main.gd" id="1"]

[node name="Main" type="Node"]
script = ExtResource("1")
"""


@pytest.mark.slow
@pytest.mark.parametrize("how", ["quits", "terminated", "killed"])
def test_the_sidecar_ends_with_the_game_within_3_s(
    how: str, addon_project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    game = shutil.copytree(addon_project, tmp_path / "game")
    (game / "main.gd").write_text(GAME)
    (game / "main.tscn").write_text(GAME_SCENE)
    command = Path(sys.executable).parent / "sentio"
    monkeypatch.setenv("SENTIO_COMMAND", str(command) if command.exists() else "sentio")
    monkeypatch.setenv("STATE_PORT", str(free_port()))
    monkeypatch.setenv("CONTROL_PORT", str(free_port()))
    monkeypatch.setenv("QUITS", "1" if how == "quits" else "")
    project = [godot(), "--headless", "--path", str(game)]
    pids: list[int] = []
    began = ready = time.monotonic()
    with subprocess.Popen(project, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                if line.startswith("pids "):
                    pids = [int(pid) for pid in line.split()[1:]]
                    ready = time.monotonic()
                    break
            assert len(pids) == 2
            if how == "killed":
                process.kill()
            elif how == "terminated":
                process.terminate()
            process.wait(DEADLINE)
            ended = time.monotonic()
            # A start takes 3 s; on a busy machine both take longer.
            limit = max(3.0, ready - began)
            while runs(pids[0]):
                assert time.monotonic() < ended + limit
                time.sleep(0.02)
        finally:
            process.kill()
            for pid in pids:
                with contextlib.suppress(psutil.NoSuchProcess):
                    psutil.Process(pid).kill()


def runs(pid: int) -> bool:
    """Return whether a process runs; a zombie has ended."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False
