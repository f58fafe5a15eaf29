"""Tests of reading recorded files and of playing them in real time."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_sensors import (
    AbsentError,
    Channel,
    EndOfSource,
    FormatError,
    ManualClock,
    MonotonicClock,
    Role,
    SensorError,
    StreamSpec,
)
from sentio_sensors.files import PlaybackSource, Track, load, play


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


def test_empatica_recording_is_read(data_dir: Path) -> None:
    tracks = {t.spec.role: t for t in load(data_dir / "physio_stress_predict" / "S01.npz")}
    assert {Role.PPG, Role.EDA, Role.TEMP, Role.ACCEL} <= set(tracks)
    assert tracks[Role.PPG].spec.rate_hz == 64
    gravity = np.linalg.norm(tracks[Role.ACCEL].values, axis=1)
    assert np.median(gravity) == pytest.approx(1.0, abs=0.1)
    assert 0 < np.median(tracks[Role.EDA].values) < 40


def test_table_with_header_is_read(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "body.csv"
    path.write_text("time,BVP,GSR,note\n" + "".join(f"{i / 50},{i},{i * 2},x\n" for i in range(9)))
    tracks = load(path)
    assert [(t.spec.role, t.spec.rate_hz) for t in tracks] == [(Role.PPG, 50.0), (Role.EDA, 50.0)]
    assert tracks[1].values[:, 0].tolist() == [i * 2 for i in range(9)]
    assert "columns of unknown role are not played: note" in caplog.text


def test_table_without_times_needs_a_rate(tmp_path: Path) -> None:
    path = tmp_path / "eeg.csv"
    path.write_text("Fz;Cz\n1;2\n3;4\n5;6\n")
    with pytest.raises(FormatError, match="--rate"):
        load(path)
    (eeg,) = load(path, rate_hz=250.0)
    assert [c.label for c in eeg.spec.channels] == ["Fz", "Cz"]
    assert eeg.times.tolist() == [0, 0.004, 0.008]


def test_brainflow_file_is_read(tmp_path: Path) -> None:
    pytest.importorskip("brainflow")
    rows = np.zeros((20, 32))
    rows[:, 30] = 1e9 + np.arange(20) / 250
    rows[:, 1] = np.arange(20)
    path = tmp_path / "flow.csv"
    np.savetxt(path, rows, delimiter="\t")
    eeg = next(t for t in load(path, board="synthetic") if t.spec.role is Role.EEG)
    assert eeg.values[:, 0].tolist() == list(range(20))
    with pytest.raises(FormatError, match="columns"):
        load(path, board="muse_2")


def test_xdf_file_is_read(data_dir: Path) -> None:
    tracks = load(data_dir / "xdf_examples" / "minimal.xdf")
    assert tracks
    assert all(len(t.times) for t in tracks)


def test_xdf_log_shows_only_useful_messages(
    data_dir: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    whole = data_dir / "xdf_examples" / "minimal.xdf"
    load(whole)  # pyxdf itself logs its clock segments
    assert caplog.messages == []
    cut = tmp_path / "cut.xdf"
    cut.write_bytes(whole.read_bytes()[:-40])
    assert load(cut)
    (logged,) = caplog.messages
    assert "cut.xdf is damaged" in logged
    assert "sentio repair" in logged


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.npz", b"PK\x03\x04 cut"),
        ("a.npz", b""),
        ("a.csv", b""),
        ("a.csv", b"1,2\n3,4\n"),
        ("a.csv", b"\xff\xfe\x00\x81"),
        ("a.csv", b"time,BVP\n1,1\n1,2\n1,3\n"),
        ("a.csv", b"mood,weather\n1,2\n2,3\n"),
        ("a.xdf", b"XDF:"),
        ("a.xdf", b"nonsense"),
        ("a.doc", b"x"),
    ],
)
def test_invalid_file_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FormatError, match=r"a\."):
        load(path, rate_hz=10.0 if b"mood" in content else None)
    with pytest.raises(AbsentError):
        load(tmp_path / "not-there.csv")


@given(st.binary(max_size=400))
def test_arbitrary_bytes_as_table_give_tracks_or_typed_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "x.csv"
    path.write_bytes(content)
    try:
        load(path, rate_hz=10.0)
    except SensorError:
        pass


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
