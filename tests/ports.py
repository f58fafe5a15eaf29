"""Free ports for the programs that tests start."""

from __future__ import annotations

import contextlib
import os
import random
import socket

FIRST, LAST = 20000, 32000
"""Below the ephemeral ports: a client that connects to an unused ephemeral port may be assigned
that port itself, and then blocks it for the program."""

_given: set[int] = set()


def free_port() -> int:
    """Return a port that nothing uses, and that no other test is given.

    A program binds its port some seconds after this check. Until then another test process could
    choose the same one, so each has ports of its own.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    while True:
        port = random.SystemRandom().randrange(FIRST + worker, LAST, workers)
        if port in _given:
            continue
        with contextlib.suppress(OSError), socket.socket() as sock:
            sock.bind(("127.0.0.1", port))
            _given.add(port)
            return port
