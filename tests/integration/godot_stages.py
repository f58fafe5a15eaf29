"""A copy of the imported Godot project for each file of tests, and runs of stages."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from .test_godot import DEADLINE, ROOT, godot

STAGES = ("menu", "arena", "corridor", "garden", "ledge", "character", "inspector")
FPS = 30
BESIDE = ("bridge", "examples", "tests")
"""Folders of the repository that tests in the project read."""
HARMLESS = re.compile(
    r"X509|ca-certificates|xdg-user|V-Sync|vsync|ObjectDB instances leaked|OpenXR: Failed to"
)
"""Messages of the unpacked engine that are independent of the project."""


@pytest.fixture(scope="module")
def project(imported: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the imported project."""
    folder = tmp_path_factory.mktemp("copy")
    for name in BESIDE:
        (folder / name).symlink_to(ROOT / name)
    return shutil.copytree(ROOT / "godot_addon", folder / "godot_addon")


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


def assert_silent(output: str) -> None:
    lines = [line for line in output.splitlines() if not HARMLESS.search(line)]
    wrong = [line for line in lines if re.search(r"SCRIPT ERROR|^ERROR|Parse Error", line)]
    assert not wrong, output[-4000:]


def tour(
    project: Path,
    display: str | None,
    *options: str,
    realtime: bool = False,
    engine: tuple[str, ...] = (),
) -> str:
    """Run a stage and return its output; as fast as possible unless `realtime`."""
    command = [godot(), "--path", str(project), "--audio-driver", "Dummy"]
    command += [] if realtime else ["--fixed-fps", str(FPS)]
    command += engine
    command += ["--rendering-driver", "opengl3"] if display else ["--headless"]
    command += ["-s", "demo/tools/tour.gd", "--", *options]
    environment = {"LIBGL_ALWAYS_SOFTWARE": "1", "DISPLAY": display or "", "HOME": str(Path.home())}
    environment["XDG_DATA_HOME"] = str(project.parent / "data")  # the demo's settings
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
