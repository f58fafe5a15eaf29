"""Tests of the camera source: files, folders, MJPEG over a real connection."""

from __future__ import annotations

import base64
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from sentio_sensors import (
    AbsentError,
    Chunk,
    DisconnectedError,
    EndOfSource,
    FormatError,
    ManualClock,
    MonotonicClock,
    Role,
)
from sentio_sensors.camera.cameras import CameraInfo, find, linux_cameras
from sentio_sensors.camera.codec import VideoInput, device_input, shown
from sentio_sensors.camera.live import LiveReader, capture_time
from sentio_sensors.camera.source import CameraSettings, CameraSource

pytest.importorskip("av")
DEADLINE_S = 20.0


def until(source: CameraSource, enough: Callable[[list[Chunk]], bool]) -> list[Chunk]:
    chunks: list[Chunk] = []
    end = time.monotonic() + DEADLINE_S
    while not enough(chunks):
        assert time.monotonic() < end, f"only {len(chunks)} pictures came"
        chunks += source.read(0.2)
    return chunks


def to_the_end(source: CameraSource) -> list[Chunk]:
    chunks: list[Chunk] = []
    while True:
        try:
            chunks += source.read(0.1)
        except EndOfSource:
            return chunks


def part(jpeg: bytes) -> bytes:
    return b"--frame\r\nContent-Length: %d\r\n\r\n%b\r\n" % (len(jpeg), jpeg)


# Video file


def test_file_is_played_in_real_time(video_file: Path, draw: Callable[..., Any]) -> None:
    clock = ManualClock(10.0)
    source = CameraSource(CameraSettings(file=str(video_file), loop=False), clock)
    (spec,) = source.open()
    assert (spec.role, spec.rate_hz, spec.id) == (Role.VIDEO, 20.0, "camera:clip.mkv/video")
    chunks = to_the_end(source)
    times = np.concatenate([chunk.times for chunk in chunks])
    assert np.allclose(times, 10.0 + np.arange(20) / 20, atol=1e-3)
    assert all(chunk.values.shape == (1, 48, 64, 3) for chunk in chunks)
    assert all(chunk.values.dtype == np.uint8 for chunk in chunks)
    for index in (0, 7, 19):
        difference = chunks[index].values[0].astype(int) - draw(index)
        assert np.abs(difference).mean() < 10


def test_slow_reader_of_file_gets_newest_frame_and_lost_count(video_file: Path) -> None:
    clock = ManualClock()
    source = CameraSource(CameraSettings(file=str(video_file)), clock)
    source.open()
    source.read(0)
    clock.sleep(0.52)
    (chunk,) = source.read(0)
    assert chunk.lost == 9
    assert 0 <= clock.now() - chunk.times[0] < 0.05


def test_looping_file_repeats_without_gap(video_file: Path) -> None:
    clock = ManualClock()
    source = CameraSource(CameraSettings(file=str(video_file)), clock)
    source.open()
    times = [source.read(0.1)[0].times[0] for _ in range(45)]
    assert np.allclose(np.diff(times), 0.05, atol=1e-3)


def test_files_without_video_are_refused(tmp_path: Path) -> None:
    with pytest.raises(AbsentError, match=r"none\.mp4 does not exist"):
        CameraSource(CameraSettings(file=str(tmp_path / "none.mp4")), ManualClock()).open()
    junk = tmp_path / "junk.mp4"
    junk.write_bytes(bytes(range(256)) * 40)
    with pytest.raises(FormatError, match="cannot be read as video"):
        CameraSource(CameraSettings(file=str(junk)), ManualClock()).open()


def test_truncated_file_is_played_as_far_as_possible(video_file: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.mkv"
    whole = video_file.read_bytes()
    cut.write_bytes(whole[: len(whole) * 6 // 10])
    source = CameraSource(CameraSettings(file=str(cut), loop=False), ManualClock())
    source.open()
    frames = 0
    try:
        while True:
            frames += len(source.read(0.1))
    except (EndOfSource, DisconnectedError):
        assert 3 < frames < 20


# Folder


def test_folder_shows_each_picture_for_its_duration(
    pictures: Path, draw: Callable[..., Any]
) -> None:
    clock = ManualClock()
    source = CameraSource(
        CameraSettings(images=str(pictures), seconds=2.0, fps=10, loop=False), clock
    )
    source.open()
    chunks = to_the_end(source)
    assert len(chunks) == 60
    assert all(chunk.quality == 1.0 for chunk in chunks)
    assert np.allclose(np.diff([chunk.times[0] for chunk in chunks]), 0.1)
    for index in range(3):
        got = chunks[20 * index + 10].values[0].astype(int)
        assert np.abs(got - draw(3 * index)).mean() < 4


def test_folders_without_pictures_are_refused(tmp_path: Path) -> None:
    with pytest.raises(AbsentError, match="is not a folder"):
        CameraSource(CameraSettings(images=str(tmp_path / "x")), ManualClock()).open()
    with pytest.raises(AbsentError, match="contains no pictures"):
        CameraSource(CameraSettings(images=str(tmp_path)), ManualClock()).open()
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\nno")
    with pytest.raises(FormatError):
        CameraSource(CameraSettings(images=str(tmp_path)), ManualClock()).open()


# MJPEG


def test_mjpeg_pictures_arrive_and_end_is_reported(
    camera: Any, jpeg: Callable[[int], bytes], draw: Callable[..., Any]
) -> None:
    received, send_next = threading.Semaphore(0), threading.Semaphore(0)

    def send(write: Callable[[bytes], None]) -> None:
        for index in range(5):
            assert send_next.acquire(timeout=DEADLINE_S)
            write(part(jpeg(index)))

    camera.send = send
    clock = MonotonicClock()
    source = CameraSource(CameraSettings(url=camera.url), clock)
    source.open()
    for index in range(5):
        before = clock.now()
        send_next.release()
        (chunk,) = until(source, bool)
        assert before <= chunk.times[0] <= clock.now()
        assert chunk.lost == 0
        assert np.abs(chunk.values[0].astype(int) - draw(index)).mean() < 6
        received.release()
    with pytest.raises(DisconnectedError, match="ended the stream"):
        until(source, lambda chunks: False)
    source.close()
    source.close()
    send_next.release(5)
    source.open()
    assert until(source, bool)
    source.close()


def test_slow_reader_of_mjpeg_gets_newest_frame_and_lost_count(
    camera: Any, jpeg: Callable[[int], bytes], draw: Callable[..., Any]
) -> None:
    done, leave = threading.Event(), threading.Event()

    def send(write: Callable[[bytes], None]) -> None:
        write(b"".join(part(jpeg(index)) for index in range(8)))
        done.set()
        leave.wait(DEADLINE_S)

    camera.send = send
    source = CameraSource(CameraSettings(url=camera.url), MonotonicClock())
    source.open()
    assert done.wait(DEADLINE_S)
    chunks = until(source, lambda c: sum(len(x) + x.lost for x in c) == 8)
    assert np.abs(chunks[-1].values[0].astype(int) - draw(7)).mean() < 6
    leave.set()
    source.close()


def test_broken_pictures_are_counted_and_too_many_disconnect(
    camera: Any, jpeg: Callable[[int], bytes]
) -> None:
    taken = threading.Semaphore(0)

    def send(write: Callable[[bytes], None]) -> None:
        write(part(b"no picture"))
        assert taken.acquire(timeout=DEADLINE_S)
        write(part(jpeg(1)))
        assert taken.acquire(timeout=DEADLINE_S)
        while True:
            write(part(b"\xff\xd8 broken \xff\xd9"))

    camera.send = send
    source = CameraSource(CameraSettings(url=camera.url), MonotonicClock())
    source.open()
    assert source.read(DEADLINE_S) == []
    taken.release()
    (chunk,) = until(source, bool)
    assert chunk.lost == 1
    taken.release()
    with pytest.raises(DisconnectedError, match="could not be decoded"):
        until(source, lambda chunks: False)
    source.close()


def test_interrupted_or_invalid_stream_disconnects(camera: Any) -> None:
    camera.send = lambda write: write(b"--frame\r\nContent-Length: 5000\r\n\r\nhalf")
    source = CameraSource(CameraSettings(url=camera.url), MonotonicClock())
    source.open()
    with pytest.raises(DisconnectedError):
        until(source, lambda chunks: False)
    source.close()
    camera.send = lambda write: write(b"--frame\r\n" + b"x" * 20000)
    source.open()
    with pytest.raises(DisconnectedError, match="part header"):
        until(source, lambda chunks: False)
    source.close()


def test_close_wakes_a_waiting_thread(camera: Any) -> None:
    leave = threading.Event()
    camera.send = lambda write: leave.wait(DEADLINE_S)
    source = CameraSource(CameraSettings(url=camera.url), MonotonicClock())
    source.open()
    readers = [t for t in threading.enumerate() if t.name == "mjpeg"]
    source.close()
    for reader in readers:
        reader.join(DEADLINE_S / 2)  # the camera waits longer
        assert not reader.is_alive()
    leave.set()


def test_unusable_addresses_raise_absent(camera: Any) -> None:
    def attempt(url: str) -> None:
        CameraSource(CameraSettings(url=url), MonotonicClock()).open()

    with pytest.raises(AbsentError, match="does not respond"):
        attempt("http://127.0.0.1:9/x")
    with pytest.raises(AbsentError, match="does not respond"):
        attempt("rtsp://user:secret@127.0.0.1:9/x")
    with pytest.raises(AbsentError, match="address"):
        attempt("http://127.0.0.1:port/x")
    camera.content_type = "text/html"
    with pytest.raises(FormatError, match="text/html"):
        attempt(camera.url)
    camera.status = 404
    with pytest.raises(AbsentError, match="404"):
        attempt(camera.url)


def test_login_works_and_password_is_not_shown(camera: Any, jpeg: Callable[[int], bytes]) -> None:
    camera.password = "Basic " + base64.b64encode(b"me:se:cret").decode()
    camera.send = lambda write: write(part(jpeg(0)))
    with pytest.raises(AbsentError, match="user:password"):
        CameraSource(CameraSettings(url=camera.url), MonotonicClock()).open()
    url = camera.url.replace("127", "me:se%3Acret@127")
    source = CameraSource(CameraSettings(url=url), MonotonicClock())
    (spec,) = source.open()
    assert "cret" not in f"{spec}"
    assert until(source, bool)
    source.close()
    assert shown("rtsp://me:secret@host:554/a@b") == "rtsp://host:554/a@b"


# Devices


def test_live_reader_keeps_newest_frame_and_ends(video_file: Path) -> None:
    clock = MonotonicClock()
    live = LiveReader("clip", lambda: VideoInput(str(video_file)), clock, 640)
    assert live.open().rate_hz == 20
    frames = 0
    while frames < 20:
        picture = live.read(DEADLINE_S)
        assert picture is not None
        frames += 1 + picture.lost
    with pytest.raises(DisconnectedError, match="ended"):
        live.read(DEADLINE_S)
    live.close()
    live.close()


def test_driver_stamps_of_another_clock_are_ignored() -> None:
    assert capture_time(99.98, 100.0) == 99.98
    assert capture_time(1.0, 100.0) == 100.0
    assert capture_time(100.1, 100.0) == 100.0
    assert capture_time(None, 100.0) == 100.0


def test_cameras_are_listed_with_ids_and_problems(tmp_path: Path) -> None:
    sysfs, by_id, dev = tmp_path / "sys", tmp_path / "by-id", tmp_path / "dev"
    for number, name, index in ((0, "HD Cam", 0), (1, "HD Cam", 1), (10, "Logi C920", 0)):
        node = sysfs / f"video{number}"
        node.mkdir(parents=True)
        (node / "name").write_text(name + "\n")
        (node / "index").write_text(f"{index}\n")
    by_id.mkdir()
    dev.mkdir()
    (dev / "video10").touch()
    (by_id / "usb-046d_C920_ABC-video-index0").symlink_to(dev / "video10")
    first, second = linux_cameras(sysfs, by_id, dev)
    assert (first.index, first.problem) == (0, "no device file")
    assert (second.id, second.name) == ("usb-046d_C920_ABC-video-index0", "Logi C920")
    assert not second.problem
    for device in ("10", "c920", "046d_C920_ABC", second.path):
        assert find(device, [first, second]) is second
    with pytest.raises(AbsentError, match="found: 0: HD Cam, 10: Logi C920"):
        find("9", [first, second])
    assert linux_cameras(tmp_path / "no", tmp_path / "no", dev) == []
    assert isinstance(first, CameraInfo)


@pytest.mark.skipif(sys.platform != "linux", reason="video4linux is Linux's")
def test_device_that_is_not_a_camera_is_refused(tmp_path: Path) -> None:
    # Without a camera in the kernel only the refusal of v4l2 can be tested.
    with pytest.raises(FormatError, match="ioctl"):
        device_input("/dev/null", 640, 480, 30.0)
    with pytest.raises(AbsentError, match="sentio devices"):
        device_input(str(tmp_path / "video9"), 640, 480, 30.0)


def test_missing_camera_error_has_a_fix() -> None:
    with pytest.raises(AbsentError, match="sentio devices"):
        CameraSource(CameraSettings(device="no such camera"), MonotonicClock()).open()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('device = "0"\nfile = "a"', "keep one"),
        ('url = "ftp://x"', "ftp"),
        ("fps = 0.0", "fps"),
        ("seconds = 0.0", "seconds"),
        ("max_side = 1", "max_side"),
        ("width = 1", "1x480"),
    ],
)
def test_invalid_settings_are_refused(text: str, expected: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=expected):
        msgspec.toml.decode(text, type=CameraSettings)
