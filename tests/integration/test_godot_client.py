"""The Godot addon against real sidecars, and against a publisher that speaks another version."""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import zmq

from .test_godot import check_tests, imported

__all__ = ["imported"]

DEADLINE = 400.0
"""Seconds for all of it: some ten sidecars are started one after the other."""


@pytest.fixture
def newer_port() -> Iterator[int]:
    """A publisher of the protocol's version 2."""
    stop = threading.Event()
    context = zmq.Context()
    sock = context.socket(zmq.PUB)
    port = sock.bind_to_random_port("tcp://127.0.0.1")

    def publish() -> None:
        while not stop.wait(0.05):
            body = msgspec.msgpack.encode({"v": 2, "e": 1, "n": 0})
            sock.send(b"affect/player\0" + body)

    thread = threading.Thread(target=publish)
    thread.start()
    yield port
    stop.set()
    thread.join()
    context.destroy(linger=0)


@pytest.mark.slow
@pytest.mark.usefixtures("imported")
def test_the_addon_against_a_real_sidecar(newer_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    command = Path(sys.executable).parent / "sentio"
    found = str(command) if command.exists() else shutil.which("sentio")
    assert found, "the command 'sentio' is not installed beside this Python"
    monkeypatch.setenv("SENTIO_COMMAND", found)
    monkeypatch.setenv("SENTIO_NEWER_PORT", str(newer_port))
    check_tests("tests/integration/test_sidecar.gd", deadline=DEADLINE)
