"""Tests of the demo: every stage in a real Godot, with screenshots.

With Xvfb the stages are drawn by software GL and must not be blank; without, they run headless.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from .conftest import Sidecar, sidecars
from .test_godot import DEADLINE, ROOT, check_tests, godot

pytestmark = pytest.mark.engine

PROJECT = ROOT / "godot_addon"
RECORDING = ROOT / "examples/recordings/simulated.frames"
STAGES = ("menu", "arena", "corridor", "garden", "ledge", "character", "inspector")
FPS = 30
SMALL = ("--resolution", "480x270")
FRAMES = 60
"""Consecutive pictures that are compared: two seconds."""
FLASHES = 3
"""Most pairs of opposing changes in a second; each counts where it is .1 or more of luminance and
its darker end below .8 (WCAG 2.2, 2.3.1)."""
SWING = 0.1
DARK = 0.8
Floats = npt.NDArray[np.float64]
LEAST_COLOURS = 200
"""A blank or broken picture has a handful; the plainest stage has over 500."""
HARMLESS = re.compile(
    r"X509|ca-certificates|xdg-user|V-Sync|vsync|ObjectDB instances leaked|OpenXR: Failed to"
)
"""Messages of the unpacked engine that are independent of the project."""


def some_quick(*stages: str) -> list[object]:
    """Return all stages; those that are not named are slow tests."""
    return [s if s in stages else pytest.param(s, marks=pytest.mark.slow) for s in STAGES]


@pytest.fixture(scope="module")
def display() -> Iterator[str | None]:
    """A screen of its own, or None where there is no Xvfb."""
    server = shutil.which("Xvfb")
    if not server:
        yield None
        return
    screen = [server, "-displayfd", "1", "-screen", "0", "1280x720x24", "-nolisten", "tcp"]
    with subprocess.Popen(screen, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        number = process.stdout.readline().decode().strip()
        yield f":{number}"
        process.terminate()


@pytest.fixture(scope="module")
def imported() -> None:
    """The project's class names and icons, as the editor finds them."""
    command = [godot(), "--headless", "--path", str(PROJECT), "--import"]
    done = subprocess.run(
        command, capture_output=True, text=True, errors="replace", timeout=DEADLINE, check=False
    )
    assert_silent(done.stdout + done.stderr)


def assert_silent(output: str) -> None:
    lines = [line for line in output.splitlines() if not HARMLESS.search(line)]
    wrong = [line for line in lines if re.search(r"SCRIPT ERROR|^ERROR|Parse Error", line)]
    assert not wrong, output[-4000:]


def tour(
    display: str | None, *options: str, realtime: bool = False, engine: tuple[str, ...] = ()
) -> str:
    """Run a stage and return its output; as fast as possible unless `realtime`."""
    command = [godot(), "--path", str(PROJECT), "--audio-driver", "Dummy"]
    command += [] if realtime else ["--fixed-fps", str(FPS)]
    command += engine
    command += ["--rendering-driver", "opengl3"] if display else ["--headless"]
    command += ["-s", "demo/tools/tour.gd", "--", *options]
    environment = {"LIBGL_ALWAYS_SOFTWARE": "1", "DISPLAY": display or "", "HOME": str(Path.home())}
    environment["XDG_RUNTIME_DIR"] = os.environ["XDG_RUNTIME_DIR"]  # where the token file is
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=DEADLINE,
        check=False,
        env=environment,
    )
    output = done.stdout + done.stderr
    assert done.returncode == 0, output[-4000:]
    assert_silent(output)
    return output


def received(output: str) -> int:
    found = re.search(r"received (\d+) frames", output)
    assert found, output[-2000:]
    return int(found[1])


@pytest.mark.usefixtures("imported")
@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_plays_and_is_drawn(stage: str, display: str | None) -> None:
    size = () if stage == "inspector" else SMALL  # whose text needs room
    output = tour(display, f"--stage={stage}", "--seconds=6", "--scenario=stress", engine=size)
    assert received(output) > 100
    found = re.search(r"colours (\d+)|no picture", output)
    assert found, output[-2000:]
    if display:
        assert found[1], "Xvfb is there, and yet there is no picture"
        assert int(found[1]) > LEAST_COLOURS


@pytest.mark.slow
@pytest.mark.usefixtures("imported")
@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_moves_and_does_not_flash(stage: str, display: str | None, tmp_path: Path) -> None:
    """No part of the screen flashes more than WCAG 2.3.1 allows."""
    if not display:
        pytest.skip("no Xvfb: nothing is drawn")
    shot = tmp_path / "shot.png"
    options = ["--seconds=42", "--scenario=stress", f"--frames={FRAMES}"]
    tour(display, f"--stage={stage}", f"--shot={shot}", *options, engine=SMALL)
    paths = sorted(tmp_path.glob("shot_*.png"))
    assert len(paths) == FRAMES
    pictures = np.array([np.asarray(Image.open(path).convert("RGB")) for path in paths]) / 255.0
    moved = np.abs(np.diff(pictures, axis=0)).mean(axis=(1, 2, 3))
    assert np.count_nonzero(moved) > FRAMES // 2, "a still picture"
    for light in parts(luminance(pictures)).T:
        assert opposing_changes(light) <= 2 * FLASHES * FRAMES / FPS


def luminance(pictures: Floats) -> Floats:
    """Return the relative luminance (WCAG 2.2) of sRGB pictures.

    The shape is (frames, height, width, 3).
    """
    linear = np.where(pictures <= 0.04045, pictures / 12.92, ((pictures + 0.055) / 1.055) ** 2.4)
    light: Floats = linear @ np.array([0.2126, 0.7152, 0.0722])
    return light


def parts(light: Floats) -> Floats:
    """Return means of a grid of three by four parts: (frames, 12).

    Each part is smaller than an area that WCAG counts.
    """
    frames, height, width = light.shape
    rows, columns = height // 3, width // 4
    grid = light[:, : 3 * rows, : 4 * columns].reshape(frames, 3, rows, 4, columns)
    means: Floats = grid.mean(axis=(2, 4)).reshape(frames, 12)
    return means


def opposing_changes(light: Floats) -> int:
    """Count opposing luminance changes of at least .1 whose darker end is below .8."""
    count, extreme, way = 0, light[0], 0
    for now in light:
        change = now - extreme
        if way == 0 or change * way > 0:
            if abs(change) >= SWING or way != 0:
                way = 1 if change > 0 else -1
                extreme = now
        elif abs(change) >= SWING and min(now, extreme) < DARK:
            count, way, extreme = count + 1, -way, now
    return count


def test_the_count_of_flashes_counts() -> None:
    steady = np.full(FRAMES, 0.4)
    strobe = np.where(np.arange(FRAMES) // 3 % 2 == 0, 0.2, 0.5)
    assert opposing_changes(steady) == 0
    assert opposing_changes(strobe) > 2 * FLASHES * FRAMES / FPS


@pytest.mark.usefixtures("imported")
def test_the_garden_starts_without_a_headset() -> None:
    """With OpenXR enabled and no runtime it runs on the desktop."""
    output = tour(None, "--stage=garden", "--seconds=3", engine=("--xr-mode", "on"))
    assert received(output) > 20


@pytest.mark.usefixtures("imported")
@pytest.mark.parametrize("stage", some_quick("arena", "character"))
def test_a_stage_plays_from_a_recording(stage: str) -> None:
    output = tour(None, f"--stage={stage}", "--seconds=5", f"--recording={RECORDING}")
    assert received(output) > 20


@pytest.mark.usefixtures("imported")
@pytest.mark.parametrize("stage", ["arena", "corridor", "garden", "ledge", "character"])
def test_a_stage_plays_with_adaptation_off(stage: str) -> None:
    tour(None, f"--stage={stage}", "--seconds=5", "--no-adaptation")


@pytest.mark.slow
@pytest.mark.usefixtures("imported")
@pytest.mark.parametrize(
    "about", ["arena", "garden", "character", "felt", "felt_recorded", "manners"]
)
def test_a_stage_passes_its_play_tests(about: str) -> None:
    """A stage is won, lost, tense and bored, with and without affect."""
    check_tests(f"tests/play/test_{about}.gd", deadline=3 * DEADLINE)


@pytest.fixture(scope="module")
def sidecar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sidecar]:
    """Sidecar of all stages, with estimates when the first stage begins."""
    with sidecars(tmp_path_factory.mktemp("sidecar")) as start:
        started = start()
        started.until(b"detail/", lambda d: d["state"] == "ok")
        yield started


ALTERNATING = """\
subjects = ["player"]

[consent]
camera = ["adapt"]
microphone = ["adapt"]
eeg = ["adapt"]
body = ["adapt"]

[[source]]
type = "simulate"
scenario = [
    { name = "calm", seconds = 40, valence = 0.2, arousal = -0.6, engagement = 0.3 },
    { name = "tense", seconds = 40, valence = -0.6, arousal = 0.8, engagement = 0.8 },
]
"""
"""A person who is calm and tense in turn; each segment begins with a marker of its name."""


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.usefixtures("imported")
def test_the_demos_follow_the_person_of_a_running_sidecar(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four demos at once, each with adaptation and without, in real time."""
    with sidecars(tmp_path) as start:
        state, control = start(ALTERNATING).ports
        monkeypatch.setenv("SENTIO_PORTS", f"{state},{control}")
        check_tests("tests/play/test_felt_live.gd", deadline=2 * DEADLINE)


@pytest.mark.usefixtures("imported")
@pytest.mark.parametrize("stage", some_quick("garden", "inspector"))
def test_a_stage_plays_with_a_running_sidecar(stage: str, sidecar: Sidecar) -> None:
    state, control = sidecar.ports
    chosen = f"--sidecar={state},{control}"
    output = tour(None, f"--stage={stage}", "--seconds=4", chosen, realtime=True)
    assert received(output) > 20


@pytest.mark.usefixtures("imported")
def test_the_editor_opens_with_the_plugin_and_its_dock() -> None:
    command = [godot(), "--headless", "--path", str(PROJECT), "--editor", "--quit-after", "60"]
    done = subprocess.run(
        command, capture_output=True, text=True, errors="replace", timeout=DEADLINE, check=False
    )
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


def test_the_inspector_shows_a_simulated_person(tmp_path: Path) -> None:
    """Scripts that run in the editor must all be tool scripts."""
    shutil.copytree(PROJECT / "addons/sentio", tmp_path / "addons/sentio")
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
    command = [godot(), "--headless", "--path", str(tmp_path)]
    output = ""
    for more in (["--import"], ["--editor", "--quit-after", "3000", "person.tscn"]):
        done = subprocess.run(
            [*command, *more],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=DEADLINE,
            check=False,
        )
        output = done.stdout + done.stderr
        assert_silent(output)
    assert "in the inspector: arousal" in output, output[-3000:]


@pytest.mark.slow
def test_the_zip_works_in_an_empty_project() -> None:
    godot()
    done = subprocess.run(
        [sys.executable, str(ROOT / ".ci/godot_zip.py")],
        capture_output=True,
        text=True,
        timeout=4 * DEADLINE,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "first value: arousal" in done.stdout
