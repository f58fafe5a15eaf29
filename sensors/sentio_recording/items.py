"""Items that wait to be recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_recording.xdf.headers import StreamInfo
from sentio_sensors.stream import Chunk, StreamKey, StreamSpec


@dataclass(frozen=True, slots=True)
class Open:
    """A new stream."""

    key: StreamKey | str
    info: StreamInfo
    spec: StreamSpec | None
    time: float


@dataclass(frozen=True, slots=True)
class Text:
    """A text, and whose it is."""

    key: str
    time: float
    payload: bytes
    ordered: bool
    owner: str


@dataclass(frozen=True, slots=True)
class Samples:
    """Rows of a stream that is no sensor's."""

    key: str
    times: NDArray[np.float64]
    values: NDArray[Any]


@dataclass(frozen=True, slots=True)
class ChunkItem:
    """A chunk of a sensor."""

    key: StreamKey
    chunk: Chunk


Item = Open | Text | Samples | ChunkItem


def size_of(chunk: Chunk) -> int:
    """Return the bytes of a chunk, in memory and in the file."""
    stamps = 0 if chunk.stamps is None else 3 * chunk.stamps.original.nbytes
    return chunk.values.nbytes + chunk.times.nbytes + stamps


def named(counts: Mapping[StreamKey | str, int]) -> dict[str, int]:
    """Return counts by stream id; by subject and id if two subjects have equal ids."""
    ids = Counter(key.stream for key in counts if isinstance(key, StreamKey))
    found = {}
    for key, count in counts.items():
        if isinstance(key, StreamKey):
            name = f"{key.subject}/{key.stream}" if ids[key.stream] > 1 else key.stream
        else:
            name = key
        found[name] = count
    return found
