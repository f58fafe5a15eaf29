"""Soak: a sidecar with all modalities for hours, while clients come and go."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from benchmarks import soak_figures, soak_page
from benchmarks.faults.suite import commit
from benchmarks.latency import picture_url, speech
from benchmarks.processes import Running, free_port, python, sidecar
from benchmarks.soak_clients import Guests, Listener
from benchmarks.soak_figures import Sample

SLOPE_GOAL = 1.0
"""Growth of resident memory that is allowed, MB per hour."""

LONGEST_WARM_UP = 1.0
"""Hours at the start that never count: caches, allocators and windows fill."""

GRANTS = """\
[privacy]
folder = "{folder}/privacy"
[recording]
folder = "{folder}/recordings"
[consent]
camera = ["adapt", "record", "record_raw"]
microphone = ["adapt", "record", "record_raw"]
eeg = ["adapt", "record", "record_raw"]
body = ["adapt", "record", "record_raw"]
text = ["adapt"]
headset = ["adapt"]
input = ["adapt"]
"""

REAL = """\
[[source]]
type = "camera"
url = "{url}"
[[source]]
type = "microphone"
file = "{speech}"
[[source]]
type = "lsl"
sensors = ["eeg"]
stream_name = "{stream}"
[[source]]
type = "simulate"
roles = ["ppg", "eda", "resp", "temp", "accel", "marker"]
"""
"""Sources in real time: a camera, a sound file, an LSL stream and a simulated body."""

FAST = """\
[sidecar]
rate_hz = 30
[models]
budget_ms = 2000
[[source]]
type = "simulate"
roles = ["audio", "eeg", "ppg", "eda", "resp", "temp", "accel", "marker"]
"""
"""Sources on the fast clock: the simulator, because devices of this machine keep their own time."""


def run(
    hours: float, speed: float = 1.0, face: Path | None = None, page: Path | None = None
) -> dict[str, Any]:
    """Run the soak and return its figures.

    Args:
        hours: Duration in hours of the sidecar's clock.
        speed: Speed of the sidecar's clock; 1 uses real devices and the machine's clock.
        face: Image of a face for the camera.
        page: Markdown page to write.
    """
    figures = _run(hours, speed, face)
    if page is not None:
        text = soak_page.write([figures], time.strftime("%Y-%m-%d"), commit())
        page.write_text(text, encoding="utf-8")
    return figures


def _run(hours: float, speed: float, face: Path | None) -> dict[str, Any]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        text = GRANTS.format(folder=folder)
        if speed == 1.0:
            image = [str(face)] if face else []
            stream = f"sentio-soak-{free_port()}"
            url = picture_url(stack.enter_context(python("benchmarks.mjpeg", *image)))
            stack.enter_context(python("benchmarks.outlet", stream))
            text += REAL.format(url=url, speech=speech(folder), stream=stream)
            running = stack.enter_context(sidecar(text))
        else:
            running = stack.enter_context(sidecar(text + FAST, speed))
        return _measure(running, hours, speed, folder / "recordings")


def _measure(running: Running, hours: float, speed: float, recordings: Path) -> dict[str, Any]:
    stop = threading.Event()
    listener = Listener()
    calibrating = threading.Lock()
    guests = [Guests(running.state, running.control, 3.0, calibrating, seed) for seed in (1, 2)]
    threads = [threading.Thread(target=listener.run, args=(running.state, stop))]
    threads += [threading.Thread(target=guest.run, args=(stop,)) for guest in guests]
    for thread in threads:
        thread.start()
    try:
        samples = _sample(running, hours, speed, recordings)
    finally:
        stop.set()
        for thread in threads:
            thread.join(30.0)
    return _figures(samples, hours, speed, listener, guests)


def _sample(running: Running, hours: float, speed: float, recordings: Path) -> list[Sample]:
    """Sample the process until the end, or until it ends by itself."""
    samples: list[Sample] = []
    seconds = hours * 3600.0 / speed
    period = max(0.5, min(10.0, seconds / 200))
    start = time.monotonic()
    while (elapsed := time.monotonic() - start) < seconds:
        try:
            with running.process.oneshot():
                samples.append(
                    Sample(
                        elapsed * speed / 3600.0,
                        running.process.memory_info().rss / 1e6,
                        running.process.num_fds(),
                        running.process.num_threads(),
                    )
                )
        except psutil.Error:
            break
        for old in sorted(recordings.glob("*"), key=lambda p: p.stat().st_mtime)[:-3]:
            shutil.rmtree(old, ignore_errors=True)
        time.sleep(period)
    return samples


def _figures(
    samples: list[Sample], hours: float, speed: float, listener: Listener, guests: list[Guests]
) -> dict[str, Any]:
    warm_up = min(LONGEST_WARM_UP, hours / 3)
    settled = soak_figures.settled(samples, warm_up)
    at = np.array([s.at for s in settled])
    found = {
        name: soak_figures.slope(at, np.array([float(getattr(s, name)) for s in settled]))
        for name in ("rss", "descriptors", "threads")
    }
    ended = samples[-1].at < 0.98 * hours - 0.05
    failed = {k: f"{n}: {g.why[k]}" for g in guests for k, n in g.failed.items()}
    rss = found["rss"]
    flat = {name: max(getattr(s, name) for s in settled[len(settled) // 2 :])
            <= max(getattr(s, name) for s in settled[: len(settled) // 2]) + 4
            for name in ("descriptors", "threads")}  # fmt: skip
    return {
        "hours": round(samples[-1].at, 3),
        "speed": speed,
        "warm_up_h": round(warm_up, 3),
        "rss_mb": [round(settled[0].rss, 1), round(settled[-1].rss, 1)],
        "rss_slope_mb_h": round(rss.value, 3),
        "rss_slope_interval": [round(rss.low, 3), round(rss.high, 3)],
        "rss_met": rss.value < SLOPE_GOAL,
        "descriptors": [min(s.descriptors for s in settled), max(s.descriptors for s in settled)],
        "descriptors_slope_h": round(found["descriptors"].value, 3),
        "descriptors_flat": flat["descriptors"],
        "threads": [min(s.threads for s in settled), max(s.threads for s in settled)],
        "threads_slope_h": round(found["threads"].value, 3),
        "threads_flat": flat["threads"],
        "frames": listener.frames,
        "gaps": listener.gaps,
        "malformed": listener.malformed,
        "longest_pause_s": round(listener.longest, 2),
        "visits": {k: sum(g.visits[k] for g in guests) for k in sorted(guests[0].visits)},
        "failed_visits": failed,
        "ended_early": ended,
        "samples": [[round(s.at, 4), round(s.rss, 2), s.descriptors, s.threads] for s in samples],
    }
