"""Thousands of hostile connections to a running sidecar with its usual limits."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import ExitStack
from typing import Any

from benchmarks.attacks import ONE
from benchmarks.processes import Running, sidecar
from sentio_bridge.protocol import codec
from sentio_bridge.transport.client import Requester, Subscription

PROGRAMS = 8
"""Processes that connect: one alone is banned at its 33rd connection."""

HOLD = 5.0
"""Seconds for which a program keeps its connections: longer than a handshake may take."""

GOAL_MB = 50.0


def run(count: int = 2000, programs: int = PROGRAMS, hold: float = HOLD) -> dict[str, Any]:
    """Open ``count`` connections beside a good listener; return what they cost.

    Args:
        count: Connections of all programs together.
        programs: Programs that open them at the same time.
        hold: Seconds for which each keeps them.
    """
    with (
        sidecar(ONE) as running,
        Subscription(running.state, [b"affect/"], backlog=True) as good,
    ):
        numbers = _frames(good, 1.5)
        before = _footprint(running)
        started = time.monotonic()
        with ExitStack() as stack:
            crowd = [
                stack.enter_context(_program(running, count // programs, hold, number))
                for number in range(programs)
            ]
            while any(program.poll() is None for program in crowd):
                numbers += _frames(good, 0.5)
            opened = [[int(part) for part in _output(program)] for program in crowd]
        seconds = time.monotonic() - started
        numbers += _frames(good, 1.0)
        after = _at_rest(running, before)
        with Requester(running.control, timeout=20.0) as requester:
            health = requester.call("status")["health"]
    missing = numbers[-1] - numbers[0] + 1 - len(numbers)
    return {
        "opened": sum(each[0] for each in opened),
        "closed": sum(each[1] for each in opened),
        "seconds": round(seconds, 1),
        "named": sorted({each["what"] for each in health["disconnected"]}),
        "missing_frames": missing,
        "grown_mb": round(after[0] - before[0], 1),
        "descriptors": (before[1], after[1]),
        "threads": (before[2], after[2]),
        "defects": health["defects"],
        "met": missing == 0
        and not health["defects"]
        and after[0] - before[0] < GOAL_MB
        and after[1] <= before[1]
        and after[2] <= before[2],
    }


def _program(running: Running, count: int, hold: float, seed: int) -> subprocess.Popen[str]:
    ports = [endpoint.rpartition(":")[2] for endpoint in (running.state, running.control)]
    module = [sys.executable, "-m", "benchmarks.hostile.crowd"]
    arguments = [*ports, str(count), str(hold), str(seed)]
    return subprocess.Popen([*module, *arguments], stdout=subprocess.PIPE, text=True)


def _output(program: subprocess.Popen[str]) -> list[str]:
    assert program.stdout is not None
    return program.stdout.read().split()


def _frames(good: Subscription, seconds: float) -> list[int]:
    """Return the numbers of the frames that arrive for a while."""
    found = []
    end = time.monotonic() + seconds
    while (rest := end - time.monotonic()) > 0:
        message = good.receive(rest)
        if message is not None:
            found.append(codec.decode_affect(message).seq)
    return found


def _footprint(running: Running) -> tuple[float, int, int]:
    """Return memory in MB, descriptors and threads."""
    process = running.process
    return process.memory_info().rss / 1e6, process.num_fds(), process.num_threads()


def _at_rest(running: Running, before: tuple[float, int, int]) -> tuple[float, int, int]:
    """Return the footprint once closed connections are gone, or after 10 s."""
    end = time.monotonic() + 10.0
    while True:
        after = _footprint(running)
        if (after[1] <= before[1] and after[2] <= before[2]) or time.monotonic() > end:
            return after
        time.sleep(0.1)
