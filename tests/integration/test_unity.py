"""Tests of the Unity package under Mono, and with real sidecars."""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import zmq
from tests.integration.conftest import DEADLINE, Sidecar, free_port

from sentio_bridge.protocol import codec

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests/unity"))
import build  # noqa: E402

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if build.missing():
        pytest.skip(build.missing())
    folder = tmp_path_factory.mktemp("mono")
    build.core(folder)
    build.host(folder)
    return folder


class Game:
    """A running client, and the lines that it prints."""

    PROGRAM = "Host.exe"

    def __init__(self, folder: Path, ports: tuple[int, int], token: str = "") -> None:
        given = [*map(str, ports), *([token] if token else [])]
        command = ["mono", str(folder / self.PROGRAM), *given]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self.output: list[str] = []
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End it at once."""
        self.process.kill()
        self.process.wait()
        self._thread.join()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.strip())

    def until(self, *starts: str) -> str:
        """Wait for a line that begins with one of ``starts``."""
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            try:
                line = self._lines.get(timeout=1.0)
            except queue.Empty:
                continue
            self.output.append(line)
            if line.startswith(starts):
                return line
        raise AssertionError(f"never output {starts}; output {self.output[-20:]}")

    def once(self, start: str) -> str:
        """Return the first line that begins with ``start``, printed before or after now.

        Events and replies come over two sockets, in any order.
        """
        for line in self.output:
            if line.startswith(start):
                return line
        return self.until(start)

    def ask(self, line: str) -> str:
        """Make a request; return the reply's line."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.until("reply " + line.split(" ")[0])

    def end(self) -> str:
        """Close its standard input; return its last line."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        last = self.until("counters")
        assert self.process.wait(DEADLINE) == 0
        return last


@contextmanager
def started_again(ports: tuple[int, int]) -> Iterator[None]:
    """Start another sidecar on the ports of a killed one."""
    again = subprocess.Popen(
        [sys.executable, "-m", "sentio_bridge", "run", "--exit-on-stdin-eof", "--demo", "--quiet"]
        + ["--state-port", str(ports[0]), "--control-port", str(ports[1])],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        again.communicate(timeout=DEADLINE)


def answer_to_another_version(play: Callable[..., Game]) -> str:
    """Connect a game to a publisher of another version; return its refusal."""
    with zmq.Context() as context, context.socket(zmq.XPUB) as xpub:
        xpub.setsockopt(zmq.LINGER, 0)
        port = xpub.bind_to_random_port("tcp://127.0.0.1")
        game = play((port, free_port()))
        xpub.recv()
        body = codec.encode_map("affect", "player", {"e": 1}).replace(b"\xa1v\x01", b"\xa1v\x02")
        for _ in range(3):
            xpub.send(body)
        return game.until("link Refused")


@pytest.fixture
def play(built: Path) -> Iterator[Callable[..., Game]]:
    games: list[Game] = []

    def start(ports: tuple[int, int], token: str = "") -> Game:
        games.append(Game(built, ports, token))
        return games[-1]

    yield start
    for game in games:
        game.close()


def test_the_core_compiles_without_an_engine_and_its_tests_pass(built: Path) -> None:
    assert build.passed(build.editor_tests(built)) > 30


def test_states_requests_recording_and_withdrawn_consent(
    play: Callable[..., Game], run: Callable[..., Sidecar], tmp_path: Path
) -> None:
    from sentio_bridge.config.presets import DEMO

    sidecar = run(DEMO + f'\n[recording]\nfolder = "{tmp_path}"\n')
    game = play(sidecar.ports)
    game.until("hello sentio")
    game.until("frame player Ok")
    assert any(line.startswith("link Live") for line in game.output)
    assert game.ask("marker name=boss_spawned") == "reply marker ok"
    game.once("event marker boss_spawned")
    assert game.ask(f"record action=start folder={tmp_path}").startswith("reply record bad_arg")
    folder = tmp_path / "session"
    assert game.ask("record action=start folder=session") == "reply record ok"
    assert game.ask("record action=start folder=session") == "reply record ok"
    assert game.ask("record action=stop") == "reply record ok"
    assert (folder / "data.xdf").stat().st_size > 0
    assert game.ask("nonsense").startswith("reply nonsense unknown_op")
    for sensor in ("camera", "microphone", "eeg", "body"):
        assert game.ask(f"consent action=withdraw sensor={sensor}") == "reply consent ok"
    game.until("frame player Withdrawn")
    assert game.end().split()[1:3] == ["0", "0"]


def test_a_killed_sidecar_is_reported_and_found_again(
    play: Callable[..., Game], run: Callable[..., Sidecar]
) -> None:
    sidecar = run()
    game = play(sidecar.ports)
    game.until("link Live")
    sidecar.process.kill()
    sidecar.process.wait()
    assert "trying again" in game.until("link Lost")
    with started_again(sidecar.ports):
        game.until("link Live")
        game.until("frame player")
        assert game.ask("time") == "reply time ok"
    assert int(game.end().split()[3]) >= 1


def test_an_absent_sidecar_is_reported_with_a_fix(play: Callable[..., Game]) -> None:
    game = play((free_port(), free_port()))
    assert "sentio run" in game.until("link Connecting sidecar not running")


@pytest.mark.parametrize(
    ("token", "wanted"), [("open sesame", "link Live"), ("wrong", "link Refused token refused")]
)
def test_tokens(
    play: Callable[..., Game], run: Callable[..., Sidecar], token: str, wanted: str
) -> None:
    from sentio_bridge.config.presets import DEMO

    sidecar = run(DEMO + '\n[sidecar]\ntoken = "open sesame"\n', token="open sesame")
    play(sidecar.ports, token).until(wanted)


def test_another_version_is_refused_with_a_reason(play: Callable[..., Game]) -> None:
    assert "version 2 needed" in answer_to_another_version(play)
