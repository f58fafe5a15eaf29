"""Judges how far the sound of two seconds can be trusted, and says why not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sentio_models.modalities.voice.frames import HOP, Frames

CLIPPED = 0.985
"""Peak from which a frame counts as clipped: converters stop at 1, encoders slightly below."""

CLIPPED_SHARE = 0.05
"""Share of the voice's frames that may be clipped before it matters."""

QUIET_DB = -50.0
"""Level of a voice below which microphones' own noise and 16 bits begin to colour it."""

NOISY_DB, CLEAN_DB = 5.0, 20.0
"""Voice above noise: where nothing can be read, and from where nothing is lost."""

OFFSET = 0.02
"""Mean of the samples from which a microphone is said to have an offset."""

STEADY_OCTAVES = 0.004
"""Change of pitch in 10 ms below which it stands still: voices waver more, instruments do not."""

STEADY_SHARE = 0.6
"""Share of periodic frames with standing pitch from which the sound is not speech."""

NOISE_DB = -45.0
"""Level of a room without a voice from which it is noisy rather than silent."""

ENOUGH = 1.0
"""Seconds of voice from which an estimate is as good as it gets."""

LEAST = 0.3
"""Seconds of voice below which nobody speaks."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Quality of what is heard.

    Attributes:
        quality: 0..1; 0 where nobody speaks.
        reasons: ``silence``, ``short``, ``clipping``, ``too_quiet``, ``noise``, ``music``,
            ``dc_offset``.
        snr_db: Voice above the noise floor; NaN where nobody speaks.
        loudness_db: Median level of the voice; NaN where nobody speaks.
    """

    quality: float
    reasons: tuple[str, ...]
    snr_db: float
    loudness_db: float


def median(values: NDArray[np.floating]) -> float:
    """Return the median of a few values: numpy's own costs ten times as much on so few."""
    ordered = np.sort(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return float(ordered[middle])
    return float((ordered[middle - 1] + ordered[middle]) / 2)


def judge(
    frames: Frames, active: NDArray[np.bool_], voiced: NDArray[np.bool_], floor: float
) -> Judgement:
    """Judge the frames in memory.

    Args:
        frames: Up to two seconds.
        active: Which of them hold a voice.
        voiced: Which of those are voiced.
        floor: The room's noise, dB of full scale.
    """
    reasons = []
    nan = float("nan")
    if len(frames) and abs(median(frames.offset)) > OFFSET:
        reasons.append("dc_offset")
    spoken = int(np.count_nonzero(active))
    seconds = spoken * HOP
    if seconds < LEAST:
        loud = len(frames) > 0 and median(frames.level) > NOISE_DB
        return Judgement(0.0, (*reasons, "noise" if loud else "silence"), nan, nan)
    quality = 1.0
    if reasons:
        quality *= 0.8
    if seconds < ENOUGH:
        quality *= 0.4 + 0.6 * seconds / ENOUGH
        reasons.append("short")
    loudness = median(frames.level[active])
    clipped = int(np.count_nonzero(frames.peak[active] >= CLIPPED)) / spoken
    if clipped > CLIPPED_SHARE:
        quality *= max(0.1, 1 - 1.5 * clipped)
        reasons.append("clipping")
    if loudness < QUIET_DB:
        quality *= 0.5
        reasons.append("too_quiet")
    snr = loudness - floor
    if snr < CLEAN_DB:
        quality *= min(1.0, max(0.1, (snr - NOISY_DB) / (CLEAN_DB - NOISY_DB)))
        if snr < (CLEAN_DB + NOISY_DB) / 2:
            reasons.append("noise")
    if steadiness(frames, voiced) > STEADY_SHARE:
        quality *= 0.1
        reasons.append("music")
    return Judgement(quality, tuple(reasons), snr, loudness)


def steadiness(frames: Frames, voiced: NDArray[np.bool_]) -> float:
    """Return the share of periodic frames whose pitch stands still, as in tones and hum."""
    near = voiced[1:] & voiced[:-1]
    count = int(np.count_nonzero(near))
    if count < 20:
        return 0.0
    octaves = np.log2(frames.pitch)
    change = np.abs(octaves[1:] - octaves[:-1])[near]
    return int(np.count_nonzero(change < STEADY_OCTAVES)) / count
