"""Compute band powers and channel quality of a window."""

from __future__ import annotations

from math import isfinite

import msgspec
import numpy as np
from numpy.typing import NDArray

from sentio_models.modalities.eeg.artefact import ArtefactReport, BlinkFilter, assess_channels
from sentio_models.modalities.eeg.bands import Spectrum
from sentio_models.modalities.eeg.montage import Montage
from sentio_models.window import Signal

Floats = NDArray[np.float64]

SECONDS = 2.0
"""Window length: long enough for eight waves of theta, short enough to follow a game."""

LEAST_SECONDS = 1.0

MAX_CHANNELS = 64
BEYOND = 1e9
"""Limit in microvolts beyond the range of any amplifier: the value is invalid."""

KEPT_PLANS = 8
"""Number of cached spectra, for the lengths of a filling window."""


class Segment(msgspec.Struct, frozen=True):
    """The newest continuous samples of a window.

    Attributes:
        samples: Shape ``(channels, n)``, finite, microvolts, without offset.
        broken: Numbers of the channels with a sample that is not finite.
        rate_hz: Sampling rate, measured if the nominal rate is wrong.
        reasons: ``gap``, ``wrong_rate``.
    """

    samples: Floats
    broken: tuple[int, ...]
    rate_hz: float
    reasons: tuple[str, ...]


class WindowMeasurement(msgspec.Struct, frozen=True):
    """Powers and artefacts of one window.

    Attributes:
        powers: Power of each band of ``bands.EDGES``, uV^2, shape ``(channels, 5)``.
        work: Mean densities of ``bands.WORK``, uV^2/Hz, shape ``(channels, 4)``.
        artefacts: Quality of each channel, with reasons.
    """

    powers: Floats
    work: Floats
    artefacts: ArtefactReport


class FrontEnd:
    """Measurement of windows with cached tables."""

    def __init__(self) -> None:
        self._plans: dict[tuple[int, float], tuple[Spectrum, BlinkFilter]] = {}
        self._labels: tuple[str, ...] = ()
        self._montage = Montage.of(())

    def montage_of(self, labels: tuple[str, ...], count: int) -> Montage:
        """Return the montage of ``count`` channels; unlabelled ones have no position."""
        if labels != self._labels or len(self._montage.names) != count:
            fitting = (*labels, *(f"ch{i}" for i in range(len(labels), count)))[:count]
            self._labels, self._montage = labels, Montage.of(fitting)
        return self._montage

    def measure(self, segment: Segment, montage: Montage) -> WindowMeasurement:
        """Remove blinks, measure powers and assess the channels."""
        n = segment.samples.shape[1]
        plan = self._plans.get((n, segment.rate_hz))
        if plan is None:
            if len(self._plans) >= KEPT_PLANS:
                self._plans.pop(next(iter(self._plans)))
            spectrum = Spectrum.of(n, segment.rate_hz)
            plan = spectrum, BlinkFilter.of(spectrum.slow, segment.rate_hz)
            self._plans[(n, segment.rate_hz)] = plan
        spectrum, blink_filter = plan
        cleaned, blinks = blink_filter.clean(segment.samples, montage)
        powers, probes, work = spectrum.measure(cleaned)
        artefacts = assess_channels(segment.samples, probes, montage, segment.rate_hz, blinks)
        if segment.broken:
            artefacts.quality[list(segment.broken)] = 0.0
        return WindowMeasurement(powers, work, artefacts)


def newest_segment(signal: Signal) -> Segment | None:
    """Return the newest continuous samples; None if below ``LEAST_SECONDS``."""
    offsets = signal.offsets
    if len(offsets) < 16:
        return None
    reasons: list[str] = []
    steps = offsets[1:] - offsets[:-1]
    span = float(offsets[-1]) - float(offsets[0])
    if not isfinite(span) or span <= 0:
        return None
    # Chunks may have one stamp for all samples, and gaps lengthen the span: use the nominal rate
    # unless both the mean and the median step contradict it.
    rate = (len(offsets) - 1) / span
    if signal.rate_hz > 0 and not 0.8 < rate / signal.rate_hz < 1.25:
        median_rate = 1 / max(float(np.median(steps)), 1e-4)
        if 0.8 < median_rate / signal.rate_hz < 1.25:
            rate = signal.rate_hz
        else:
            reasons.append("wrong_rate")
    elif signal.rate_hz > 0:
        rate = signal.rate_hz
    first = 0
    # Stamps of chunks may be wrong by a few milliseconds: only a larger step is a gap.
    hole = max(4 / rate, 0.03)
    if float(np.maximum.reduce(steps)) > hole:
        first = int(np.flatnonzero(steps > hole)[-1]) + 1
        reasons.append("gap")
    count = min(len(offsets) - first, round(SECONDS * rate))
    # Multiples of a quarter of a second: fewer tables while the window fills.
    quarter = max(1, round(rate / 4))
    if count < round(SECONDS * rate):
        count = count // quarter * quarter
    if count < LEAST_SECONDS * rate * 0.99:
        return None
    samples = np.array(signal.values[-count:, :MAX_CHANNELS].T, np.float64, order="C")
    mean = np.add.reduce(samples, axis=1) / count
    # NaN and infinity fail the comparison too.
    broken = tuple([i for i, m in enumerate(mean.tolist()) if not abs(m) <= BEYOND])
    if broken:
        samples[list(broken)] = mean[list(broken)] = 0.0
    samples -= mean[:, None]
    return Segment(samples, broken, rate, tuple(reasons))
