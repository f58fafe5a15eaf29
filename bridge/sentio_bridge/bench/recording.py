"""What recordings survive and cost: `sentio bench --suite recording`."""

from __future__ import annotations

import os
import random
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from sentio_sensors import Channel, Chunk, ManualClock, MonotonicClock, Role, StreamSpec
from sentio_sensors.recording.disk import AppendFile, FullError
from sentio_sensors.recording.manifest import Clocks, Manifest
from sentio_sensors.recording.recorder import Recorder
from sentio_sensors.recording.recording import Recording
from sentio_sensors.recording.repair import repair, verify
from sentio_sensors.recording.storage import Storage
from sentio_sensors.recording.stream_info import info_of
from sentio_sensors.simulate import SimulatedSource, SimulateSettings

MANIFEST = Manifest(id="bench", clocks=Clocks(monotonic=1000.0, wall="2026-01-01T00:00:00Z"))

ROLES = tuple(role for role in Role if role is not Role.VIDEO)

Pair = tuple[list[StreamSpec], list[Chunk]]


def run(
    kills: int = 500,
    flips: int = 3000,
    step: int = 1,
    seconds: float = 30.0,
    hours: float = 24.0,
    seed: int = 7,
) -> dict[str, Any]:
    """Measure everything.

    Args:
        kills: How often a writer is killed.
        flips: How many bits are flipped, one at a time.
        step: Bytes between two truncations.
        seconds: Of real time that the cost is measured for.
        hours: Of the long recording.
        seed: Of every random choice.
    """
    with tempfile.TemporaryDirectory(dir=_memory()) as place:
        room = Path(place)
        return {
            "seed": seed,
            "kill": killed(room, kills, seed),
            "truncate": truncated(room, step),
            "flip": flipped(room, flips, seed),
            "full": full(room),
            "cost": cost(room, seconds),
            "identity": identity(room),
            "day": day(room, hours),
        }


def scene(seconds: float, **settings: Any) -> Pair:
    """Return all streams of a simulated person, and their chunks in order."""
    clock = ManualClock()
    source = SimulatedSource(SimulateSettings(roles=ROLES, **settings), clock)
    specs = list(source.open())
    chunks: list[Chunk] = []
    end = clock.now() + seconds
    while clock.now() < end:
        chunks += source.read(0.05)
    return specs, chunks


def killed(room: Path, count: int, seed: int) -> dict[str, Any]:
    """Kill a recording process at random moments; nothing that was written may be lost."""
    specs, chunks = scene(6.0)
    sent: dict[str, list[Chunk]] = {}
    for chunk in chunks:
        sent.setdefault(chunk.stream, []).append(chunk)
    rng = random.Random(seed)
    lost = wrong = unreadable = acknowledged = 0
    for n in range(count):
        folder = room / f"kill{n}"
        acked = _kill_one(folder, specs, chunks, rng.uniform(0.0, 0.25))
        try:
            before = folder / "data.xdf"
            assert acked <= before.stat().st_size
            repair(folder)
            fine = verify(folder).ok
            with Recording(folder) as recording:
                got = _by_stream(recording)
                inside = _samples_within(recording, acked)
        except Exception:
            unreadable += acked > 0
            continue
        unreadable += not fine
        acknowledged += inside
        for stream, found in got.items():
            for a, b in zip(found, sent[stream], strict=False):
                wrong += not (
                    np.array_equal(a.times, b.times) and np.array_equal(a.values, b.values)
                )
        shutil.rmtree(folder)
        lost += max(0, inside - sum(len(c) for found in got.values() for c in found))
    return {
        "kills": count,
        "acknowledged_samples": acknowledged,
        "lost": lost,
        "wrong_chunks": wrong,
        "not_opened": unreadable,
        "met": lost == wrong == unreadable == 0,
    }


def truncated(room: Path, step: int) -> dict[str, Any]:
    """Cut a recording with every kind of chunk at every byte, repair it, let pyxdf judge."""
    folder = small(room / "whole")
    data = (folder / "data.xdf").read_bytes()
    truth = judge(folder)
    wrong = failed = 0
    cuts = range(0, len(data), step)
    for cut in cuts:
        at = room / "cut"
        shutil.copytree(folder, at)
        (at / "data.xdf").write_bytes(data[:cut])
        try:
            repair(at)
            wrong += not part_of(judge(at), truth)
            failed += not verify(at).ok
        except Exception:
            failed += 1
        shutil.rmtree(at)
    return {"cuts": len(cuts), "bytes": len(data), "wrong": wrong, "not_opened": failed,
            "met": wrong == failed == 0}  # fmt: skip


def flipped(room: Path, count: int, seed: int) -> dict[str, Any]:
    """Flip one bit at a time: ``verify`` must find and locate it, the rest must be right."""
    folder = small(room / "flip")
    path = folder / "data.xdf"
    data = path.read_bytes()
    with Recording(folder) as recording:
        truth = _by_stream(recording)
    rng = random.Random(seed)
    found = located = wrong = 0
    readable: list[float] = []
    total = sum(len(c) for chunks in truth.values() for c in chunks)
    for _ in range(count):
        at = rng.randrange(len(data))
        changed = bytearray(data)
        changed[at] ^= 1 << rng.randrange(8)
        path.write_bytes(changed)
        report = verify(folder)
        found += not report.ok
        located += any(d.offset <= at < d.offset + d.length for d in report.damages)
        with Recording(folder) as recording:
            got = _by_stream(recording)
        readable.append(sum(len(c) for chunks in got.values() for c in chunks) / total)
        for stream, chunks in got.items():
            known = {c.times.tobytes(): c.values.tolist() for c in truth[stream]}
            wrong += any(known.get(c.times.tobytes()) != c.values.tolist() for c in chunks)
    return {"flips": count, "found": found, "located": located, "wrong_passed": wrong,
            "readable_mean": round(float(np.mean(readable)), 4),
            "met": found == located == count and wrong == 0}  # fmt: skip


def full(room: Path) -> dict[str, Any]:
    """Fill the disk at every chunk: the file stays valid, and nobody who records waits."""
    specs, chunks = scene(0.6)
    slowest, invalid, silent, tries = 0.0, 0, 0, 0
    sizes = _appends(room / "sizes", specs, chunks)
    for room_left in sizes:
        folder = room / "full"
        told: list[str] = []
        disk = FullDisk(room_left)
        recorder = Recorder(
            folder, MANIFEST, ManualClock(), on_end=told.append, open_file=disk.open
        )
        tries += 1
        try:
            recorder.start()
        except FullError:
            shutil.rmtree(folder)  # too full to begin: told by the exception
            continue
        slowest = max(slowest, _feed(recorder, specs, chunks))
        recorder.stop()
        report = verify(folder)
        invalid += bool(report.damages)
        silent += not told and not report.finished
        shutil.rmtree(folder)
    return {"disks": tries, "invalid_files": invalid, "not_told": silent,
            "slowest_call_ms": round(slowest * 1000, 2), "met": invalid == silent == 0}  # fmt: skip


def cost(room: Path, seconds: float) -> dict[str, Any]:
    """Record 32 EEG channels at 1 kHz and everything else in real time; then read it back."""
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
        if due > slot:  # as sources do: some twenty wake-ups a second
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
            "read_times_real": round(wall / read, 1),
            "met": share < 0.03 and status.dropped == 0 and wall / read >= 50}  # fmt: skip


def identity(room: Path) -> dict[str, Any]:
    """Replay three scenarios at three speeds; every message must be the same bytes."""
    from sentio_bridge.bench.rehearsal import live
    from sentio_bridge.replay import frames, paced

    same = frames_seen = 0
    cases = [("demo", 3), ("stress", 4), ("frustration", 5)]
    for scenario, number in cases:
        sent, folder = live(room, scenario, number, 20.0, '["adapt", "record", "record_raw"]')
        for speed in (0.0, 1.0, 100.0):
            with Recording(folder) as recording:
                again = [s.message for s in paced(frames(recording), ManualClock(), speed)]
            same += again == sent
            frames_seen += len(again)
        shutil.rmtree(folder)
    return {"runs": 9, "identical": same, "messages": frames_seen, "met": same == 9}


def day(room: Path, hours: float) -> dict[str, Any]:
    """Write a long recording on a simulated clock: memory flat, stamps ascending."""
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


class FullDisk:
    """A disk with room for so many bytes of ``data.xdf``; the first write too many is short."""

    def __init__(self, room: int) -> None:
        self.room = room

    def open(self, path: Path) -> AppendFile:
        """Open a file on this disk."""
        disk = self

        class Limited(AppendFile):
            def append(self, data: bytes) -> None:
                if path.suffix == ".xdf":
                    if len(data) > disk.room:
                        part, disk.room = data[: disk.room], 0
                        super().append(part)
                        with path.open("r+b") as file:
                            file.truncate(path.stat().st_size - len(part))
                        raise FullError(f"{path.name}: {len(part)} of {len(data)} bytes")
                    disk.room -= len(data)
                super().append(data)

        return Limited(path)


def small(folder: Path) -> Path:
    """Write a recording of a second with every kind of chunk."""
    rng = np.random.default_rng(1)
    eeg = StreamSpec("a/eeg", Role.EEG, 50.0, (Channel("Fz", "uV"), Channel("Cz", "uV")))
    eda = StreamSpec("b/eda", Role.EDA, 4.0, (Channel("EDA", "uS"),))
    game = StreamSpec("c/marker", Role.MARKER, 0.0, (Channel("name", ""),))
    storage = Storage(folder, MANIFEST, 100.0, reserved=0)
    for spec in (eeg, eda, game):
        storage.open(spec.id, info_of(spec), 100.0)
    for part in range(10):
        at = 100.0 + part / 10
        values = rng.normal(size=(5, 2)).astype(np.float32)
        storage.samples(eeg.id, at + np.arange(5) / 50, values, (0.5, ("flat",), part % 2))
        storage.upkeep(at)
    storage.samples(eda.id, 100 + np.arange(4) / 4, rng.normal(size=(4, 1)).astype(np.float32))
    storage.samples(game.id, np.array([100.5]), np.array([["boss"]], object))
    storage.text("hub", [(100.5, b'["t"]')])
    storage.end(101.0, "stopped", {})
    return folder


Judged = dict[str, tuple[list[float], list[list[Any]]]]


def judge(folder: Path) -> Judged:
    """Return what pyxdf sees in a recording."""
    import pyxdf

    streams, _ = pyxdf.load_xdf(
        str(folder / "data.xdf"), synchronize_clocks=False, dejitter_timestamps=False
    )
    return {
        s["info"]["name"][0]: (list(s["time_stamps"]), [list(row) for row in s["time_series"]])
        for s in streams
    }


def part_of(got: Judged, truth: Judged) -> bool:
    """Tell whether every sample of ``got`` is one of ``truth``, value for value."""
    for name, (times, rows) in got.items():
        known = dict(zip(truth[name][0], truth[name][1], strict=True))
        if any(known.get(at) != row for at, row in zip(times, rows, strict=True)):
            return False
    return True


def _kill_one(folder: Path, specs: list[StreamSpec], chunks: list[Chunk], after: float) -> int:
    """Record in a child that is killed; return how many bytes it had acknowledged."""
    end_read, end_write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(end_read)
        try:
            _record_slowly(folder, specs, chunks, end_write)
        finally:
            os._exit(0)
    os.close(end_write)
    with os.fdopen(end_read, "rb") as pipe:
        pipe.read(8)  # it has begun
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        told = pipe.read()
    return int.from_bytes(told[len(told) // 8 * 8 - 8 :][:8], "little") if len(told) >= 8 else 0


def _record_slowly(folder: Path, specs: list[StreamSpec], chunks: list[Chunk], pipe: int) -> None:
    class Told(AppendFile):
        written = 0

        def append(self, data: bytes) -> None:
            super().append(data)
            if self._path.suffix == ".xdf":
                self.written += len(data)
                os.write(pipe, self.written.to_bytes(8, "little"))

    recorder = Recorder(folder, MANIFEST, MonotonicClock(), open_file=Told)
    recorder.start()
    for spec in specs:
        recorder.stream(spec)
    for n, chunk in enumerate(chunks):
        recorder.chunk(chunk)
        if n % 8 == 0:
            time.sleep(0.001)
    time.sleep(5.0)


def _by_stream(recording: Recording) -> dict[str, list[Chunk]]:
    found: dict[str, list[Chunk]] = {}
    for item in recording.sensors():
        if isinstance(item, Chunk):
            found.setdefault(item.stream, []).append(item)
    return found


def _samples_within(recording: Recording, size: int) -> int:
    sensors = {n for n, info in recording.streams.items() if "role" in info.meta}
    return sum(len(p.times) for p in recording.chunks(sensors) if p.frame.end <= size)


def _appends(folder: Path, specs: list[StreamSpec], chunks: list[Chunk]) -> list[int]:
    """Return the size of the data file after each chunk."""
    sizes: list[int] = []

    class Counted(AppendFile):
        total = 0

        def append(self, data: bytes) -> None:
            super().append(data)
            if self._path.suffix == ".xdf":
                self.total += len(data)
                sizes.append(self.total - len(data) // 2)

    recorder = Recorder(folder, MANIFEST, ManualClock(), open_file=Counted)
    recorder.start()
    _feed(recorder, specs, chunks)
    recorder.stop()
    shutil.rmtree(folder)
    return sizes


def _feed(recorder: Recorder, specs: list[StreamSpec], chunks: list[Chunk]) -> float:
    slowest = 0.0
    for spec in specs:
        recorder.stream(spec)
    for chunk in chunks:
        before = time.perf_counter()
        recorder.chunk(chunk)
        slowest = max(slowest, time.perf_counter() - before)
    return slowest


def _with_eeg(specs: list[StreamSpec], chunks: list[Chunk], seconds: float) -> Pair:
    """Put 32 channels of 1 kHz in the place of the simulated EEG."""
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


def _memory() -> str | None:
    """Return a folder in memory where there is one: syncing thousands of files is not measured."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
