"""Sound as FLAC, 24 bits; one of the two places that import soundfile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.errors import AbsentError
from sentio_sensors.recording.disk import FullError
from sentio_sensors.recording.errors import DamagedError


def load() -> Any:
    """Import soundfile.

    Raises:
        AbsentError: It is not there.
    """
    try:
        import soundfile
    except (ImportError, OSError) as error:
        raise AbsentError(f"soundfile: {error}", "pip install 'sentio[recording]'") from None
    return soundfile


class SoundWriter:
    """Writes one FLAC file.

    Args:
        path: New.
        rate: Samples a second.
        channels: How many.

    Raises:
        AbsentError: soundfile is not installed.
        FullError: The file cannot be written.
    """

    def __init__(self, path: Path, rate: int, channels: int) -> None:
        soundfile = load()
        self._error = soundfile.LibsndfileError
        try:
            self._file = soundfile.SoundFile(
                str(path), "w", rate, channels, subtype="PCM_24", format="FLAC"
            )
        except self._error as error:
            raise FullError(f"{path.name}: {error}") from None
        self._name = path.name

    def write(self, values: NDArray[Any]) -> None:
        """Append samples, -1..1.

        Raises:
            FullError: The disk takes no more.
        """
        try:
            self._file.write(np.asarray(values, np.float32))
        except self._error as error:
            raise FullError(f"{self._name}: {error}") from None

    def close(self) -> None:
        """Finish the file."""
        try:
            self._file.close()
        except self._error:
            pass  # a full disk: what is there can be read


class SoundReader:
    """Reads blocks of one FLAC file.

    Args:
        path: Of the file.

    Raises:
        DamagedError: It is not readable as FLAC.
    """

    def __init__(self, path: Path) -> None:
        soundfile = load()
        self._error = soundfile.LibsndfileError
        try:
            self._file = soundfile.SoundFile(str(path))
        except self._error as error:
            raise DamagedError(f"{path.name}: {error}") from None

    def block(self, start: int, count: int) -> NDArray[np.float32]:
        """Return samples ``(count, channels)``.

        Raises:
            DamagedError: They are not there.
        """
        try:
            self._file.seek(start)
            values: NDArray[np.float32] = self._file.read(count, "float32", always_2d=True)
        except self._error as error:
            raise DamagedError(f"{self._file.name}: {error}") from None
        if len(values) != count:
            raise DamagedError(f"{self._file.name} ends before sample {start + count}")
        return values

    def close(self) -> None:
        """Close the file."""
        self._file.close()
