"""Rate of a rhythm by Bayes' rule on a grid of rates; no signal, no clock."""

from __future__ import annotations

from math import exp, log, sqrt

import numpy as np

from sentio_models.modalities.body.signals import Floats

_REACH = 4.0
"""Standard deviations to which a step of the random walk is computed."""


class RateFilter:
    """A hidden Markov model whose states are rates, evenly spaced in their logarithm.

    Between two updates the logarithm of the rate walks at random, in most cases little, in a
    few much, and seldom it jumps anywhere. Rates near ``usual`` are likelier at first.

    Args:
        lowest: Of the grid, a minute.
        highest: Of the grid, a minute.
        count: States.
        drift: Standard deviation of the walk of the logarithm, per square root of a second.
        jump: Probability of a jump, per second.
        usual: Median of the rates before anything is known, a minute.
        spread: Standard deviation of the logarithm of those rates.
    """

    def __init__(
        self,
        lowest: float,
        highest: float,
        count: int,
        *,
        drift: float,
        jump: float,
        usual: float,
        spread: float,
    ) -> None:
        self.logs: Floats = np.linspace(log(lowest), log(highest), count)
        self.rates: Floats = np.exp(self.logs)
        self._pitch = float(self.logs[1] - self.logs[0])
        self._drift = drift
        self._jump = jump
        prior = np.exp(-0.5 * ((self.logs - log(usual)) / spread) ** 2)
        self._prior: Floats = prior / prior.sum()
        self._kernels: dict[float, Floats] = {}
        self.probability: Floats = self._prior.copy()

    def restart(self) -> None:
        """Forget everything that was seen."""
        self.probability = self._prior.copy()

    def predict(self, seconds: float) -> None:
        """Let ``seconds`` pass; after half a minute little is left of what was known."""
        if not seconds < 30.0:
            self.restart()
            return
        kernel = self._kernel(round(seconds, 3))
        half = len(kernel) // 2
        padded = np.pad(self.probability, half, mode="edge")
        walked = np.convolve(padded, kernel, mode="valid")
        jumped = 1 - exp(-self._jump * seconds)
        self.probability = (1 - jumped) * walked / walked.sum() + jumped * self._prior

    def update(self, evidence: Floats) -> None:
        """Take the log-likelihood of each rate, shape ``(count,)``, up to a constant."""
        weight = self.probability * np.exp(evidence - evidence.max())
        self.probability = weight / weight.sum()

    def quantiles(self, *shares: float) -> list[float]:
        """Return the rates below which such shares of the posterior lie, a minute."""
        below = np.cumsum(self.probability) - 0.5 * self.probability
        found = np.exp(np.interp(shares, below, self.logs))
        return [float(rate) for rate in found]

    def _kernel(self, seconds: float) -> Floats:
        found = self._kernels.get(seconds)
        if found is None:
            usual = max(self._drift * sqrt(seconds), 0.3 * self._pitch)
            far = 3.0 * usual
            half = max(1, min(int(_REACH * far / self._pitch), len(self.logs) // 2))
            at: Floats = np.arange(-half, half + 1, dtype=np.float64) * self._pitch
            found = 0.9 * _bell(at, usual) + 0.1 * _bell(at, far)
            if len(self._kernels) > 64:  # steps of a stream without a rate
                self._kernels.clear()
            self._kernels[seconds] = found
        return found


def _bell(at: Floats, sd: float) -> Floats:
    bell: Floats = np.exp(-0.5 * (at / sd) ** 2)
    bell /= bell.sum()
    return bell
