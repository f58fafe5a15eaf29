"""Fixtures that run a sidecar as a separate process, with clients on real sockets."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.ports import free_port

from sentio_bridge.client import AffectFrame, Requester, Subscription, decode_affect, decode_map
from sentio_bridge.client import split_message as split_message

if TYPE_CHECKING:
    from .unity_game import Played

DEADLINE = 90.0
"""Timeout on a slow, busy machine, seconds; no test waits for its end."""


class Sidecar:
    """A process of `sentio run`, with client functions."""

    def __init__(self, arguments: list[str], token: str | None = None, **environment: str) -> None:
        self.ports = free_port(), free_port()
        self.state, self.control = (f"tcp://127.0.0.1:{port}" for port in self.ports)
        self.token = token
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sentio_bridge", "run", "--exit-on-stdin-eof", *arguments]
            + ["--state-port", str(self.ports[0]), "--control-port", str(self.ports[1])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONFAULTHANDLER": "1", **environment},
        )

    def wait_until_open(self) -> None:
        """Wait until both ports accept connections; fail with what the sidecar printed."""
        end = time.monotonic() + DEADLINE
        for port in self.ports:
            while True:
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                    break
                ended = self.process.poll() is not None
                if ended or time.monotonic() > end:
                    if not ended:
                        self.process.send_signal(signal.SIGABRT)  # prints where each thread is
                    output, _ = self.process.communicate(timeout=DEADLINE)
                    raise AssertionError(f"port {port} never opened:\n{output.decode()}")
                time.sleep(0.02)

    def request(self, op: str, **arguments: Any) -> dict[str, Any]:
        with Requester(self.control, self.token, timeout=DEADLINE) as requester:
            return requester.try_call(op, **arguments)

    def until(self, topic: bytes, condition: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Listen on ``topic`` until a message's body fulfils ``condition``."""
        last: dict[str, Any] = {}
        end = time.monotonic() + DEADLINE
        with Subscription(self.state, [topic], self.token) as sub:
            while time.monotonic() < end:
                message = sub.receive(1.0)
                if message is not None:
                    last = decode_map(split_message(message)[2])
                    if condition(last):
                        return last
        raise AssertionError(f"never fulfilled; last: {last}")

    def frames(self, count: int) -> list[AffectFrame]:
        frames: list[AffectFrame] = []
        end = time.monotonic() + DEADLINE
        # A busy machine reads late: without a backlog only the newest frame would be left.
        with Subscription(self.state, [b"affect/"], self.token, backlog=True) as sub:
            while len(frames) < count and time.monotonic() < end:
                message = sub.receive(1.0)
                if message is not None:
                    frames.append(decode_affect(message))
        return frames

    def end(self) -> tuple[int, str]:
        """Close its standard input and wait; return exit code and output."""
        output, _ = self.process.communicate(timeout=DEADLINE)
        return self.process.returncode, output.decode()


@pytest.fixture(scope="session")
def imported(run_folder: Path) -> None:
    """Let Godot build its cache of classes and pictures, once for all workers."""
    from .godot_projects import import_here

    import_here(run_folder)


@pytest.fixture(scope="session")
def addon_project(run_folder: Path) -> Path:
    """Folder of an empty project with the addon, imported once for all workers."""
    from .godot_projects import empty_project

    return empty_project(run_folder)


@pytest.fixture(scope="session")
def game_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a game of Unity's components on a stub engine; skips without Mono."""
    from .unity_game import compiled

    return compiled(tmp_path_factory.mktemp("mono"))


@pytest.fixture
def play_game(game_folder: Path) -> Iterator[Callable[..., Played]]:
    """Function that starts the game with a sidecar's ports."""
    from .unity_game import games

    with games(game_folder) as start:
        yield start


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[..., Sidecar]]:
    with sidecars(tmp_path) as start:
        yield start


@contextlib.contextmanager
def sidecars(folder: Path) -> Iterator[Callable[..., Sidecar]]:
    """Yield a function that starts sidecars in ``folder``; end them on exit."""
    started: list[Sidecar] = []

    def start(
        config: str | Path | None = None,
        *,
        token: str | None = None,
        quiet: bool = True,
        **environment: str,
    ) -> Sidecar:
        arguments = ["--quiet"] if quiet else []
        if config is None:
            arguments.append("--demo")
        elif isinstance(config, Path):
            arguments += ["--config", str(config)]
        else:
            path = folder / f"sentio{len(started)}.toml"
            path.write_text(config, encoding="utf-8")
            arguments += ["--config", str(path)]
        sidecar = Sidecar(arguments, token, **environment)
        started.append(sidecar)
        sidecar.wait_until_open()
        return sidecar

    try:
        yield start
    finally:
        for sidecar in started:
            sidecar.process.terminate()  # it ends by itself: what it has covered is counted
        for sidecar in started:
            try:
                sidecar.process.communicate(timeout=DEADLINE)
            finally:
                sidecar.process.kill()
