"""Decode sound that libsndfile cannot read, such as a phone's M4A."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import IO, Any

import numpy as np

from sentio_sensors.errors import AbsentError, FormatError

MAX_SECONDS = 6 * 3600
"""Longest sound that is decoded."""


def decoded(path: Path, soundfile: Any) -> IO[bytes]:
    """Return a temporary FLAC file of what ffmpeg decodes from a file.

    Args:
        path: The file.
        soundfile: The package, which writes.

    Raises:
        AbsentError: PyAV, which decodes it, is not installed.
        FormatError: It contains no sound.
    """
    try:
        import av
    except ImportError:
        raise AbsentError(
            f"{path.name} is sound of a kind that needs PyAV, which is not installed",
            f"pip install 'sentio-affect[camera]', or: ffmpeg -i {path.name} {path.stem}.wav",
        ) from None
    out: IO[bytes] = tempfile.TemporaryFile(prefix="sentio-", suffix=".flac")
    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                raise FormatError(f"{path} contains no sound", "give a file with sound")
            stream = container.streams.audio[0]
            if stream.codec_context is None:
                raise ValueError("no decoder is known for it")
            rate, channels = int(stream.rate), int(stream.channels)
            if not _write(out, soundfile, container.decode(stream), rate, channels, av):
                raise FormatError(f"{path} contains no sound", "give a file with sound")
    except FormatError:
        out.close()
        raise
    except Exception as error:  # decoders of damaged files raise anything
        out.close()
        raise FormatError(
            f"{path} cannot be read as sound: {error}",
            f"convert it: ffmpeg -i {path.name} {path.stem}.wav",
        ) from None
    out.seek(0)
    return out


def _write(out: IO[bytes], soundfile: Any, frames: Any, rate: int, channels: int, av: Any) -> int:
    """Write all frames that can be decoded; return the number of samples."""
    count = 0
    with soundfile.SoundFile(
        out, "w", rate, channels, format="FLAC", subtype="PCM_24", closefd=False
    ) as file:
        convert = av.AudioResampler(format="flt", rate=rate)
        try:
            for frame in frames:
                for part in convert.resample(frame):
                    block = part.to_ndarray().reshape(-1, channels)
                    file.write(np.clip(np.nan_to_num(block), -1, 1))
                    count += len(block)
                if count > MAX_SECONDS * rate:
                    break
        except av.FFmpegError:
            if not count:
                raise  # of a cut file the beginning is kept
    return count
