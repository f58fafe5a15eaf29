"""Steps between successive stamps of a chunk; pure.

A chunk of a live stream has ten or so samples. For these a short loop over Python's numbers touches
less code than a chain of numpy calls; between two chunks the caches forget both.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

FEW = 64
"""Samples up to which a loop is used."""


def extremes(stamps: NDArray[np.float64]) -> tuple[float, float]:
    """Return the smallest and the largest step; NaN if a stamp is not finite.

    Args:
        stamps: Float64, at least two.
    """
    if len(stamps) > FEW:
        steps = stamps[1:] - stamps[:-1]
        return float(np.minimum.reduce(steps)), float(np.maximum.reduce(steps))
    few = [after - before for before, after in pairwise(stamps.tolist())]
    total = sum(few)
    if total != total:
        return total, total
    return min(few), max(few)
