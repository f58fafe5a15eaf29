"""What a confined process can no longer do."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in ("x86_64", "aarch64"),
    reason="the filter of system calls is for Linux",
)

PROGRAM = """
import os, socket, signal
from sentio_models.user_models.confinement import limit, restrict
parent = os.getppid()
assert limit() and restrict()
refused = []
def attempt(name, action):
    try:
        action()
    except (OSError, MemoryError):
        refused.append(name)
{attempts}
os.write(1, " ".join(refused).encode())
"""

ATTEMPTS = {
    "read": "open('/etc/hostname')",
    "write": "open('/tmp/sentio_confined', 'w')",
    "connect": "socket.socket()",
    "pair": "socket.socketpair()",
    "fork": "os.fork()",
    "execute": "os.execv('/bin/true', ['true'])",
    "signal": "os.kill(parent, 0)",
    "remove": "os.unlink('/tmp/sentio_confined')",
    "folder": "os.mkdir('/tmp/sentio_confined')",
    "list": "os.listdir('/')",
    "root": "os.setuid(0)",
    "memory": "bytearray(2 << 30)",
}


def test_files_network_processes_and_memory_are_refused() -> None:
    attempts = "\n".join(f"attempt({name!r}, lambda: {code})" for name, code in ATTEMPTS.items())
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(attempts=attempts)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == list(ATTEMPTS)


def test_filter_holds_in_threads_that_were_there_before() -> None:
    program = (
        "import os, threading\n"
        "from sentio_models.user_models.confinement import restrict\n"
        "go, done, found = threading.Event(), threading.Event(), []\n"
        "def other():\n"
        "    go.wait()\n"
        "    try:\n        os.listdir('/')\n"
        "    except OSError:\n        found.append('refused')\n"
        "    done.set()\n"
        "threading.Thread(target=other).start()\n"
        "assert restrict()\ngo.set()\ndone.wait()\nos.write(1, found[0].encode())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stdout == "refused", done.stderr
