"""Start and end the processes that a benchmark measures."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

from sentio_bridge.errors import BridgeError
from sentio_bridge.transport.client import Requester


def free_port() -> int:
    """Return a TCP port that is currently unused."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextmanager
def python(module: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run ``python -m module`` as a process, and end it on exit."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[Any]) -> None:
    """End a process, also one that was stopped or has ended, and close its pipes."""
    if process.poll() is None:
        psutil.Process(process.pid).resume()
        process.terminate()
    try:
        process.wait(5.0)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()


class Running:
    """A running sidecar under measurement.

    Attributes:
        state: State endpoint.
        control: Control endpoint.
        process: Process, for CPU time and memory.
        started: Start time of the process (LSL clock).
    """

    def __init__(self, state: str, control: str, pid: int, started: float) -> None:
        self.state = state
        self.control = control
        self.process = psutil.Process(pid)
        self.started = started


@contextmanager
def sidecar(config: str | None, speed: float = 1.0) -> Iterator[Running]:
    """Run a sidecar with a configuration's text, or the demo; wait until it is ready.

    Args:
        config: Text of the configuration; None for the demo.
        speed: Speed of its clock; other than 1 needs a configuration.

    Raises:
        BridgeError: It did not reply within 20 s.
    """
    ports = free_port(), free_port()
    state, control = (f"tcp://127.0.0.1:{port}" for port in ports)
    with tempfile.TemporaryDirectory() as folder:
        options: Sequence[str] = ("--demo",)
        if config is not None:
            path = Path(folder) / "sentio.toml"
            path.write_text(config, encoding="utf-8")
            options = ("--config", str(path))
        given = str(ports[0]), str(ports[1])
        command = [
            "sentio_bridge", "run", *options, "--quiet", "--exit-on-stdin-eof",
            "--state-port", given[0], "--control-port", given[1],
        ]  # fmt: skip
        if speed != 1.0:
            command = ["benchmarks.fast_sidecar", str(speed), options[1], *given]
        started = time.monotonic()
        with python(*command) as process:
            with Requester(control, timeout=20.0) as requester:
                if not requester.try_call("hello").get("ok"):
                    raise BridgeError("the sidecar refused a hello")
            yield Running(state, control, process.pid, started)


def machine() -> dict[str, object]:
    """Return a description of this machine."""
    import platform

    model = platform.processor() or platform.machine()
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    except OSError:
        pass
    return {
        "processor": model,
        "cores": psutil.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load_before": psutil.getloadavg()[0],
    }
