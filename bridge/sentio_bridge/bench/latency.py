"""How long a sample takes to reach another process, beside the bare loop that does only that."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import numpy as np
from sentio_sensors import Clock, MonotonicClock

from sentio_bridge import wire
from sentio_bridge.bench.processes import free_port, python, sidecar
from sentio_bridge.sockets import Subscription

WARM = 4.0
"""Seconds at the start that do not count: windows fill, processors wake."""


def percentiles(milliseconds: list[float]) -> dict[str, float]:
    """Return p50, p95 and p99 with the count."""
    if not milliseconds:
        return {"n": 0}
    found = np.percentile(milliseconds, (50, 95, 99))
    named = dict(zip(("p50_ms", "p95_ms", "p99_ms"), (round(float(f), 3) for f in found), strict=True))
    return {"n": len(milliseconds), **named}


def listen(
    sub: Subscription, captured: Callable[[bytes], float | None], seconds: float, clock: Clock
) -> list[float]:
    """Collect how old the newest sample is when its message is decoded here, in ms.

    A capture time counts once: keep-alive frames repeat it.
    """
    ages: list[float] = []
    last = None
    end = clock.now() + seconds
    while (now := clock.now()) < end:
        message = sub.receive(end - now)
        if message is None:
            break
        time = captured(message)
        if time is not None and time != last:
            ages.append((clock.now() - time) * 1000.0)
            last = time
    return ages


def of_frame(message: bytes) -> float | None:
    """Return the capture time of an affect frame."""
    return wire.decode_affect(message).captured


def of_floor(message: bytes) -> float | None:
    """Return the capture time of a bare loop's message."""
    time = wire.decode_map(wire.split(message)[2]).get("t")
    return float(time) if time is not None else None


def eeg(seconds: float = 20.0, rounds: int = 3) -> dict[str, Any]:
    """Measure LSL EEG (8 channels, 250 Hz, chunks of 10) to a decoded frame, and the floor.

    Both read the same outlet, one after the other, in alternation.
    """
    clock = MonotonicClock()
    name = f"sentio-bench-{free_port()}"
    config = (
        '[consent]\neeg = ["adapt"]\n[[source]]\ntype = "lsl"\nsensors = ["eeg"]\n'
        f'stream_name = "{name}"\n'
    )
    ours: list[float] = []
    floor: list[float] = []
    with ExitStack() as stack:
        stack.enter_context(python("sentio_bridge.bench.outlet", name))
        for _ in range(rounds):
            port = free_port()
            with python("sentio_bridge.bench.floor", name, str(port)):
                with Subscription(f"tcp://127.0.0.1:{port}") as sub:
                    floor += listen(sub, of_floor, seconds + WARM, clock)[int(WARM * 25) :]
            with sidecar(config) as running, Subscription(running.state, [b"affect/"]) as sub:
                listen(sub, of_frame, WARM, clock)
                ours += listen(sub, of_frame, seconds, clock)
    return _compared(percentiles(ours), percentiles(floor), {"p50": 1.5, "p99": 3.0})


def _compared(
    ours: dict[str, float], floor: dict[str, float], goals: dict[str, float]
) -> dict[str, Any]:
    result: dict[str, Any] = {"sentio": ours, "floor": floor}
    for name, goal in goals.items():
        key = f"{name}_ms"
        if floor.get(key):
            ratio = ours.get(key, float("inf")) / floor[key]
            result[f"{name}_ratio"] = round(ratio, 2)
            result[f"{name}_goal"] = goal
            result[f"{name}_met"] = ratio <= goal
    return result
