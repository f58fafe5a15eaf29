"""The ring between a source's thread and a worker's."""

from __future__ import annotations

import threading

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sentio_sensors import Chunk
from sentio_sensors.runtime.chunk_queue import ChunkQueue


def chunk(first: float, count: int = 10, rate: float = 10.0) -> Chunk:
    return Chunk("s", first + np.arange(count) / rate, np.zeros((count, 1), np.float32))


def test_a_slow_reader_gets_the_newest_and_the_rest_is_counted() -> None:
    ring = ChunkQueue(seconds=2.0)
    for second in range(10):
        ring.push(chunk(second))
    kept = ring.take()
    assert kept[-1].times[-1] == 9.9
    assert kept[0].times[0] >= 7.0
    assert ring.drops + sum(map(len, kept)) == 100


def test_taking_empties_it_and_waiting_ends() -> None:
    ring = ChunkQueue()
    assert ring.take() == []
    ring.push(chunk(0.0))
    assert len(ring.take()) == 1
    assert ring.take() == []


def test_a_push_wakes_the_reader() -> None:
    ring = ChunkQueue()
    assert not ring
    reader = threading.Thread(target=ring.wait, args=(60.0,))
    reader.start()
    ring.push(chunk(0.0))
    reader.join(30.0)
    assert not reader.is_alive()
    assert ring
    assert len(ring.take()) == 1


def test_wake_wakes_without_chunks() -> None:
    ring = ChunkQueue()
    reader = threading.Thread(target=ring.wait, args=(60.0,))
    reader.start()
    while reader.is_alive():  # it may not have begun to wait yet
        ring.wake()
        reader.join(0.01)


def test_clearing_is_no_drop() -> None:
    ring = ChunkQueue()
    ring.push(chunk(0.0))
    ring.clear()
    assert (ring.take(), ring.drops) == ([], 0)


@given(st.lists(st.floats(0, 100), max_size=60), st.floats(0.1, 5.0))
def test_memory_is_bounded_whatever_the_stamps_say(starts: list[float], seconds: float) -> None:
    ring = ChunkQueue(seconds)
    for start in starts:
        ring.push(chunk(start))
    kept = ring.take()
    assert ring.drops + sum(map(len, kept)) == 10 * len(starts)
