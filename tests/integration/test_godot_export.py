"""An exported Linux game with its sidecar in a folder, in a root without Python.

Needs the folder of a finished bundle in SENTIO_BUNDLE, a root folder that holds Godot's export
template and its libraries in SENTIO_GAME_ROOT (Debian's package godot-template-release), and root.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from .conftest import free_port
from .test_godot import DEADLINE, ROOT, godot

pytestmark = [pytest.mark.slow, pytest.mark.engine, pytest.mark.timeout(600)]

PRESET = """\
[preset.0]

name="Linux"
platform="Linux"
runnable=true
export_filter="all_resources"
include_filter="*.frames"
exclude_filter="tests/*"
export_path=""

[preset.0.options]

custom_template/release="{template}"
binary_format/embed_pck=false
"""

PROBE = """\
extends Node
## Plays a stage of the exported demo with the sidecar that it brings, and says how it went.

const PLAYED := 60


func _ready() -> void:
	await get_tree().process_frame
	var main := get_tree().current_scene
	var session: DemoSession = main.get_node("Session")
	session.settings.connection = SentioConnection.new()
	session.settings.connection.state_port = int(OS.get_environment("STATE_PORT"))
	session.settings.connection.control_port = int(OS.get_environment("CONTROL_PORT"))
	session.settings.simulated_sensors = true
	session.settings.source = DemoSettings.Source.SIDECAR
	session.connect_source()
	var launcher: SentioLauncher = session.feed.get_node("Launcher")
	launcher.changed.connect(
		func(_state: SentioLauncher.LaunchState, why: String) -> void: print("launcher: ", why)
	)
	main.call("go", "arena")
	var counted := [0]
	session.feed.frame.connect(
		func(frame: SentioAffectFrame) -> void: counted[0] += int(frame.has("arousal"))
	)
	while counted[0] < PLAYED:
		await get_tree().process_frame
	print("played %d frames, sidecar %d" % [counted[0], launcher.process_id()])
	print("stage ", main.find_children("*", "DemoStage", true, false).size())
	get_tree().quit()
"""


@pytest.fixture(scope="module")
def game_root() -> Path:
    root, bundle = os.environ.get("SENTIO_GAME_ROOT"), os.environ.get("SENTIO_BUNDLE")
    if not root or not bundle or os.geteuid() != 0:
        pytest.skip("no game root: SENTIO_GAME_ROOT and SENTIO_BUNDLE, as root")
    assert not list(Path(root).glob("usr/bin/python*"))
    return Path(root)


@pytest.fixture(scope="module")
def game(game_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The exported demo and its sidecar, in /game of the root."""
    project = tmp_path_factory.mktemp("export") / "project"
    shutil.copytree(ROOT / "godot_addon", project, ignore=shutil.ignore_patterns(".godot"))
    template = next(game_root.glob("usr/bin/godot-template-release"))
    (project / "export_presets.cfg").write_text(PRESET.format(template=template))
    (project / "probe.gd").write_text(PROBE)
    settings = project / "project.godot"
    settings.write_text(settings.read_text() + '\n[autoload]\n\nProbe="*res://probe.gd"\n')
    folder = game_root / "game"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    command = [godot(), "--headless", "--path", str(project)]
    exported = subprocess.run(
        [*command, "--export-release", "Linux", str(folder / "demo")],
        capture_output=True, text=True, timeout=DEADLINE, check=False,
    )  # fmt: skip
    assert (folder / "demo.pck").exists(), exported.stdout[-3000:] + exported.stderr[-3000:]
    shutil.copytree(os.environ["SENTIO_BUNDLE"], folder / "sentio", symlinks=True)
    yield folder
    shutil.rmtree(folder)


def test_the_exported_demo_plays_with_the_sidecar_in_its_folder(
    game: Path, game_root: Path
) -> None:
    script = 'for f in proc sys dev; do mount --rbind /$f "$0/$f"; done; exec chroot "$0" "$@"'
    inside = ["unshare", "--mount", "sh", "-ec", script, str(game_root)]
    environment = {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": "/tmp",
        "STATE_PORT": str(free_port()),
        "CONTROL_PORT": str(free_port()),
    }
    done = subprocess.run(
        [*inside, "/game/demo", "--headless"],
        env=environment, capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip
    output = done.stdout + done.stderr
    played = re.search(r"played (\d+) frames, sidecar (\d+)", done.stdout)
    assert played, output[-4000:]
    assert "launcher: the sidecar was started" in done.stdout
    assert "SCRIPT ERROR" not in output, output[-4000:]
    assert done.returncode == 0
    end = time.monotonic() + 10.0
    while psutil.pid_exists(int(played[2])):
        assert time.monotonic() < end, "the sidecar outlives its game"
        time.sleep(0.05)
