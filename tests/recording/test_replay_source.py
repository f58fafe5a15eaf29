from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sentio_recording.manifest import Clocks, Manifest
from sentio_recording.recorder import Recorder
from sentio_recording.recording import Recording
from sentio_recording.replay_source import ReplaySettings, ReplaySource
from sentio_recording.tracks import tracks
from sentio_recording.xdf.writer import XdfWriter
from sentio_sensors import (
    AbsentError,
    Channel,
    Chunk,
    EndOfSource,
    FormatError,
    ManualClock,
    Role,
    StreamSpec,
)


def play(source: ReplaySource, reads: int = 100_000) -> list[Chunk]:
    source.open()
    found: list[Chunk] = []
    try:
        for _ in range(reads):
            found += source.read(0.1)
    except EndOfSource:
        pass
    return found


def settings(folder: Path, **more: object) -> ReplaySettings:
    return ReplaySettings(path=str(folder), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("speed", [0.0, 0.25, 1.0, 100.0])
def test_chunks_are_played_at_their_recorded_intervals(
    make: Callable[..., Path], speed: float
) -> None:
    clock = ManualClock(5000.0)
    folder = make()
    found = play(ReplaySource(settings(folder, speed=speed), clock))
    with Recording(folder) as recording:
        written = [c for _, c in recording.sensors() if isinstance(c, Chunk)]
    assert [c.stream for c in found] == [c.stream for c in written]
    assert all(np.array_equal(a.values, b.values) for a, b in zip(found, written, strict=True))
    assert [c.reasons for c in found] == [c.reasons for c in written]
    if speed:
        expected = 5000.0 + (written[-1].times - 100.0) / speed
        assert np.allclose(found[-1].times, expected)
        assert clock.now() >= found[-1].times[-1] - 1e-6


def test_part_of_recording_is_looped(make: Callable[..., Path]) -> None:
    folder = make()
    found = play(ReplaySource(settings(folder, speed=0.0, start=1.0, end=2.0), ManualClock()))
    stamps = np.concatenate([c.times for c in found if c.stream == "amp/eeg"])
    assert 100.9 < stamps.min()
    assert stamps.max() <= 102.0
    looped = play(ReplaySource(settings(folder, speed=0.0, loop=True), ManualClock()), 3)
    assert len(looped) > len(play(ReplaySource(settings(folder, speed=0.0), ManualClock())))


def test_pause_seek_and_speed_change_the_position(make: Callable[..., Path]) -> None:
    clock = ManualClock(0.0)
    source = ReplaySource(settings(make()), clock)
    source.open()
    source.read(0.1)
    source.pause()
    before = source.position
    assert source.read(5.0) == []
    assert source.position == before
    source.seek(2.0)
    source.resume()
    chunks = []
    while not chunks:
        chunks = list(source.read(0.1))
    assert source.position >= 2.0
    assert abs(chunks[0].times[-1] - clock.now()) < 0.3
    source.set_speed(100.0)
    with pytest.raises(ValueError, match="speed"):
        source.set_speed(1000.0)
    source.close()
    source.close()


@pytest.mark.parametrize("wrong", [{"speed": 0.1}, {"speed": 101}, {"start": 3.0, "end": 1.0}])
def test_invalid_settings_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"speed|valid period"):
        ReplaySettings(path="x", **wrong)  # type: ignore[arg-type]


def test_foreign_recording_is_played_with_configured_roles(data_dir: Path) -> None:
    path = data_dir / "xdf_examples" / "minimal.xdf"
    with Recording(path) as recording:
        labels = [c.label for info in recording.streams.values() for c in info.channels]
        found = tracks(recording, {"*": Role.PPG})
    assert labels
    assert {t.spec.role for t in found} <= {Role.PPG, Role.MARKER}
    chunks = play(ReplaySource(settings(path, speed=0.0, roles={"*": Role.PPG}), ManualClock()))
    assert sum(len(c) for c in chunks) == sum(len(t.times) for t in found)


def test_missing_recording_raises_absent(tmp_path: Path) -> None:
    with pytest.raises(AbsentError):
        ReplaySource(settings(tmp_path / "no.xdf"), ManualClock()).open()
    nothing = tmp_path / "nothing.xdf"
    nothing.write_bytes(XdfWriter("", "u").begin()[0].data)
    with pytest.raises(FormatError, match="roles"):
        ReplaySource(settings(nothing), ManualClock()).open()


def test_of_two_people_one_is_played(tmp_path: Path) -> None:
    recorder = Recorder(
        tmp_path / "rec",
        Manifest(id="two", clocks=Clocks(monotonic=1000.0, wall="2026-01-01T00:00:00+00:00")),
        ManualClock(),
    )
    recorder.start()
    for subject, value in (("ann", 1.0), ("ben", 2.0)):
        spec = StreamSpec("strap/ppg", Role.PPG, 4.0, (Channel("p"),), meta={"subject": subject})
        recorder.stream(spec)
        for second in range(3):
            times = 1000.0 + second + np.arange(4) / 4
            values = np.full((4, 1), value, np.float32)
            recorder.chunk(Chunk(spec.id, times, values), subject)
    recorder.stop()
    for person, value in (("ann", 1.0), ("ben", 2.0)):
        source = ReplaySource(settings(tmp_path / "rec", speed=0.0, person=person), ManualClock())
        assert [spec.id for spec in source.open()] == ["strap/ppg"]
        played = np.concatenate([chunk.values for chunk in source.read(0.1)])
        assert played.ravel().tolist() == [value] * 12
        source.close()
    for person in ("", "eve"):
        with pytest.raises(FormatError, match="ann, ben"):
            ReplaySource(settings(tmp_path / "rec", person=person), ManualClock()).open()
    with Recording(tmp_path / "rec") as recording:
        assert [t.spec.id for t in tracks(recording)] == ["ann/strap/ppg", "ben/strap/ppg"]
