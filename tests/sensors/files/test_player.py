"""Tests of playing recorded tracks in real time."""

from __future__ import annotations

import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_sensors import (
    Channel,
    EndOfSource,
    ManualClock,
    MonotonicClock,
    Role,
    StreamSpec,
)
from sentio_sensors.files import PlaybackSource, Track, play


def track(
    role: Role = Role.EDA, rate: float = 4.0, seconds: float = 10.0, t0: float = 1e9
) -> Track:
    count = int(rate * seconds)
    spec = StreamSpec(f"f/{role.value}", role, rate, (Channel(role.value),))
    return Track(spec, t0 + np.arange(count) / rate, np.arange(count, dtype=np.float32)[:, None])


def played(source: PlaybackSource, clock: ManualClock) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Play to the end with a manual clock."""
    got: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}
    source.open()
    try:
        while True:
            for chunk in source.read(1.0):
                got.setdefault(chunk.stream, []).append((chunk.times, chunk.values))
    except EndOfSource:
        pass
    return {
        id_: (np.concatenate([t for t, _ in parts]), np.concatenate([v for _, v in parts]))
        for id_, parts in got.items()
    }


@pytest.mark.parametrize("speed", [0.5, 1.0, 10.0])
def test_samples_keep_their_relative_times(speed: float) -> None:
    clock = ManualClock(500.0)
    tracks = [track(), track(Role.PPG, 64.0, t0=1e9 + 0.5)]
    got = played(PlaybackSource(tracks, clock, speed=speed), clock)
    for one in tracks:
        times, values = got[one.spec.id]
        assert values[:, 0].tolist() == one.values[:, 0].tolist()
        assert times == pytest.approx(500.0 + (one.times - 1e9) / speed, abs=1e-6)
    assert clock.now() - 500.0 == pytest.approx(10.5 / speed, rel=0.02)


def test_part_of_recording_is_played_in_a_loop() -> None:
    clock = ManualClock(0.0)
    source = PlaybackSource([track()], clock, start=2.0, duration=3.0)
    _, values = played(source, clock)["f/eda"]
    assert values[:, 0].tolist() == list(range(8, 20))
    looped = PlaybackSource([track(seconds=1.0)], clock, loop=True)
    looped.open()
    times = np.concatenate([c.times for _ in range(300) for c in looped.read(1.0)])
    assert len(times) > 12
    assert np.diff(times).min() > 0


@given(st.lists(st.floats(0.001, 0.3), min_size=1, max_size=100))
def test_late_reads_return_all_samples_without_drift(pauses: list[float]) -> None:
    clock = ManualClock(0.0)
    source = PlaybackSource([track(rate=50.0, seconds=3.0)], clock)
    source.open()
    received = 0
    try:
        for pause in pauses:
            clock.sleep(pause)
            for chunk in source.read(0.0):
                assert chunk.values[0, 0] == received
                assert chunk.times[-1] <= clock.now()
                received += len(chunk)
        assert received == pytest.approx(min(150, clock.now() * 50), abs=2)
    except EndOfSource:
        assert received == 150


def test_played_file_is_readable_as_live_stream() -> None:
    pytest.importorskip("pylsl", exc_type=ImportError)
    import threading

    from sentio_sensors.lsl.source import LslSettings, LslSource

    clock = MonotonicClock()
    one = track(Role.PPG, 64.0, 30.0)
    spec = StreamSpec(f"play-{os.getpid()}/ppg", Role.PPG, 64.0, (Channel("bvp"),))
    done = threading.Event()
    player = threading.Thread(
        target=play,
        args=([Track(spec, one.times, one.values)], clock),
        kwargs={"stop": done.is_set},
    )
    player.start()
    source = LslSource(LslSettings(stream_name=spec.id, resolve=10.0), clock)
    try:
        (stream,) = source.open()
        assert (stream.role, stream.rate_hz, stream.channels) == (Role.PPG, 64.0, spec.channels)
        chunks = []
        end = clock.now() + 20
        while sum(map(len, chunks)) < 64 and clock.now() < end:
            chunks.extend(source.read(0.5))
        values = np.concatenate([c.values for c in chunks])[:, 0]
        assert np.diff(values).tolist() == [1.0] * (len(values) - 1)
        assert abs(chunks[-1].times[-1] - clock.now()) < 0.5
    finally:
        done.set()
        player.join(10.0)
        source.close()
