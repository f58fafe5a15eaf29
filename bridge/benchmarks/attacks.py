"""Delay of a correct client's frames while another program attacks the sidecar.

Each round measures, one after the other and in the same sidecar, an idle machine, a program that
only computes, and the attack: what the processors are used for by others is then in all three, and
the difference of the last two is what the sidecar itself adds. On a machine that does other work,
run it with ``chrt -r 5``: sidecar, listener and attacker then wait for each other only.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import psutil

from benchmarks.processes import Running, sidecar
from sentio_bridge.protocol import codec
from sentio_bridge.transport.client import Subscription
from sentio_bridge.transport.tokens import find

KINDS = ("idle", "topics", "requests", "pings", "silent")
"""Attacks of `benchmarks.faults.attacker`."""

ONE = """
[consent]
body = ["adapt"]
[[source]]
type = "simulate"
roles = ["ppg", "eda"]
"""

SPIN = """
import sys, time
end = time.monotonic() + float(sys.argv[1])
while time.monotonic() < end:
    pass
"""
"""Program that only computes."""

GOAL, GOAL_MB = 3.0, 50.0
"""Largest p99 under attack as a multiple of the idle one, and memory."""


def run(
    kinds: Sequence[str] = KINDS, seconds: float = 5.0, rounds: int = 3, config: str = ONE
) -> dict[str, Any]:
    """Measure each attack: p99 of sending to arrival in ms, and the sidecar's cost.

    Args:
        kinds: Attacks.
        seconds: Length of each of the three parts of a round.
        rounds: Number of rounds; the medians are compared with the goal.
        config: Text of the sidecar's configuration.
    """
    found = {}
    for kind in kinds:
        with (
            sidecar(config) as running,
            Subscription(running.state, [b"affect/"], backlog=True) as sub,
        ):
            ages(sub, 3.0)
            found[kind] = _summary([_round(running, sub, kind, seconds) for _ in range(rounds)])
    return found


def _round(running: Running, sub: Subscription, kind: str, seconds: float) -> dict[str, float]:
    port = (running.control if kind == "requests" else running.state).rpartition(":")[2]
    attacker = [sys.executable, "-m", "benchmarks.faults.attacker", kind, port, str(seconds + 1.0)]
    measured = {"idle": _percentile(ages(sub, seconds))}
    spin = [sys.executable, "-c", SPIN, str(seconds + 1.0)]
    measured["busy"] = _beside(spin, sub, seconds)
    children = _children()
    before, memory = _used(running.process), running.process.memory_info().rss
    measured["attack"] = _beside([*attacker, find(running.state)], sub, seconds)
    measured["attacker"] = (_children() - children) / (seconds + 1.0)
    measured["cpu"] = (_used(running.process) - before) / (seconds + 1.0)
    measured["mb"] = (running.process.memory_info().rss - memory) / 1e6
    return measured


def _beside(command: Sequence[str], sub: Subscription, seconds: float) -> float:
    """Return the p99 while a program runs; the messages of its start are left out."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        ages(sub, 0.5)
        measured = _percentile(ages(sub, seconds))
        process.wait(seconds + 60.0)
    ages(sub, 0.5)
    return measured


def ages(sub: Subscription, seconds: float) -> list[float]:
    """Return the seconds from sending to arrival of each frame, for a while."""
    found = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        message = sub.receive(0.5)
        if message is not None:
            found.append(time.monotonic() - codec.decode_affect(message).sent)
    return found


def _percentile(delays: Sequence[float]) -> float:
    """Return the 99th percentile of seconds, ms."""
    return 1000.0 * float(np.percentile(delays, 99)) if delays else float("inf")


def _used(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _children() -> float:
    """Return the processor time of programs that have ended, seconds."""
    times = os.times()
    return times.children_user + times.children_system


def _summary(rounds: Sequence[dict[str, float]]) -> dict[str, Any]:
    """Return each round's p99 and their medians against the goals."""
    columns = {name: [each[name] for each in rounds] for name in rounds[0]}
    idle, attack = (float(np.median(columns[name])) for name in ("idle", "attack"))
    memory = max(columns["mb"])
    return {
        "p99_ms": {n: [round(x, 2) for x in columns[n]] for n in ("idle", "busy", "attack")},
        "ratio": round(attack / idle, 2),
        "ratio_to_busy": round(attack / float(np.median(columns["busy"])), 2),
        "goal": GOAL,
        "met": attack <= GOAL * idle,
        "cpu_share": round(float(np.median(columns["cpu"])), 3),
        "attacker_cpu_share": round(float(np.median(columns["attacker"])), 3),
        "mb": round(memory, 1),
        "mb_met": memory < GOAL_MB,
    }
