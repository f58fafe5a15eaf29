"""Read sound files and process them with the live code."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelMissingError, ModelRefusedError
from sentio_models.modalities.voice.activity import Activity
from sentio_models.modalities.voice.frame_buffer import SECONDS
from sentio_models.modalities.voice.frames import HOP, Frames, front_end
from sentio_models.modalities.voice.statistics import summarise

RATE = 16000
"""Sampling rate of microphones, Hz."""

LONGEST = 60.0
"""Longest part of a file that is read, seconds; utterances are much shorter."""

Samples = NDArray[np.float32]


def read_sound(path: Path) -> Samples:
    """Read a sound file as mono at ``RATE``, full scale -1..1.

    Raises:
        ModelMissingError: soundfile is not installed.
        ModelRefusedError: The file is not a sound that libsndfile can read, or is empty.
    """
    try:
        import soundfile
    except ImportError:
        raise ModelMissingError(
            "soundfile is not installed", "pip install 'sentio-affect[microphone]'"
        ) from None
    try:
        with soundfile.SoundFile(path) as file:
            rate = file.samplerate
            sound = file.read(int(LONGEST * rate), dtype="float32", always_2d=True)
    except (RuntimeError, OSError) as error:
        raise ModelRefusedError(f"{path.name}: {error}", "give WAV, FLAC, Ogg or MP3") from None
    if not len(sound):
        raise ModelRefusedError(f"{path.name} contains no samples")
    mono: Samples = np.nan_to_num(sound.mean(axis=1)).astype(np.float32)
    if rate == RATE:
        return mono
    from scipy.signal import resample_poly

    divisor = int(np.gcd(rate, RATE))
    even: Samples = resample_poly(mono, RATE // divisor, rate // divisor).astype(np.float32)
    return even


def statistics_of(sound: Samples, rate: float = RATE) -> NDArray[np.float64] | None:
    """Return the statistics of the two seconds with most voice, or None.

    A short file has no preceding silence to estimate the noise floor: if too little voice is
    detected, the whole file is used.
    """
    frames = front_end(rate)(sound)
    active, voiced = Activity()(frames)
    frames, active, voiced = busiest(frames, active, voiced)
    found = summarise(frames, active, voiced)
    return summarise(frames, np.ones(len(frames), np.bool_), voiced) if found is None else found


def busiest(
    frames: Frames, active: NDArray[np.bool_], voiced: NDArray[np.bool_]
) -> tuple[Frames, NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the two seconds with most voice of a longer sound."""
    count = round(SECONDS / HOP)
    if len(frames) <= count:
        return frames, active, voiced
    held = np.convolve(active, np.ones(count), "valid")
    first = int(held.argmax())
    end = first + count
    return frames.part(first, end), active[first:end], voiced[first:end]
