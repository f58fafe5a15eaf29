"""Detect EEG artefacts: blinks, muscle, mains, loose, flat, railed channels."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from sentio_models.modalities.eeg.montage import Montage

Floats = NDArray[np.float64]

FLAT = 0.3
"""Standard deviation in microvolts below which no head is connected."""

LOOSE = 150.0
"""Standard deviation in microvolts above which an electrode is loose or moves."""

RAILED = 5
"""Equal extreme samples in a row that mean a converter at its rail."""

BLINK = 60.0
"""Amplitude in microvolts of an eye blink's slow frontal wave (50 to 200: Croft & Barry 2000)."""

JUMP = 120.0
"""Step in microvolts between adjacent 18 ms that is not EEG: a cable or electrode moved."""

MUSCLE = 0.5, 1.0
"""Ratio of power density at 32..45 Hz to 8..30 Hz from which muscle is visible, and from which
only muscle is left: EEG falls with frequency (below 0.5), jaw muscle is flat or rises."""

LEAST_LEVEL, MOST_LEVEL = FLAT**2, (8 * LOOSE) ** 2
"""Mean squares in uV^2 that ``FLAT`` and eight times ``LOOSE`` are."""

LOOSE_DENSITY = LOOSE**2 / 44.0
"""Mean density in uV^2/Hz over 44 Hz that ``LOOSE`` is."""

QUIET = 0.15
"""Power density in uV^2/Hz at 32..45 Hz up to which there is no muscle."""

REASONS = ("flat", "railed", "loose", "motion", "muscle", "mains", "blink")
"""Possible problems of a window, worst first."""


class ArtefactReport(msgspec.Struct, frozen=True):
    """Artefacts found in a window.

    Attributes:
        quality: 0..1 of each channel.
        reasons: Subset of ``REASONS``, in that order.
    """

    quality: Floats
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BlinkFilter:
    """Regression filter that removes eye blinks (Gratton et al. 1983).

    The regressor is the slow frontal wave. Samples outside of blinks are not changed.

    Attributes:
        fade: ``Spectrum.slow``: gain of each line in the blink detector.
        block: Samples in 50 ms: their means keep three quarters of a wave at the upper frequency
            limit of blinks.
        halo: Widens a blink by 0.2 s to either side of its peak.
        feet: Hann window that fades the correction in and out.
    """

    fade: Floats
    block: int
    halo: Floats
    feet: Floats

    @classmethod
    def of(cls, fade: Floats, rate_hz: float) -> BlinkFilter:
        """Return the filter for windows with the length and rate of ``fade``."""
        reach = max(2, round(0.2 * rate_hz))
        feet = np.asarray(np.hanning(reach) / (reach / 2), np.float64)
        return cls(fade, max(1, round(0.05 * rate_hz)), np.ones(2 * reach + 1), feet)

    def clean(self, samples: Floats, montage: Montage) -> tuple[Floats, bool]:
        """Remove blinks from one window.

        Args:
            samples: Shape ``(channels, n)``, microvolts, without offset.
            montage: Electrode positions.

        Returns:
            The cleaned samples (the same array without a blink), and whether there was a blink.
        """
        front = samples[montage.frontopolar]
        if not self._may_blink(front):
            return samples, False
        near_eyes = self._slow(front)
        # The swings of an electrode without contact must not spread to the others.
        wave = _median(near_eyes)
        wave -= np.sort(wave)[len(wave) // 2]
        tall = np.abs(wave) > BLINK
        if not tall.any():
            return samples, False
        near = np.convolve(tall, self.halo, "same") > 0
        during = np.minimum(np.convolve(near, self.feet, "same"), 1.0)
        blink = wave * during
        # Regress on slow activity only: correlated fast activity is EEG. Slow blink times samples
        # equals blink times slow samples.
        share = (samples @ self._slow(blink)) / max(float(blink @ blink), 1e-9)
        cleaned = samples - share[:, None] * blink
        # Directly above the eyes the whole slow wave is the blink.
        cleaned[montage.frontopolar] = front - during * near_eyes
        return cleaned, True

    def _slow(self, samples: Floats) -> Floats:
        lines = np.fft.rfft(samples) * self.fade
        return np.asarray(np.fft.irfft(lines, samples.shape[-1]), np.float64)

    def _may_blink(self, front: Floats) -> bool:
        """Return False quickly if no slow wave is high enough, as in most windows."""
        count = front.shape[1] // self.block
        if not len(front) or not count:
            return False
        blocks = front[:, -count * self.block :].reshape(len(front), count, self.block)
        sums: list[float] = np.add.reduce(blocks, axis=2).ravel().tolist()
        return max(sums) - min(sums) > 0.7 * BLINK * self.block


def assess_channels(
    samples: Floats, probes: Floats, montage: Montage, rate_hz: float, blinking: bool
) -> ArtefactReport:
    """Assess each channel of one window.

    Args:
        samples: Shape ``(channels, n)``, microvolts, raw.
        probes: Densities without blinks, shape ``(channels, 5)`` (``Spectrum.measure``).
        montage: Electrode positions.
        rate_hz: Sampling rate.
        blinking: Whether blinks were removed.
    """
    n = samples.shape[1]
    top, bottom = np.maximum.reduce(samples, axis=1), np.minimum.reduce(samples, axis=1)
    railed = _railed(samples, top, bottom)
    # Samples within a range cannot jump by more than the range.
    wide = [i for i, extent in enumerate((top - bottom).tolist()) if extent > JUMP]
    jumping = _jumping(samples, wide, rate_hz) if wide else ()
    levels = (np.add.reduce(samples * samples, axis=1) / n).tolist()
    quality: list[float] = []
    found: set[str] = set()
    # Scalars for each channel: numpy on eight elements costs more than these comparisons.
    each = zip(montage.brain.tolist(), levels, probes.tolist(), strict=True)
    for channel, (brain, level, (broadband, middle, high, mains_50, mains_60)) in enumerate(each):
        if not brain:
            quality.append(0.0)
            continue
        good = 1.0
        if level < LEAST_LEVEL:
            found.add("flat")
            good = 0.0
        elif railed and railed[channel]:
            found.add("railed")
            good = 0.0
        # Checked after blinks were removed: a blink is not a loose electrode.
        if broadband > LOOSE_DENSITY or level > MOST_LEVEL:
            found.add("loose")
            good = 0.0
        if channel in jumping:
            found.add("motion")
            good = 0.0
        if high > QUIET:
            muscle = _muscle(high / max(middle, 1e-9))
            if muscle > 0.3:
                found.add("muscle")
            good *= 1.0 - muscle
        if max(mains_50, mains_60) > 60 * max(high, 1e-3):
            found.add("mains")
            good *= 0.7
        quality.append(good)
    channel_qualities = np.array(quality)
    if blinking:
        channel_qualities[montage.frontopolar] *= 0.7
        found.add("blink")
    return ArtefactReport(channel_qualities, tuple([name for name in REASONS if name in found]))


def _railed(samples: Floats, top: Floats, bottom: Floats) -> list[bool]:
    """Return which channels are at an extreme too often; empty if none is."""
    least = max(RAILED, samples.shape[1] // 25)
    at_top, at_bottom = samples == top[:, None], samples == bottom[:, None]
    # A total count is cheap and in most windows excludes that any channel has so many.
    if np.count_nonzero(at_top) < least and np.count_nonzero(at_bottom) < least:
        return []
    held = np.maximum(at_top.sum(axis=1), at_bottom.sum(axis=1))
    return [count >= least for count in held.tolist()]


def _jumping(samples: Floats, wide: list[int], rate_hz: float) -> list[int]:
    """Return those of ``wide`` that jump between adjacent periods of mains."""
    lag = max(1, round(rate_hz / 55))
    total = np.add.accumulate(samples if len(wide) == len(samples) else samples[wide], axis=1)
    sums = total[:, lag:] - total[:, :-lag]
    steps = sums[:, lag:] - sums[:, :-lag]
    up, down = np.maximum.reduce(steps, axis=1), np.minimum.reduce(steps, axis=1)
    largest = zip(wide, up.tolist(), down.tolist(), strict=True)
    return [channel for channel, most, least in largest if max(most, -least) > JUMP * lag]


def _muscle(ratio: float) -> float:
    """Return the share of muscle in the signal, 0..1."""
    return min(1.0, max(0.0, (ratio - MUSCLE[0]) / (MUSCLE[1] - MUSCLE[0])))


def _median(rows: Floats) -> Floats:
    """Return the median over rows; without sorting if there are few, as usual."""
    count = len(rows)
    if count > 4:
        return np.asarray(np.median(rows, axis=0), np.float64)
    total: Floats = rows.sum(axis=0)
    if count > 2:
        total -= rows.max(axis=0) + rows.min(axis=0)
        count -= 2
    total /= count
    return total
