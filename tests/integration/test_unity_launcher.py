"""Unity's launcher starts, finds and ends real sidecars."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.integration.conftest import DEADLINE, Sidecar, free_port
from tests.integration.unity_game import Played, build

pytestmark = pytest.mark.engine

SENTIO = Path(sys.executable).with_name("sentio")


def gone(pid: int) -> bool:
    """Whether a process has ended; zombies have."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def until_gone(pid: int) -> None:
    end = time.monotonic() + DEADLINE
    while not gone(pid):
        assert time.monotonic() < end, f"process {pid} still runs"
        time.sleep(0.05)


def test_a_launcher_starts_a_sidecar_that_ends_with_it(play_game: Callable[..., Played]) -> None:
    game = play_game((free_port(), free_port()))
    game.send(f"launch {SENTIO}")
    started = game.until("launcher Started")
    pid = int(started.split("#")[1])
    game.until("frame player")
    assert not gone(pid)
    game.send("record sidecar session")
    refused = game.until("recorder False")
    assert "record needs the role operator, but this token has game" in refused
    assert 'game_may = ["record"]' in refused
    game.send("quit_launcher")
    until_gone(pid)


def test_a_launched_sidecar_ends_when_the_game_is_killed(play_game: Callable[..., Played]) -> None:
    game = play_game((free_port(), free_port()))
    game.send(f"launch {SENTIO}")
    pid = int(game.until("launcher Started").split("#")[1])
    game.process.kill()
    game.process.wait()
    until_gone(pid)


def test_two_launchers_at_once_share_one_sidecar(play_game: Callable[..., Played]) -> None:
    game = play_game((free_port(), free_port()))
    game.send(f"launch {SENTIO}")
    game.send(f"launch {SENTIO}")
    pid = int(game.until("launcher Started").split("#")[1])
    assert game.once("launcher Found").endswith("#-1")
    game.send("kill_sidecar")
    game.until("launcher Failed")
    assert int(game.until("launcher Started").split("#")[1]) != pid


@pytest.mark.parametrize(
    "how",
    [
        *(pytest.param(how, marks=pytest.mark.slow) for how in ("quits", "stops", "terminated")),
        "killed",
    ],
)
def test_a_sidecar_ends_although_another_child_holds_its_pipe(
    how: str, play_game: Callable[..., Played]
) -> None:
    game = play_game((free_port(), free_port()))
    game.send(f"launch {SENTIO}")
    pid = int(game.until("launcher Started").split("#")[1])
    game.send("child")
    other = int(game.until("child").split()[1])
    try:
        if how == "quits":
            game.process.stdin.close()
        elif how == "stops":
            game.send("quit_launcher")
        elif how == "terminated":
            game.process.terminate()
        else:
            game.process.kill()
        if how != "stops":
            game.process.wait()
        until_gone(pid)
        assert not gone(other)
    finally:
        os.kill(other, signal.SIGKILL)


@pytest.mark.skipif(os.name == "nt", reason="stops a process: signals")
def test_a_launcher_that_lost_its_ports_starts_another_when_that_sidecar_ends(
    play_game: Callable[..., Played], run: Callable[..., Sidecar]
) -> None:
    first = run()
    first.process.send_signal(signal.SIGSTOP)  # the ports are taken, and no reply comes
    game = play_game(first.ports)
    game.send(f"launch {SENTIO}")
    game.until("launcher Looking another sidecar took the ports first")
    first.process.send_signal(signal.SIGCONT)
    game.until("launcher Found")
    first.process.kill()
    first.process.wait()
    assert game.until("launcher Started", "launcher Failed").startswith("launcher Started")


def test_each_of_two_launchers_ends_its_own_sidecar(play_game: Callable[..., Played]) -> None:
    ports = [(free_port(), free_port()) for _ in range(2)]
    game = play_game((free_port(), free_port()))
    for state, control in ports:
        game.send(f"launch_at {state} {control} {SENTIO}")
    pids = [int(game.once(f"at {state} Started").split("#")[1]) for state, _ in ports]
    game.send(f"stop_at {ports[0][0]}")
    until_gone(pids[0])
    assert not gone(pids[1])
    game.process.kill()
    game.process.wait()
    until_gone(pids[1])


def test_a_running_sidecar_is_used_and_never_ended(
    play_game: Callable[..., Played], run: Callable[..., Sidecar]
) -> None:
    sidecar = run()
    game = play_game(sidecar.ports)
    game.until("link Live")
    game.send(f"launch {SENTIO}")
    assert game.until("launcher Found", "launcher Starting").startswith("launcher Found")
    game.send("quit_launcher")
    game.until("launcher Idle")
    assert sidecar.request("time")["ok"]


@pytest.mark.parametrize("how", ["stops", pytest.param("killed", marks=pytest.mark.slow)])
def test_a_launcher_of_an_il2cpp_build_starts_a_sidecar_by_native_calls(
    how: str, game_folder: Path, tmp_path: Path, play_game: Callable[..., Played]
) -> None:
    for name in ("Sentio.Core.dll", "UnityEngine.dll"):
        (tmp_path / name).symlink_to(game_folder / name)
    build.components(tmp_path, "UNITY_STANDALONE", "ENABLE_IL2CPP")
    build.stage(tmp_path)
    game = play_game((free_port(), free_port()), tmp_path)
    game.send(f"launch {SENTIO}")
    pid = int(game.until("launcher Started").split("#")[1])
    game.until("frame player")
    if how == "stops":
        game.send("quit_launcher")
    else:
        game.process.kill()
        game.process.wait()
    until_gone(pid)
