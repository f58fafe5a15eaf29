"""Photograph the Godot demo into docs/images: each stage after some seconds of simulated play.

Needs Xvfb, Mesa's software GL and a Godot (`SENTIO_GODOT`, or the repository's cache).
"""

from __future__ import annotations

import os
import subprocess
import sys

from godot_zip import ROOT, godot
from PIL import Image

PICTURES = ROOT / "docs/images"
WIDTH = 960
"""Pixels."""
COLOURS = 256
"""A palette keeps a picture under 300 kB; with dithering nobody sees it."""
SHOTS: dict[str, list[str]] = {
    "menu": ["--stage=menu", "--seconds=5", "--scenario=joy"],
    "arena": ["--stage=arena", "--seconds=44", "--scenario=stress"],
    "garden": ["--stage=garden", "--seconds=136", "--scenario=recovery"],
    "character": ["--stage=character", "--seconds=9", "--scenario=joy"],
    "inspector": ["--stage=inspector", "--seconds=29", "--scenario=stress"],
    "hud": ["--stage=arena", "--seconds=26", "--scenario=joy", "--hud"],
}


def main(wanted: list[str]) -> None:
    """Take the pictures named in `wanted`, or all."""
    engine = godot()
    if not engine:
        raise SystemExit("no Godot: set SENTIO_GODOT to its path")
    project = ROOT / "godot_addon"
    subprocess.run([engine, "--headless", "--path", project, "--import"], check=True)
    screen = ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x720x24", "-nolisten", "tcp"]
    with subprocess.Popen(screen, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        display = ":" + server.stdout.readline().decode().strip()
        environment = {**os.environ, "DISPLAY": display, "LIBGL_ALWAYS_SOFTWARE": "1"}
        for name in wanted or SHOTS:
            target = PICTURES / f"godot_{name}.png"
            command = [engine, "--path", str(project), "--rendering-driver", "opengl3"]
            command += ["--audio-driver", "Dummy", "--fixed-fps", "30", "-s", "demo/tools/tour.gd"]
            command += ["--", f"--shot={target}", f"--width={WIDTH}", *SHOTS[name]]
            subprocess.run(command, env=environment, check=True)
            with Image.open(target) as picture:
                whole = picture.convert("RGB")
            palette = whole.quantize(COLOURS, kmeans=4)
            few = whole.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)
            few.save(target, optimize=True)
            print(f"{target.relative_to(ROOT)}: {target.stat().st_size / 1024:.0f} kB")
        server.terminate()


if __name__ == "__main__":
    main(sys.argv[1:])
