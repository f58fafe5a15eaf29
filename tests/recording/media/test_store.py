"""Tests of media files: valid at any time, every changed byte is found."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sentio_recording.disk import AppendFile, FullError
from sentio_recording.manifest import Clocks, Manifest
from sentio_recording.media import matroska
from sentio_recording.media.sound_file import SCALE
from sentio_recording.media.store import MediaSettings
from sentio_recording.recorder import Recorder
from sentio_recording.recording import Recording
from sentio_recording.repair import repair, verify
from sentio_recording.tracks import tracks
from sentio_sensors import Channel, Chunk, ManualClock, Role, StreamSpec

MANIFEST = Manifest(id="test", clocks=Clocks(monotonic=1000.0, wall="2026-01-02T03:04:05Z"))
VIDEO = StreamSpec("cam/video", Role.VIDEO, 30.0, (Channel("rgb"),))
AUDIO = StreamSpec("mic/audio", Role.AUDIO, 8000.0, (Channel("voice", "1"),))
PICTURES = np.random.default_rng(1).integers(0, 255, (20, 24, 32, 3), dtype=np.uint8)
SOUND = (np.random.default_rng(2).normal(size=(20, 800, 1)) * 0.3).astype(np.float32)


def pictures(part: int) -> Chunk:
    return Chunk(VIDEO.id, np.array([1000.0 + part / 10]), PICTURES[part : part + 1])


def sound(part: int) -> Chunk:
    at = 1000.0 + part / 10 + np.arange(800) / 8000
    return Chunk(AUDIO.id, at, SOUND[part], 0.5 if part == 3 else 1.0)


def record(folder: Path, **more: object) -> Path:
    recorder = Recorder(folder, MANIFEST, ManualClock(), **more)  # type: ignore[arg-type]
    recorder.start()
    for spec in (VIDEO, AUDIO):
        recorder.stream(spec)
    for part in range(20):
        recorder.chunk(pictures(part))
        recorder.chunk(sound(part))
    recorder.stop()
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return record(tmp_path / "rec", media=MediaSettings(sound="flac"))


def read(folder: Path) -> dict[str, list[Chunk]]:
    found: dict[str, list[Chunk]] = {VIDEO.id: [], AUDIO.id: []}
    with Recording(folder) as recording:
        for _, item in recording.sensors():
            if isinstance(item, Chunk):
                found[item.stream].append(item)
    return found


def test_other_programs_play_video_and_sound(folder: Path) -> None:
    import av
    import soundfile

    with av.open(str(folder / "camera.mkv")) as file:
        assert file.format.name.startswith("matroska")
        frames = list(file.decode(video=0))
    assert [frame.pts for frame in frames] == [100 * part for part in range(20)]
    for frame, picture in zip(frames, PICTURES, strict=True):
        assert np.array_equal(frame.to_ndarray(format="rgb24"), picture)
    values, rate = soundfile.read(folder / "microphone.flac", dtype="float32", always_2d=True)
    assert rate == 8000
    assert np.abs(values - np.clip(SOUND.reshape(-1, 1), -1, 1)).max() <= 1 / SCALE


def test_media_files_are_private(folder: Path) -> None:
    modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert set(modes.values()) == {0o600}, modes


def test_chunks_keep_times_and_quality(folder: Path) -> None:
    got = read(folder)
    assert [len(got[key]) for key in (VIDEO.id, AUDIO.id)] == [20, 20]
    for part, (a, b) in enumerate(zip(got[VIDEO.id], got[AUDIO.id], strict=True)):
        assert np.array_equal(a.values[0], PICTURES[part])
        assert np.abs(b.values - np.clip(SOUND[part], -1, 1)).max() <= 1 / SCALE
        assert np.allclose(b.times, sound(part).times, atol=1e-9)
        assert b.quality == (0.5 if part == 3 else 1.0)
    assert verify(folder).ok
    with Recording(folder) as recording:
        (track,) = tracks(recording)
    assert (track.spec.id, len(track.times)) == (AUDIO.id, 16_000)
    assert track.spec.meta["lossy"] == "1"  # so that a replay uses the recorded estimates


def test_small_video_is_close_to_the_pictures(tmp_path: Path) -> None:
    smooth = np.linspace(0, 255, 24 * 32 * 3).reshape(1, 24, 32, 3).astype(np.uint8)
    recorder = Recorder(
        tmp_path / "rec", MANIFEST, ManualClock(), media=MediaSettings(video="small")
    )
    recorder.start()
    recorder.stream(VIDEO)
    recorder.chunk(Chunk(VIDEO.id, np.array([1000.0]), smooth))
    recorder.stop()
    (chunk,) = read(tmp_path / "rec")[VIDEO.id]
    assert 0 < np.abs(chunk.values.astype(int) - smooth).mean() < 6


def test_new_picture_size_starts_a_new_file(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "rec", MANIFEST, ManualClock())
    recorder.start()
    recorder.stream(VIDEO)
    recorder.chunk(pictures(0))
    recorder.chunk(Chunk(VIDEO.id, np.array([1001.0]), PICTURES[1:2, :11, :13]))
    recorder.stream(VIDEO)  # the device reconnected
    recorder.chunk(pictures(2))
    recorder.stop()
    names = sorted(path.name for path in (tmp_path / "rec").glob("*.mkv"))
    assert names == ["camera-2.mkv", "camera-3.mkv", "camera.mkv"]
    shapes = [chunk.values.shape[1:3] for chunk in read(tmp_path / "rec")[VIDEO.id]]
    assert shapes == [(24, 32), (11, 13), (24, 32)]


@pytest.mark.parametrize(
    "name", [pytest.param("camera.mkv", marks=pytest.mark.slow), "microphone.flac"]
)
def test_changed_byte_affects_only_its_chunk(folder: Path, name: str) -> None:
    whole = (folder / name).read_bytes()
    rng = random.Random(3)
    stream = VIDEO.id if name == "camera.mkv" else AUDIO.id
    missed = 0
    for _ in range(30):
        at = rng.randrange(len(whole))
        changed = bytearray(whole)
        changed[at] ^= 1 << rng.randrange(8)
        (folder / name).write_bytes(changed)
        report = verify(folder)
        missed += report.ok
        for chunk in read(folder)[stream]:
            part = round((chunk.times[0] - 1000) * 10)
            true = PICTURES[part] if name == "camera.mkv" else np.clip(SOUND[part], -1, 1)
            assert np.abs(chunk.values.reshape(true.shape) - true.astype(float)).max() <= 1 / SCALE
        if name == "camera.mkv" and at > 400:
            assert len(report.damages) == 1
            assert len(read(folder)[stream]) == 19
    # FLAC's header has fields that no sample needs; of pictures every byte has a checksum.
    assert missed <= (0 if name == "camera.mkv" else 3)


@pytest.mark.parametrize("name", ["camera.mkv", "microphone.flac"])
def test_truncated_file_is_read_up_to_its_end(folder: Path, name: str) -> None:
    whole = (folder / name).read_bytes()
    (folder / name).write_bytes(whole[: len(whole) // 2])
    stream = VIDEO.id if name == "camera.mkv" else AUDIO.id
    assert not verify(folder).ok
    got = read(folder)[stream]
    assert 5 <= len(got) <= 11
    lost = repair(folder).losses
    assert lost[0].stream == stream
    assert lost[0].after is not None
    assert lost[0].before is None
    assert verify(folder).ok
    assert [c.times[0] for c in read(folder)[stream]] == [c.times[0] for c in got]


def test_deleted_media_is_reported_and_the_rest_is_read(folder: Path) -> None:
    (folder / "camera.mkv").unlink()
    report = verify(folder)
    assert not report.ok
    assert "camera.mkv is missing" in report.damages[0].why
    assert [len(c) for c in read(folder).values()] == [0, 20]


def test_full_disk_leaves_complete_pictures(tmp_path: Path) -> None:
    room = 5 * 2400

    class Small(AppendFile):
        left = room

        def append(self, data: bytes) -> None:
            if self._path.suffix == ".mkv":
                if len(data) > Small.left:
                    raise FullError(f"{self._path.name}: full")
                Small.left -= len(data)
            super().append(data)

    reasons: list[str] = []
    record(tmp_path / "rec", open_file=Small, on_end=reasons.append)
    assert reasons == ["camera.mkv: full"]
    assert verify(tmp_path / "rec").ok
    got = read(tmp_path / "rec")
    assert 0 < len(got[VIDEO.id]) < 20
    assert np.array_equal(got[VIDEO.id][-1].values[0], PICTURES[len(got[VIDEO.id]) - 1])


HOSTILE: list[Callable[[np.ndarray], None]] = [
    lambda row: row.__setitem__((0, 0), 2**62),
    lambda row: row.__setitem__((0, 2), -1),
    lambda row: row.__setitem__((0, 2), 2**52),
    lambda row: row.__setitem__((0, 3), 2**52),
    lambda row: row.__setitem__((0, 3), 0),
    lambda row: row.__setitem__((0, 1), 7),
]


@pytest.mark.parametrize("change", HOSTILE)
def test_hostile_positions_are_damage(folder: Path, change: Callable[[np.ndarray], None]) -> None:
    from sentio_recording.media.store import MediaFiles

    with Recording(folder) as recording:
        (number,) = recording.numbers(VIDEO.id)
        rows = recording.samples(number)[1][:1]
    media = MediaFiles(folder)
    assert media.problem("camera", rows) == ""
    change(rows)
    assert media.problem("camera", rows)
    assert media.problem("../../etc/passwd", rows)
    assert media.problem("microphone", rows.astype(float))
    media.close()


def test_cluster_header_has_fixed_size() -> None:
    assert matroska.cluster(5, b"picture").index(b"picture") == matroska.CLUSTER_HEAD
