"""Decomposition of skin conductance into a slow level and responses.

A convex deconvolution after cvxEDA (Greco et al. 2016): sweat bursts are few and not negative,
each gives a response of the shape of Benedek & Kaernbach (2010), the level is smooth.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np

from sentio_models.modalities.body.signals import Floats, grid, middle
from sentio_models.modalities.body.skin import DRY, WETTEST
from sentio_models.window import Signal

RATE_HZ = 4.0
"""Skin conductance has nothing above 1 Hz (Boucsein 2012)."""

SECONDS = 30.0
"""How much is taken apart at once."""

LEAST_SECONDS = 8.0

RISE, DECAY = 0.75, 2.0
"""Time constants of a response, seconds."""

KNOTS = 5.0
"""Seconds between the points that carry the level."""

STIFF = 0.03
"""How strongly the level is kept from bending."""

SPARSE = 6.0
"""Weight of the bursts' sum, in standard deviations of the noise that a burst would explain."""

LEAST_RESPONSE, CLEAR = 0.02, 7.0
"""Microsiemens, and multiples of the noise, from which a burst counts as a response."""

FINEST = 0.008
"""Microsiemens of noise that are taken for granted."""

YOUNG, WIDE = 0.5, 1.5
"""Seconds that a response must have risen, and over which its burst may be spread."""

STEEPEST = 0.15
"""Part of the level by which no skin changes between two samples: a slipped electrode."""

GROWS = 8
"""Samples by which the stretch grows at the start: each length is prepared once."""

ITERATIONS = 40


@dataclass(frozen=True, slots=True)
class Phasic:
    """Skin conductance of the moment.

    Attributes:
        level: Without responses, microsiemens.
        phasic: What responses add now, microsiemens.
        onset: Seconds since the newest response began; None where there is none in the window.
        amplitude: Its amplitude as far as it is seen, microsiemens; 0 without one.
        onsets: Of all responses in the window: seconds since they began, descending.
        amplitudes: Their amplitudes, microsiemens.
    """

    level: float
    phasic: float
    onset: float | None
    amplitude: float
    onsets: Floats
    amplitudes: Floats


class SkinDeconvolution:
    """Decomposition of the newest 30 s, started from the previous one."""

    def __init__(self) -> None:
        n = round(SECONDS * RATE_HZ)
        self._n = n
        t = np.arange(n) / RATE_HZ
        peak = log(DECAY / RISE) / (1 / RISE - 1 / DECAY)
        shape = np.exp(-t / DECAY) - np.exp(-t / RISE)
        shape /= exp(-peak / DECAY) - exp(-peak / RISE)
        lag = np.arange(n)[:, None] - np.arange(n)
        kernel = np.where(lag >= 0, shape[np.maximum(lag, 0)], 0.0)
        # What began before the window only decays in it.
        self._kernel: Floats = np.concatenate([np.exp(-t / DECAY)[:, None], kernel], axis=1)
        self._parts: dict[int, tuple[Floats, Floats, Floats]] = {}
        self.restart()

    def restart(self) -> None:
        """Forget the person."""
        self._driver = np.zeros(self._n + 1)

    def update(self, signal: Signal, step: float) -> Phasic | None:
        """Take apart the newest stretch.

        Args:
            signal: Skin conductance, microsiemens.
            step: Seconds since the last time; ``inf`` for the first.

        Returns:
            None where it is too short, not worn, interrupted or torn by an artefact.
        """
        even = grid(signal, RATE_HZ, SECONDS)
        if even is None or even.seconds < LEAST_SECONDS:
            return None
        values, n = even.values, len(even.values)
        level = middle(values[-round(8 * RATE_HZ) :])
        if not DRY < level < WETTEST or float(even.measured[-round(8 * RATE_HZ) :].mean()) < 0.9:
            self.restart()
            return None
        jumps = np.abs(np.diff(values)) > STEEPEST * level + 0.1
        if jumps.any():
            after = n - int(np.flatnonzero(jumps)[-1]) - 1
            if after < LEAST_SECONDS * RATE_HZ:
                self.restart()
                return None
            values, n = values[-after:], after
        n -= n % GROWS
        values = values[len(values) - n :]
        kernel, smoothed, gram = self._prepared(n)
        bend = np.diff(values, 2)
        noise = max(1.4826 * middle(np.abs(bend)) / sqrt(6.0), FINEST)
        driver = self._search(smoothed @ values, gram, noise, n, step)
        found = kernel @ driver
        return self._answer(values, found, driver, noise)

    def _prepared(self, n: int) -> tuple[Floats, Floats, Floats]:
        """Return the responses' shapes, those beside a free level, and products."""
        known = self._parts.get(n)
        if known is None:
            kernel = self._kernel[:n, : n + 1]
            knots = max(2, round(n / RATE_HZ / KNOTS) + 1)
            at = np.linspace(0, knots - 1, n)
            tents = np.maximum(1 - np.abs(at[:, None] - np.arange(knots)), 0)
            bends = np.diff(np.eye(knots), 2, axis=0) if knots > 2 else np.zeros((0, knots))
            inner = tents.T @ tents + STIFF * n / knots * bends.T @ bends
            level = tents @ np.linalg.solve(inner, tents.T)
            smoothed = kernel.T - kernel.T @ level
            gram = smoothed @ kernel
            known = self._parts[n] = (kernel, smoothed, gram)
        return known

    def _search(self, target: Floats, gram: Floats, noise: float, n: int, step: float) -> Floats:
        """Minimise the squared error and the bursts' sum by fast proximal steps (FISTA)."""
        moved = min(round(step * RATE_HZ), self._n) if step < SECONDS else self._n
        before = np.zeros(self._n + 1)
        before[1 : self._n + 1 - moved] = self._driver[1 + moved :]
        driver = before[[0, *range(self._n + 1 - n, self._n + 1)]]
        pace = 1.0 / max(float(np.abs(gram).sum(axis=1).max()), 1e-9)
        price = SPARSE * noise * np.sqrt(np.maximum(np.diag(gram), 1e-12))
        price[0] = 0.0
        ahead, momentum = driver, 1.0
        for _ in range(ITERATIONS):
            stepped = np.maximum(ahead - pace * (gram @ ahead - target + price), 0.0)
            gained = 0.5 * (1 + sqrt(1 + 4 * momentum * momentum))
            ahead = stepped + (momentum - 1) / gained * (stepped - driver)
            driver, momentum = stepped, gained
        self._driver = np.zeros(self._n + 1)
        self._driver[0] = driver[0]
        self._driver[self._n + 1 - n :] = driver[1:]
        return driver

    def _answer(self, values: Floats, found: Floats, driver: Floats, noise: float) -> Phasic:
        bursts = driver[1:]
        n = len(bursts)
        onsets, amplitudes = [], []
        active = np.flatnonzero(bursts > 0.1 * max(float(bursts.max()), LEAST_RESPONSE))
        groups = np.split(active, np.flatnonzero(np.diff(active) > 2) + 1) if len(active) else []
        for group in groups:
            size = float(bursts[group].sum())
            if size < max(LEAST_RESPONSE, CLEAR * noise):
                continue
            centre = float(bursts[group] @ group) / size
            spread = sqrt(max(float(bursts[group] @ (group - centre) ** 2) / size, 0.0))
            if spread > WIDE * RATE_HZ / 2 or n - 1 - centre < YOUNG * RATE_HZ:
                continue
            onsets.append((n - 1 - centre) / RATE_HZ)
            amplitudes.append(size)
        phasic = float(found[-1])
        newest = onsets[-1] if onsets else None
        return Phasic(
            float(np.mean(values[-2:])) - phasic,
            phasic,
            newest,
            amplitudes[-1] if amplitudes else 0.0,
            np.array(onsets),
            np.array(amplitudes),
        )
