"""Store video and sound in media files and their times in the data file.

A sample counts as recorded once its row is in the data file, and the row is written only after
the sample is in the media file.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from math import inf
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from sentio_recording.disk import Appender, AppendFile, FullError
from sentio_recording.errors import DamagedError
from sentio_recording.media.sound_file import SoundReader, SoundWriter
from sentio_recording.media.video_file import Coded, VideoReader, VideoWriter
from sentio_recording.sealed.data_keys import DataKeys
from sentio_recording.sealed.key_folder import unlock as unlock_by_default
from sentio_recording.sealed.reader import Unlock
from sentio_recording.sealed.writer import SealedFile
from sentio_recording.xdf.headers import StreamInfo, info_of
from sentio_sensors.stream import Channel, Chunk, Role, StreamKey, StreamSpec

Details = tuple[float, tuple[str, ...], int]
"""Quality, reasons, and number of samples lost before a chunk."""

FRAME = tuple(Channel(name, "") for name in ("file", "frame", "offset", "size", "crc"))
"""File number, picture number, position and size of its encoded bytes, CRC-32."""

BLOCK = (
    *(Channel(name, "") for name in ("file", "start", "count")),
    Channel("first", "s"),
    Channel("crc", ""),
)
"""File number, first sample, number of samples, first stamp, CRC-32 of the 24-bit samples."""

Row = tuple[NDArray[np.float64], NDArray[Any], Details]
"""Data of one chunk of the data file."""

_LOSSY = "meta_lossy"
"""Marks the stream as ``lossy`` in its ``meta``: a replay has nearly the same samples."""

MAX_NUMBER = 1 << 53
"""Limit of the numbers in a row, which float64 represents exactly."""

SYNC_PERIOD = 1.0
"""Seconds between flushes to the disk, as for the data file."""


class MediaSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of video and sound in a recording.

    Attributes:
        video: ``lossless`` (FFV1: a replay has the same pixels), or ``small`` (JPEG of high
            quality: a sixth of the size, a replay has nearly the same pixels).
        sound: ``xdf`` (every sample with its stamp, bit for bit), or ``flac`` (24 bits, a
            seventh of the size).
    """

    video: Literal["lossless", "small"] = "lossless"
    sound: Literal["xdf", "flac"] = "xdf"


@dataclass(slots=True)
class _Track:
    index: int
    writer: VideoWriter | SoundWriter
    position: int = 0
    held: deque[Row] = field(default_factory=deque)


class MediaWriter:
    """Writer of the media files of one recording.

    Attributes:
        keys: Encrypt with them; set before anything is written.

    Args:
        folder: Folder of the recording.
        settings: Formats of video and sound.
        open_file: Opens the video files.
    """

    def __init__(
        self,
        folder: Path,
        settings: MediaSettings,
        open_file: Callable[[Path], Appender] = AppendFile,
    ) -> None:
        self._folder = folder
        self._settings = settings
        self._open_file = open_file
        self.keys: DataKeys | None = None
        self._tracks: dict[StreamKey, _Track] = {}
        self._specs: dict[StreamKey, StreamSpec] = {}
        self._files: dict[str, int] = {"camera": 0, "microphone": 0}
        self._synced = -inf

    def info(self, key: StreamKey, spec: StreamSpec) -> StreamInfo:
        """Describe ``spec`` in the data file: its samples or their index."""
        self._specs[key] = spec
        if spec.role is Role.VIDEO:
            info = info_of(spec, "int64")
            meta = {**info.meta, "media": "camera"}
            if self._settings.video == "small":
                meta[_LOSSY] = "1"
            return replace(info, channels=FRAME, meta=meta)
        if spec.role is Role.AUDIO and self._settings.sound == "flac":
            info = info_of(spec, "double64")
            meta = {
                **info.meta,
                "media": "microphone",
                _LOSSY: "1",
                "rate_hz": repr(spec.rate_hz),
                "label": spec.channels[0].label,
                "unit": spec.channels[0].unit,
            }
            return replace(info, kind="AudioBlock", channels=BLOCK, rate_hz=0.0, meta=meta)
        return info_of(spec)

    def write(self, key: StreamKey, chunk: Chunk) -> list[Row]:
        """Write a chunk's media; return the rows for the data file that are ready.

        The encoder of sound delays samples; their rows are delayed with them.

        Raises:
            SensorError: The media cannot be written; ``FullError`` if the disk is full.
        """
        spec = self._specs.get(key)
        if spec is not None and spec.role is Role.VIDEO:
            return self._video(key, chunk)
        if spec is not None and spec.role is Role.AUDIO and self._settings.sound == "flac":
            return self._sound(key, spec, chunk)
        return [(chunk.times, chunk.values, _details(chunk))]

    def close_stream(self, key: StreamKey) -> list[Row]:
        """Close a stream's media file, for example after a reconnection.

        Returns:
            The delayed rows.

        Raises:
            FullError: The disk is full.
        """
        track = self._tracks.get(key)
        if track is None:
            return []
        track.writer.close()
        del self._tracks[key]
        return list(track.held)

    def open_streams(self) -> list[StreamKey]:
        """Return the streams with an open media file."""
        return list(self._tracks)

    def abandon(self) -> dict[StreamKey, int]:
        """Close all files after the disk is full; return the lost samples by stream."""
        lost: dict[StreamKey, int] = {}
        for key, track in self._tracks.items():
            with suppress(FullError):
                track.writer.close()
            count = sum(int(values[0, 2]) for _, values, _ in track.held)
            if count:
                lost[key] = count
        self._tracks.clear()
        return lost

    def sync(self, now: float) -> None:
        """Flush the video files to the disk once a second."""
        if now - self._synced >= SYNC_PERIOD:
            self._synced = now
            for track in self._tracks.values():
                if isinstance(track.writer, VideoWriter):
                    track.writer.sync()

    def _video(self, key: StreamKey, chunk: Chunk) -> list[Row]:
        track = self._tracks.get(key)
        size = chunk.values.shape[1:3]
        if track is None or not isinstance(track.writer, VideoWriter) or track.writer.size != size:
            self.close_stream(key)
            path, number = self._path("camera", "mkv")
            lossless = self._settings.video == "lossless"
            opener = partial(self._opened, key.subject)
            writer = VideoWriter(path, size, lossless, opener)
            track = self._tracks[key] = _Track(number, writer)
        assert isinstance(track.writer, VideoWriter)
        rows = []
        for time, picture in zip(chunk.times, chunk.values, strict=True):
            coded = track.writer.frame(float(time), picture)
            rows.append([track.index, track.position, coded.offset, coded.size, coded.check])
            track.position += 1
        return [(chunk.times, np.array(rows, np.int64), _details(chunk))]

    def _sound(self, key: StreamKey, spec: StreamSpec, chunk: Chunk) -> list[Row]:
        track = self._tracks.get(key)
        if track is None or not isinstance(track.writer, SoundWriter):
            path, number = self._path("microphone", "flac")
            sealed = None if self.keys is None else partial(self._opened, key.subject)
            writer = SoundWriter(path, round(spec.rate_hz), len(spec.channels), sealed)
            track = self._tracks[key] = _Track(number, writer)
        assert isinstance(track.writer, SoundWriter)
        start = track.writer.position
        check = track.writer.write(chunk.values)
        row = [track.index, start, len(chunk), float(chunk.times[0]), check]
        track.held.append((chunk.times[-1:], np.array([row], float), _details(chunk)))
        found = []
        while track.held and sum(track.held[0][1][0, 1:3]) <= track.writer.held:
            found.append(track.held.popleft())
        return found

    def _opened(self, subject: str, path: Path) -> Appender:
        file = self._open_file(path)
        return file if self.keys is None else SealedFile(file, self.keys, subject)

    def _path(self, kind: str, suffix: str) -> tuple[Path, int]:
        self._files[kind] += 1
        number = self._files[kind]
        name = kind if number == 1 else f"{kind}-{number}"
        return self._folder / f"{name}.{suffix}", number


class MediaFiles:
    """Reader of the samples that the rows of index streams refer to.

    Args:
        folder: Folder of the recording.
        unlock: Returns the keys of an encrypted recording.
    """

    def __init__(self, folder: Path, unlock: Unlock = unlock_by_default) -> None:
        self._folder = folder
        self._unlock = unlock
        self._open: dict[tuple[str, int], VideoReader | SoundReader] = {}

    def values(self, kind: str, rows: NDArray[Any]) -> NDArray[Any]:
        """Return the samples of one chunk.

        Args:
            kind: ``camera`` or ``microphone``.
            rows: Rows of its index stream.

        Raises:
            AbsentError: The package that reads it is missing.
            DamagedError: They are missing, or changed.
        """
        file = self._file(kind, rows)
        if isinstance(file, SoundReader):
            return file.block(int(rows[0, 1]), int(rows[0, 2]), int(rows[0, 4]))
        return np.stack([file.picture(_position(row), not row[1]) for row in rows])

    def problem(self, kind: str, rows: NDArray[Any]) -> str:
        """Return the problem of one chunk's samples; empty if they are valid.

        Raises:
            AbsentError: The package that reads it is missing.
        """
        try:
            file = self._file(kind, rows)
            if isinstance(file, SoundReader):
                self.values(kind, rows)
            else:
                for row in rows:
                    file.coded(_position(row), not row[1])
        except DamagedError as error:
            return error.what
        return ""

    def close(self) -> None:
        """Close all files."""
        for file in self._open.values():
            file.close()
        self._open.clear()

    def _file(self, kind: str, rows: NDArray[Any]) -> VideoReader | SoundReader:
        columns = {"camera": FRAME, "microphone": BLOCK}.get(kind, ())
        if (
            rows.shape[1] != len(columns)
            or not np.all(np.isfinite(rows))
            or not np.all((rows >= 0) & (rows < MAX_NUMBER))
        ):
            raise DamagedError(f"{rows.shape[1]} columns of {kind[:20]!r} are not a file position")
        number = int(rows[0, 0])
        file = self._open.get((kind, number))
        if file is None:
            path = media_file(self._folder, kind, number)
            if not path.is_file():
                raise DamagedError(f"{path.name} is missing")
            reader = VideoReader if kind == "camera" else SoundReader
            file = reader(path, self._unlock)
            self._open[kind, number] = file
        return file


def media_file(folder: Path, kind: str, number: int) -> Path:
    """Return the path of media file ``number`` of an index stream."""
    suffix = {"camera": "mkv", "microphone": "flac"}[kind]
    return folder / (f"{kind}.{suffix}" if number == 1 else f"{kind}-{number}.{suffix}")


def _position(row: NDArray[Any]) -> Coded:
    return Coded(int(row[2]), int(row[3]), int(row[4]))


def _details(chunk: Chunk) -> Details:
    return chunk.quality, chunk.reasons, chunk.lost
