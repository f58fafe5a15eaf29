"""Keys of the live view: withdraw all consent, pause adaptation."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, TextIO

from sentio_bridge.errors import BridgeError

if TYPE_CHECKING:
    from sentio_bridge.transport.client import Requester

WITHDRAW, PAUSE = "W", "p"
"""Key that withdraws all consent of all subjects, and key that pauses adaptation or resumes it."""

HINT = f"{WITHDRAW} withdraw all consent   {PAUSE} pause adaptation   Ctrl+C end"
"""What the live view shows about the keys."""

POLL = 0.2
"""Seconds between two looks at whether the view has ended."""

BY = "live view"


class Shows(Protocol):
    """Display of one line."""

    def note(self, text: str) -> None:
        """Show a line instead of the one before."""
        ...


class LiveKeys:
    """Actions of the keys, by requests to the sidecar.

    Args:
        view: Shows what was done.
        connect: Returns a connection to the sidecar's control port.
    """

    def __init__(self, view: Shows, connect: Callable[[], Requester]) -> None:
        self._view = view
        self._connect = connect
        self._is_paused = False

    def press(self, key: str) -> None:
        """Act on a key; another one than the two does nothing."""
        actions = {WITHDRAW: self._withdraw, PAUSE: self._pause}
        if key not in actions:
            return
        try:
            with self._connect() as requester:
                done = actions[key](requester)
        except BridgeError as error:
            done = f"that did not work: {error.what}"
        self._view.note(f"{done}   {HINT}")

    def _withdraw(self, requester: Requester) -> str:
        for subject in requester.call("hello")["subjects"]:
            requester.call("consent", subject=subject, action="withdraw", by=BY, how="key")
        return "all consent is withdrawn"

    def _pause(self, requester: Requester) -> str:
        wanted = not self._is_paused
        op, more = ("freeze", {"reason": BY}) if wanted else ("unfreeze", {})
        for subject in requester.call("hello")["subjects"]:
            requester.call(op, subject=subject, by=BY, **more)
        self._is_paused = wanted
        return "adaptation is paused" if wanted else "adaptation goes on"


@contextmanager
def pressed_keys(
    view: Shows, connect: Callable[[], Requester], terminal: TextIO | None = None
) -> Iterator[None]:
    """Act on the keys of a terminal meanwhile; without a terminal, do nothing.

    Args:
        view: Shows the keys and what was done.
        connect: Returns a connection to the sidecar's control port.
        terminal: The terminal; default: standard input.
    """
    terminal = terminal or sys.stdin
    if terminal is None or terminal.closed or not terminal.isatty():
        yield
        return
    view.note(HINT)
    keys, ended = LiveKeys(view, connect), threading.Event()

    def read() -> None:
        for key in _keys(terminal, ended):
            keys.press(key)

    with _unbuffered(terminal):
        thread = threading.Thread(target=read, name="sentio-keys", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join(2.0)


if sys.platform == "win32":
    import msvcrt

    @contextmanager
    def _unbuffered(terminal: TextIO) -> Iterator[None]:
        yield

    def _keys(terminal: TextIO, ended: threading.Event) -> Iterator[str]:
        while not ended.wait(POLL):
            while msvcrt.kbhit():
                yield msvcrt.getwch()

else:
    import os
    import select
    import termios
    import tty

    @contextmanager
    def _unbuffered(terminal: TextIO) -> Iterator[None]:
        """Deliver each key at once, without an echo; Ctrl+C still interrupts."""
        before = termios.tcgetattr(terminal)
        tty.setcbreak(terminal.fileno())
        try:
            yield
        finally:
            termios.tcsetattr(terminal, termios.TCSADRAIN, before)

    def _keys(terminal: TextIO, ended: threading.Event) -> Iterator[str]:
        """Yield the keys until the view ends, or the terminal closes."""
        number = terminal.fileno()
        while not ended.is_set():
            if not select.select([number], [], [], POLL)[0]:
                continue
            try:
                data = os.read(number, 64)
            except OSError:  # the terminal is gone
                return
            if not data:
                return
            if not data.startswith(b"\x1b"):  # an arrow or function key has letters too
                yield from data.decode("utf-8", "replace")
