"""Load with all modalities, time to the first frame, and many subscribers."""

from __future__ import annotations

import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.latency import WARM, listen, of_frame, percentiles, picture_url, speech
from benchmarks.processes import free_port, python, sidecar
from sentio_bridge.protocol import codec
from sentio_bridge.protocol.frame import State, pack
from sentio_bridge.protocol.roles import Access, Grant, Role
from sentio_bridge.transport.client import Subscription
from sentio_bridge.transport.limits import Limits
from sentio_bridge.transport.server import ServerSockets
from sentio_sensors import MonotonicClock


def startup(rounds: int = 5) -> dict[str, Any]:
    """Measure the time from the start of `sentio run --demo` to its first frame."""
    seconds = []
    for _ in range(rounds):
        with (
            sidecar(None) as running,
            Subscription(running.state, [b"affect/"], backlog=True) as sub,
        ):
            if sub.receive(20.0) is not None:
                seconds.append(time.monotonic() - running.started)
    median = float(np.median(seconds)) if seconds else float("inf")
    return {"rounds": rounds, "p50_s": round(median, 2), "goal_s": 2.5, "met": median < 2.5}


def everything(config: str | None, seconds: float = 30.0) -> dict[str, Any]:
    """Measure CPU, memory and frame rate of a sidecar with ``config``.

    Args:
        config: Text of a configuration; None for the demo.
        seconds: Duration of the measurement, after the warm-up.
    """
    numbers: list[int] = []

    def counted(message: bytes) -> float | None:
        numbers.append(codec.decode_affect(message).seq)
        return of_frame(message)

    with sidecar(config) as running, Subscription(running.state, [b"affect/"], backlog=True) as sub:
        clock = MonotonicClock()
        listen(sub, of_frame, WARM + 4.0, clock)
        before = running.process.cpu_times()
        ages = listen(sub, counted, seconds, clock)
        after = running.process.cpu_times()
        used = after.user + after.system - before.user - before.system
        rss = running.process.memory_info().rss
    return {
        "cpu_share": round(used / seconds, 3),
        "cpu_goal": 0.35,
        "cpu_met": used / seconds < 0.35,
        "rss_mb": round(rss / 1e6),
        "rss_goal_mb": 450,
        "rss_met": rss / 1e6 < 450,
        "frames_hz": round((numbers[-1] - numbers[0]) / seconds, 1) if numbers else 0.0,
        "latency": percentiles(ages),
    }


TOKEN = "token of the benchmark"


def subscribers(counts: tuple[int, ...] = (1, 10, 100), frames: int = 300) -> dict[str, Any]:
    """Measure cost and delivery of frames at 60 Hz to many subscribers."""
    return {str(count): _publish_to(count, frames) for count in counts}


def _publish_to(count: int, frames: int) -> dict[str, Any]:
    from sentio_bridge.protocol.frame import AffectFrame

    clock = MonotonicClock()
    mask, vector = pack({"valence": 0.5, "arousal": 0.5, "confidence": 0.9})
    costs: list[float] = []
    with ExitStack() as stack:
        any_port = "tcp://127.0.0.1:*"
        access = Access({TOKEN: Grant(Role.LISTENER)})
        limits = Limits(connections=256, per_process=256, unidentified=256)
        sockets = stack.enter_context(ServerSockets(any_port, any_port, access, limits))
        subs = [
            stack.enter_context(
                Subscription(sockets.state_endpoint, [b"affect/"], TOKEN, backlog=True)
            )
            for _ in range(count)
        ]
        joined = 0
        while joined < count:
            sockets.wait(1.0)
            joined += len(sockets.new_subscriptions())
        start = clock.now()
        for seq in range(frames):
            clock.sleep(start + seq / 60.0 - clock.now())
            now = clock.now()
            frame = AffectFrame("player", 1, seq, now, now, State.OK, mask, vector)
            sockets.publish(codec.encode_affect(frame))
            costs.append((clock.now() - now) * 1000.0)
        newest = [_newest(sub) for sub in subs]
    figures = percentiles(costs)
    return {
        **figures,
        "got_newest": sum(seq == frames - 1 for seq in newest),
        "met": figures["p99_ms"] < 5.0 and all(seq == frames - 1 for seq in newest),
    }


def _newest(sub: Subscription) -> int:
    last = -1
    while (message := sub.receive(0.5 if last < 0 else 0.1)) is not None:
        last = codec.decode_affect(message).seq
    return last


def everything_live(seconds: float = 30.0, face: Path | None = None) -> dict[str, Any]:
    """Measure camera, sound, EEG, PPG and EDA at once.

    The camera has 30 fps, the sound 16 kHz, the EEG eight channels.
    """
    name = f"sentio-bench-{free_port()}"
    image = [str(face)] if face else []
    with ExitStack() as stack:
        server = stack.enter_context(python("benchmarks.mjpeg", *image))
        stack.enter_context(python("benchmarks.outlet", name))
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        return everything(
            EVERYTHING.format(url=picture_url(server), path=speech(Path(folder)), name=name),
            seconds,
        )


EVERYTHING = """\
[consent]
camera = ["adapt"]
microphone = ["adapt"]
eeg = ["adapt"]
body = ["adapt"]
[[source]]
type = "camera"
url = "{url}"
[[source]]
type = "microphone"
file = "{path}"
[[source]]
type = "lsl"
sensors = ["eeg"]
stream_name = "{name}"
[[source]]
type = "simulate"
roles = ["ppg", "eda"]
"""
"""Configuration of a sidecar with all modalities."""
