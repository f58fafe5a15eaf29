"""Video and sound beside the data: the media file holds the samples, the data file their times."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from sentio_sensors.chunk import Channel, Chunk, Role, StreamSpec
from sentio_sensors.recording.sound_file import SoundWriter
from sentio_sensors.recording.stream_info import StreamInfo, info_of
from sentio_sensors.recording.video_file import VideoWriter

FRAME = (Channel("file", ""), Channel("frame", ""))
BLOCK = (Channel("file", ""), Channel("start", ""), Channel("count", ""), Channel("first", "s"))


class MediaSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How video and sound are kept.

    Attributes:
        video: ``lossless`` (FFV1: a replay sees the same pixels), or ``small`` (H.264 at high
            quality: a tenth of the size, a replay sees nearly the same).
        sound: ``xdf`` (every sample with its stamp, bit for bit), or ``flac`` (24 bits, a
            seventh of the size).
    """

    video: Literal["lossless", "small"] = "lossless"
    sound: Literal["xdf", "flac"] = "xdf"


@dataclass(slots=True)
class _Track:
    spec: StreamSpec
    index: int = 0
    writer: VideoWriter | SoundWriter | None = None
    position: int = 0


class Media:
    """Keeps the media files of one recording.

    Args:
        folder: Of the recording.
        settings: How.
    """

    def __init__(self, folder: Path, settings: MediaSettings) -> None:
        self._folder = folder
        self._settings = settings
        self._tracks: dict[str, _Track] = {}
        self._specs: dict[str, StreamSpec] = {}
        self._files: dict[str, int] = {"camera": 0, "microphone": 0}

    def info(self, spec: StreamSpec) -> StreamInfo:
        """Describe ``spec`` for the data file: its samples, or where its media file has them."""
        self._specs[spec.id] = spec
        if spec.role is Role.VIDEO:
            info = info_of(spec, "int64")
            meta = {**info.meta, "media": "camera"}
            return replace(info, channels=FRAME, meta=meta)
        if spec.role is Role.AUDIO and self._settings.sound == "flac":
            info = info_of(spec, "double64")
            meta = {
                **info.meta,
                "media": "microphone",
                "rate_hz": repr(spec.rate_hz),
                "label": spec.channels[0].label,
                "unit": spec.channels[0].unit,
            }
            return replace(info, kind="AudioBlock", channels=BLOCK, rate_hz=0.0, meta=meta)
        return info_of(spec)

    def keep(self, chunk: Chunk) -> tuple[NDArray[np.float64], NDArray[Any]]:
        """Write a chunk's media; return what goes into the data file instead.

        Raises:
            SensorError: The media cannot be written; ``FullError`` where the disk is full.
        """
        spec = self._specs.get(chunk.stream)
        if spec is not None and spec.role is Role.VIDEO:
            return self._video(spec, chunk)
        if spec is not None and spec.role is Role.AUDIO and self._settings.sound == "flac":
            return self._sound(spec, chunk)
        return chunk.times, chunk.values

    def forget(self, key: str) -> None:
        """Close a stream's media file: its device came back, and gets a new one."""
        track = self._tracks.pop(key, None)
        if track is not None and track.writer is not None:
            track.writer.close()

    def close(self) -> None:
        """Close all files."""
        for key in list(self._tracks):
            self.forget(key)

    def _video(self, spec: StreamSpec, chunk: Chunk) -> tuple[NDArray[np.float64], NDArray[Any]]:
        track = self._tracks.get(spec.id)
        size = chunk.values.shape[1:3]
        writer = track.writer if track is not None else None
        if not isinstance(writer, VideoWriter) or writer.size != size:
            self.forget(spec.id)
            path, number = self._path("camera", "mkv")
            writer = VideoWriter(path, size, self._settings.video == "lossless")
            track = self._tracks[spec.id] = _Track(spec, number, writer)
        assert track is not None
        for time, picture in zip(chunk.times, chunk.values, strict=True):
            writer.frame(float(time), picture)
        frames = np.arange(track.position, track.position + len(chunk))
        track.position += len(chunk)
        return chunk.times, np.stack([np.full_like(frames, track.index), frames], 1)

    def _sound(self, spec: StreamSpec, chunk: Chunk) -> tuple[NDArray[np.float64], NDArray[Any]]:
        track = self._tracks.get(spec.id)
        writer = track.writer if track is not None else None
        if not isinstance(writer, SoundWriter):
            path, number = self._path("microphone", "flac")
            writer = SoundWriter(path, round(spec.rate_hz), len(spec.channels))
            track = self._tracks[spec.id] = _Track(spec, number, writer)
        assert track is not None
        writer.write(chunk.values)
        row = [track.index, track.position, len(chunk), float(chunk.times[0])]
        track.position += len(chunk)
        return chunk.times[-1:], np.array([row], float)

    def _path(self, kind: str, suffix: str) -> tuple[Path, int]:
        self._files[kind] += 1
        number = self._files[kind]
        name = kind if number == 1 else f"{kind}-{number}"
        return self._folder / f"{name}.{suffix}", number


def media_file(folder: Path, kind: str, number: int) -> Path:
    """Return the media file that ``number`` in an index stream means."""
    suffix = {"camera": "mkv", "microphone": "flac"}[kind]
    return folder / (f"{kind}.{suffix}" if number == 1 else f"{kind}-{number}.{suffix}")
