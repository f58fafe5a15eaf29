"""The pack of a web export, without a browser.

It holds the scripts and resources that a browser gets. No web template is packaged for Debian, so
the pack is run by the Linux engine with the tag `web`.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from .test_godot import DEADLINE, ROOT, godot

pytestmark = [pytest.mark.engine, pytest.mark.timeout(400)]

STAGES = ("arena", "corridor", "garden", "ledge", "character", "inspector")

LEAST_STATES = 5
"""In a second of a recording that holds ten states a second."""

PRESET = """\
[preset.0]

name="Web"
platform="Web"
runnable=true
custom_features="web"
export_filter="all_resources"
include_filter="*.frames"
exclude_filter="tests/*"
export_path=""

[preset.0.options]

variant/thread_support=false
"""

PROBE = """\
extends Node
## Plays every stage with what a browser has, and prints what the sidecar's nodes report.

const FRAMES := 60


func _ready() -> void:
	await get_tree().process_frame
	print("web ", OS.has_feature("web"))
	_report_nodes()
	var main := get_tree().current_scene
	var session: DemoSession = main.get_node("Session")
	session.settings.recording = "res://recorded.frames"
	for source: DemoSettings.Source in [
		DemoSettings.Source.SIMULATOR, DemoSettings.Source.RECORDING
	]:
		session.settings.source = source
		session.connect_source()
		for stage in OS.get_environment("STAGES").split(","):
			await _play(main, session, stage)
	get_tree().quit()


func _report_nodes() -> void:
	var client := SentioClient.new()
	var launcher := SentioLauncher.new()
	launcher.client = client
	add_child(client)
	add_child(launcher)
	print("client ", client.link == SentioFeed.LinkState.REFUSED, " ", client.link_reason)
	print("client runs ", client.is_running())
	var failed := launcher.state == SentioLauncher.LaunchState.FAILED
	print("launcher ", failed, " ", launcher.reason)
	client.queue_free()
	launcher.queue_free()


func _play(main: Node, session: DemoSession, stage: String) -> void:
	main.call("_show", stage)
	var demands: Dictionary[float, bool] = {}
	var states := 0
	var seen: SentioAffectFrame = null
	for frame in FRAMES:
		await get_tree().process_frame
		states += int(session.feed.latest != seen)
		seen = session.feed.latest
		if seen:
			demands[snappedf(seen.effective_value("arousal_level"), 0.001)] = true
	var kind: String = session.feed.get_script().get_global_name()
	print("played %s %s: %d states, known %s" % [kind, stage, states, not demands.has(NAN)])
"""


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("web")
    project = folder / "project"
    ignored = shutil.ignore_patterns(".godot", "tests")
    shutil.copytree(ROOT / "godot_addon", project, ignore=ignored)
    shutil.copy(ROOT / "examples/recordings/simulated.frames", project / "recorded.frames")
    (project / "export_presets.cfg").write_text(PRESET)
    (project / "probe.gd").write_text(PROBE)
    settings = project / "project.godot"
    settings.write_text(settings.read_text() + '\n[autoload]\n\nProbe="*res://probe.gd"\n')
    pack = folder / "game.pck"
    project_command = ["--headless", "--path", str(project)]
    exported = run([*project_command, "--export-pack", "Web", str(pack)], folder)
    assert pack.exists(), exported[-3000:]
    shutil.rmtree(project)
    return run(["--headless", "--fixed-fps", "60", "--main-pack", str(pack)], folder)


def run(arguments: list[str], folder: Path) -> str:
    """Run Godot with its settings in a folder; return what it prints."""
    done = subprocess.run(
        [godot(), *arguments], cwd=folder, env={**ENVIRONMENT, "HOME": str(folder)},
        capture_output=True, text=True, errors="replace", timeout=DEADLINE, check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


ENVIRONMENT = {"PATH": "/usr/bin:/bin", "STAGES": ",".join(STAGES)}


def test_the_nodes_of_a_sidecar_name_what_to_use_instead(output: str) -> None:
    assert "web true" in output, output[-3000:]
    assert "client true browsers have no TCP sockets: use SentioPlayer" in output
    assert "client runs false" in output
    assert "launcher true browsers cannot start programs or open sockets" in output


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("feed", ["SentioSimulator", "SentioPlayer"])
def test_a_stage_plays_from_the_pack(output: str, stage: str, feed: str) -> None:
    played = [line for line in output.splitlines() if line.startswith(f"played {feed} {stage}:")]
    assert played, output[-3000:]
    states = int(played[0].split(": ")[1].split()[0])
    assert states >= LEAST_STATES, played
    assert played[0].endswith("known true")


def test_no_script_fails(output: str) -> None:
    assert "SCRIPT ERROR" not in output, output[-3000:]
