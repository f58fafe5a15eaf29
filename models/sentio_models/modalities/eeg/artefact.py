"""Tells brain from everything else: blinks, muscles, mains, loose, flat and railed electrodes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sentio_models.modalities.eeg.montage import Montage

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

REASONS = ("flat", "railed", "loose", "motion", "muscle", "mains", "blink")
"""What can be wrong with a window, worst first."""


@dataclass(frozen=True, slots=True)
class ArtefactReport:
    """What was found in a window.

    Attributes:
        quality: 0..1 of each channel.
        reasons: Some of ``REASONS``, in that order.
    """

    quality: Floats
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BlinkFilter:
    """Takes eye blinks out by regression on the frontal slow wave (Gratton et al. 1983).

    Only the moments of a blink are touched; elsewhere the samples stay as they are.

    Attributes:
        fade: ``Spectrum.slow``: what is left of each line where blinks are looked for.
        block: Samples in 50 ms: their means keep three quarters of a wave at the upper edge of
            what blinks hold.
        halo: What widens a blink to its feet, which reach 0.2 s to either side of where it is
            tall.
        feet: Hann window that fades the correction in and out.
    """

    fade: Floats
    block: int
    halo: Floats
    feet: Floats

    @classmethod
    def of(cls, fade: Floats, rate_hz: float) -> BlinkFilter:
        """Plan for windows of the length and rate that ``fade`` was made for."""
        reach = max(2, round(0.2 * rate_hz))
        feet = np.asarray(np.hanning(reach) / (reach / 2), np.float64)
        return cls(fade, max(1, round(0.05 * rate_hz)), np.ones(2 * reach + 1), feet)

    def clean(self, samples: Floats, montage: Montage) -> tuple[Floats, bool]:
        """Take blinks out of one window.

        Args:
            samples: Shape ``(channels, n)``, microvolts, without offset.
            montage: Where the electrodes sit.

        Returns:
            The cleaned samples (the same array where there was no blink), and whether there was
            one.
        """
        front = samples[montage.frontopolar]
        if not self._may_blink(front):
            return samples, False
        near_eyes = self._slow(front)
        # An electrode that lost contact must not lend its swings to the others.
        wave = _median(near_eyes)
        wave -= np.sort(wave)[len(wave) // 2]
        tall = np.abs(wave) > BLINK
        if not tall.any():
            return samples, False
        near = np.convolve(tall, self.halo, "same") > 0
        during = np.minimum(np.convolve(near, self.feet, "same"), 1.0)
        blink = wave * during
        # Regress on slow activity alone: fast activity that happens to correlate is brain. The
        # slow part of the blink meets the same of the samples as the blink that of their slow part.
        share = (samples @ self._slow(blink)) / max(float(blink @ blink), 1e-9)
        cleaned = samples - share[:, None] * blink
        # Over the eyes themselves the whole slow wave is the blink.
        cleaned[montage.frontopolar] = front - during * near_eyes
        return cleaned, True

    def _slow(self, samples: Floats) -> Floats:
        lines = np.fft.rfft(samples) * self.fade
        return np.asarray(np.fft.irfft(lines, samples.shape[-1]), np.float64)

    def _may_blink(self, front: Floats) -> bool:
        """Tell in few steps that no slow wave is tall enough, as nearly always."""
        count = front.shape[1] // self.block
        if not len(front) or not count:
            return False
        blocks = front[:, -count * self.block :].reshape(len(front), count, self.block)
        sums = blocks.sum(axis=2)
        return float(sums.max() - sums.min()) > 0.7 * BLINK * self.block


def judge(
    samples: Floats, probes: Floats, montage: Montage, rate_hz: float, blinking: bool
) -> ArtefactReport:
    """Judge each channel of one window.

    Args:
        samples: Shape ``(channels, n)``, microvolts, raw.
        probes: Of the samples without blinks, shape ``(channels, 5)`` (``Spectrum.measure``).
        montage: Where the electrodes sit.
        rate_hz: Of the samples.
        blinking: Whether blinks were taken out.
    """
    n = samples.shape[1]
    top, bottom = samples.max(axis=1), samples.min(axis=1)
    railed = _railed(samples, top, bottom)
    # What never leaves a range cannot jump by more.
    jumps = _jumps(samples, rate_hz) if max((top - bottom).tolist()) > JUMP else ()
    power = (np.einsum("cn,cn->c", samples, samples) / n).tolist()
    densities = probes.tolist()
    quality = [0.0] * len(samples)
    found: set[str] = set()
    # A few plain numbers for each channel: arrays of eight cost more than these comparisons.
    for channel, brain in enumerate(montage.brain.tolist()):
        if not brain:
            continue
        broadband, middle, high, *mains = densities[channel]
        bad = set()
        if power[channel] < FLAT**2:
            bad.add("flat")
        elif railed and railed[channel]:
            bad.add("railed")
        # Judged after blinks were taken out: a blink is not a loose electrode.
        if broadband > LOOSE**2 / 44.0 or power[channel] > (8 * LOOSE) ** 2:
            bad.add("loose")
        if jumps and jumps[channel]:
            bad.add("motion")
        worth = 0.0 if bad else 1.0
        muscle = _muscle(high, middle)
        if muscle > 0.3:
            bad.add("muscle")
        worth *= 1.0 - muscle
        if max(mains) > 60 * max(high, 1e-3):
            bad.add("mains")
            worth *= 0.7
        quality[channel] = worth
        found |= bad
    worths = np.array(quality)
    if blinking:
        worths[montage.frontopolar] *= 0.7
        found.add("blink")
    return ArtefactReport(worths, tuple(reason for reason in REASONS if reason in found))


def _railed(samples: Floats, top: Floats, bottom: Floats) -> list[bool]:
    """Tell which channels lie at an extreme too often; empty if none does."""
    least = max(RAILED, samples.shape[1] // 25)
    at_top, at_bottom = samples == top[:, None], samples == bottom[:, None]
    # Counting everywhere at once is cheap, and nearly always says that no channel can have so many.
    if np.count_nonzero(at_top) < least and np.count_nonzero(at_bottom) < least:
        return []
    held = np.maximum(at_top.sum(axis=1), at_bottom.sum(axis=1))
    return [count >= least for count in held.tolist()]


def _jumps(samples: Floats, rate_hz: float) -> list[bool]:
    """Tell which channels jump between neighbouring periods of mains: hum is no jump."""
    lag = max(1, round(rate_hz / 55))
    total = np.cumsum(samples, axis=1)
    sums = total[:, lag:] - total[:, :-lag]
    change = np.abs(sums[:, lag:] - sums[:, :-lag])
    return [largest > JUMP * lag for largest in change.max(axis=1).tolist()]


def _muscle(high: float, middle: float) -> float:
    """Return 0..1: how much of what is seen is muscle."""
    if high <= 0.15:
        return 0.0
    ratio = high / max(middle, 1e-9)
    return min(1.0, max(0.0, (ratio - MUSCLE[0]) / (MUSCLE[1] - MUSCLE[0])))


def _median(rows: Floats) -> Floats:
    """Return the median over rows; without sorting where there are few, as nearly always."""
    count = len(rows)
    if count > 4:
        return np.asarray(np.median(rows, axis=0), np.float64)
    total: Floats = rows.sum(axis=0)
    if count > 2:
        total -= rows.max(axis=0) + rows.min(axis=0)
        count -= 2
    total /= count
    return total
