"""Tells brain from everything else: blinks, muscles, mains, loose, flat and railed electrodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sentio_models.eeg.montage import Montage

Floats = NDArray[np.float64]

FLAT = 0.3
"""Microvolts of standard deviation below which no brain is connected."""

LOOSE = 150.0
"""Microvolts of standard deviation above which an electrode hangs in the air or moves."""

RAILED = 5
"""Equal extreme samples in a row that mean a converter at its rail."""

BLINK = 60.0
"""Microvolts of a slow frontal wave that is an eye blink (50 to 200: Croft & Barry 2000)."""

JUMP = 120.0
"""Microvolts between neighbouring 18 ms that no brain makes: a cable or electrode moved."""

MUSCLE = 0.5, 1.0
"""Power density at 32..45 Hz over that at 8..30 Hz from which muscle shows, and from which
nothing else is left: brain falls with frequency (below 0.5), jaw muscle is flat or rises."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found in a window.

    Attributes:
        quality: 0..1 of each channel.
        reasons: Short codes, worst first: ``flat``, ``railed``, ``loose``, ``muscle``, ``mains``,
            ``motion``, ``blink``.
    """

    quality: Floats
    reasons: tuple[str, ...]


def without_blinks(
    samples: Floats, rate_hz: float, montage: Montage, fade: Floats
) -> tuple[Floats, bool]:
    """Take eye blinks out by regression on the frontal slow wave (Gratton et al. 1983).

    Only the moments of a blink are touched; elsewhere the samples stay as they are.

    Args:
        samples: Shape ``(channels, n)``, microvolts, without offset.
        rate_hz: Of the samples.
        montage: Where the electrodes sit.
        fade: ``Spectrum.slow`` of this length and rate.

    Returns:
        The cleaned samples (the same array where there was no blink), and whether there was one.
    """
    front = montage.frontopolar
    n = samples.shape[1]
    if not _may_blink(samples[front], rate_hz):
        return samples, False
    # The few channels over the eyes tell whether the others need a look.
    near_eyes = np.fft.irfft(np.fft.rfft(samples[front], axis=1) * fade, n, axis=1)
    # An electrode that lost contact must not lend its swings to the others.
    wave = np.median(near_eyes, axis=0)
    wave = wave - np.median(wave)
    tall = np.abs(wave) > BLINK
    if not tall.any():
        return samples, False
    slow = np.fft.irfft(np.fft.rfft(samples, axis=1) * fade, n, axis=1)
    # A blink's feet reach 0.2 s to either side of where it is tall.
    reach = max(2, round(0.2 * rate_hz))
    near = np.convolve(tall, np.ones(2 * reach + 1), "same") > 0
    during = np.minimum(np.convolve(near, np.hanning(reach) / (reach / 2), "same"), 1.0)
    blink = wave * during
    # Regress on slow activity alone: fast activity that happens to correlate is brain.
    share = (slow @ blink) / max(float(blink @ blink), 1e-9)
    cleaned = samples - share[:, None] * blink
    # Over the eyes themselves the whole slow wave is the blink.
    cleaned[front] = samples[front] - during * slow[front]
    return cleaned, True


def _may_blink(front: Floats, rate_hz: float) -> bool:
    """Tell in few steps that no slow wave is tall enough, as nearly always.

    Means over 50 ms keep three quarters of a wave at the upper edge of what blinks hold.
    """
    length = max(1, round(0.05 * rate_hz))
    count = front.shape[1] // length
    if not len(front) or not count:
        return False
    means = front[:, -count * length :].reshape(len(front), count, length).sum(axis=2)
    return float(means.max() - means.min()) > 0.7 * BLINK * length


def judge(
    samples: Floats,
    probes: Mapping[str, Floats],
    montage: Montage,
    rate_hz: float,
    blinking: bool,
) -> Verdict:
    """Judge each channel of one window.

    Args:
        samples: Shape ``(channels, n)``, microvolts, raw.
        probes: Of the samples after ``without_blinks`` (``Spectrum.measure``).
        montage: Where the electrodes sit.
        rate_hz: Of the samples.
        blinking: Whether blinks were taken out.
    """
    reasons: list[str] = []
    brain = montage.brain
    quality = brain.astype(np.float64)
    n = samples.shape[1]
    top, bottom = samples.max(axis=1), samples.min(axis=1)
    variance = np.einsum("cn,cn->c", samples, samples) / n

    flat = variance < FLAT**2
    railed = np.zeros_like(flat)
    length = max(RAILED, n // 25)
    at_top, at_bottom = samples == top[:, None], samples == bottom[:, None]
    # Counting everywhere at once is cheap, and nearly always says that no channel can have so many.
    if np.count_nonzero(at_top) >= length or np.count_nonzero(at_bottom) >= length:
        held = np.maximum(at_top.sum(axis=1), at_bottom.sum(axis=1))
        railed = ~flat & (held >= length)
    # Judged after blinks were taken out: a blink is not a loose electrode.
    loose = (probes["all"] > LOOSE**2 / 44.0) | (variance > (8 * LOOSE) ** 2)
    jump = np.zeros_like(flat)
    # What never leaves a range cannot jump by more.
    if float((top - bottom).max()) > JUMP:
        # Neighbouring means over a period of mains: hum is no jump.
        lag = max(1, round(rate_hz / 55))
        total = np.cumsum(samples, axis=1)
        change = total[:, 2 * lag :] - 2 * total[:, lag:-lag] + total[:, : -2 * lag]
        jump = np.maximum(change.max(axis=1), -change.min(axis=1)) > JUMP * lag

    # Window after window finds nothing: only then is it worth asking what it is.
    if ((flat | railed | loose | jump) & brain).any():
        for name, bad in (("flat", flat), ("railed", railed), ("loose", loose), ("motion", jump)):
            hit = bad & brain
            if hit.any():
                quality[hit] = 0.0
                reasons.append(name)
    high = probes["high"]
    tense = high > MUSCLE[0] * np.maximum(probes["middle"], 1e-9)
    if tense.any():
        ratio = high / np.maximum(probes["middle"], 1e-9)
        muscle = np.clip((ratio - MUSCLE[0]) / (MUSCLE[1] - MUSCLE[0]), 0, 1) * (high > 0.15)
        quality *= 1 - muscle
        if (muscle[brain] > 0.3).any():
            reasons.append("muscle")
    mains = np.maximum(probes["mains_50"], probes["mains_60"]) > 60 * np.maximum(high, 1e-3)
    if (mains & brain).any():
        quality[mains] *= 0.7
        reasons.append("mains")
    if blinking:
        quality[montage.frontopolar] *= 0.7
        reasons.append("blink")
    return Verdict(quality, tuple(reasons))
