"""Play video files and image folders in real time, like a camera."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sentio_sensors.camera.codec import Converter, VideoInput, image
from sentio_sensors.camera.frames import Picture, Rgb, VideoInfo
from sentio_sensors.clock import Clock
from sentio_sensors.errors import AbsentError, DisconnectedError, FormatError
from sentio_sensors.source import EndOfSource

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"})
"""File name suffixes of pictures in a folder."""

MAX_GAP_S = 10.0
"""Longest pause between two frames' time stamps, seconds; longer ones are errors and skipped."""


class FileReader:
    """Player of a video file; a slow reader gets the newest frame that is due.

    Args:
        path: The file.
        clock: Paces the file.
        max_side: Longest side of the pictures, pixels.
        loop: Repeat from the start.
    """

    def __init__(self, path: Path, clock: Clock, max_side: int, *, loop: bool) -> None:
        self._path = path
        self._clock = clock
        self._max_side = max_side
        self._loop = loop
        self._source: VideoInput | None = None
        self._convert: Converter | None = None
        self._frames: Iterator[tuple[float, Any]] = iter(())
        self._ahead: tuple[float, Any] | None = None

    def open(self) -> VideoInfo:
        """Open the file; its first frame is due now."""
        self.close()
        if not self._path.is_file():
            raise AbsentError(f"{self._path} does not exist", "check the path of the video file")
        self._source = VideoInput(str(self._path))
        self._convert = Converter(self._max_side, self._source.aspect)
        self._frames = self._timeline(self._source, self._clock.now())
        self._ahead = next(self._frames, None)
        if self._ahead is None:
            raise FormatError(f"{self._path} contains no frame")
        return VideoInfo(self._path.name, self._source.rate_hz)

    def read(self, timeout: float) -> Picture | None:
        """Wait for the next frame that is due."""
        if self._convert is None:
            raise DisconnectedError("the file was not opened", "call open first")
        if self._ahead is None:
            raise EndOfSource(f"{self._path} has been played")
        self._clock.sleep(min(timeout, self._ahead[0] - self._clock.now()))
        now, lost = self._clock.now(), -1
        due: tuple[float, Any] | None = None
        while self._ahead is not None and self._ahead[0] <= now:
            due, lost = self._ahead, lost + 1
            self._ahead = next(self._frames, None)
        if due is None:
            return None
        return Picture(due[0], self._convert.rgb(due[1]), lost)

    def close(self) -> None:
        """Close the file."""
        self._frames = iter(())
        self._ahead = None
        if self._source is not None:
            self._source.close()
            self._source = None

    def _timeline(self, source: VideoInput, start: float) -> Iterator[tuple[float, Any]]:
        step = 1 / source.rate_hz if source.rate_hz > 0 else 1 / 30
        due = start
        while True:
            last: float | None = None
            count = 0
            for stamp, frame in source.frames():
                gap = stamp - last if stamp is not None and last is not None else step
                # The first frame of a repetition follows one step after the last frame.
                if count or due != start:
                    due += gap if 0 < gap <= MAX_GAP_S else step
                last, count = stamp, count + 1
                yield due, frame
            if not self._loop or not count:
                return
            source.rewind()


class FolderReader:
    """Player of the pictures of a folder in the order of their names.

    Args:
        folder: Folder of the pictures.
        clock: Paces the pictures.
        max_side: Longest side of the pictures, pixels.
        seconds: How long each picture is sent.
        fps: Frames a second.
        loop: Repeat from the start.
    """

    def __init__(
        self, folder: Path, clock: Clock, max_side: int, *, seconds: float, fps: float, loop: bool
    ) -> None:
        self._folder = folder
        self._clock = clock
        self._max_side = max_side
        self._seconds = seconds
        self._fps = fps
        self._loop = loop
        self._paths: list[Path] = []
        self._convert: Converter | None = None
        self._shown: tuple[int, Rgb] | None = None
        self._start = 0.0
        self._sent = 0

    def open(self) -> VideoInfo:
        """List the folder and decode its first picture."""
        self.close()
        if not self._folder.is_dir():
            raise AbsentError(f"{self._folder} is not a folder", "check the path of the pictures")
        self._paths = sorted(p for p in self._folder.iterdir() if p.suffix.lower() in SUFFIXES)
        if not self._paths:
            names = " ".join(sorted(SUFFIXES))
            raise AbsentError(f"{self._folder} contains no pictures", f"add files of type {names}")
        self._convert = Converter(self._max_side)
        self._picture(0)
        self._start = self._clock.now()
        return VideoInfo(self._folder.name, self._fps, still=True)

    def read(self, timeout: float) -> Picture | None:
        """Wait until the next frame is due."""
        if not self._paths:
            raise DisconnectedError("the folder was not opened", "call open first")
        due = self._start + self._sent / self._fps
        self._clock.sleep(min(timeout, due - self._clock.now()))
        late = (self._clock.now() - due) * self._fps
        if late < 0:
            return None
        index = self._sent + int(late)
        which = int(index / self._fps / self._seconds)
        if which >= len(self._paths) and not self._loop:
            raise EndOfSource(f"{self._folder} has been played")
        self._sent = index + 1
        rgb = self._picture(which % len(self._paths))
        return Picture(self._start + index / self._fps, rgb, int(late))

    def close(self) -> None:
        """Discard the pictures."""
        self._paths, self._shown, self._sent = [], None, 0

    def _picture(self, which: int) -> Rgb:
        if self._shown is None or self._shown[0] != which:
            assert self._convert is not None
            self._shown = which, image(self._paths[which], self._convert)
        return self._shown[1]
