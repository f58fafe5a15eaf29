"""What ends a sidecar: its game, its pipe, a signal, a request."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from benchmarks.stopwatch import Stopwatch
from sentio_bridge.cli.ending import Ending, await_exit, start_game

DEADLINE = 60.0

GAME = """\
import os, subprocess, sys
child = subprocess.Popen(
    [sys.executable, "-m", "sentio_bridge", "run", "--demo", "--quiet", *sys.argv[2:],
     "--parent-pid", str(os.getpid())],
    stdin=subprocess.PIPE,
)
if sys.argv[1] == "inherit":  # another child of the game holds the sidecar's pipe open
    os.set_inheritable(child.stdin.fileno(), True)
    other = subprocess.Popen(["sleep", "60"], close_fds=False)
    print(child.pid, other.pid, flush=True)
else:
    print(child.pid, flush=True)
sys.stdin.read()
"""


@contextmanager
def program(code: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def runs(pid: int) -> bool:
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


def until(condition: Callable[[], bool], watch: Stopwatch | None = None) -> float:
    """Wait for a condition; return the seconds on a stopwatch that it took."""
    watch = watch or Stopwatch()
    while not condition():
        assert watch.elapsed() < DEADLINE, "did not happen"
        time.sleep(0.02)
    return watch.elapsed()


def test_a_process_that_does_not_exist_has_ended() -> None:
    with program("pass") as process:
        process.wait()
    await_exit(process.pid)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no zombies")
def test_a_dead_process_that_its_parent_has_not_collected_has_ended() -> None:
    with program("import sys; sys.stdin.read()") as process:
        watcher = threading.Thread(target=await_exit, args=(process.pid, 0.01))
        watcher.start()
        process.kill()  # and no wait: it stays in the process table
        watcher.join(DEADLINE)
        assert not watcher.is_alive()


def test_a_running_process_is_waited_for() -> None:
    with program("import sys; sys.stdin.read()") as process:
        ending = Ending()
        woken = threading.Event()
        ending.wakes(woken.set)
        watcher = threading.Thread(target=await_exit, args=(process.pid, 0.01))
        watcher.start()
        watcher.join(0.2)
        assert watcher.is_alive()
        assert process.stdin is not None
        process.stdin.close()
        process.wait()
        watcher.join(DEADLINE)
        assert not watcher.is_alive()
        assert not ending.stop.is_set()
        ending.end()
        assert woken.is_set()


def test_what_is_added_after_the_end_is_woken_at_once() -> None:
    ending, woken = Ending(), threading.Event()
    ending.end()
    ending.wakes(woken.set)
    assert woken.is_set()


@pytest.mark.skipif(os.name == "nt", reason="Windows children do not inherit pipes by default")
@pytest.mark.parametrize("how", ["alone", "inherit"])
def test_the_sidecar_ends_within_3_s_of_a_killed_game(
    how: str, free_ports: list[str], answers: Callable[[str], bool]
) -> None:
    with program(GAME, how, *free_ports) as game:
        assert game.stdout is not None
        pids = [int(pid) for pid in game.stdout.readline().split()]
        try:
            until(lambda: answers(free_ports[3]))
            watch = Stopwatch(lambda: pids[:1])
            game.kill()
            assert until(lambda: not runs(pids[0]), watch) < 3.0
        finally:
            for pid in pids:
                with suppress(psutil.NoSuchProcess):
                    psutil.Process(pid).kill()


@pytest.mark.skipif(os.name == "nt", reason="the game of this test is a shell script")
def test_the_sidecar_starts_a_game_and_ends_with_it(
    tmp_path: Path, free_ports: list[str], answers: Callable[[str], bool]
) -> None:
    game = tmp_path / "game"
    game.write_text("#!/bin/sh\npwd > started\nwhile [ ! -e leave ]; do sleep 0.05; done\n")
    game.chmod(0o755)
    command = [sys.executable, "-m", "sentio_bridge", "run", "--demo", "--quiet", *free_ports]
    with subprocess.Popen([*command, "--game", str(game)]) as sidecar:
        until(lambda: answers(free_ports[3]))
        until((tmp_path / "started").exists)
        assert sidecar.poll() is None
        (tmp_path / "leave").touch()
        sidecar.wait(DEADLINE)
        assert sidecar.returncode == 0


def test_a_game_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no-game"):
        start_game(tmp_path / "no-game")
