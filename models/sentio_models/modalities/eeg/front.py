"""From the samples of a window to band powers and what each channel is worth."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from sentio_models.modalities.eeg.artefact import ArtefactReport, BlinkFilter, judge
from sentio_models.modalities.eeg.bands import Spectrum
from sentio_models.modalities.eeg.montage import Montage
from sentio_models.window import Signal

Floats = NDArray[np.float64]

SECONDS = 2.0
"""Long enough for eight waves of theta, short enough to follow a game."""

LEAST_SECONDS = 1.0

MAX_CHANNELS = 64
BEYOND = 1e9
"""Microvolts that no amplifier gives: a number that was never a voltage."""

KEPT_PLANS = 8
"""Spectra kept for the lengths that a filling window runs through."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The usable end of a window.

    Attributes:
        samples: Shape ``(channels, n)``, finite, microvolts, without offset.
        broken: Numbers of the channels that held a sample that is not finite.
        rate_hz: As measured where the nominal rate is wrong.
        reasons: ``gap``, ``wrong_rate``.
    """

    samples: Floats
    broken: tuple[int, ...]
    rate_hz: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What one window holds.

    Attributes:
        powers: Of each band of ``bands.EDGES``, uV^2, shape ``(channels, 5)``.
        work: Mean densities of ``bands.WORK``, uV^2/Hz, shape ``(channels, 4)``.
        verdict: What each channel is worth, and why.
    """

    powers: Floats
    work: Floats
    verdict: ArtefactReport


class FrontEnd:
    """Looks at windows, and keeps what the next one of the same form needs again."""

    def __init__(self) -> None:
        self._plans: dict[tuple[int, float], tuple[Spectrum, BlinkFilter]] = {}
        self._labels: tuple[str, ...] = ()
        self._montage = Montage.of(())

    def place(self, labels: tuple[str, ...], count: int) -> Montage:
        """Return where ``count`` channels sit; what has no label sits nowhere known."""
        if labels != self._labels or len(self._montage.names) != count:
            fitting = (*labels, *(f"ch{i}" for i in range(len(labels), count)))[:count]
            self._labels, self._montage = labels, Montage.of(fitting)
        return self._montage

    def look(self, cut: Cut, montage: Montage) -> Seen:
        """Take blinks out, measure powers and judge the channels."""
        n = cut.samples.shape[1]
        plan = self._plans.get((n, cut.rate_hz))
        if plan is None:
            if len(self._plans) >= KEPT_PLANS:
                self._plans.pop(next(iter(self._plans)))
            spectrum = Spectrum.of(n, cut.rate_hz)
            plan = spectrum, BlinkFilter.of(spectrum.slow, cut.rate_hz)
            self._plans[(n, cut.rate_hz)] = plan
        spectrum, blink_filter = plan
        cleaned, blinks = blink_filter.clean(cut.samples, montage)
        powers, probes, work = spectrum.measure(cleaned)
        verdict = judge(cut.samples, probes, montage, cut.rate_hz, blinks)
        if cut.broken:
            verdict.quality[list(cut.broken)] = 0.0
        return Seen(powers, work, verdict)


def cut(signal: Signal) -> Cut | None:
    """Take the newest unbroken stretch, None where it is shorter than ``LEAST_SECONDS``."""
    offsets = signal.offsets
    if len(offsets) < 16:
        return None
    reasons: list[str] = []
    steps = offsets[1:] - offsets[:-1]
    span = float(offsets[-1]) - float(offsets[0])
    if not isfinite(span) or span <= 0:
        return None
    # Whole chunks may carry one stamp, and holes stretch the span: trust the nominal rate
    # unless neither the mean nor the median step agrees with it.
    rate = (len(offsets) - 1) / span
    if signal.rate_hz > 0 and not 0.8 < rate / signal.rate_hz < 1.25:
        usual = 1 / max(float(np.median(steps)), 1e-4)
        if 0.8 < usual / signal.rate_hz < 1.25:
            rate = signal.rate_hz
        else:
            reasons.append("wrong_rate")
    elif signal.rate_hz > 0:
        rate = signal.rate_hz
    first = 0
    # Chunks may be stamped a few milliseconds off: only a real hole is a gap.
    hole = max(4 / rate, 0.03)
    if float(steps.max()) > hole:
        first = int(np.flatnonzero(steps > hole)[-1]) + 1
        reasons.append("gap")
    count = min(len(offsets) - first, round(SECONDS * rate))
    # Whole quarters of a second: few spectra to plan while the window fills.
    quarter = max(1, round(rate / 4))
    if count < round(SECONDS * rate):
        count = count // quarter * quarter
    if count < LEAST_SECONDS * rate * 0.99:
        return None
    samples = np.array(signal.values[-count:, :MAX_CHANNELS].T, np.float64, order="C")
    mean = samples.sum(axis=1) / count
    # NaN and infinity fail the comparison too.
    broken = tuple([i for i, m in enumerate(mean.tolist()) if not abs(m) <= BEYOND])
    if broken:
        samples[list(broken)] = mean[list(broken)] = 0.0
    samples -= mean[:, None]
    return Cut(samples, broken, rate, tuple(reasons))
