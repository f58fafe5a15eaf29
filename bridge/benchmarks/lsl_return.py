"""Time until a lost LSL stream is reported and until it is used again."""

from __future__ import annotations

import os
import signal
import subprocess
from typing import Any

import numpy as np

from benchmarks.latency import first_line, of_frame
from benchmarks.processes import Running, free_port, python, sidecar
from sentio_bridge.errors import BridgeError
from sentio_bridge.protocol import codec
from sentio_bridge.transport.client import Subscription
from sentio_sensors import Clock, MonotonicClock

REPORTED_GOAL, BACK_GOAL = 0.5, 2.0
"""Seconds until a loss is reported, and until a returned stream is used."""

TIMEOUT = 20.0
"""Seconds after which a measurement fails."""


def run(rounds: int = 5) -> dict[str, Any]:
    """Kill, stop and restart an EEG sender, with and without a ``source_id``.

    Args:
        rounds: Number of losses of each kind.
    """
    return {
        f"{'without' if anonymous else 'with'}_source_id": _rounds(rounds, anonymous)
        for anonymous in (False, True)
    }


def _rounds(rounds: int, anonymous: bool) -> dict[str, Any]:
    name = f"sentio-bench-{free_port()}"
    config = (
        '[consent]\neeg = ["adapt"]\n[[source]]\ntype = "lsl"\nsensors = ["eeg"]\n'
        f'stream_name = "{name}"\n'
    )
    arguments = (name, *(("anonymous",) if anonymous else ()))
    clock = MonotonicClock()
    killed, stopped, back = list[float](), list[float](), list[float]()
    with sidecar(config) as running:
        for _ in range(rounds):
            with python("benchmarks.outlet", *arguments) as sender:
                began = float(first_line(sender))
                back.append(_frame_of(running, began, clock) - began)
                stopped.append(_lost(running, sender, signal.SIGSTOP, clock))
                os.kill(sender.pid, signal.SIGCONT)
                _frame_of(running, clock.now(), clock)
                killed.append(_lost(running, sender, signal.SIGKILL, clock))
    return {
        "killed_reported_s": _figures(killed),
        "stopped_reported_s": _figures(stopped),
        "back_s": _figures(back[1:]),  # the first is a start, not a return
        "reported_met": max(killed + stopped) < REPORTED_GOAL,
        "back_met": max(back[1:]) < BACK_GOAL,
    }


def _lost(
    running: Running, sender: subprocess.Popen[bytes], signal_: signal.Signals, clock: Clock
) -> float:
    """Kill or stop the sender; return the time until an event reports it."""
    with Subscription(running.state, [b"event/"], backlog=True) as events:
        while events.receive(0.2) is not None:
            pass  # earlier events; also waits for the subscription
        lost = clock.now()
        os.kill(sender.pid, signal_)
        while (message := events.receive(TIMEOUT)) is not None:
            body = codec.decode_map(codec.split_message(message)[2])
            if body["kind"] == "sensor" and body["data"]["state"] != "on":
                return clock.now() - lost
    raise BridgeError(f"the loss was not reported within {TIMEOUT:g} s")


def _frame_of(running: Running, since: float, clock: Clock) -> float:
    """Return the arrival time of the first frame with a sample after ``since``."""
    with Subscription(running.state, [b"affect/"], backlog=True) as frames:
        end = clock.now() + TIMEOUT
        while (now := clock.now()) < end:
            message = frames.receive(end - now)
            captured = None if message is None else of_frame(message)
            if captured is not None and captured > since:
                return clock.now()
    raise BridgeError(f"the stream was not used again within {TIMEOUT:g} s")


def _figures(seconds: list[float]) -> dict[str, float]:
    return {"p50": round(float(np.median(seconds)), 2), "max": round(max(seconds), 2)}
