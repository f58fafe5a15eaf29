"""Streams for the recording suite, and comparison of recordings by pyxdf."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np

from sentio_recording.manifest import Clocks, Manifest
from sentio_recording.recorder import Recorder
from sentio_recording.recording import Recording
from sentio_recording.storage import Storage
from sentio_recording.xdf.headers import info_of
from sentio_sensors import Channel, Chunk, ManualClock, Role, StreamSpec
from sentio_sensors.simulated import SimulatedSource, SimulateSettings

MANIFEST = Manifest(id="bench", clocks=Clocks(monotonic=1000.0, wall="2026-01-01T00:00:00Z"))

ROLES = SimulateSettings().roles

Pair = tuple[list[StreamSpec], list[Chunk]]

StreamContents = dict[str, tuple[list[float], list[list[Any]]]]


def scene(seconds: float, roles: tuple[Role, ...] = ROLES, **settings: Any) -> Pair:
    """Return all streams of a simulated person, and their chunks in order."""
    clock = ManualClock()
    source = SimulatedSource(SimulateSettings(roles=roles, **settings), clock)
    specs = list(source.open())
    chunks: list[Chunk] = []
    end = clock.now() + seconds
    while clock.now() < end:
        chunks += source.read(0.05)
    return specs, chunks


def small(folder: Path) -> Path:
    """Write a recording of one second with every kind of chunk."""
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


def read_with_pyxdf(folder: Path) -> StreamContents:
    """Return the content of a recording as read by pyxdf."""
    import pyxdf

    streams, _ = pyxdf.load_xdf(
        str(folder / "data.xdf"), synchronize_clocks=False, dejitter_timestamps=False
    )
    return {
        s["info"]["name"][0]: (list(s["time_stamps"]), [list(row) for row in s["time_series"]])
        for s in streams
    }


def part_of(got: StreamContents, truth: StreamContents) -> bool:
    """Return whether every sample of ``got`` is in ``truth`` with equal values."""
    for name, (times, rows) in got.items():
        known = dict(zip(truth[name][0], truth[name][1], strict=True))
        if any(known.get(at) != row for at, row in zip(times, rows, strict=True)):
            return False
    return True


def by_stream(recording: Recording) -> dict[str, list[Chunk]]:
    """Return a recording's chunks, each stream's in order."""
    chunks: dict[str, list[Chunk]] = {}
    for _, item in recording.sensors():
        if isinstance(item, Chunk):
            chunks.setdefault(item.stream, []).append(item)
    return chunks


def record_all(recorder: Recorder, specs: list[StreamSpec], chunks: list[Chunk]) -> float:
    """Record all chunks; return the duration of the slowest call, in seconds."""
    slowest = 0.0
    for spec in specs:
        recorder.stream(spec)
    for chunk in chunks:
        before = time.perf_counter()
        recorder.chunk(chunk)
        slowest = max(slowest, time.perf_counter() - before)
    return slowest
