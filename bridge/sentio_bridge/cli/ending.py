"""Reasons to end a running sidecar, other than a request over the control socket."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

PERIOD = 0.25
"""Seconds between two looks at the parent process."""

HARD_LIMIT = 10.0
"""Seconds in which a sidecar without its game closes everything; afterwards it exits as it is.

A driver that never returns must not keep a process, and perhaps a camera, that nothing uses.
"""


class Ending:
    """Stop event of a command, set by whatever ends it first.

    Attributes:
        stop: Set when the command has to end.
    """

    def __init__(self) -> None:
        self.stop = threading.Event()
        self._wake: list[Callable[[], None]] = []

    def wakes(self, wake: Callable[[], None]) -> None:
        """Call ``wake`` when the command ends; at once if it has ended already."""
        self._wake.append(wake)
        if self.stop.is_set():
            wake()

    def end(self, *_: Any) -> None:
        """End the command; callable from any thread and as a signal handler."""
        self.stop.set()
        for wake in list(self._wake):
            wake()

    def on_signals(self) -> None:
        """End on SIGINT and SIGTERM."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.end)

    def after(self, seconds: float) -> None:
        """End after a duration."""
        timer = threading.Timer(seconds, self.end)
        timer.daemon = True
        timer.start()

    def on_stdin_eof(self) -> None:
        """End when standard input is closed: the process that held the pipe is gone."""
        self._watch("sentio-stdin", _await_eof)

    def on_exit_of(self, pid: int) -> None:
        """End when process ``pid`` no longer runs; at once if there is none.

        A pipe alone is not enough: other children of the game may have inherited its end.
        """
        self._watch("sentio-parent", lambda: await_exit(pid))

    def _watch(self, name: str, wait: Callable[[], None]) -> None:
        def watch() -> None:
            wait()
            self.end()
            time.sleep(HARD_LIMIT)
            log.error("not closed within %g s; exiting", HARD_LIMIT)
            os._exit(1)

        threading.Thread(target=watch, name=name, daemon=True).start()


def await_exit(pid: int, period: float = PERIOD) -> None:
    """Wait until a process has ended; it need not be a child of this one.

    psutil reads ``/proc`` on Linux, ``sysctl`` on macOS and the process table on Windows.

    Args:
        pid: Process number, in the same PID namespace.
        period: Seconds between two looks.
    """
    import psutil

    try:
        process = psutil.Process(pid)
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            time.sleep(period)
    except psutil.AccessDenied:  # it runs as another user: only its existence can be seen
        while psutil.pid_exists(pid):
            time.sleep(period)
    except psutil.NoSuchProcess:
        pass


def start_game(program: Path, umask: int = -1) -> int:
    """Start a program in its own folder and return its process number.

    For games that cannot start programs themselves, such as Unity players built with IL2CPP.

    Args:
        program: The program.
        umask: Mode bits that its files do not get (POSIX); -1: as in this process.

    Raises:
        OSError: It cannot be started.
    """
    program = program.resolve()
    # By default a program gets the C library's variables, with what keeps MediaPipe from uploads.
    variables = dict(os.environ)
    return subprocess.Popen(
        [program], cwd=program.parent, stdin=subprocess.DEVNULL, env=variables, umask=umask
    ).pid


def _await_eof() -> None:
    # Not sys.stdin: a thread that holds its buffer lock blocks the interpreter's exit.
    try:
        while os.read(0, 4096):
            pass
    except OSError:  # there is no standard input, as under a Windows service
        pass
