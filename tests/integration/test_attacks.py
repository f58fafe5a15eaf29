"""Tests of attacks: other clients go on, and the attacker is named."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import psutil
import pytest

from benchmarks.attacks import ONE, ages
from sentio_bridge.client import Subscription
from sentio_bridge.transport.tokens import find

from .conftest import DEADLINE, Sidecar

Run = Callable[..., Sidecar]

ATTACKER = ("-m", "benchmarks.faults.attacker")

EXPECTED = {
    "idle": {"connections", "banned", "handshake"},
    "topics": {"subscriptions", "data", "frames"},
    "requests": {"frames", "data"},
    "pings": {"frames", "data"},
    "silent": set(),
}
"""Limits of which at least one stops each attack."""


def attack(run: Run, kind: str, seconds: float) -> dict[str, float]:
    """Attack a sidecar beside a good listener; return what was measured.

    Delays are for `sentio bench --suite attacks` on a quiet machine: other tests run beside this.
    """
    sidecar = run(ONE)
    sidecar.until(b"health", lambda h: h["frames"] > 30)
    process = psutil.Process(sidecar.process.pid)
    port = sidecar.ports[1] if kind == "requests" else sidecar.ports[0]
    token = find(sidecar.state)
    with Subscription(sidecar.state, [b"affect/"]) as sub:
        ages(sub, 0.5)  # the first message is the last value, which is older
        idle = ages(sub, seconds)
        before = process.memory_info().rss
        attacker = subprocess.Popen(
            [sys.executable, *ATTACKER, kind, str(port), str(seconds), token]
        )
        try:
            under = ages(sub, seconds)
            rss = process.memory_info().rss
            health = sidecar.until(
                b"health",
                lambda h: (
                    not EXPECTED[kind]
                    or any(
                        o["what"] in EXPECTED[kind] and o["pid"] == attacker.pid
                        for o in h["disconnected"]
                    )
                ),
            )
            attacker.wait(DEADLINE)
        finally:
            attacker.kill()
            attacker.wait()
    assert sidecar.process.poll() is None
    assert sidecar.request("hello")["ok"]
    if EXPECTED[kind]:
        mine = [o for o in health["disconnected"] if o["pid"] == attacker.pid]
        assert all(o["port"] > 0 and o["program"] for o in mine)
    return {
        "rate": len(under) / len(idle),
        "megabytes": (rss - before) / 1e6,
        "descriptors": float(process.num_fds()),
    }


@pytest.mark.parametrize("kind", ["idle"])
def test_attack_is_stopped_and_named(run: Run, kind: str) -> None:
    measured = attack(run, kind, 3.0)
    assert measured["rate"] > 0.5, measured
    assert measured["megabytes"] < 50, measured
    assert measured["descriptors"] < 300, measured


@pytest.mark.slow
@pytest.mark.parametrize("kind", EXPECTED)
def test_a_correct_client_is_not_affected(run: Run, kind: str) -> None:
    measured = attack(run, kind, 10.0)
    print(kind, measured)
    assert measured["rate"] > 0.5, measured
    assert measured["megabytes"] < 50, measured
