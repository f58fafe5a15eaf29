"""Sources of real LSL outlets on this machine."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator

import pytest

from sentio_sensors import Channel, Chunk, MonotonicClock, Role, StreamSpec
from sentio_sensors.lsl.source import LslSettings, LslSource

CLOCK = MonotonicClock()
COUNT = itertools.count()
EEG = (Channel("Fz", "uV"), Channel("Cz", "uV"))


def unique(what: str) -> str:
    return f"test-{os.getpid()}-{next(COUNT)}-{what}"


def spec(name: str, role: Role = Role.EEG, rate: float = 100.0) -> StreamSpec:
    channels = EEG if role is Role.EEG else (Channel("marker"),)
    return StreamSpec(name, role, rate, channels)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[LslSettings], LslSource]]:
    """Return what opens a source; all are closed before patches are undone."""
    sources: list[LslSource] = []

    def make(settings: LslSettings) -> LslSource:
        source = LslSource(settings, CLOCK)
        sources.append(source)
        source.specs = source.open()  # type: ignore[attr-defined]
        return source

    yield make
    for source in sources:
        source.close()


def read(source: LslSource, samples: int) -> list[Chunk]:
    """Read until the first stream has delivered ``samples`` samples."""
    chunks: list[Chunk] = []
    end = CLOCK.now() + 20
    while sum(map(len, chunks)) < samples:
        assert CLOCK.now() < end, chunks
        chunks.extend(source.read(0.2))
    return chunks
