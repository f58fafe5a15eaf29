"""Summarise two seconds of frames in statistics independent of the level."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sentio_models.modalities.voice.frames import HOP, MELS, Frames

Floats = NDArray[np.float64]

CEPSTRA = 20
"""Number of cepstral coefficients: the spectral envelope without pitch."""

PARTS = 4
"""Number of parts that describe the course: bursts rise or fall as a whole."""

FEW = 13
"""Number of coefficients with detailed statistics."""

FOLD = 0.7
"""Octaves from the median beyond which a pitch is an octave error."""

RANGE_DB = 40.0
"""Dynamic range of the bands, dB: lower values are room noise."""

LEAST = 0.3
"""Least seconds of voice for statistics."""

_RHYTHM = ((1.0, 2.5), (2.5, 4.0), (4.0, 5.5), (5.5, 8.0), (8.0, 12.0), (12.0, 20.0))
"""Bands of the level's modulation in Hz: syllables, laughter, trembling."""

_PADDED = 256
"""Length of the modulation spectrum, frames, with zero padding."""

_COSINES = np.cos(np.pi / MELS * np.outer(np.arange(CEPSTRA), np.arange(MELS) + 0.5)).T * np.sqrt(
    2 / MELS
)

NAMES = (
    *(f"mfcc{i}_voiced" for i in range(1, CEPSTRA)),
    *(f"mfcc{i}_unvoiced" for i in range(1, FEW)),
    *(f"mfcc{i}_sd" for i in range(CEPSTRA)),
    *(f"mfcc{i}_low" for i in range(1, FEW)),
    *(f"mfcc{i}_high" for i in range(1, FEW)),
    *(f"mfcc{i}_delta" for i in range(CEPSTRA)),
    *(f"mfcc{i}_bend" for i in range(FEW)),
    *(f"mel{i}_peak" for i in range(0, MELS, 2)),
    "level_sd",
    "level_range",
    "level_rise",
    "level_fall",
    "level_slope",
    "level_unvoiced",
    "flux",
    "flux_sd",
    "pitch",
    "pitch_sd",
    "pitch_low",
    "pitch_high",
    "pitch_change",
    "pitch_jitter",
    "pitch_slope",
    "pitch_with_level",
    "harmonicity",
    "harmonicity_sd",
    "voiced_share",
    "voiced_runs",
    "voiced_run",
    "tilt_loud",
    "tilt_low_pitch",
    "low_harmonics",
    *(f"rhythm{i}" for i in range(len(_RHYTHM))),
    "seconds",
    *(f"level_at{i}" for i in range(PARTS)),
    *(f"tilt_at{i}" for i in range(PARTS)),
    *(f"pitch_at{i}" for i in range(PARTS)),
)
"""Names of the statistics in the order of ``summarise``."""


def summarise(
    frames: Frames, active: NDArray[np.bool_], voiced: NDArray[np.bool_]
) -> Floats | None:
    """Return the statistics of the frames with a voice; None if too few.

    Args:
        frames: Up to two seconds.
        active: Which of them contain a voice.
        voiced: Which of those are voiced.
    """
    chosen = np.flatnonzero(active)
    if len(chosen) * HOP < LEAST:
        return None
    # Short gaps inside are part of the rhythm; silence before and after is not.
    first, last = chosen[0], chosen[-1] + 1
    mel = frames.mel[first:last]
    mel = np.maximum(mel, mel.max() - RANGE_DB)
    within = chosen - first
    bands = mel[within]
    bands = bands - bands.mean()
    cepstra = bands @ _COSINES
    is_voiced = voiced[chosen]
    slope = _slope(cepstra)
    bend = _slope(slope[:, :FEW])
    flux = np.abs(_slope(bands)).mean(axis=1)
    level = np.maximum(frames.level[first:last], frames.level[first:last].max() - RANGE_DB)
    low, high = np.percentile(cepstra[:, 1:FEW], [15, 85], axis=0)
    return np.concatenate(
        [
            _mean(cepstra[:, 1:], is_voiced),
            _mean(cepstra[:, 1:FEW], ~is_voiced),
            cepstra.std(axis=0),
            low,
            high,
            slope.std(axis=0),
            bend.std(axis=0),
            np.percentile(bands, 90, axis=0)[::2],
            _loudness(level, level[within], is_voiced),
            [flux.mean(), flux.std()],
            _melody(frames, voiced),
            _voicing(frames, chosen, voiced),
            _timbre(bands, level[within], is_voiced),
            _rhythm(level),
            [np.log(len(chosen) * HOP)],
            _course(level[within]),
            _course(bands[:, 22:].mean(axis=1) - bands[:, 4:16].mean(axis=1)),
            _course(_pitches(frames, voiced)),
        ]
    )


def _mean(values: Floats, chosen: NDArray[np.bool_]) -> Floats:
    """Return the mean of the chosen rows; of all rows if very few are chosen."""
    mean: Floats = values[chosen if chosen.sum() >= 5 else slice(None)].mean(axis=0)
    return mean


def _slope(values: Floats) -> Floats:
    """Return the change over 20 ms, one row at least."""
    return values[2:] - values[:-2] if len(values) > 2 else np.zeros((1, values.shape[1]))


def _loudness(level: Floats, active_levels: Floats, voiced: NDArray[np.bool_]) -> list[float]:
    """Return swing, rise, fall and trend of level, and unvoiced against voiced level."""
    steps = np.diff(level, prepend=level[0])
    low, high = np.percentile(active_levels, [10, 90])
    time = np.linspace(-1, 1, len(active_levels))
    both = 5 <= voiced.sum() <= len(voiced) - 5
    return [
        float(active_levels.std()),
        float(high - low),
        float(np.maximum(steps, 0).mean()),
        float(np.maximum(-steps, 0).mean()),
        float((time * active_levels).mean() / (time**2).mean()),
        float(active_levels[~voiced].mean() - active_levels[voiced].mean()) if both else 0.0,
    ]


def _timbre(bands: Floats, level: Floats, voiced: NDArray[np.bool_]) -> list[float]:
    """Return brightness of loud against all frames, of voiced frames, and low bands."""
    loud = level >= np.median(level)
    tilt = bands[:, 22:].mean(axis=1) - bands[:, 4:16].mean(axis=1)
    ground = bands[:, 1:6].mean(axis=1) - bands[:, 8:16].mean(axis=1)
    return [
        float(tilt[loud].mean() - tilt.mean()),
        float(_mean(tilt[:, None], voiced)[0]),
        float(_mean(ground[:, None], voiced)[0]),
    ]


def _melody(frames: Frames, voiced: NDArray[np.bool_]) -> list[float]:
    """Return centre, spread, range, change, jitter, trend of pitch in octaves."""
    where = np.flatnonzero(voiced)
    if len(where) < 10:
        return [1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]
    raw = _pitches(frames, voiced)
    smooth = np.median(np.lib.stride_tricks.sliding_window_view(np.pad(raw, 2, "edge"), 5), axis=1)
    low, centre, high = np.percentile(smooth, [10, 50, 90]).tolist()
    near = np.diff(where) == 1
    change = np.minimum(np.abs(np.diff(smooth)), 0.2)[near]
    jitter = np.minimum(np.abs(raw - smooth), 0.1)
    time = (where - where.mean()) * HOP
    trend = float((time * smooth).sum() / max(float((time**2).sum()), 1e-3))
    level = frames.level[where]
    spread = float(level.std() * smooth.std())
    together = float(((level - level.mean()) * smooth).mean() / spread) if spread > 1e-6 else 0.0
    return [
        centre,
        float(smooth.std()),
        low,
        high,
        float(change.mean()) if len(change) else 0.0,
        float(jitter.mean()),
        float(np.clip(trend, -2, 2)),
        together,
    ]


def _pitches(frames: Frames, voiced: NDArray[np.bool_]) -> Floats:
    """Return voiced pitches in octaves above 100 Hz with octave errors corrected."""
    raw: Floats = np.log2(frames.pitch[voiced] / 100)
    if not len(raw):
        return raw
    centre = float(np.median(raw))
    folded: Floats = np.where(np.abs(raw - centre) > FOLD, raw - np.round(raw - centre), raw)
    return folded


def _course(values: Floats) -> Floats:
    """Return the means of consecutive parts relative to the total mean."""
    if len(values) < PARTS:
        return np.zeros(PARTS)
    means = [float(part.mean()) for part in np.array_split(values, PARTS)]
    return np.array(means) - float(values.mean())


def _voicing(frames: Frames, chosen: NDArray[np.intp], voiced: NDArray[np.bool_]) -> list[float]:
    """Return statistics of harmonicity and of voiced runs."""
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
    """Return the distribution of the level's modulation over frequency."""
    swing = level - level.mean()
    power = np.abs(np.fft.rfft(swing * np.hanning(len(swing)), _PADDED)) ** 2
    hertz = np.arange(len(power)) / (_PADDED * HOP)
    bands = np.array([power[(hertz >= low) & (hertz < high)].sum() for low, high in _RHYTHM])
    return np.log(bands / max(float(bands.sum()), 1e-9) + 0.01)
