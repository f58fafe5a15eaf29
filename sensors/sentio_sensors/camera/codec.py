"""Open devices, files and streams and decode them with PyAV (ffmpeg).

``av`` is imported here, when the first camera opens, and nowhere else.
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from sentio_sensors.camera.exif import Orientation, orientation_of_jpeg
from sentio_sensors.camera.frames import Rgb
from sentio_sensors.errors import AbsentError, DisconnectedError, FormatError, SensorError

MAX_PIXELS = 64 * 10**6
"""Larger pictures are refused before memory is allocated; an 8K frame has 33 million."""

OPEN_TIMEOUT_S, READ_TIMEOUT_S = 5.0, 5.0
"""Time limits of a network stream for opening and between two frames, seconds."""

UPRIGHT: Orientation = (1, 0, 0, 1)

PERMIT_GROUP = "sudo usermod -aG video $USER, then log in again"

PERMIT = {
    "darwin": "allow it: System Settings > Privacy & Security > Camera, for the program that "
    "starts Sentio",
    "win32": "allow it: Settings > Privacy & security > Camera, also for desktop apps",
}
"""What a user can do where the system refuses a camera, by platform."""

_DEVICE_FORMATS = {"linux": "v4l2", "darwin": "avfoundation", "win32": "dshow"}


def load() -> ModuleType:
    """Import PyAV.

    Raises:
        AbsentError: It is not installed.
    """
    try:
        import av
    except ImportError as error:
        raise AbsentError(
            f"cameras and video files need PyAV: {error}", "pip install 'sentio-affect[camera]'"
        ) from error
    module: ModuleType = av
    return module


class Converter:
    """Converter of decoded frames to RGB arrays, scaled down if necessary.

    It keeps one scaler with one thread: PyAV's ``to_ndarray`` creates a new one with a thread
    for each core, which takes 5 ms for a 640x480 frame instead of 0.3.

    Args:
        max_side: Longest side of the result, pixels.
        aspect: Width of a stored pixel in units of its height.
    """

    def __init__(self, max_side: int, aspect: float = 1.0) -> None:
        load()
        from av.video.reformatter import VideoReformatter

        self._scale = VideoReformatter()
        self._max_side = max_side
        self._wider, self._higher = max(1.0, aspect), max(1.0, 1 / aspect)
        self._seen: tuple[int, int, int] | None = None
        self._orientation = UPRIGHT

    def rgb(self, frame: Any, orientation: Orientation | None = None) -> Rgb:
        """Return an ``av.VideoFrame`` upright as uint8 ``(height, width, 3)``.

        Args:
            frame: The frame.
            orientation: Signs of its display matrix; None: those of its stream.
        """
        if orientation is None:
            orientation = self._of_stream(frame)
        width, height = frame.width * self._wider, frame.height * self._higher
        shrink = min(1.0, self._max_side / max(width, height))
        out = self._scale.reformat(
            frame,
            width=max(2, round(width * shrink)),
            height=max(2, round(height * shrink)),
            format="rgb24",
            interpolation="AREA" if shrink < 1 else "FAST_BILINEAR",
            threads=1,
        )
        stored: Any = out.to_ndarray()
        return np.ascontiguousarray(upright(stored, orientation))

    def _of_stream(self, frame: Any) -> Orientation:
        """Return the orientation, read again only when rotation or size change.

        PyAV's side data and its frame refer to each other: each look keeps a picture until the
        garbage collector finds both, which may be after hundreds of pictures.
        """
        seen = int(frame.rotation), frame.width, frame.height
        if seen != self._seen:
            self._seen, self._orientation = seen, orientation_of(frame)
        return self._orientation


def orientation_of(frame: Any) -> Orientation:
    """Return the signs of a frame's display matrix, which phones and cameras write.

    The matrix (a, b; c, d) shows the stored pixel (x, y) at (ax + cy, bx + dy); ISO/IEC 14496-12.
    """
    try:
        found = [bytes(d) for d in frame.side_data if d.type.name == "DISPLAYMATRIX"]
    except ValueError:  # PyAV does not know all kinds of side data; this has no mirror images
        return _TURNS.get(int(frame.rotation), (1, 0, 0, 1))
    for data in found:
        matrix = np.frombuffer(data, "<i4", 5)
        a, b, c, d = (int(matrix[i]) for i in (0, 1, 3, 4))
        size = max(abs(a), abs(b), abs(c), abs(d)) / 2
        a, b, c, d = (int(v > size) - int(v < -size) for v in (a, b, c, d))
        if abs(a * d - b * c) == 1 and abs(a) + abs(b) == 1:
            return a, b, c, d
    return 1, 0, 0, 1


_TURNS = {-90: (0, 1, -1, 0), 90: (0, -1, 1, 0), 180: (-1, 0, 0, -1), -180: (-1, 0, 0, -1)}
"""Display matrix of each rotation, degrees counter-clockwise."""


def upright(picture: Rgb, orientation: Orientation) -> Rgb:
    """Rotate and mirror a picture by a display matrix of whole quarter turns.

    Args:
        picture: Shape ``(height, width, 3)`` as stored.
        orientation: a, b, c, d, each -1, 0 or 1.
    """
    a, b, c, d = orientation
    if a == 0:
        picture = picture.transpose(1, 0, 2)
    if a + c < 0:
        picture = picture[:, ::-1]
    if b + d < 0:
        picture = picture[::-1]
    return picture


class JpegDecoder:
    """Decoder of single JPEG pictures.

    Args:
        max_side: Longest side of the result, pixels.
    """

    def __init__(self, max_side: int) -> None:
        self._av = load()
        self._convert = Converter(max_side)
        self._context = self._av.CodecContext.create("mjpeg", "r")
        self._context.thread_count = 1
        self._context.options = {"max_pixels": str(MAX_PIXELS)}

    def decode(self, jpeg: bytes) -> Rgb | None:
        """Return the picture as RGB, or None if the bytes are not a complete JPEG."""
        if not jpeg:
            return None
        try:
            frames = self._context.decode(self._av.Packet(jpeg))
            orientation = orientation_of_jpeg(jpeg) or UPRIGHT  # nothing else turns a JPEG
            return self._convert.rgb(frames[0], orientation) if frames else None
        except (self._av.FFmpegError, ValueError, MemoryError):
            return None


class VideoInput:
    """An open device, file or network stream.

    Args:
        url: Path or address.
        format: ffmpeg's input format, or None to detect it.
        options: ffmpeg's options.
        live: True if only the newest frame is needed.

    Raises:
        AbsentError: It is missing, busy, or access is denied.
        FormatError: It contains no video.

    Attributes:
        rate_hz: Stated frames a second; 0 if unknown.
        aspect: Width of a stored pixel in units of its height.
    """

    def __init__(
        self,
        url: str,
        format: str | None = None,
        options: dict[str, str] | None = None,
        *,
        live: bool = False,
    ) -> None:
        self._av = load()
        self._shown = shown(url)
        try:
            self._container = self._av.open(
                url, format=format, options=options or {}, timeout=(OPEN_TIMEOUT_S, READ_TIMEOUT_S)
            )
        except (self._av.FFmpegError, OSError, ValueError) as error:
            raise explain(error, self._shown) from None
        if not self._container.streams.video:
            self._container.close()
            raise FormatError(
                f"{self._shown} contains no video", "give a video file, camera or stream"
            )
        self._stream = self._container.streams.video[0]
        context = self._stream.codec_context
        if context is None:
            name = self._container.format.name
            self._container.close()
            raise FormatError(
                f"{self._shown} is of a kind ({name}) that ffmpeg here cannot decode",
                "convert it to PNG, JPEG or MP4",
            )
        context.thread_count = 1
        if live:
            context.options = {"flags": "low_delay"}
        self.rate_hz = float(self._stream.average_rate or self._stream.guessed_rate or 0)
        shape = float(self._stream.sample_aspect_ratio or context.sample_aspect_ratio or 1)
        self.aspect = shape if 0.2 <= shape <= 5 else 1.0

    def frames(self) -> Iterator[tuple[float | None, Any]]:
        """Yield presentation time (seconds, or None) and frame until the end.

        Raises:
            DisconnectedError: Reading failed before the end.
        """
        try:
            for frame in self._container.decode(self._stream):
                yield frame.time, frame
        except self._av.EOFError:
            return
        except (self._av.FFmpegError, OSError, ValueError) as error:
            raise DisconnectedError(f"{self._shown} was interrupted: {error}") from error

    def rewind(self) -> None:
        """Seek to the beginning of a file."""
        self._container.seek(0)

    def close(self) -> None:
        """Close the input."""
        self._container.close()


def device_input(device: str, width: int, height: int, fps: float) -> VideoInput:
    """Open a camera of this machine, preferably compressed (MJPEG).

    Args:
        device: Path or name in the operating system.
        width: Requested width, pixels; the camera may choose another.
        height: Requested height, likewise.
        fps: Requested frames a second.

    Raises:
        AbsentError: It is missing, busy, or access is denied.
        FormatError: It refuses every format that was tried.
    """
    kind = _DEVICE_FORMATS.get(sys.platform)
    if kind is None:
        raise AbsentError(f"cameras on {sys.platform} are not supported", "use a url instead")
    url = f"video={device}" if kind == "dshow" else device
    wanted = {"video_size": f"{width}x{height}", "framerate": f"{fps:g}"}
    compressed = {"dshow": {"vcodec": "mjpeg"}, "v4l2": {"input_format": "mjpeg"}}.get(kind, {})
    problem: SensorError | None = None
    for options in (wanted | compressed, wanted, {}):
        try:
            return VideoInput(url, kind, options, live=True)
        except FormatError as error:
            problem = error
    raise problem or FormatError(f"{device} yields no pictures")


def image(path: Path, convert: Converter) -> Rgb:
    """Decode a picture file.

    Raises:
        AbsentError: It is missing or not readable.
        FormatError: It is not a picture.
    """
    source = VideoInput(str(path))
    try:
        with path.open("rb") as file:
            orientation = orientation_of_jpeg(file.read(1 << 17))
        for _, frame in source.frames():
            return convert.rgb(frame, orientation or orientation_of(frame))
    except DisconnectedError as error:
        raise FormatError(f"{path} is not a picture: {error.what}") from error
    finally:
        source.close()
    raise FormatError(f"{path} is not a picture")


def devices() -> list[tuple[str, str]]:
    """Return path or name, and description, of the cameras that ffmpeg lists."""
    av = load()
    kind = _DEVICE_FORMATS.get(sys.platform)
    listing = getattr(av, "enumerate_input_devices", None)
    if kind is None or listing is None:
        return []
    try:
        found = listing(kind)
    except (av.FFmpegError, OSError, ValueError):
        return []
    return [(device.name, device.description) for device in found if "video" in device.media_types]


def shown(url: str) -> str:
    """Return ``url`` without user and password, for messages."""
    scheme, separator, rest = url.partition("://")
    if not separator:
        return url
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"


def explain(error: Exception, url: str) -> SensorError:
    """Translate an error of opening ``url`` to a typed error with a fix."""
    number = getattr(error, "errno", None)
    why = getattr(error, "strerror", None) or type(error).__name__
    if isinstance(error, PermissionError):
        return AbsentError(f"no permission to open {url}", PERMIT.get(sys.platform, PERMIT_GROUP))
    if isinstance(error, FileNotFoundError):
        return AbsentError(f"{url} does not exist", "list the cameras with: sentio devices")
    if number == errno.EBUSY:
        return AbsentError(f"{url} is used by another program", "close the other program")
    if number == errno.ENODEV or number == errno.ENXIO:
        return AbsentError(f"no camera is connected to {url}", "plug in the camera")
    if isinstance(error, (ConnectionError, TimeoutError)):
        return AbsentError(f"{url} does not respond: {why}", "check the address and the network")
    return FormatError(f"{url} cannot be read as video: {why}")
