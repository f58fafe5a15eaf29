"""A running sidecar opens no connection that was not configured."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from .conftest import Sidecar

DEMO_SECONDS = 3.0

SHARED = Path(__file__).parents[3] / "shared"


def addresses(pid: int) -> set[str]:
    """Return a process's remote addresses and its local listening ones."""
    found = set()
    for connection in psutil.Process(pid).net_connections("inet"):
        if connection.raddr:
            found.add(connection.raddr.ip)
        elif connection.laddr:
            found.add(connection.laddr.ip)
    return found


def test_demo_uses_no_address_beyond_loopback(run: Callable[..., Sidecar]) -> None:
    sidecar = run()
    sidecar.until(b"health", lambda h: h["frames"] > 30)
    end = time.monotonic() + DEMO_SECONDS
    seen: set[str] = set()
    while time.monotonic() < end:
        seen |= addresses(sidecar.process.pid)
        time.sleep(0.02)
    assert seen == {"127.0.0.1"}


ALONE = """
ip link set lo up
exec "$1" -m sentio_bridge run --demo --quiet --duration 4 --state-port 28700 --control-port 28701
"""


def test_sidecar_runs_without_a_network(tmp_path: object) -> None:
    """With only loopback, nothing is missing and nothing is reported."""
    if shutil.which("unshare") is None or shutil.which("ip") is None or os.geteuid() != 0:
        pytest.skip("no network namespace: needs root, unshare and ip")
    done = subprocess.run(
        ["unshare", "--net", "sh", "-ec", ALONE, "sh", sys.executable],
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
        env={**os.environ, "SENTIO_RUNTIME_DIR": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


RUNTIMES = """
import socket, sys, time
from pathlib import Path

names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
names.bind(("127.0.0.1", 53))
names.settimeout(3.0)

import numpy as np
from sentio_models.errors import ModelMissingError
from sentio_models.modalities.face.landmarker import FaceLandmarker
from sentio_models.runtime.onnx_session import OnnxSession

OnnxSession.shipped("body")
try:
    landmarker = FaceLandmarker()
except ModelMissingError:
    pass
else:
    landmarker.find(np.zeros((240, 320, 3), np.uint8), 0.0)
    landmarker.close()
try:
    sys.exit(f"a name was looked up: {names.recv(512)}")
except TimeoutError:
    pass
"""

RESOLVED_HERE = """
ip link set lo up
mount --bind "$2/resolv.conf" /etc/resolv.conf
exec "$1" -c "$3"
"""


def test_runtimes_of_models_look_up_no_name_and_store_nothing(tmp_path: Path) -> None:
    if shutil.which("unshare") is None or shutil.which("ip") is None or os.geteuid() != 0:
        pytest.skip("no network namespace: needs root, unshare and ip")
    (tmp_path / "resolv.conf").write_text("nameserver 127.0.0.1\n", encoding="ascii")
    home = tmp_path / "home"
    home.mkdir()
    # CI and PYTEST_CURRENT_TEST would keep onnxruntime from sending anyway.
    kept = {n: os.environ[n] for n in ("PATH", "PYTHONPATH") if n in os.environ}
    models = os.environ.get("SENTIO_MODELS", str(SHARED / "models"))
    script = ["sh", "-ec", RESOLVED_HERE, "sh", sys.executable, str(tmp_path), RUNTIMES]
    done = subprocess.run(
        ["unshare", "--net", "--mount", *script],
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
        env={"HOME": str(home), "SENTIO_MODELS": models, **kept},
    )
    assert done.returncode == 0, done.stderr
    assert not list(home.rglob("onnxruntime*"))
