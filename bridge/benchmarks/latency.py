"""Latency from a sample to another process, compared with a bare loop."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.processes import free_port, python, sidecar
from sentio_bridge.errors import BridgeError
from sentio_bridge.protocol import codec
from sentio_bridge.transport.client import Subscription
from sentio_sensors import Clock, MonotonicClock

WARM = 4.0
"""Seconds at the start that are excluded: windows fill, processors leave idle states."""


def percentiles(milliseconds: list[float]) -> dict[str, float]:
    """Return p50, p95 and p99, and the number of values."""
    if not milliseconds:
        return {"n": 0}
    quantiles = np.percentile(milliseconds, (50, 95, 99))
    named = dict(
        zip(("p50_ms", "p95_ms", "p99_ms"), (round(float(f), 3) for f in quantiles), strict=True)
    )
    return {"n": len(milliseconds), **named}


def listen(
    sub: Subscription, captured: Callable[[bytes], float | None], seconds: float, clock: Clock
) -> list[float]:
    """Collect the ages of the newest samples when their messages are decoded, in ms.

    Each capture time counts once: keepalive frames repeat it.
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
    return codec.decode_affect(message).captured


def of_floor(message: bytes) -> float | None:
    """Return the capture time of a bare loop's message."""
    time = codec.decode_map(codec.split_message(message)[2]).get("t")
    return float(time) if time is not None else None


def eeg(seconds: float = 20.0, rounds: int = 3) -> dict[str, Any]:
    """Measure the delay from an LSL EEG chunk to a decoded frame, and the floor.

    Eight channels, 250 Hz, chunks of ten samples.

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
        stack.enter_context(python("benchmarks.outlet", name))
        for _ in range(rounds):
            port = free_port()
            with python("benchmarks.floor", name, str(port)):
                with Subscription(f"tcp://127.0.0.1:{port}", backlog=True) as sub:
                    floor += listen(sub, of_floor, seconds + WARM, clock)[int(WARM * 25) :]
            with (
                sidecar(config) as running,
                Subscription(running.state, [b"affect/"], backlog=True) as sub,
            ):
                listen(sub, of_frame, WARM, clock)
                ours += listen(sub, of_frame, seconds, clock)
    return _compare(percentiles(ours), percentiles(floor), {"p50": 1.7, "p99": 3.0})


def _compare(
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


def camera(seconds: float = 20.0, face: Path | None = None, rounds: int = 2) -> dict[str, Any]:
    """Measure the delay from an MJPEG picture to a frame, and the bare loop.

    The camera is 640x480 over loopback.

    The bare loop only decodes the JPEG and runs the face landmarker, in one process.

    Args:
        seconds: Duration of each measurement.
        face: An image with a face; without it no face is found and the figure means little.
        rounds: Number of alternations.
    """
    clock = MonotonicClock()
    ours: list[float] = []
    floor: list[float] = []
    image = [str(face)] if face else []
    with python("benchmarks.mjpeg", *image) as server:
        url = picture_url(server)
        for _ in range(rounds):
            with python("benchmarks.bare_face", url, str(seconds)) as bare:
                floor += [float(x) for x in first_line(bare).split()]
            with sidecar(CAMERA.format(url=url)) as running:
                with Subscription(running.state, [b"affect/"], backlog=True) as sub:
                    listen(sub, of_frame, WARM + 4.0, clock)
                    ours += listen(sub, of_frame, seconds, clock)
    return _compare(percentiles(ours), percentiles(floor), {"p50": 1.4})


def microphone(seconds: float = 20.0, data: Path | None = None) -> dict[str, Any]:
    """Measure the time from the end of a block of sound to the decoded frame.

    Args:
        seconds: Duration of the measurement.
        data: Labelled data with a real voice; default: a simulated voice.
    """
    clock = MonotonicClock()
    with tempfile.TemporaryDirectory() as folder:
        real = sorted((data / "voice_emodb").glob("*W*.flac")) if data is not None else []
        path = real[0].resolve() if real else speech(Path(folder))
        with sidecar(MICROPHONE.format(path=path)) as running:
            with Subscription(running.state, [b"affect/"], backlog=True) as sub:
                listen(sub, of_frame, WARM, clock)
                ours = percentiles(listen(sub, of_frame, seconds, clock))
    return {"sentio": ours, "p50_goal_ms": 4.0, "p50_met": ours.get("p50_ms", 1e9) < 4.0}


CAMERA = '[consent]\ncamera = ["adapt"]\n[[source]]\ntype = "camera"\nurl = "{url}"\n'
"""Configuration of a sidecar that reads one MJPEG stream."""

MICROPHONE = (
    '[consent]\nmicrophone = ["adapt"]\n[[source]]\ntype = "microphone"\nfile = "{path}"\n'
    "loop = true\n"
)
"""Configuration of a sidecar that reads one sound file in real time."""


def speech(folder: Path) -> Path:
    """Write half a minute of the simulated voice as a WAV file."""
    import wave

    from sentio_sensors import ManualClock, Role
    from sentio_sensors.simulated import SimulatedSource, SimulateSettings

    clock = ManualClock()
    source = SimulatedSource(SimulateSettings(roles=(Role.AUDIO,), scenario="joy"), clock)
    source.open()
    blocks: list[Any] = []
    while sum(map(len, blocks)) < 30 * 16000:
        blocks += [chunk.values[:, 0] for chunk in source.read(1.0)]
    path = folder / "speech.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes((np.concatenate(blocks).clip(-1, 1) * 32767).astype("<i2").tobytes())
    return path


def picture_url(server: subprocess.Popen[bytes]) -> str:
    """Return the address that ``benchmarks.mjpeg`` serves.

    Raises:
        BridgeError: It has ended.
    """
    url = first_line(server)
    if not url:
        raise BridgeError("no pictures can be served", "run: python -m benchmarks.mjpeg [IMAGE]")
    return url


def first_line(process: subprocess.Popen[bytes]) -> str:
    """Return the first line that a process writes."""
    assert process.stdout is not None
    return process.stdout.readline().decode().strip()
