"""Sums up two seconds of frames in numbers that do not know how loud the recording is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sentio_models.voice.frames import HOP, MELS, Frames

Floats = NDArray[np.float64]

CEPSTRA = 20
"""Cepstral coefficients: the envelope of the spectrum, finer detail is pitch."""

RANGE_DB = 45.0
"""Bands are read this far below the loudest: deeper lies the noise of other rooms."""

LEAST = 0.3
"""Seconds of voice from which there is something to sum up."""

_RHYTHM = ((1.0, 2.5), (2.5, 4.0), (4.0, 5.5), (5.5, 8.0), (8.0, 12.0), (12.0, 20.0))
"""Bands of the level's modulation in Hz: syllables, laughter, trembling."""

_PADDED = 256
"""Frames that the modulation spectrum is computed over, with zeros after the sound."""

_COSINES = np.cos(np.pi / MELS * np.outer(np.arange(CEPSTRA), np.arange(MELS) + 0.5)).T * np.sqrt(
    2 / MELS
)

NAMES = (
    *(f"mfcc{i}_mean" for i in range(1, CEPSTRA)),
    *(f"mfcc{i}_sd" for i in range(CEPSTRA)),
    *(f"mfcc{i}_delta" for i in range(CEPSTRA)),
    *(f"mel{i}_peak" for i in range(0, MELS, 2)),
    "level_sd",
    "level_range",
    "level_rise",
    "level_fall",
    "flux",
    "pitch",
    "pitch_sd",
    "pitch_low",
    "pitch_high",
    "pitch_change",
    "pitch_slope",
    "harmonicity",
    "harmonicity_sd",
    "voiced_share",
    "voiced_runs",
    "voiced_run",
    "tilt_loud",
    *(f"rhythm{i}" for i in range(len(_RHYTHM))),
)
"""Of every statistic, in the order of ``summarise``."""


def summarise(
    frames: Frames, active: NDArray[np.bool_], voiced: NDArray[np.bool_]
) -> Floats | None:
    """Return the statistics of the frames that hold a voice; None if there are too few.

    Args:
        frames: Up to two seconds.
        active: Which of them hold a voice.
        voiced: Which of those are voiced.
    """
    chosen = np.flatnonzero(active)
    if len(chosen) * HOP < LEAST:
        return None
    # Short gaps inside belong to the rhythm; the silence before and after does not.
    first, last = chosen[0], chosen[-1] + 1
    mel = frames.mel[first:last]
    mel = np.maximum(mel, mel.max() - RANGE_DB)
    within = chosen - first
    heard = mel[within]
    heard = heard - heard.mean()
    cepstra = heard @ _COSINES
    delta = np.abs(heard[2:] - heard[:-2]) if len(heard) > 2 else np.zeros((1, MELS))
    slope = cepstra[2:] - cepstra[:-2] if len(heard) > 2 else np.zeros((1, CEPSTRA))
    level = np.maximum(frames.level[first:last], frames.level[first:last].max() - RANGE_DB)
    steps = np.diff(level, prepend=level[0])
    spoken = level[within]
    loud = spoken >= np.median(spoken)
    tilt = heard[:, 22:].mean(axis=1) - heard[:, 4:16].mean(axis=1)
    low, high = np.percentile(spoken, [10, 90])
    return np.concatenate(
        [
            cepstra.mean(axis=0)[1:],
            cepstra.std(axis=0),
            slope.std(axis=0),
            np.percentile(heard, 90, axis=0)[::2],
            [
                spoken.std(),
                high - low,
                np.maximum(steps, 0).mean(),
                np.maximum(-steps, 0).mean(),
                delta.mean(),
            ],
            _melody(frames, voiced),
            _voicing(frames, chosen, voiced),
            [tilt[loud].mean() - tilt.mean()],
            _rhythm(level),
        ]
    )


def _melody(frames: Frames, voiced: NDArray[np.bool_]) -> list[float]:
    """Pitch in octaves above 100 Hz: centre, spread, range, change in each 10 ms, slope."""
    where = np.flatnonzero(voiced)
    if len(where) < 5:
        return [1.0, 0.0, 1.0, 1.0, 0.0, 0.0]
    pitch = np.log2(frames.pitch[where] / 100)
    low, centre, high = np.percentile(pitch, [10, 50, 90])
    # Errors by an octave are pulled in.
    pitch = np.clip(pitch, centre - 0.9, centre + 0.9)
    near = np.diff(where) == 1
    change = np.abs(np.diff(pitch))[near]
    time = (where - where.mean()) * HOP
    slope = float((time * pitch).sum() / max(float((time**2).sum()), 1e-3))
    return [
        float(centre),
        float(pitch.std()),
        float(low),
        float(high),
        float(np.minimum(change, 0.2).mean()) if len(change) else 0.0,
        float(np.clip(slope, -2, 2)),
    ]


def _voicing(frames: Frames, chosen: NDArray[np.intp], voiced: NDArray[np.bool_]) -> list[float]:
    harmonicity = frames.harmonicity[chosen]
    share = float(voiced[chosen].mean())
    starts = int((np.diff(voiced.astype(np.int8), prepend=0) == 1).sum())
    seconds = (chosen[-1] + 1 - chosen[0]) * HOP
    return [
        float(harmonicity.mean()),
        float(harmonicity.std()),
        share,
        starts / seconds,
        float(voiced.sum()) * HOP / max(starts, 1),
    ]


def _rhythm(level: Floats) -> Floats:
    """Return how the level's swing divides over rates of modulation."""
    swing = level - level.mean()
    power = np.abs(np.fft.rfft(swing * np.hanning(len(swing)), _PADDED)) ** 2
    hertz = np.arange(len(power)) / (_PADDED * HOP)
    bands = np.array([power[(hertz >= low) & (hertz < high)].sum() for low, high in _RHYTHM])
    return np.log(bands / max(float(bands.sum()), 1e-9) + 0.01)
