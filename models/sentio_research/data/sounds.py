"""Read sound files and process them with the live code."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelMissingError, ModelRefusedError
from sentio_models.modalities.voice.activity import START_DB, Activity
from sentio_models.modalities.voice.frame_buffer import SECONDS
from sentio_models.modalities.voice.frames import HOP, Frames, front_end
from sentio_models.modalities.voice.gate import gate_inputs
from sentio_models.modalities.voice.quality import assess
from sentio_models.modalities.voice.speech_detector import SpeechDetector
from sentio_models.modalities.voice.speech_track import SpeechTrack
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


def live_windows(
    sound: Samples, detector: SpeechDetector, every: float = 0.2
) -> list[NDArray[np.float64]]:
    """Return what the gate reads of each usable window of a sound, as live.

    Before and after the sound is room noise, and below all of it.

    Returns:
        Rows of the statistics, then the two inputs of ``gate.gate_inputs``.
    """
    rng = np.random.default_rng(len(sound))
    quiet = np.pad(sound, round(0.6 * RATE))
    quiet = (quiet + rng.standard_normal(len(quiet)) * 10 ** (-65 / 20)).astype(np.float32)
    frames = front_end(float(RATE))(quiet)
    active, voiced = Activity()(frames)
    track = SpeechTrack(detector)
    track.restart()
    track.add(quiet, RATE)
    speech = track.take(len(frames))
    rows = []
    step, count = round(every / HOP), round(SECONDS / HOP)
    for end in range(2 * step, len(frames) + 1, step):
        part = slice(max(0, end - count), end)
        window = frames.part(part.start, end)
        if assess(window, active[part], voiced[part], START_DB).quality > 0:
            values = summarise(window, active[part], voiced[part])
            if values is not None:
                rows.append(np.concatenate([values, gate_inputs(speech[part])]))
    return rows
