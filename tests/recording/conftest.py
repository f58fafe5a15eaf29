from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sentio_recording.manifest import Clocks, Manifest
from sentio_recording.storage import Storage
from sentio_recording.xdf.headers import info_of
from sentio_sensors import Channel, Chunk, Role, StreamSpec

MANIFEST = Manifest(id="test", clocks=Clocks(monotonic=100.0, wall="2026-01-02T03:04:05Z"))

EEG = StreamSpec(
    "amp/eeg", Role.EEG, 250.0, (Channel("Fz", "uV"), Channel("Cz", "uV")), "amp", {"serial": "7"}
)
EDA = StreamSpec("band/eda", Role.EDA, 4.0, (Channel("EDA", "uS"),))
MARKER = StreamSpec("game/marker", Role.MARKER, 0.0, (Channel("name", ""),))


def chunk(spec: StreamSpec, start: float, count: int, seed: int = 0, **more: object) -> Chunk:
    rng = np.random.default_rng(seed)
    period = 1.0 / spec.rate_hz if spec.rate_hz else 0.1
    times = start + np.arange(count) * period
    if spec.role is Role.MARKER:
        names = [[f"boss <&> {n} Ω"] for n in range(count)]
        return Chunk(spec.id, times, np.array(names, object).reshape(count, 1), **more)
    values = rng.normal(size=(count, len(spec.channels))).astype(np.float32)
    return Chunk(spec.id, times, values, **more)


def scene(seconds: int = 3) -> list[Chunk]:
    chunks: list[Chunk] = []
    for second in range(seconds):
        for part in range(4):
            at = 100.0 + second + part / 4
            chunks.append(chunk(EEG, at, 5, seed=second * 4 + part))
        chunks.append(chunk(EDA, 100.0 + second, 4, 99 + second, quality=0.5, reasons=("flat",)))
        chunks.append(chunk(MARKER, 100.5 + second, 1))
    return chunks


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Path]:
    """Write a small recording with every kind of chunk; return its folder."""

    def build(name: str = "rec", seconds: int = 3, *, end: bool = True) -> Path:
        folder = tmp_path / name
        storage = Storage(folder, MANIFEST, 100.0, reserved=0)
        for spec in (EEG, EDA, MARKER):
            storage.open(spec.id, info_of(spec), 100.0)
        for item in scene(seconds):
            storage.samples(
                item.stream, item.times, item.values, (item.quality, item.reasons, item.lost)
            )
            storage.upkeep(float(item.times[-1]))
        storage.text("hub", [(100.5, b'["t"]'), (101.0, b'["t"]')])
        if end:
            storage.end(100.0 + seconds, "stopped", {})
        return folder

    return build
