"""Recordings of killed writers, cut files, flipped bits and full disks."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from benchmarks.recording_scene import (
    MANIFEST,
    by_stream,
    part_of,
    read_with_pyxdf,
    record_all,
    scene,
    small,
)
from sentio_recording.disk import AppendFile, FullError
from sentio_recording.media.store import MediaSettings
from sentio_recording.recorder import Recorder
from sentio_recording.recording import Recording
from sentio_recording.repair import repair, verify
from sentio_recording.sealed.data_keys import DataKeys
from sentio_recording.sealed.reader import SealedReader
from sentio_sensors import Chunk, ManualClock, MonotonicClock, Role, StreamSpec

SAMPLES = (".xdf", ".mkv")
"""Suffixes of files with samples."""


def killed(room: Path, count: int, seed: int, keys: DataKeys | None = None) -> dict[str, Any]:
    """Kill a recording process at random times; no acknowledged sample may be lost.

    All modalities are recorded; sound alternates between the data file and FLAC.

    Args:
        room: Folder of the recordings.
        count: Number of kills.
        seed: Seed of the times.
        keys: Encrypt the recordings with them; None: they are not encrypted.
    """

    def unlock(_: str) -> DataKeys:
        assert keys is not None
        return keys

    specs, chunks = scene(6.0, tuple(Role), width=32, height=24)
    plain: dict[str, list[Chunk]] = {}
    for chunk in chunks:
        plain.setdefault(chunk.stream, []).append(chunk)
    coded = {key: [_of_24_bits(c) for c in c_s] for key, c_s in plain.items() if "audio" in key}
    rng = random.Random(seed)
    lost = wrong = unreadable = acknowledged = pictures = 0
    for n in range(count):
        folder = room / f"kill{n}"
        flac = n % 2 == 1
        sent = {**plain, **coded} if flac else plain
        media = MediaSettings(sound="flac" if flac else "xdf")
        acked = _kill_one(folder, specs, chunks, media, rng.uniform(0.0, 0.25), keys)
        try:
            before = folder / "data.xdf"
            assert acked <= before.stat().st_size
            if keys is not None and acked:
                sealed = SealedReader(before.read_bytes(), before.name, unlock)
                acked = max(s.offset + s.length for s in sealed.segments if s.end <= acked)
            repair(folder, unlock)
            fine = verify(folder, unlock).ok
            with Recording(folder, unlock=unlock) as recording:
                got = by_stream(recording)
                inside = _samples_within(recording, acked)
        except Exception:
            unreadable += acked > 0
            continue
        unreadable += not fine
        acknowledged += sum(inside.values())
        for stream, detected in got.items():
            for a, b in zip(detected, sent[stream], strict=False):
                wrong += not (
                    np.allclose(a.times, b.times, 0, 1e-9 if stream in coded and flac else 0)
                    and np.array_equal(a.values, b.values)
                )
            pictures += len(detected) if stream.endswith("video") else 0
        shutil.rmtree(folder)
        for stream, reported in inside.items():
            lost += max(0, reported - sum(len(chunk) for chunk in got.get(stream, [])))
    return {
        "kills": count,
        "acknowledged_samples": acknowledged,
        "pictures": pictures,
        "lost": lost,
        "wrong_chunks": wrong,
        "not_opened": unreadable,
        "met": lost == wrong == unreadable == 0,
    }


def truncated(room: Path, step: int) -> dict[str, Any]:
    """Truncate a recording at every byte, repair it, and compare it as read by pyxdf."""
    folder = small(room / "whole")
    data = (folder / "data.xdf").read_bytes()
    truth = read_with_pyxdf(folder)
    wrong = failed = 0
    cuts = range(0, len(data), step)
    for cut in cuts:
        at = room / "cut"
        shutil.copytree(folder, at)
        (at / "data.xdf").write_bytes(data[:cut])
        try:
            repair(at)
            wrong += not part_of(read_with_pyxdf(at), truth)
            failed += not verify(at).ok
        except Exception:
            failed += 1
        shutil.rmtree(at)
    return {"cuts": len(cuts), "bytes": len(data), "wrong": wrong, "not_opened": failed,
            "met": wrong == failed == 0}  # fmt: skip


def flipped(room: Path, count: int, seed: int) -> dict[str, Any]:
    """Flip single bits; check that ``verify`` locates each and spares the rest."""
    folder = small(room / "flip")
    path = folder / "data.xdf"
    data = path.read_bytes()
    with Recording(folder) as recording:
        truth = by_stream(recording)
    rng = random.Random(seed)
    detected = located = wrong = 0
    readable: list[float] = []
    total = sum(len(c) for chunks in truth.values() for c in chunks)
    for _ in range(count):
        at = rng.randrange(len(data))
        changed = bytearray(data)
        changed[at] ^= 1 << rng.randrange(8)
        path.write_bytes(changed)
        report = verify(folder)
        detected += not report.ok
        located += any(d.offset <= at < d.offset + d.length for d in report.damages)
        with Recording(folder) as recording:
            got = by_stream(recording)
        readable.append(sum(len(c) for chunks in got.values() for c in chunks) / total)
        for stream, chunks in got.items():
            known = {c.times.tobytes(): c.values.tolist() for c in truth[stream]}
            wrong += any(known.get(c.times.tobytes()) != c.values.tolist() for c in chunks)
    return {"flips": count, "found": detected, "located": located, "wrong_passed": wrong,
            "readable_mean": round(float(np.mean(readable)), 4),
            "met": detected == located == count and wrong == 0}  # fmt: skip


def full(room: Path) -> dict[str, Any]:
    """Fill the disk at every chunk: the file stays valid, and no caller waits."""
    specs, chunks = scene(0.6, tuple(Role), width=32, height=24)
    slowest, invalid, silent, attempts = 0.0, 0, 0, 0
    sizes = _appends(room / "sizes", specs, chunks)
    for room_left in sizes:
        folder = room / "full"
        reported: list[str] = []
        disk = FullDisk(room_left)
        recorder = Recorder(
            folder, MANIFEST, ManualClock(), on_end=reported.append, open_file=disk.open
        )
        attempts += 1
        try:
            recorder.start()
        except FullError:
            shutil.rmtree(folder)  # too full to start: reported by the exception
            continue
        slowest = max(slowest, record_all(recorder, specs, chunks))
        recorder.stop()
        report = verify(folder)
        invalid += bool(report.damages)
        silent += not reported and not report.finished
        shutil.rmtree(folder)
    return {"disks": attempts, "invalid_files": invalid, "not_reported": silent,
            "slowest_call_ms": round(slowest * 1000, 2), "met": invalid == silent == 0}  # fmt: skip


class FullDisk:
    """A disk with limited space for samples; the first write beyond it is short."""

    def __init__(self, room: int) -> None:
        self.room = room

    def open(self, path: Path) -> AppendFile:
        """Open a file on this disk."""
        disk = self

        class Limited(AppendFile):
            def append(self, data: bytes) -> None:
                if path.suffix in SAMPLES:
                    if len(data) > disk.room:
                        part, disk.room = data[: disk.room], 0
                        super().append(part)
                        with path.open("r+b") as file:
                            file.truncate(path.stat().st_size - len(part))
                        raise FullError(f"{path.name}: {len(part)} of {len(data)} bytes")
                    disk.room -= len(data)
                super().append(data)

        return Limited(path)


def _of_24_bits(chunk: Chunk) -> Chunk:
    """Return a chunk with the precision of FLAC."""
    scale = float(1 << 23)
    whole = np.clip(np.rint(chunk.values.astype(float) * scale), -scale, scale - 1)
    return msgspec.structs.replace(chunk, values=(whole / scale).astype(np.float32))


def _kill_one(
    folder: Path,
    specs: list[StreamSpec],
    chunks: list[Chunk],
    media: MediaSettings,
    after: float,
    keys: DataKeys | None,
) -> int:
    """Record in a child process and kill it; return the number of acknowledged bytes."""
    end_read, end_write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(end_read)
        try:
            _record_slowly(folder, specs, chunks, media, end_write, keys)
        finally:
            os._exit(0)
    os.close(end_write)
    with os.fdopen(end_read, "rb") as pipe:
        pipe.read(8)  # recording has started
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        reported = pipe.read()
    return (
        int.from_bytes(reported[len(reported) // 8 * 8 - 8 :][:8], "little")
        if len(reported) >= 8
        else 0
    )


def _record_slowly(
    folder: Path,
    specs: list[StreamSpec],
    chunks: list[Chunk],
    media: MediaSettings,
    pipe: int,
    keys: DataKeys | None,
) -> None:
    class AcknowledgingFile(AppendFile):
        written = 0

        def append(self, data: bytes) -> None:
            super().append(data)
            if self._path.suffix == ".xdf":
                self.written += len(data)
                os.write(pipe, self.written.to_bytes(8, "little"))

    recorder = Recorder(
        folder, MANIFEST, MonotonicClock(), media=media, open_file=AcknowledgingFile
    )
    recorder.keys = keys
    recorder.start()
    for spec in specs:
        recorder.stream(spec)
    for n, chunk in enumerate(chunks):
        recorder.chunk(chunk)
        if n % 8 == 0:
            time.sleep(0.001)
    time.sleep(5.0)


def _samples_within(recording: Recording, size: int) -> Counter[str]:
    """Count the samples of each sensor's stream in the first ``size`` bytes."""
    detected: Counter[str] = Counter()
    for part in recording.chunks():
        info = recording.streams[part.stream]
        if "role" in info.meta and part.frame.end <= size:
            sound = info.meta.get("media") == "microphone"
            detected[info.name] += int(part.values[0, 2]) if sound else len(part.times)
    return detected


def _appends(folder: Path, specs: list[StreamSpec], chunks: list[Chunk]) -> list[int]:
    """Return the size of the data file after each chunk."""
    sizes: list[int] = []

    class Counted(AppendFile):
        total = 0

        def append(self, data: bytes) -> None:
            super().append(data)
            if self._path.suffix in SAMPLES:
                Counted.total += len(data)
                sizes.append(Counted.total - len(data) // 2)

    recorder = Recorder(folder, MANIFEST, ManualClock(), open_file=Counted)
    recorder.start()
    record_all(recorder, specs, chunks)
    recorder.stop()
    shutil.rmtree(folder)
    return sizes
