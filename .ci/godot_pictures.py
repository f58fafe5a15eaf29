"""Take screenshots of the Godot demo and the editor's dock for docs/images.

Needs Xvfb, Mesa's software GL and a Godot (`SENTIO_GODOT`, or the repository's cache). Stages use
a simulated person; consent, calibration and the dock use `sentio run --demo`.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from godot_zip import ROOT, godot
from PIL import Image

IMAGES = ROOT / "docs/images"
PROJECT = ROOT / "godot_addon"
WIDTH = 960
"""Pixels."""
COLOURS = 256
"""Colours of the palette, which keeps an image under 300 kB."""
SMOOTH = ("godot_garden", "godot_inspector")
"""Images with smooth tones; the palettes of the others keep their few bright colours."""
SHOTS: dict[str, list[str]] = {
    "menu": ["--stage=menu", "--seconds=5", "--scenario=joy"],
    "arena": ["--stage=arena", "--seconds=152", "--scenario=rest", "--unhurt"],
    "corridor": ["--stage=corridor", "--seconds=13.4", "--scenario=joy"],
    "ledge": ["--stage=ledge", "--seconds=60", "--scenario=rest"],
    "garden": ["--stage=garden", "--seconds=136", "--scenario=recovery"],
    "character": ["--stage=character", "--seconds=9", "--scenario=joy"],
    "inspector": ["--stage=inspector", "--seconds=29", "--scenario=stress"],
    "results": ["--stage=arena", "--seconds=196", "--scenario=joy", "--unhurt"],
    "hud": ["--stage=arena", "--seconds=30", "--scenario=joy", "--hud"],
}
LIVE_SHOTS: dict[str, list[str]] = {
    "sensors": ["--stage=menu", "--seconds=24", "--personal=sensors"],
    "consent": ["--stage=menu", "--seconds=7", "--personal=consent"],
    "calibration": ["--stage=menu", "--seconds=26", "--personal=calibration"],
}
"""Screenshots with a sidecar, in real time."""
DOCK_SECONDS = 14
"""Seconds until the editor has opened a scene and the dock shows a curve."""
CAMERA = """@tool
extends EditorPlugin

var _seconds := 0.0


func _enter_tree() -> void:
	await get_tree().create_timer(2.0).timeout
	var found := EditorInterface.get_base_control().find_children("*", "SentioDock", true, false)
	var dock: SentioDock = found[0]
	var tabs := dock.get_parent() as TabContainer
	if tabs:
		tabs.current_tab = tabs.get_tab_idx_from_control(dock)
	var client := dock.client()
	client.stop()
	client.connection = SentioConnection.new()
	client.connection.state_port = int(OS.get_environment("STATE_PORT"))
	client.connection.control_port = int(OS.get_environment("CONTROL_PORT"))
	client.start()


func _process(delta: float) -> void:
	_seconds += delta
	if _seconds > float(OS.get_environment("SECONDS_TO_WAIT")):
		set_process(false)
		get_tree().root.get_texture().get_image().save_png(OS.get_environment("TARGET"))
		get_tree().quit()
"""


@contextmanager
def screen() -> Iterator[dict[str, str]]:
    """Start a virtual display; yield the environment for it."""
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x720x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        display = ":" + server.stdout.readline().decode().strip()
        try:
            yield {**os.environ, "DISPLAY": display, "LIBGL_ALWAYS_SOFTWARE": "1"}
        finally:
            server.terminate()


@contextmanager
def sidecar() -> Iterator[tuple[int, int]]:
    """Start a sidecar with the demo; yield its two ports."""
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        ports = one.getsockname()[1], other.getsockname()[1]
    command = [sys.executable, "-m", "sentio_bridge", "run", "--demo"]
    command += ["--state-port", str(ports[0]), "--control-port", str(ports[1])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield ports
        finally:
            process.terminate()


def shoot(engine: str, environment: dict[str, str], target: Path, options: list[str]) -> None:
    """Take a screenshot of a stage with the tour's `options`."""
    live = any(option.startswith("--sidecar") for option in options)
    command = [engine, "--path", str(PROJECT), "--rendering-driver", "opengl3"]
    command += ["--audio-driver", "Dummy", *([] if live else ["--fixed-fps", "30"])]
    command += ["-s", "demo/tools/tour.gd", "--", f"--shot={target}", f"--width={WIDTH}", *options]
    subprocess.run(command, env=environment, check=True)


def shoot_dock(
    engine: str, environment: dict[str, str], target: Path, ports: tuple[int, int]
) -> None:
    """Take a screenshot of the editor with the dock, on a copy of the project."""
    with tempfile.TemporaryDirectory(prefix="sentio_dock_") as folder:
        project = Path(folder) / "godot_addon"
        shutil.copytree(PROJECT, project, ignore=shutil.ignore_patterns(".godot"))
        plugin = project / "addons/camera"
        plugin.mkdir()
        about = "".join(f'{key}="camera"\n' for key in ("name", "description", "author", "version"))
        (plugin / "plugin.cfg").write_text(f'[plugin]\n{about}script="camera.gd"\n')
        (plugin / "camera.gd").write_text(CAMERA)
        settings = (project / "project.godot").read_text()
        enabled = '"res://addons/sentio/plugin.cfg"'
        both = enabled + ', "res://addons/camera/plugin.cfg"'
        (project / "project.godot").write_text(settings.replace(enabled, both))
        subprocess.run([engine, "--headless", "--path", project, "--import"], check=True)
        variables = {
            "STATE_PORT": str(ports[0]),
            "CONTROL_PORT": str(ports[1]),
            "TARGET": str(target),
        }
        variables["SECONDS_TO_WAIT"] = str(DOCK_SECONDS)
        command = [engine, "--path", str(project), "--editor", "--rendering-driver", "opengl3"]
        command += ["--audio-driver", "Dummy", "--resolution", "1280x720", "--position", "0,0"]
        command += ["--fullscreen", "demo/arena/arena.tscn"]
        subprocess.run(command, env={**environment, **variables}, check=True)


def slim(target: Path) -> None:
    """Reduce the image `target` to a palette."""
    with Image.open(target) as picture:
        whole = picture.convert("RGB")
    even = target.stem in SMOOTH
    method = Image.Quantize.MEDIANCUT if even else Image.Quantize.MAXCOVERAGE
    palette = whole.quantize(COLOURS, method=method, kmeans=4)
    few = whole.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)
    few.save(target, optimize=True)
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size / 1024:.0f} kB")


def main(names: list[str]) -> None:
    """Take the screenshots in `names`, or all."""
    engine = godot()
    if not engine:
        raise SystemExit("no Godot: set SENTIO_GODOT to its path")
    subprocess.run([engine, "--headless", "--path", PROJECT, "--import"], check=True)
    with screen() as environment:
        for name in names or [*SHOTS, *LIVE_SHOTS, "dock"]:
            target = IMAGES / f"godot_{name}.png"
            if name in SHOTS:
                shoot(engine, environment, target, SHOTS[name])
            else:
                with sidecar() as ports:
                    if name == "dock":
                        shoot_dock(engine, environment, target, ports)
                    else:
                        where = f"--sidecar={ports[0]},{ports[1]}"
                        shoot(engine, environment, target, [*LIVE_SHOTS[name], where])
            slim(target)


if __name__ == "__main__":
    main(sys.argv[1:])
