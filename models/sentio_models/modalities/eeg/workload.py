"""Compare the rhythms of each region with the person's calm.

Alpha is excluded: closing the eyes changes it more than any work does. Frequencies below theta are
excluded because of eye movements.
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
"""Log power density of each band in each region, ln uV^2/Hz; stored by calibrations."""

HOP = 1.0
"""Seconds between two entries: windows of 2 s overlap by half."""

MEMORY = 10
"""Number of averaged entries: work changes within tens of seconds."""

CALM = 30
"""First entries of a session that define this person's calm, unless a profile contains it."""

PRIOR = 3.0
"""Weight of the population prior, in entries."""

MAX_PAUSE = 5.0
"""Longest pause, seconds; after a longer one earlier entries are discarded."""

CLIP = 3.0
"""Limit of the distance from calm, natural logarithm (a factor of 20)."""


def region_powers(densities: Floats, quality: Floats, montage: Montage) -> Floats:
    """Average log densities over the usable channels of each region.

    Args:
        densities: Shape ``(channels, bands of WORK)``, uV^2/Hz.
        quality: 0..1 of each channel, used as weight.
        montage: Their positions; if none is known, every channel counts for all regions.

    Returns:
        Values in the order of ``NAMES``; NaN for regions without a usable channel.
    """
    weight = montage.members * np.where(quality >= LEAST, quality, 0.0)
    total = weight.sum(axis=1)
    with np.errstate(invalid="ignore"):
        mean = weight @ np.log(np.maximum(densities, 1e-6)) / total[:, None]
    return np.asarray(mean.ravel(), np.float64)


class CalmChange:
    """Change of the newest entries from calm.

    Calm is taken from a profile, else from the first half minute of the session. It stays constant
    then, so that long work does not become the norm.

    Args:
        prior: Population mean, in the order of ``NAMES``.
    """

    def __init__(self, prior: Floats) -> None:
        self._prior = prior
        self.restart({})

    def restart(self, norms: Mapping[str, Norm]) -> None:
        """Reset to a person's calm by the names in ``NAMES``; may be unknown."""
        given = np.array([norms[n].mean if n in norms else np.nan for n in NAMES])
        known = np.isfinite(given)
        self._total = np.where(known, given * CALM, 0.0)
        self._count = np.where(known, float(CALM), 0.0)
        self._open = not known.any()
        self._moments = 0
        self._recent = np.full((MEMORY, len(NAMES)), np.nan)
        self._due = 0.0

    @property
    def uncertainty(self) -> float:
        """Uncertainty of the person's calm: 1 at first, falling to 0."""
        return exp(-float(self._count.max()) / 6)

    def due(self, step: float) -> bool:
        """Return whether to add an entry ``step`` seconds after the last window."""
        self._due -= step
        if self._due > 1e-6:
            return False
        if MAX_PAUSE < step < float("inf"):
            self._recent[:] = np.nan
        self._due = HOP + max(self._due, -HOP) if step < HOP else HOP
        return True

    def add(self, values: Floats) -> Floats:
        """Add an entry; return the change from calm as ``NAMES``, 0 if unknown."""
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
