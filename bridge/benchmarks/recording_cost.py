"""Cost of recording, identity of a replay, and a recording of a day."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from benchmarks.recording_scene import MANIFEST, Pair, scene
from sentio_bridge.core.outgoing import TimedOutgoing
from sentio_bridge.replay.engine import frames
from sentio_recording.media.video_file import VideoWriter
from sentio_recording.recorder import Recorder
from sentio_recording.recording import Recording
from sentio_recording.storage import Storage
from sentio_recording.xdf.headers import info_of
from sentio_sensors import Channel, Chunk, ManualClock, MonotonicClock, Role, StreamSpec
from sentio_sensors.simulated import SimulatedSource, SimulateSettings


def cost(room: Path, seconds: float) -> dict[str, Any]:
    """Record 32 EEG channels at 1 kHz with all other streams, then read them.

    Video is measured separately: encoding a frame costs more than all other streams.
    """
    specs, chunks = scene(seconds)
    specs, chunks = _with_eeg(specs, chunks, seconds)
    folder = room / "cost"
    clock = MonotonicClock()
    recorder = Recorder(folder, MANIFEST, clock)
    recorder.start()
    thread = next(t for t in threading.enumerate() if t.name == "sentio-recorder")
    cpu = time.pthread_getcpuclockid(thread.ident or 0)
    for spec in specs:
        recorder.stream(spec)
    calls = 0.0
    origin, first = clock.now(), chunks[0].times[-1]
    slot = 0.0
    begun = time.clock_gettime(cpu)
    for chunk in chunks:
        due = float(chunk.times[-1] - first)
        if due > slot:  # like sources: about twenty wake-ups per second
            clock.sleep(origin + due - clock.now())
            slot = due + 0.03
        before = time.thread_time()
        recorder.chunk(chunk)
        recorder.record("hub", clock.now(), b'["t"]')
        calls += time.thread_time() - before
    used = time.clock_gettime(cpu) - begun
    wall = clock.now() - origin
    status = recorder.stop()
    before_read = time.perf_counter()
    with Recording(folder) as recording:
        samples = sum(len(part.times) for part in recording.chunks())
    read = time.perf_counter() - before_read
    share = (used + calls) / wall
    shutil.rmtree(folder)
    return {"seconds": round(wall, 1), "chunks": len(chunks), "samples": samples,
            "bytes": status.bytes, "writer_share": round(used / wall, 4),
            "callers_share": round(calls / wall, 4), "dropped": status.dropped,
            "read_times_real": round(wall / read, 1), "picture_ms": _pictures(room),
            "met": share < 0.03 and status.dropped == 0 and wall / read >= 50}  # fmt: skip


def _pictures(room: Path) -> dict[str, float]:
    """Return the milliseconds to record one 640x480 frame, by format."""
    clock = ManualClock()
    source = SimulatedSource(SimulateSettings(roles=(Role.VIDEO,), width=640, height=480), clock)
    source.open()
    chunks: list[Chunk] = []
    while len(chunks) < 30:
        chunks += source.read(0.1)
    milliseconds = {}
    for kind in ("lossless", "small"):
        path = room / f"{kind}.mkv"
        writer = VideoWriter(path, chunks[0].values.shape[1:3], kind == "lossless")
        before = time.thread_time()
        for chunk in chunks:
            writer.frame(float(chunk.times[0]), chunk.values[0])
        milliseconds[kind] = round((time.thread_time() - before) / len(chunks) * 1000, 1)
        writer.close()
        path.unlink()
    return milliseconds


def identity(room: Path) -> dict[str, Any]:
    """Replay three scenarios at three speeds; every message must be identical."""
    from benchmarks.offline_session import live
    from sentio_bridge.replay.player import Player, played

    same = frames_seen = 0
    cases = [("demo", 3), ("stress", 4), ("frustration", 5)]
    for scenario, number in cases:
        sent, folder = live(room, scenario, number, 20.0, '["adapt", "record", "record_raw"]')
        for speed in (0.0, 1.0, 100.0):
            with Recording(folder) as recording:
                clock = ManualClock()
                player = Player(partial(_frames, recording), clock, speed=speed)
                replayed = [s.message for s in played(player, clock)]
            same += replayed == sent
            frames_seen += len(replayed)
        shutil.rmtree(folder)
    return {"runs": 9, "identical": same, "messages": frames_seen, "met": same == 9}


def _frames(recording: Recording, *_: object) -> Iterator[TimedOutgoing]:
    return frames(recording)


def day(room: Path, hours: float) -> dict[str, Any]:
    """Write a long recording on a manual clock; check memory and timestamps."""
    specs = [
        StreamSpec("d/ppg", Role.PPG, 64.0, (Channel("BVP"),)),
        StreamSpec("d/accel", Role.ACCEL, 32.0, tuple(Channel(c, "g") for c in "xyz")),
        StreamSpec("d/eda", Role.EDA, 4.0, (Channel("EDA", "uS"),)),
    ]
    clock = ManualClock(1000.0)
    storage = Storage(room / "day", MANIFEST, clock.now())
    for spec in specs:
        storage.open(spec.id, info_of(spec), clock.now())
    process = psutil.Process()
    rss: list[int] = []
    values = {s.id: np.zeros((int(s.rate_hz), len(s.channels)), np.float32) for s in specs}
    for second in range(int(hours * 3600)):
        for spec in specs:
            times = clock.now() + np.arange(int(spec.rate_hz)) / spec.rate_hz
            storage.samples(spec.id, times, values[spec.id])
        storage.text("hub", [(clock.now(), b'["t"]')])
        clock.sleep(1.0)
        storage.upkeep(clock.now())
        if second % 600 == 599:
            rss.append(process.memory_info().rss)
    storage.end(clock.now(), "stopped", {})
    ascending = True
    with Recording(room / "day") as recording:
        last: dict[int, float] = {}
        for part in recording.chunks():
            ascending &= bool(np.all(np.diff(part.times) > 0))
            ascending &= float(part.times[0]) > last.get(part.stream, -1.0)
            last[part.stream] = float(part.times[-1])
        counts = dict(recording.stated)
    shutil.rmtree(room / "day")
    grown = (rss[-1] - rss[len(rss) // 24]) / 1e6 if rss else 0.0
    return {"hours": hours, "samples": sum(counts.values()), "grown_mb": round(grown, 1),
            "ascending": ascending, "met": ascending and grown < 5}  # fmt: skip


def _with_eeg(specs: list[StreamSpec], chunks: list[Chunk], seconds: float) -> Pair:
    """Replace the simulated EEG by 32 channels at 1 kHz."""
    eeg = StreamSpec(
        "amp/eeg", Role.EEG, 1000.0, tuple(Channel(f"E{n + 1}", "uV") for n in range(32))
    )
    rng = np.random.default_rng(2)
    rest = [c for c in chunks if not c.stream.endswith("/eeg")]
    start = float(min(c.times[0] for c in rest))
    fast = [
        Chunk(
            eeg.id,
            start + (n * 20 + np.arange(20)) / 1000.0,
            rng.normal(size=(20, 32)).astype(np.float32),
        )
        for n in range(int(seconds * 50))
    ]
    newest: Callable[[Chunk], float] = lambda c: float(c.times[-1])  # noqa: E731
    return [*(s for s in specs if s.role is not Role.EEG), eeg], sorted(rest + fast, key=newest)
