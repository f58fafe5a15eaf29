"""The ledge in a real OpenXR session: Monado's simulated headset, software Vulkan.

It shows that a scene starts, keeps and leaves a session, reads poses, and survives recentring and
the loss of the session. It says nothing about speed, and no headset has been tried.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DEADLINE = 400.0
"""Seconds: software rendering gives one or two frames a second, and compiles shaders first."""

pytestmark = [pytest.mark.engine, pytest.mark.slow, pytest.mark.timeout(500)]


def headset() -> Path:
    """Return the program that runs Godot in the simulated headset.

    It is named by ``SENTIO_OPENXR``, or in the cache.
    """
    run = Path(os.environ.get("SENTIO_OPENXR", ROOT / ".cache/openxr")) / "xr-run"
    if not run.exists():
        pytest.skip("no OpenXR: run ../shared/tools/get_openxr.sh .cache/openxr")
    return run


def test_the_ledge_keeps_and_leaves_a_session() -> None:
    command = [str(headset()), "--path", str(ROOT / "godot_addon"), "--xr-mode", "on"]
    command += ["--rendering-method", "mobile", "--rendering-driver", "vulkan"]
    command += ["--audio-driver", "Dummy", "-s", "tests/vr/visit.gd"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as visit:
        try:
            output, _ = visit.communicate(timeout=DEADLINE)
        except subprocess.TimeoutExpired:
            os.killpg(visit.pid, signal.SIGTERM)
            output, _ = visit.communicate()
    assert "SCRIPT ERROR" not in output, output[-3000:]
    assert "headset active: true, views 2" in output, output[-3000:]
    assert "session_focussed" in output, output[-3000:]
    head = re.search(r"head: tracked (\w+), height ([-\d.]+)", output)
    assert head, output[-3000:]
    assert head[1] == "true"
    panel = re.search(r"recentred: panel at ([\d.]+) m, upright true", output)
    assert panel, output[-3000:]
    assert 0.8 < float(panel[1]) < 1.5
    assert "lost: on the desktop true, held true, by headset lost" in output
    assert "left" in output.splitlines()[-40:]
