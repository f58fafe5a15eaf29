"""The Godot addon's own tests, run in a real Godot."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sentio_bridge.version import VERSION

pytestmark = pytest.mark.engine

ROOT = Path(__file__).parents[2]
PROJECT = ROOT / "godot_addon"
DOCUMENTED = {"method", "signal", "member", "constant"}
NODES = (
    "Binding Breathing Calibration Client Connection Consent Director Expression Feed Hud Launcher "
    "Marker Player Rails Recorder SensorChooser Simulator"
).split()
DEADLINE = 250.0
"""Seconds that one start of Godot may take on a slow, busy machine."""


def godot() -> str:
    """The Godot to test with: `SENTIO_GODOT`, the repository's cache, or the PATH."""
    cached = ROOT / ".cache/godot/godot"
    named = os.environ.get("SENTIO_GODOT") or (str(cached) if cached.exists() else None)
    found = named or shutil.which("godot")
    if not found:
        pytest.skip("no Godot: set SENTIO_GODOT to its path, or put 'godot' on the PATH")
    return found


def start(
    *arguments: str, deadline: float = DEADLINE, project: Path = PROJECT
) -> subprocess.CompletedProcess[str]:
    """Run Godot on the addon's project, or a copy of it, without a window."""
    command = [godot(), "--headless", "--path", str(project), *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, errors="replace", timeout=deadline, check=False
    )


def check_tests(*files: str, deadline: float = DEADLINE, project: Path = PROJECT) -> None:
    """Run test files in Godot and expect that all of their checks hold."""
    done = start("-s", "tests/run.gd", "--", *files, deadline=deadline, project=project)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "SCRIPT ERROR" not in done.stderr, done.stderr[-2000:]
    assert done.stdout.strip().endswith(" passed, 0 failed"), done.stdout[-2000:]


def test_the_addon_has_the_version_of_the_rest() -> None:
    addon = ROOT / "godot_addon/addons/sentio"
    assert f'version="{VERSION}"' in (addon / "plugin.cfg").read_text()
    assert f'_VERSION := "{VERSION}"' in (addon / "nodes/client.gd").read_text()


@pytest.mark.usefixtures("imported")
def test_the_editors_help_describes_everything_public(tmp_path: Path) -> None:
    """The engine extracts the class documentation from the comments."""
    done = start("--doctool", str(tmp_path), "--gdscript-docs", "res://addons/sentio")
    assert done.returncode == 0, done.stderr[-2000:]
    classes = [ElementTree.parse(path).getroot() for path in sorted(tmp_path.rglob("*.xml"))]
    assert {f"Sentio{name}" for name in NODES} <= {page.get("name") for page in classes}
    bare = []
    for page in classes:
        name = page.get("name")
        if not (page.findtext("brief_description") or "").strip():
            bare.append(name)
        for entry in page.iter():
            if entry.tag not in DOCUMENTED or entry.get("name", "_").startswith("_"):
                continue
            words = entry.text if entry.tag in ("member", "constant") else None
            if not (words or entry.findtext("description") or "").strip():
                bare.append(f"{name}.{entry.get('name')}")
    assert not bare, f"without a ## comment: {bare}"


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("imported")
def test_the_addon_passes_its_tests_in_godot() -> None:
    check_tests(deadline=2 * DEADLINE)


FAILING = """\
extends SentioTestCase


func test_awaited() -> void:
	check(true, "before")
	await tree.process_frame
	var missing: Node = null
	missing.free()


func test_after_it() -> void:
	await tree.process_frame
	check(true, "is still run")
"""


@pytest.mark.usefixtures("imported")
def test_an_error_inside_an_awaited_test_is_reported_at_once(tmp_path: Path) -> None:
    """A failed coroutine never returns: the runner must not wait for it."""
    (tmp_path / "test_failing.gd").write_text(FAILING)
    done = start("-s", "tests/run.gd", "--", str(tmp_path / "test_failing.gd"))
    assert done.returncode == 1, done.stdout[-2000:] + done.stderr[-2000:]
    assert "FAILED: test_failing.gd test_awaited: script error" in done.stderr
    assert done.stdout.strip().endswith("2 passed, 1 failed"), done.stdout[-2000:]


LOAD_ALL = """\
extends SceneTree


func _initialize() -> void:
	for path: String in OS.get_cmdline_user_args():
		var script: GDScript = load(path)
		print(path, " ", script != null and script.can_instantiate())
	quit()
"""


GAME_NAMES = """
Action Actor Agent Ai Ally App Area Arena Arm Arrow Attack Audio Avatar Bar Base Beat Behaviour
Binding Board Body Boss Breath Bridge Bullet Button Calibration Card Cell Change Character Chat
Chest Choice Client Clock Coin Colour Command Comparison Config Connection Consent Console Context
Control2 Controller Core Counter Course Creature Cue Damage Data Deck Dialog Difficulty Director
Door Dungeon Effect Enemy Entity Entry Error2 Event Events Experience Exposure Expression Eye Face
Fade Feed Field Finder Flag Foe Frame Frames Game GameManager GameState Gate Globals Goal Group
Guard Hand Hazard Head Health Heart Hero Hud Icon Inventory Item Key Launcher Level Levels Life
Line Link LinkState Log Loot Manager Map Marker Menu Message Meter Mission Mixer Mode Model Mood
Move Music Npc Objective Pacing Pad Panel2 Path Pattern Person Phase Pickup Place Player Point Pool
Pose Power Preset Process Profile Projectile Prompt Puzzle Quest Rail Rails Reader Reason Record
Recorder Reply Report Request Resource2 Response Result Room Round Rule Run Save SaveGame Scare
Scene Score Screen Sensor Sensors Sentio Session Settings Shape Shot Signals Simulator Skill Slot
Slots Sound Source Spawn Spawner Speed Stage Start State StateMachine States Stats Status Step
Stop Story Subject Switch Table Target Task Team Text Token Tower Trait Trap Trust Tutorial Ui
Unit Value Vehicle View Wave Weapon Where Why Window2 Wire World Writer Zone
""".split()
"""Names that a game may give to its own classes and singletons."""


@pytest.mark.parametrize("form", ["class_name", pytest.param("autoload", marks=pytest.mark.slow)])
def test_a_game_may_use_any_name_for_classes_and_singletons(form: str, tmp_path: Path) -> None:
    """A global name shadows an inner one of the same name."""
    addon = ROOT / "godot_addon/addons/sentio"
    shutil.copytree(addon, tmp_path / "addons/sentio")
    sources = "".join(path.read_text() for path in addon.rglob("*.gd"))
    inner = set(re.findall(r"^(?:enum|const|class) ([A-Z][a-z]\w*)", sources, re.MULTILINE))
    assert {"LinkState", "LaunchState", "State", "Stage", "Where"} <= inner
    names = sorted(inner | set(GAME_NAMES))
    assert len(names) >= 200
    project = "config_version=5\n"
    if form == "autoload":
        lines = (f'{name}="*res://game/{name.lower()}.gd"' for name in names)
        project += "\n[autoload]\n\n" + "\n".join(lines) + "\n"
    (tmp_path / "game").mkdir()
    for name in names:
        head = f"class_name {name}\n" if form == "class_name" else ""
        (tmp_path / "game" / f"{name.lower()}.gd").write_text(f"{head}extends Node\n")
    (tmp_path / "project.godot").write_text(project)
    (tmp_path / "load_all.gd").write_text(LOAD_ALL)
    scripts = [f"res://{p.relative_to(tmp_path).as_posix()}" for p in tmp_path.rglob("s*/**/*.gd")]
    assert len(scripts) > 80
    command = [godot(), "--headless", "--path", str(tmp_path)]
    output = ""
    for more in (["--import"], ["-s", "load_all.gd", "--", *scripts]):
        done = subprocess.run(
            [*command, *more],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=DEADLINE,
            check=False,
        )
        output = done.stdout + done.stderr
    failed = [path for path in scripts if f"{path} true" not in output]
    assert failed == [], output[-2000:]
    assert "SCRIPT ERROR" not in output, output[-2000:]


DEFAULT_WARNINGS = """\
extends SceneTree


func _initialize() -> void:
	for property: Dictionary in ProjectSettings.get_property_list():
		var setting: String = property["name"]
		if setting.begins_with("debug/gdscript/warnings/"):
			if typeof(ProjectSettings.get_setting(setting)) == TYPE_INT:
				print("warning %s %s" % [setting, ProjectSettings.get_setting(setting)])
	quit()
"""
"""Prints every warning of this Godot with its level: 0 off, 1 a warning, 2 an error."""
STRICT_WARNINGS = (
    "unsafe_property_access", "unsafe_method_access", "unsafe_cast", "unsafe_call_argument"
)  # fmt: skip
"""Off by default. Three more forbid what is meant: `:=`, calls without their result, and calls of
coroutines that nothing waits for; an annotation against the last breaks older versions of Godot."""


@pytest.mark.usefixtures("imported")
def test_every_script_passes_with_warnings_as_errors(tmp_path: Path) -> None:
    """The addons folder included, which Godot leaves out by default."""
    project = tmp_path / "project"
    skipped = shutil.ignore_patterns("*.frames")
    shutil.copytree(ROOT / "godot_addon", project, ignore=skipped)
    (project / "warnings.gd").write_text(DEFAULT_WARNINGS)
    (project / "load_all.gd").write_text(LOAD_ALL)
    settings = project / "project.godot"

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [godot(), "--headless", "--path", str(project), *arguments],
            capture_output=True, text=True, errors="replace", timeout=DEADLINE, check=False,
        )  # fmt: skip
        return done.stdout + done.stderr

    levels = re.findall(r"warning debug/(\S+) 1\n", run("-s", "warnings.gd"))
    assert len(levels) > 20
    errors = "\n".join(f"{name}=2" for name in levels)
    text = settings.read_text().replace("[debug]\n", f"[debug]\n\n{errors}\n")
    settings.write_text(text)
    scripts = [
        f"res://{path.relative_to(project).as_posix()}"
        for folder in ("addons", "demo", "tests")
        for path in sorted((project / folder).rglob("*.gd"))
    ]
    check_loaded(run("-s", "load_all.gd", "--", *scripts), scripts)
    # A game may have made errors of what Godot leaves off, too: not of demos and tests.
    more = "\n".join(f"gdscript/warnings/{name}=2" for name in STRICT_WARNINGS)
    rules = '"res://addons": 1, "res://demo": 0, "res://tests": 0'
    text = text.replace('"res://addons": 1', rules).replace(errors, f"{errors}\n{more}")
    settings.write_text(text)
    addon = [path for path in scripts if path.startswith("res://addons/")]
    check_loaded(run("-s", "load_all.gd", "--", *addon), addon)


def check_loaded(output: str, scripts: list[str]) -> None:
    """Expect that Godot has loaded every script without an error."""
    refused = re.findall(r"Parse Error: .*\n.*", output)
    assert refused == [], "\n".join(refused)
    assert [path for path in scripts if f"{path} true" not in output] == []
