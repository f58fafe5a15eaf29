"""Follows breathing: one Bayesian filter over all that breathing moves."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import atan2, exp, hypot, inf, log, pi, sqrt

import numpy as np

from sentio_models.modalities.body.signals import Floats

SERIES_HZ = 4.0
"""Rate of the series that are read: people breathe at most at 0.6 Hz."""

LONGEST = 60.0
"""Seconds of the longest series."""

LEAST = 12.0
"""Seconds of the shortest."""

SLOWEST, FASTEST, STATES = 3.5, 34.0, 96
"""Breaths a minute of the grid."""

BANKS = ((12.0, 2.0), (20.0, 3.0))
"""Stretches in which a rate is looked for, seconds and breaths: the longer of the two. The
short one follows a change, the long one finds a weak rhythm."""

LATE = 1.8
"""How late a stretch's taper is full: 1 is in the middle, 1.8 at two thirds."""

SLOPE = 1.6
"""A rhythm must stand out against the rate that is lower by this factor: drift does not."""

INFORMS = 0.5
"""Probability that a series shows breathing at all, if there is any."""

CAP = 8.0
"""Natural logarithm of odds from which more of them count less."""

SHARES = 1.0
"""Seconds between updates that weigh in full."""

DRIFT, TURNS = 0.04, 0.2
"""Walk of the rate's logarithm, per square root of a second, and jumps to any rate, a second."""

LOST, FOUND = 0.02, 0.01
"""Probability a second that a rhythm ends, and that one begins."""

PRESENT, WIDEST = 0.95, 0.13
"""Probability of a rhythm, and half the width of the posterior's middle 68 % in parts of the
rate, from and up to which the rate is given."""


LEAST_SD, WIDTH_SD, HEART_SD = 0.1, 2.2, 0.29
"""The error's standard deviation: 0.1 breaths a minute and 2.2 of the posterior's width, and 0.29
for each beat a minute by which the heart has changed within ``CHANGED`` s. The posterior lags by
two breaths and does not know of a change that a heart shows already."""

CHANGED = 10.0
"""Seconds; the largest difference from the heart of now counts."""

ALONE_WIDTH_SD = 4.3
"""Of the posterior's width where no heart is known: it has to stand for changes, too."""


@dataclass(frozen=True, slots=True)
class Series:
    """Something that breathing moves.

    Attributes:
        values: At ``SERIES_HZ``, ending now.
        seen_hz: Independent looks a second: beats, or twice the bandwidth.
        floor: Standard deviation that the measuring itself adds, in the unit of ``values``.
        fastest: Breaths a minute up to which it shows any.
        apart: Samples from one value to the next that was measured by itself.
        group: Series of one sensor, of which one is enough; ``ground`` only supports others.
    """

    values: Floats
    seen_hz: float
    floor: float = 0.0
    fastest: float = inf
    apart: int = 1
    group: str = ""


@dataclass(frozen=True, slots=True)
class BreathNow:
    """Breathing of the moment.

    Attributes:
        rate: Breaths a minute.
        sd: Standard deviation of its error.
        quality: 0..1; 0 where no rhythm is clear.
        phase: 0..1 of a breath since the newest crest of the clearest series: 0 is breathed in
            in a belt.
    """

    rate: float
    sd: float
    quality: float
    phase: float


class BreathTracker:
    """Tracker of one person's breathing from window to window.

    The same series in the same order give the same answers.
    """

    def __init__(self) -> None:
        self._logs, self._pitch, self._below = _grid()
        self._rates: Floats = np.exp(self._logs)
        self._banks = _banks()
        prior = np.exp(-0.5 * ((self._logs - log(14.0)) / 0.7) ** 2)
        self._prior: Floats = prior / prior.sum()
        self.restart()

    def restart(self) -> None:
        """Forget the person."""
        self._probability = 0.2 * self._prior
        self._none = 0.8
        self._hearts: deque[tuple[float, float]] = deque(maxlen=64)
        self._now = 0.0

    def update(
        self, series: Sequence[Series], step: float, heart: float | None = None
    ) -> BreathNow | None:
        """Take the newest series.

        Args:
            series: Of any length; too short ones are left out.
            step: Seconds since the last time; ``inf`` for the first.
            heart: Beats a minute now; None where they are not known.

        Returns:
            None where there is none of ``LEAST`` seconds.
        """
        if not step < 30.0:
            self.restart()
            step = 4.0
        self._now += step
        if heart is not None:
            self._hearts.append((self._now, heart))
        self._predict(step)
        usable = [
            one
            for one in series
            if len(one.values) >= LEAST * SERIES_HZ and float(np.ptp(one.values)) > 0
        ]
        if not usable:
            return None
        evidence = np.zeros(STATES)
        support = np.zeros(STATES)
        groups: dict[str, list[Floats]] = {}
        best, clearest = -inf, usable[0]
        for one in usable:
            evidences = self._evidence(one)
            if one.group == "ground":
                support = np.maximum(support, evidences)
                continue
            if one.group:
                groups.setdefault(one.group, []).append(evidences)
            else:
                evidence += evidences
            if float(evidences.max()) > best:
                best, clearest = float(evidences.max()), one
        for many in groups.values():
            evidence += np.logaddexp.reduce(many, axis=0) - log(len(many))
        # The baseline moves with posture and temperature, too: it only confirms.
        evidence += np.clip(support, 0.0, np.maximum(evidence, 0.0))
        likely = self._probability * np.exp(np.minimum(min(step, 4.0) / SHARES * evidence, 200.0))
        total = float(likely.sum()) + self._none
        self._probability, self._none = likely / total, self._none / total
        return self._answer(clearest)

    def _predict(self, step: float) -> None:
        sd = max(DRIFT * sqrt(step), 0.3 * self._pitch)
        half = max(1, int(3 * sd / self._pitch))
        at = np.arange(-half, half + 1) * self._pitch
        bell = np.exp(-0.5 * (at / sd) ** 2)
        padded = np.pad(self._probability, half, mode="edge")
        walked = np.convolve(padded, bell / bell.sum(), mode="valid")
        share = 1 - self._none
        turned, lost, found = (1 - exp(-each * step) for each in (TURNS, LOST, FOUND))
        walked *= share * (1 - turned) / max(float(walked.sum()), 1e-300)
        walked += share * turned * self._prior
        self._probability = walked * (1 - lost) + self._none * found * self._prior
        self._none = self._none * (1 - found) + share * lost

    def _evidence(self, series: Series) -> Floats:
        """Return the log of how much likelier a breath of each rate is than noise alone."""
        white, floor = self._whitened(series)
        evidences: list[Floats] = []
        for bank in self._banks:
            share = bank.shares(white, floor)
            above = np.maximum(share[self._below :] - share[:STATES], 0.0)
            looks = np.maximum(series.seen_hz * bank.spans[self._below :] - 3.0, 0.0)
            # Of white noise the share exceeds r with probability (1 - r) ** (looks / 2); the
            # calibrator 0.5 / sqrt(p) makes evidence of it (Vovk & Wang 2021).
            odds = log(0.5) - 0.25 * looks * np.log(1 - above)
            odds = np.where(odds > 0, CAP * np.log1p(np.maximum(odds, 0) / CAP), odds)
            evidences.append(np.logaddexp(log(1 - INFORMS), log(INFORMS) + odds))
        evidence: Floats = np.logaddexp.reduce(evidences, axis=0) - log(len(evidences))
        evidence[self._rates > series.fastest] = 0.0
        return evidence

    def _whitened(self, series: Series) -> tuple[Floats, float]:
        """Take from a series what makes its noise red, as drift and a random walk do.

        The first-order autoregression of what the best sinusoid leaves over is undone: slow
        noise alone must look like white noise, not like a slow breath.

        Returns:
            The series, and the measuring's noise in it.
        """
        values = series.values[-round(LONGEST * SERIES_HZ) :]
        share = self._banks[-1].shares(values, series.floor)[self._below :]
        turn = 2 * pi * float(self._rates[int(share.argmax())]) / 60 / SERIES_HZ
        turns = turn * np.arange(len(values))
        design = np.stack([np.ones(len(values)), np.cos(turns), np.sin(turns)], axis=1)
        left = values - design @ np.linalg.solve(design.T @ design, design.T @ values)
        back = series.apart
        follows = float(left[back:] @ left[:-back]) / max(float(left @ left), 1e-300)
        follows = min(max(follows, 0.0), 1.0)
        white: Floats = values[back:] - follows * values[:-back]
        return white, series.floor * sqrt(1 + follows**2)

    def _answer(self, clearest: Series) -> BreathNow:
        there = 1 - self._none
        share = self._probability / max(float(self._probability.sum()), 1e-300)
        below = np.cumsum(share) - 0.5 * share
        low, rate, high = np.exp(np.interp((0.16, 0.5, 0.84), below, self._logs)).tolist()
        width = 0.5 * (high - low)
        clear = there > PRESENT and width < WIDEST * rate
        quality = 0.5 + 0.5 * (there - PRESENT) / (1 - PRESENT) if clear else 0.0
        sd = self._deviation(width)
        return BreathNow(rate, sd, quality, _phase(clearest.values, rate))

    def _deviation(self, width: float) -> float:
        if not self._hearts or self._hearts[-1][0] < self._now:
            return LEAST_SD + ALONE_WIDTH_SD * width
        since, heart = self._now - CHANGED - 0.1, self._hearts[-1][1]
        change = max(abs(heart - rate) for time, rate in self._hearts if time >= since)
        return hypot(LEAST_SD + WIDTH_SD * width, HEART_SD * change)


class _Fits:
    """Share of a series that one sinusoid of each rate explains, beside a line."""

    def __init__(self, rates: Floats, least: float, breaths: float) -> None:
        n = int(LONGEST * SERIES_HZ)
        at = (np.arange(n) - (n - 1)) / SERIES_HZ
        self._needed: Floats = np.minimum(np.maximum(least, breaths * 60 / rates), LONGEST)
        weights, bases, spans = [], [], []
        for rate, span in zip(rates.tolist(), self._needed.tolist(), strict=True):
            u = np.clip(1 + (at - 0.5 / SERIES_HZ) / span, 0, 1)
            root = np.sin(pi * u**LATE)
            turn = 2 * pi * rate / 60 * at
            design = np.stack([np.ones(n), at, np.cos(turn), np.sin(turn)], axis=1)
            basis, _ = np.linalg.qr(design * root[:, None])
            weights.append(root**2)
            bases.append((basis * root[:, None]).T)
            spans.append(float((root**2).sum() ** 2 / (root**4).sum() / SERIES_HZ))
        self._weights = np.array(weights)
        self._bases = np.concatenate(bases)
        self._sums = self._weights.sum(axis=1)
        self.spans: Floats = np.array(spans)

    def shares(self, values: Floats, floor: float) -> Floats:
        """Return the share that each rate explains, 0..1; 0 where the series is too short."""
        skip = self._weights.shape[1] - len(values)
        centred = values - values.mean()
        total = self._weights[:, skip:] @ (centred * centred)
        parts = (self._bases[:, skip:] @ centred).reshape(-1, 4) ** 2
        rest = total - parts[:, 0] - parts[:, 1] + floor**2 * self._sums
        share = (parts[:, 2] + parts[:, 3]) / np.maximum(rest, 1e-9 * float(total.max()) + 1e-300)
        share[self._needed > (len(values) + 12) / SERIES_HZ] = 0.0
        clipped: Floats = np.clip(share, 0.0, 0.999)
        return clipped


def _grid() -> tuple[Floats, float, int]:
    """Return the logarithms of the rates, their distance, and how many lie below."""
    logs = np.linspace(log(SLOWEST), log(FASTEST), STATES)
    pitch = float(logs[1] - logs[0])
    return logs, pitch, round(log(SLOPE) / pitch)


@cache
def _banks() -> tuple[_Fits, ...]:
    """Return the tables of all stretches, which all trackers read.

    Their rates are those of the grid, after the lower ones that these must stand out against.
    They take 20 ms to make.
    """
    logs, pitch, below = _grid()
    lower = np.exp(logs[0] + pitch * np.arange(-below, 0))
    rates = np.concatenate([lower, np.exp(logs)])
    return tuple(_Fits(rates, least, breaths) for least, breaths in BANKS)


def _phase(values: Floats, rate: float) -> float:
    """Return the phase now of the sinusoid that fits the newest breath and a half."""
    n = min(len(values), round(1.5 * 60 / rate * SERIES_HZ))
    turn = 2 * pi * rate / 60 * (np.arange(n) - (n - 1)) / SERIES_HZ
    newest = values[-n:] - values[-n:].mean()
    angle = atan2(-float(newest @ np.sin(turn)), float(newest @ np.cos(turn)))
    return (angle / (2 * pi)) % 1.0
