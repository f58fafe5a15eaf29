"""A running sidecar opens no connection that was not configured."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable

import psutil
import pytest

from .conftest import Sidecar

DEMO_SECONDS = 3.0


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
