"""Read sound files as mono; imports soundfile when a file is opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from sentio_sensors.errors import AbsentError, FormatError
from sentio_sensors.microphone.resample import Mono


class SoundFile:
    """Reader of a file of any rate and number of channels as mono blocks.

    Args:
        path: WAV, FLAC, OGG, MP3, AIFF or another format of libsndfile.

    Raises:
        AbsentError: The file or the package soundfile is missing.
        FormatError: The file contains no sound.
    """

    def __init__(self, path: Path) -> None:
        try:
            import soundfile
        except (ImportError, OSError) as error:
            fix = "pip install 'sentio-affect[microphone]'"
            raise AbsentError(f"sound files need soundfile: {error}", fix) from error
        if not path.is_file():
            raise AbsentError(f"{path} does not exist", "check the path of the sound file")
        try:
            self._file: Any = soundfile.SoundFile(str(path))
        except (soundfile.SoundFileError, OSError) as error:
            raise FormatError(f"{path} cannot be read as sound: {error}") from error
        self._errors = (soundfile.SoundFileError, OSError)
        self._path = path
        self.rate: int = self._file.samplerate
        if len(self._file) == 0:
            self.close()
            raise FormatError(f"{path} contains no sound")

    def read(self, count: int) -> Mono:
        """Return up to ``count`` samples; none at the end.

        Raises:
            FormatError: The file is damaged here.
        """
        try:
            data = self._file.read(count, dtype="float32", always_2d=True)
        except self._errors as error:
            raise FormatError(f"{self._path} is damaged: {error}") from error
        mono: Mono = data.mean(axis=1, dtype=np.float32)
        return mono

    def rewind(self) -> None:
        """Seek to the beginning."""
        self._file.seek(0)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
