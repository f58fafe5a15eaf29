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

SLOW_HZ = 6.0
"""Blinks have nothing above this."""

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


def without_blinks(samples: Floats, rate_hz: float, montage: Montage) -> tuple[Floats, bool]:
    """Take eye blinks out by regression on the frontal slow wave (Gratton et al. 1983).

    Only the moments of a blink are touched; elsewhere the samples stay as they are.

    Args:
        samples: Shape ``(channels, n)``, microvolts, without offset.
        rate_hz: Of the samples.
        montage: Where the electrodes sit.

    Returns:
        The cleaned samples (the same array where there was no blink), and whether there was one.
    """
    front = montage.frontopolar
    if not front.any() or float(np.abs(samples[front]).max()) < BLINK:
        return samples, False
    n = samples.shape[1]
    lines = np.fft.rfft(samples, axis=1)
    frequency = np.fft.rfftfreq(n, 1 / rate_hz)
    fade = np.clip((SLOW_HZ + 2 - frequency) / 4, 0, 1) * (frequency > 0)
    slow = np.fft.irfft(lines * fade, n, axis=1)
    # An electrode that lost contact must not lend its swings to the others.
    wave = np.median(slow[front], axis=0)
    wave = wave - np.median(wave)
    tall = np.abs(wave) > BLINK
    if not tall.any():
        return samples, False
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
    spread = np.sqrt(np.einsum("cn,cn->c", samples, samples) / n)

    flat = spread < FLAT
    at_rail = (samples == top[:, None]).sum(axis=1), (samples == bottom[:, None]).sum(axis=1)
    railed = ~flat & (np.maximum(*at_rail) >= max(RAILED, n // 25))
    # Judged after blinks were taken out: a blink is not a loose electrode.
    loose = (np.sqrt(probes["all"] * 44.0) > LOOSE) | (spread > 8 * LOOSE)
    # Neighbouring means over a period of mains: hum is no jump.
    lag = max(1, round(rate_hz / 55))
    total = np.cumsum(samples, axis=1)
    change = total[:, 2 * lag :] - 2 * total[:, lag:-lag] + total[:, : -2 * lag]
    jump = np.abs(change).max(axis=1) > JUMP * lag

    ratio = probes["high"] / np.maximum(probes["middle"], 1e-9)
    muscle = np.clip((ratio - MUSCLE[0]) / (MUSCLE[1] - MUSCLE[0]), 0, 1) * (probes["high"] > 0.15)
    mains = np.maximum(probes["mains_50"], probes["mains_60"])
    mains = mains > 60 * np.maximum(probes["high"], 1e-3)

    for name, bad in (("flat", flat), ("railed", railed), ("loose", loose), ("motion", jump)):
        hit = bad & brain
        if hit.any():
            quality[hit] = 0.0
            reasons.append(name)
    quality *= 1 - muscle
    if (muscle[brain] > 0.3).any():
        reasons.append("muscle")
    if (mains & brain).any():
        quality[mains] *= 0.7
        reasons.append("mains")
    if blinking:
        quality[montage.frontopolar] *= 0.7
        reasons.append("blink")
    return Verdict(quality, tuple(reasons))
