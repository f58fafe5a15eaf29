"""Counters that start at 0 again when they are full."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

SIZES = (60.0, 1000.0, 3600.0, 65_536.0, 86_400.0, 1e6, 2.0**24, 8.64e7, 2.0**32)
"""Sizes in units of the counter: minutes, seconds, hours and days of a clock, and bits."""

NEAR = 0.01
"""Share of its size to which a counter must have come before it starts again."""


def unwrapped(values: NDArray[Any]) -> tuple[NDArray[Any], float]:
    """Return a counter that goes on, and the size at which it started again.

    Args:
        values: Numbers in rows; NaN is kept.

    Returns:
        Times in the same units, and the size; unchanged and 0 where it never started again, or
        not at one of ``SIZES``.
    """
    known = values[np.isfinite(values.astype(np.float64))]
    if len(known) < 3 or float(np.min(known)) < 0:
        return values, 0.0
    steps = np.diff(known)
    back = steps < 0
    usual = float(np.median(steps[steps > 0])) if np.any(steps > 0) else 0.0
    top = float(np.max(known))
    size = next((s for s in SIZES if top < s), 0.0)
    if not np.any(back) or not size or usual <= 0 or usual > size / 4:
        return values, 0.0
    last, first = known[:-1][back], known[1:][back]
    near = max(NEAR * size, 5 * usual)
    if np.median(size - last) > near or np.median(first) > size / 2:
        return values, 0.0
    out = values.astype(np.float64)
    turns = np.zeros(len(values))
    turns[np.isfinite(out)] = np.r_[0.0, np.cumsum(back)]
    return out + turns * size, size
