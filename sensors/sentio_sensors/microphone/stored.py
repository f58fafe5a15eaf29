"""Read sound files as mono; imports soundfile when a file is opened."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

from sentio_sensors.errors import AbsentError, FormatError
from sentio_sensors.microphone.decoded import decoded
from sentio_sensors.microphone.downmix import Downmix
from sentio_sensors.microphone.lengths import Patched, whole
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
        FormatError: It is not a file, contains no sound, or states an impossible rate.
    """

    def __init__(self, path: Path) -> None:
        try:
            import soundfile
        except (ImportError, OSError) as error:
            fix = "pip install 'sentio-affect[microphone]'"
            raise AbsentError(f"sound files need soundfile: {error}", fix) from error
        if path.is_dir():
            raise FormatError(f"{path} is a folder", "name the sound file in it")
        if path.exists() and not path.is_file():
            raise FormatError(
                f"{path} is a device, pipe or socket, expected a sound file",
                f"save its data into a file first: head -c 100M {path} > sound.wav",
            )
        if not path.exists():
            raise AbsentError(f"{path} does not exist", "check the path of the sound file")
        self._errors = (soundfile.SoundFileError, OSError)
        self._data: IO[bytes] | Patched | None = None
        try:
            self._data = whole(path)
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
