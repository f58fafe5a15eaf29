"""Tests of the live view's keys, on a pseudo-terminal and a running sidecar."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from tests.ports import free_port

from sentio_bridge.cli.live_keys import HINT, LiveKeys, pressed_keys
from sentio_bridge.errors import BridgeError
from sentio_bridge.transport.client import Requester

DEADLINE = 40.0

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")


class Notes:
    """View that keeps the lines."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.changed = threading.Condition()

    def note(self, text: str) -> None:
        with self.changed:
            self.lines.append(text)
            self.changed.notify_all()


def test_a_key_without_a_sidecar_states_the_problem() -> None:
    notes = Notes()
    keys = LiveKeys(notes, partial(Requester, f"tcp://127.0.0.1:{free_port()}", "x", timeout=0.2))
    keys.press("x")
    assert notes.lines == []
    keys.press("W")
    assert notes.lines[0].startswith("that did not work: no reply")


def test_keys_of_a_terminal_are_read_one_by_one_and_it_is_as_before() -> None:
    import termios

    ours, theirs = os.openpty()
    notes = Notes()

    def connect() -> Requester:
        raise BridgeError("there is no sidecar")

    with os.fdopen(theirs, "r") as terminal:
        before = termios.tcgetattr(terminal)
        with pressed_keys(notes, connect, terminal):
            assert notes.lines == [HINT]
            os.write(ours, b"W")
            with notes.changed:
                assert notes.changed.wait_for(lambda: len(notes.lines) > 1, DEADLINE)
        assert termios.tcgetattr(terminal) == before
    os.close(ours)
    assert notes.lines[1:] == [f"that did not work: there is no sidecar   {HINT}"]


def test_without_a_terminal_no_key_is_read() -> None:
    notes = Notes()
    with open(os.devnull) as file, pressed_keys(notes, lambda: pytest.fail("connected"), file):
        pass
    assert notes.lines == []


@contextlib.contextmanager
def demo_on_a_terminal() -> Iterator[tuple[int, Requester]]:
    """Run the demo with its live view on a pseudo-terminal."""
    ours, theirs = os.openpty()
    ports = free_port(), free_port()
    command = [sys.executable, "-m", "sentio_bridge", "run", "--demo"]
    command += ["--state-port", str(ports[0]), "--control-port", str(ports[1])]
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env={**os.environ, "TERM": "xterm"}
    )
    os.close(theirs)
    drained = threading.Thread(target=_drain, args=(ours,), daemon=True)
    drained.start()
    try:
        with Requester(f"tcp://127.0.0.1:{ports[1]}", timeout=2.0) as requester:
            yield ours, requester
    finally:
        process.terminate()
        process.wait(DEADLINE)
        os.close(ours)


def _drain(number: int) -> None:
    with contextlib.suppress(OSError):
        while os.read(number, 65_536):
            pass


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + DEADLINE
    while True:
        with contextlib.suppress(BridgeError):
            if condition():
                return
        assert time.monotonic() < end
        time.sleep(0.1)


def test_a_key_in_the_live_view_withdraws_everything() -> None:
    with demo_on_a_terminal() as (terminal, requester):

        def granted() -> int:
            consent = requester.call("consent", action="status")["consent"]
            return sum(map(len, consent.values()))

        def is_frozen() -> bool:
            return bool(requester.call("status")["detail"]["frozen"])

        until(lambda: granted() > 0)
        os.write(terminal, b"p")
        until(is_frozen)
        os.write(terminal, b"p")
        until(lambda: not is_frozen())
        os.write(terminal, b"W")
        until(lambda: granted() == 0)
        assert not any(requester.call("record", action="status")["recording"]["sensors"])
