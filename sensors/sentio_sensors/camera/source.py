"""Source of a camera: device, network stream, video file or image folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import numpy as np

from sentio_sensors.camera.cameras import CameraInfo, find, list_cameras
from sentio_sensors.camera.codec import VideoInput, device_input
from sentio_sensors.camera.frames import FrameReader
from sentio_sensors.camera.live import LiveReader
from sentio_sensors.camera.quality import FrameQuality
from sentio_sensors.camera.stored import FileReader, FolderReader
from sentio_sensors.clock import Clock
from sentio_sensors.errors import AbsentError, DisconnectedError
from sentio_sensors.stream import Channel, Chunk, Role, StreamSpec

__all__ = ["CameraInfo", "CameraSettings", "CameraSource", "list_cameras"]


class CameraSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of a camera: one of device, url, file and images.

    Attributes:
        device: Index (``"0"``), path, or a part of the stable id or name that ``sentio devices``
            shows. Default is the first camera.
        url: ``http(s)://`` for MJPEG, ``rtsp(s)://`` for RTSP.
        file: A video file, played in real time.
        images: A folder of pictures.
        width: Width requested from a device, pixels.
        height: Height requested from a device, pixels.
        fps: Frames a second, requested from a device or sent from a folder.
        seconds: How long each picture of a folder is sent.
        loop: Whether files and folders start over.
        max_side: Larger pictures are scaled down to this longest side, pixels; face models work
            on 192 to 256.
    """

    device: str = ""
    url: str = ""
    file: str = ""
    images: str = ""
    width: int = 640
    height: int = 480
    fps: float = 30.0
    seconds: float = 3.0
    loop: bool = True
    max_side: int = 1280

    def __post_init__(self) -> None:
        """Validate the settings."""
        given = [n for n in ("device", "url", "file", "images") if getattr(self, n)]
        if len(given) > 1:
            raise ValueError(f"{' and '.join(given)} are set; keep one of them")
        if self.url and urlsplit(self.url).scheme not in ("http", "https", "rtsp", "rtsps"):
            raise ValueError(f"url is {self.url!r}; use http://, https://, rtsp:// or rtsps://")
        if not 1 <= self.fps <= 240:
            raise ValueError(f"fps is {self.fps}; use 1..240")
        if not 0.05 <= self.seconds <= 86400:
            raise ValueError(f"seconds is {self.seconds}; use 0.05..86400")
        if not (16 <= self.width <= 8192 and 16 <= self.height <= 8192):
            raise ValueError(f"picture is {self.width}x{self.height}; use 16..8192")
        if not 64 <= self.max_side <= 8192:
            raise ValueError(f"max_side is {self.max_side}; use 64..8192")


class CameraSource:
    """Source of one video stream; each chunk holds the newest frame.

    Skipped frames are counted in ``Chunk.lost``. Frozen, black, dark, covered and
    over-exposed pictures carry quality and reason.

    Args:
        settings: Which camera, stream or file to read.
        clock: Gives the time stamps and paces files.
    """

    def __init__(self, settings: CameraSettings, clock: Clock) -> None:
        self._settings = settings
        self._reader = reader(settings, clock)
        self._stream = ""
        self._quality = FrameQuality()

    def open(self) -> Sequence[StreamSpec]:
        """Open the camera.

        Raises:
            AbsentError: It is missing, busy, access is denied, or PyAV is not installed.
            FormatError: It yields no pictures.
        """
        info = self._reader.open()
        self._quality = FrameQuality(still=info.still)
        self._stream = f"camera:{stable_name(self._settings)}/video"
        rate = info.rate_hz or self._settings.fps
        spec = StreamSpec(self._stream, Role.VIDEO, rate, (Channel("rgb"),), device=info.name)
        return [spec]

    def read(self, timeout: float) -> Sequence[Chunk]:
        """Wait for a frame newer than the last.

        Raises:
            DisconnectedError: The camera is lost.
            EndOfSource: A file or folder has ended and does not loop.
        """
        if not self._stream:
            raise DisconnectedError("the camera was not opened", "call open first")
        picture = self._reader.read(timeout)
        if picture is None:
            return []
        quality, reasons = self._quality.assess(picture.rgb, picture.time)
        times = np.array([picture.time])
        values = picture.rgb[None]
        return [Chunk(self._stream, times, values, quality, reasons, picture.lost)]

    def close(self) -> None:
        """Close the camera."""
        self._stream = ""
        self._reader.close()


def reader(settings: CameraSettings, clock: Clock) -> FrameReader:
    """Return the reader for ``settings``; opens nothing."""
    side = settings.max_side
    if settings.images:
        return FolderReader(
            Path(settings.images).expanduser(),
            clock,
            side,
            seconds=settings.seconds,
            fps=settings.fps,
            loop=settings.loop,
        )
    if settings.file:
        return FileReader(Path(settings.file).expanduser(), clock, side, loop=settings.loop)
    if settings.url.startswith("http"):
        from sentio_sensors.camera.mjpeg import MjpegReader  # with http and ssl

        return MjpegReader(settings.url, clock, side)
    if settings.url:
        return LiveReader(_address(settings.url), lambda: _rtsp(settings.url), clock, side)
    name = settings.device or "camera 0"
    return LiveReader(name, lambda: _device(settings), clock, side)


def stable_name(settings: CameraSettings) -> str:
    """Return a stable name without password and folder."""
    for path in (settings.images, settings.file):
        if path:
            return Path(path).name
    return _address(settings.url) if settings.url else settings.device or "0"


def _device(settings: CameraSettings) -> VideoInput:
    cameras = list_cameras()
    if not settings.device and not cameras:
        raise AbsentError("no camera was found", "plug one in; list them with: sentio devices")
    camera = find(settings.device, cameras) if settings.device else cameras[0]
    if camera.problem:
        raise AbsentError(f"camera {camera.name}: {camera.problem}", camera.fix)
    return device_input(camera.path, settings.width, settings.height, settings.fps)


def _rtsp(url: str) -> VideoInput:
    # TCP: one lost UDP packet smears the picture until the next key frame.
    options = {"rtsp_transport": "tcp", "fflags": "nobuffer", "flags": "low_delay"}
    return VideoInput(url, None, options, live=True)


def _address(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}{parts.path}"
