from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import pyxdf

from sentio_recording.disk import AppendFile, FullError
from sentio_recording.manifest import Clocks, Manifest, decode
from sentio_recording.media.store import MediaSettings
from sentio_recording.recorded import ORDER
from sentio_recording.recorder import Recorder
from sentio_recording.recording import Recording
from sentio_recording.repair import verify
from sentio_sensors import Channel, Chunk, ManualClock, MonotonicClock, Role, StreamSpec
from sentio_sensors.simulated import SimulatedSource, SimulateSettings

MANIFEST = Manifest(id="test", clocks=Clocks(monotonic=1000.0, wall="2026-01-02T03:04:05Z"))
EDA = StreamSpec("band/eda", Role.EDA, 4.0, (Channel("EDA", "uS"),))


def eda(at: float, count: int = 4) -> Chunk:
    values = np.full((count, 1), at, np.float32)
    return Chunk(EDA.id, at + np.arange(count) / 4, values)


def wait(until: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < deadline, "timed out"
        time.sleep(0.005)


def test_the_writer_is_woken_for_what_waits_to_be_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sentio_recording.recorder.PERIOD", 3600.0)
    recorder = Recorder(tmp_path / "rec", MANIFEST, MonotonicClock())
    early, written, late = threading.Event(), threading.Event(), threading.Event()
    recorder.record("markers", 1000.0, b"before the start")
    recorder.written(early.set)
    assert not early.is_set()
    recorder.start()
    assert early.wait(20)
    recorder.record("markers", 1001.0, b"last marker")
    recorder.written(lambda: 1 / 0)  # a defect of one does not keep the others waiting
    recorder.written(written.set)
    assert written.wait(20)
    data = (tmp_path / "rec" / "data.xdf").read_bytes()
    assert b"before the start" in data
    assert b"last marker" in data
    assert recorder.status.active
    assert recorder.stop().reason == "stopped"
    recorder.written(late.set)
    assert late.is_set()


def test_a_full_disk_keeps_no_acknowledgement_waiting(tmp_path: Path) -> None:
    class Full(AppendFile):
        def append(self, data: bytes) -> None:
            if b"last marker" in data:
                raise FullError("no space left")
            super().append(data)

    recorder = Recorder(tmp_path / "rec", MANIFEST, MonotonicClock(), open_file=Full)
    recorder.start()
    released = threading.Event()
    recorder.record("markers", 1001.0, b"last marker")
    recorder.written(released.set)
    assert released.wait(20)
    wait(lambda: not recorder.status.active)
    assert "no space left" in recorder.status.reason


def test_every_modality_is_read_as_it_was_consumed(tmp_path: Path) -> None:
    clock = ManualClock()
    recorder = Recorder(tmp_path / "rec", MANIFEST, clock)
    recorder.start()
    source = SimulatedSource(SimulateSettings(roles=tuple(Role), width=32, height=24), clock)
    sent: list[object] = list(source.open())
    for spec in sent:
        recorder.stream(spec)
    while clock.now() < 1003.0:
        for chunk in source.read(0.1):
            recorder.chunk(chunk)
            sent.append(chunk)
    assert recorder.stop().dropped == 0
    with Recording(tmp_path / "rec") as recording:
        got = [item for _, item in recording.sensors()]
        assert recording.damages == []
    assert len(got) == len(sent)
    for a, b in zip(sent, got, strict=True):
        if isinstance(a, Chunk):
            assert isinstance(b, Chunk)
            assert (a.stream, a.quality, a.reasons, a.lost) == (
                b.stream, b.quality, b.reasons, b.lost
            )  # fmt: skip
            assert a.times.tobytes() == b.times.tobytes()
            assert a.values.dtype == b.values.dtype
            assert np.array_equal(a.values, b.values)
        else:
            assert a == b


def test_other_programs_read_names_units_types_and_rates(tmp_path: Path) -> None:
    clock = ManualClock()
    recorder = Recorder(tmp_path / "rec", MANIFEST, clock)
    recorder.start()
    source = SimulatedSource(SimulateSettings(roles=(Role.EEG, Role.MARKER)), clock)
    for spec in source.open():
        recorder.stream(spec)
    while clock.now() < 1004.0:
        for chunk in source.read(0.1):
            recorder.chunk(chunk)
    recorder.stop()
    streams, header = pyxdf.load_xdf(str(tmp_path / "rec" / "data.xdf"))
    assert header["info"]["datetime"] == ["2026-01-02T03:04:05Z"]
    eeg = next(s for s in streams if s["info"]["type"] == ["EEG"])
    channels = eeg["info"]["desc"][0]["channels"][0]["channel"]
    assert [c["label"][0] for c in channels][:3] == ["F3", "Fz", "F4"]
    assert {c["unit"][0] for c in channels} == {"uV"}
    assert eeg["info"]["nominal_srate"] == ["250"]
    assert eeg["info"]["effective_srate"] == pytest.approx(250, rel=1e-6)
    assert int(eeg["footer"]["info"]["sample_count"][0]) == len(eeg["time_stamps"])
    assert next(s for s in streams if s["info"]["type"] == ["Markers"])


def test_reconnected_device_gets_new_stream_of_same_identity(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "rec", MANIFEST, ManualClock())
    recorder.start()
    recorder.chunk(eda(1000.0))  # before its header: counted, not written
    recorder.stream(EDA)
    recorder.chunk(eda(1001.0))
    recorder.stream(EDA)
    recorder.chunk(eda(1009.0))
    assert recorder.stop().dropped == 4
    with Recording(tmp_path / "rec") as recording:
        numbers = recording.numbers(EDA.id)
        assert len(numbers) == 2
        assert {recording.streams[n].source_id for n in numbers} == {EDA.id}
        assert recording.samples(numbers[1])[0][0] == 1009.0
        assert recording.manifest is not None
        assert recording.manifest.ending is not None
        assert recording.manifest.ending.samples[EDA.id] == 8
        assert recording.manifest.ending.dropped == {EDA.id: 4}
        assert len(recording.manifest.devices) == 1


def test_start_and_stop_may_be_called_twice(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "rec", MANIFEST, ManualClock())
    assert not recorder.status.active
    recorder.start()
    recorder.start()
    assert recorder.status.active
    first = recorder.stop()
    assert recorder.stop() == first
    assert (first.active, first.reason) == (False, "stopped")
    assert verify(tmp_path / "rec").ok
    recorder.chunk(eda(5.0))  # ignored
    assert not (tmp_path / "rec" / "reserve.tmp").exists()


def test_folder_in_use_is_refused(tmp_path: Path) -> None:
    (tmp_path / "old.txt").touch()
    with pytest.raises(FullError, match="not empty"):
        Recorder(tmp_path, MANIFEST, ManualClock()).start()


def test_blocked_disk_never_blocks_callers_and_losses_are_counted(tmp_path: Path) -> None:
    gate = threading.Event()

    class Stuck(AppendFile):
        def append(self, data: bytes) -> None:
            if len(data) > 10_000:
                gate.wait(20.0)
            super().append(data)

    recorder = Recorder(
        tmp_path / "rec", MANIFEST, MonotonicClock(), open_file=Stuck, queue_bytes=200_000
    )
    recorder.start()
    recorder.stream(EDA)
    for n in range(40):
        recorder.chunk(eda(1000.0 + 500 * n, 2000))  # returns although the disk does not
    assert recorder.status.dropped > 0
    gate.set()
    status = recorder.stop()
    with Recording(tmp_path / "rec") as recording:
        kept = len(recording.samples(recording.numbers(EDA.id)[0])[0])
        reasons = recording.texts("sentio/drops")
        assert kept + status.dropped == 40 * 2000
        assert str(status.dropped) in reasons[-1][1]
    assert verify(tmp_path / "rec").ok


class Small:
    """Disk with limited space whose first failing write is short, as on real ones."""

    def __init__(self, room: int) -> None:
        self.room = room

    def open(self, path: Path) -> AppendFile:
        disk = self

        class Limited(AppendFile):
            def append(self, data: bytes) -> None:
                if path.suffix == ".xdf" and len(data) > disk.room:
                    part, disk.room = data[: disk.room], 0
                    super().append(part)
                    self.undo(len(part))
                    raise FullError(f"{path.name}: {len(part)} of {len(data)} bytes")
                disk.room -= len(data) if path.suffix == ".xdf" else 0
                super().append(data)

            def undo(self, count: int) -> None:
                with path.open("r+b") as file:
                    file.truncate(path.stat().st_size - count)

        return Limited(path)


def test_full_disk_at_any_chunk_leaves_a_valid_file(tmp_path: Path) -> None:
    def run(name: str, room: int) -> tuple[Path, list[str]]:
        reasons: list[str] = []
        clock = ManualClock()
        recorder = Recorder(
            tmp_path / name, MANIFEST, clock, on_end=reasons.append, open_file=Small(room).open
        )
        recorder.start()
        recorder.stream(EDA)
        for n in range(6):
            recorder.chunk(eda(1000.0 + n))
            recorder.record("hub", 1000.0 + n, b'["t"]', ordered=True)
        recorder.stop()
        return tmp_path / name, reasons

    full, reasons = run("full", 1 << 20)
    assert reasons == []
    size = (full / "data.xdf").stat().st_size
    for room in range(200, size, 97):
        folder, reasons = run(f"room{room}", room)
        streams, _ = pyxdf.load_xdf(str(folder / "data.xdf"))
        for stream in streams:
            if stream["info"]["name"] == [EDA.id]:
                for time_, row in zip(stream["time_stamps"], stream["time_series"], strict=True):
                    assert row[0] == np.float32(np.floor(time_))
        report = verify(folder)
        assert report.damages == []
        manifest = decode((folder / "manifest.json").read_bytes())
        assert manifest.ending is not None
        assert manifest.ending.reason in ("stopped", reasons[0] if reasons else "")
        assert len(reasons) == 1


def test_reserve_leaves_a_valid_file_whatever_was_refused(tmp_path: Path) -> None:
    """The refused chunk may be a stream's header; the footers then have room again."""

    def run(name: str, refused: int) -> tuple[Path, int]:
        written = 0

        class Once(AppendFile):
            def append(self, data: bytes) -> None:
                nonlocal written
                if self._path.suffix == ".xdf":
                    written += 1
                    if written == refused:
                        raise FullError(f"chunk {refused}")
                super().append(data)

        recorder = Recorder(tmp_path / name, MANIFEST, ManualClock(), open_file=Once)
        recorder.start()
        recorder.stream(EDA)
        for n in range(3):
            recorder.chunk(eda(1000.0 + n))
            recorder.record(f"text{n}", 1000.0 + n, b'["t"]', ordered=True)
        recorder.stop()
        return tmp_path / name, written

    _, count = run("complete", 0)
    for refused in range(2, count + 1):
        folder, _ = run(f"refused{refused}", refused)
        assert verify(folder).damages == [], refused


def test_ordered_texts_keep_their_position_among_chunks(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "rec", MANIFEST, ManualClock())
    recorder.start()
    recorder.stream(EDA)
    recorder.chunk(eda(1000.0))
    recorder.record(ORDER, 1000.5, b"forget", ordered=True)
    recorder.chunk(eda(1001.0))
    recorder.stop()
    with Recording(tmp_path / "rec") as recording:
        kinds = [type(item).__name__ for _, item in recording.sensors()]
    assert kinds == ["StreamSpec", "Chunk", "str", "Chunk"]


@pytest.mark.parametrize("sound", ["flac", "xdf"])
def test_sound_and_small_video_are_read_back(tmp_path: Path, sound: str) -> None:
    clock = ManualClock()
    media = MediaSettings(video="small", sound=sound)  # type: ignore[arg-type]
    recorder = Recorder(tmp_path / "rec", MANIFEST, clock, media=media)
    recorder.start()
    settings = SimulateSettings(roles=(Role.VIDEO, Role.AUDIO), width=64, height=48)
    source = SimulatedSource(settings, clock)
    sent: dict[str, list[Chunk]] = {}
    for spec in source.open():
        recorder.stream(spec)
        sent[spec.id] = []
    while clock.now() < 1002.0:
        for chunk in source.read(0.1):
            recorder.chunk(chunk)
            sent[chunk.stream].append(chunk)
    recorder.stop()
    assert (tmp_path / "rec" / "microphone.flac").exists() == (sound == "flac")
    got: dict[str, list[Chunk]] = {id_: [] for id_ in sent}
    with Recording(tmp_path / "rec") as recording:
        for _, item in recording.sensors():
            if isinstance(item, Chunk):
                got[item.stream].append(item)
        assert recording.damages == []
    for id_, chunks in sent.items():
        assert [len(c) for c in got[id_]] == [len(c) for c in chunks]
        tolerance = 2**-22 if id_.endswith("audio") else 12.0
        for a, b in zip(chunks, got[id_], strict=True):
            assert np.allclose(a.times, b.times, atol=1e-9)
            assert np.abs(a.values.astype(float) - b.values).mean() < tolerance


def test_full_disk_error_comes_from_the_system(tmp_path: Path) -> None:
    path = tmp_path / "a"
    file = AppendFile(path)
    file.append(b"whole")
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8, hard))
    try:
        with pytest.raises(FullError, match="3 of 5"):
            file.append(b"again")
        assert path.read_bytes() == b"whole"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        file.close()
    file.close()


def test_journal_entries_use_the_reserve_on_a_full_disk(tmp_path: Path) -> None:
    class Once(AppendFile):
        left = 4

        def append(self, data: bytes) -> None:
            if self._path.suffix == ".journal":
                Once.left -= 1
                if not Once.left:
                    raise FullError(f"{self._path.name}: full")
            super().append(data)

    reasons: list[str] = []
    recorder = Recorder(
        tmp_path / "rec", MANIFEST, ManualClock(), on_end=reasons.append, open_file=Once
    )
    recorder.start()
    recorder.stream(EDA)
    for n in range(100):
        recorder.chunk(eda(1000.0 + n))
        if reasons:
            break
        time.sleep(0.01)
    recorder.stop()
    assert reasons == ["data.journal: full"]
    report = verify(tmp_path / "rec")
    assert report.ok, report
    assert report.unverified == 0
    assert report.samples[EDA.id] > 0
