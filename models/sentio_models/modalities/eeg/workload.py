"""Follows mental work: how the rhythms of each region stand against the person's calm.

Alpha is not among them: closing the eyes moves it more than any work does. Nor is what lies below
theta, where eyes move.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import exp

import numpy as np
from numpy.typing import NDArray

from sentio_models.estimator import Norm
from sentio_models.modalities.eeg.bands import WORK
from sentio_models.modalities.eeg.indices import LEAST
from sentio_models.modalities.eeg.montage import REGIONS, Montage

Floats = NDArray[np.float64]

NAMES = tuple(f"{band}_{region}" for region in REGIONS for band in WORK)
"""Log power density of each band in each region, ln uV^2/Hz: what a calibration remembers."""

HOP = 1.0
"""Seconds between remembered moments: windows of 2 s overlap by half."""

MEMORY = 10
"""Moments that are averaged: work comes and goes in tens of seconds."""

CALM = 30
"""First moments of a session that are this person's calm, unless a profile knows it."""

PRIOR = 3.0
"""Moments that people in general count for, before the person is known."""

FORGET = 5.0
"""Seconds without a window after which the moments before it are of the past."""

CLIP = 3.0
"""Natural logarithms from calm (a factor of 20) beyond which a value says nothing more."""


def region_powers(densities: Floats, quality: Floats, montage: Montage) -> Floats:
    """Average log densities over each region's usable channels, weighted by quality.

    Args:
        densities: Shape ``(channels, bands of WORK)``, uV^2/Hz.
        quality: 0..1 of each channel.
        montage: Where they sit; where no place is known, every channel stands for all regions.

    Returns:
        In the order of ``NAMES``; NaN where a region has no usable channel.
    """
    weight = montage.members * np.where(quality >= LEAST, quality, 0.0)
    total = weight.sum(axis=1)
    with np.errstate(invalid="ignore"):
        mean = weight @ np.log(np.maximum(densities, 1e-6)) / total[:, None]
    return np.asarray(mean.ravel(), np.float64)


class Change:
    """The newest moments against calm.

    Calm is what a profile says, or else the session's first half minute; then it stays, so that
    long work is not taken for usual.

    Args:
        prior: What people in general have, in the order of ``NAMES``.
    """

    def __init__(self, prior: Floats) -> None:
        self._prior = prior
        self.restart({})

    def restart(self, norms: Mapping[str, Norm]) -> None:
        """Start over for a person whose calm may be known, by the names in ``NAMES``."""
        given = np.array([norms[n].mean if n in norms else np.nan for n in NAMES])
        known = np.isfinite(given)
        self._total = np.where(known, given * CALM, 0.0)
        self._count = np.where(known, float(CALM), 0.0)
        self._open = not known.any()
        self._moments = 0
        self._recent = np.full((MEMORY, len(NAMES)), np.nan)
        self._due = 0.0

    @property
    def youth(self) -> float:
        """How little is known of the person's calm: 1 at first, falling to 0."""
        return exp(-float(self._count.max()) / 6)

    def due(self, step: float) -> bool:
        """Tell whether a moment should be remembered, ``step`` seconds after the window before."""
        self._due -= step
        if self._due > 1e-6:
            return False
        if FORGET < step < float("inf"):
            self._recent[:] = np.nan
        self._due = HOP + max(self._due, -HOP) if step < HOP else HOP
        return True

    def remember(self, values: Floats) -> Floats:
        """Take in a moment; return the change from calm, 0 where unknown, as ``NAMES``."""
        known = np.isfinite(values)
        self._recent[self._moments % MEMORY] = values
        self._moments += 1
        if self._open:
            self._total += np.where(known, values, 0.0)
            self._count += known
            self._open = float(self._count.max()) < CALM
        calm = (PRIOR * self._prior + self._total) / (PRIOR + self._count)
        there = np.isfinite(self._recent)
        count = there.sum(axis=0)
        mean = np.where(there, self._recent, 0.0).sum(axis=0) / np.maximum(count, 1)
        change: Floats = np.where(count > 0, np.clip(mean - calm, -CLIP, CLIP), 0.0)
        return change
