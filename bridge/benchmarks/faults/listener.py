"""Correct client beside a fault: it notes the times of frames and events."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.stopwatch import Stopwatch
from sentio_bridge.errors import WireError
from sentio_bridge.protocol import codec
from sentio_bridge.transport.client import Subscription


@dataclass(frozen=True, slots=True)
class Arrival:
    """One frame on arrival.

    Attributes:
        at: Arrival (LSL clock, seconds).
        watch: The same on a clock that stops while programs wait for a processor, seconds.
        sent: When the sidecar sent it (LSL clock).
        captured: When its newest sample was captured; None if there is none.
        epoch: The sidecar's epoch.
        seq: Number in the epoch.
        finite: Whether every number of the vector is finite.
    """

    at: float
    watch: float
    sent: float
    captured: float | None
    epoch: int
    seq: int
    finite: bool


class Listener:
    """Subscriber of frames and events, on a thread of its own.

    Attributes:
        frames: Frames in the order of arrival.
        events: Events with their arrival times.
        malformed: Number of messages that could not be decoded.

    Args:
        state: State endpoint.
        token: Token of a listener.
        pids: Returns the processes whose waits for a processor do not count.
    """

    def __init__(self, state: str, token: str, pids: Callable[[], list[int]]) -> None:
        self.frames: list[Arrival] = []
        self.events: list[tuple[float, dict[str, Any]]] = []
        self.malformed = 0
        self._watch = Stopwatch(pids)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(state, token), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._stop.set()
        self._thread.join(5.0)

    def since(self, start: float) -> list[Arrival]:
        """Return the frames that arrived at ``start`` or later."""
        return [frame for frame in list(self.frames) if frame.at >= start]

    def _run(self, state: str, token: str) -> None:
        with Subscription(state, [b"affect/", b"event/"], token, backlog=True) as sub:
            while not self._stop.is_set():
                message = sub.receive(0.2)
                if message is not None:
                    self._take(message, time.monotonic())

    def _take(self, message: bytes, now: float) -> None:
        try:
            if message.startswith(b"event/"):
                self.events.append((now, codec.decode_map(codec.split_message(message)[2])))
                return
            frame = codec.decode_affect(message)
        except WireError:
            self.malformed += 1
            return
        finite = bool(np.isfinite(frame.vector).all())
        watch = self._watch.elapsed()
        self.frames.append(
            Arrival(now, watch, frame.sent, frame.captured, frame.epoch, frame.seq, finite)
        )


def missing(frames: list[Arrival]) -> int:
    """Return how many frames are missing between those received, epochs apart."""
    return sum(
        max(0, after.seq - before.seq - 1)
        for before, after in zip(frames, frames[1:], strict=False)
        if after.epoch == before.epoch
    )


def longest_pause(frames: list[Arrival], *, waits: bool = True) -> float:
    """Return the longest time between two arrivals, seconds.

    Args:
        frames: Frames in the order of arrival.
        waits: Whether waits of programs for a processor count.
    """
    times = [frame.at if waits else frame.watch for frame in frames]
    return max((b - a for a, b in zip(times, times[1:], strict=False)), default=0.0)


def delays(frames: list[Arrival]) -> tuple[float, float]:
    """Return median and 99th percentile from sending to arrival, milliseconds."""
    if not frames:
        return float("nan"), float("nan")
    ages = [(frame.at - frame.sent) * 1000.0 for frame in frames]
    median, high = np.percentile(ages, (50, 99))
    return float(median), float(high)
