"""Read sound files as mono; imports soundfile when a file is opened."""

from __future__ import annotations

import io
import mmap
import struct
from pathlib import Path
from typing import IO, Any

from sentio_sensors.errors import AbsentError, FormatError
from sentio_sensors.microphone.decoded import decoded
from sentio_sensors.microphone.downmix import Downmix
from sentio_sensors.microphone.resample import Mono

RATES = (1_000, 1_000_000)
"""Lowest and highest rate of sound, Hz."""

LEARNED_S = 60
"""Seconds of a file, evenly over its length, from which the channels' weights are computed."""

HEADERS = 10_000
"""Bytes; a longer file with no sample by its header was written into a pipe."""

UNSTATED = 1 << 40
"""Samples; a FLAC file that was written into a pipe states none, and libsndfile cannot seek."""


class SoundFile:
    """Reader of a file of any rate and number of channels as mono blocks.

    Args:
        path: WAV, FLAC, OGG, MP3, AIFF or another format of libsndfile; with PyAV also M4A, WebM
            and all that ffmpeg decodes.

    Raises:
        AbsentError: The file or the package soundfile is missing.
        FormatError: The file contains no sound, or states an impossible rate.
    """

    def __init__(self, path: Path) -> None:
        try:
            import soundfile
        except (ImportError, OSError) as error:
            fix = "pip install 'sentio-affect[microphone]'"
            raise AbsentError(f"sound files need soundfile: {error}", fix) from error
        if not path.is_file():
            raise AbsentError(f"{path} does not exist", "check the path of the sound file")
        self._errors = (soundfile.SoundFileError, OSError)
        self._data: IO[bytes] | _Patched | None = None
        try:
            self._data = _whole(path)
            self._file: Any = soundfile.SoundFile(self._data or str(path))
            long = path.stat().st_size > HEADERS
            if len(self._file) > UNSTATED or (long and len(self._file) == 0):
                self._file.close()
                raise OSError("it states no length")
        except self._errors:
            self._data = decoded(path, soundfile)
            self._file = soundfile.SoundFile(self._data)
        self._path = path
        self.rate: int = self._file.samplerate
        if len(self._file) == 0:
            self.close()
            raise FormatError(f"{path} contains no sound")
        if not RATES[0] <= self.rate <= RATES[1]:
            self.close()
            raise FormatError(
                f"{path} states {self.rate} Hz, expected {RATES[0]} to {RATES[1]}",
                f"correct its header: ffmpeg -ar 48000 -i {path.name} corrected.wav",
            )
        self._weights = self._learned()

    def read(self, count: int) -> Mono:
        """Return up to ``count`` samples; none at the end.

        Raises:
            FormatError: The file is damaged here.
        """
        try:
            data = self._file.read(count, dtype="float32", always_2d=True)
        except self._errors as error:
            raise FormatError(f"{self._path} is damaged: {error}") from error
        mono: Mono = data @ self._weights
        return mono

    def _learned(self) -> Mono:
        """Return the channels' weights from parts of the whole file."""
        mix = Downmix(self._file.channels)
        if self._file.channels > 1:
            step = max(self.rate, len(self._file) // LEARNED_S)
            for at in range(0, len(self._file), step):
                try:
                    self._file.seek(at)
                    block = self._file.read(self.rate, dtype="float32", always_2d=True)
                except self._errors:
                    break  # reported where it is read
                mix.learn(block)
            self.rewind()
        return mix.weights()

    def rewind(self) -> None:
        """Seek to the beginning."""
        self._file.seek(0)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        if self._data is not None:
            self._data.close()


def _whole(path: Path) -> _Patched | None:
    """Return a WAV file whose header does not state its length, with the real length.

    A program that writes into a pipe cannot go back to state it: it leaves 0 or the largest number.
    None for all other files.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(1 << 16)
        if start[:4] != b"RIFF" or start[8:12] != b"WAVE":
            return None
        at = 12
        while at + 8 <= len(start) and start[at : at + 4] != b"data":
            at += 8 + int.from_bytes(start[at + 4 : at + 8], "little") + start[at + 4] % 2
        if at + 8 > len(start):
            return None
        stated = int.from_bytes(start[at + 4 : at + 8], "little")
        left = size - at - 8
        if 0 < stated <= left or not 0 < left < 2**32 - at:
            return None
        whole = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
    whole[4:8] = struct.pack("<I", min(size - 8, 2**32 - 1))
    whole[at + 4 : at + 8] = struct.pack("<I", left)
    return _Patched(whole)


class _Patched(io.RawIOBase):
    """A mapped file that, unlike a map, may be sought beyond its end.

    Args:
        data: The map; closed with this.
    """

    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self._at = 0

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer from the position; return the number of bytes."""
        part = self._data[self._at : self._at + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Change the position; return it."""
        self._at = max(0, offset + (0, self._at, len(self._data))[whence])
        return self._at

    def tell(self) -> int:
        """Return the position."""
        return self._at

    def close(self) -> None:
        """Close the map."""
        if not self.closed:
            self._data.close()
        super().close()
