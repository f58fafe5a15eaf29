"""Which stamps of a regular stream were measured, and which deduced from the nominal rate.

LSL fills in the stamps of a chunk that was sent with one stamp: each is one nominal period after
its predecessor. Some drivers give all samples of a packet the same stamp. In both cases only the
last stamp of such a run was measured, and the others would pull the estimated rate towards the
nominal one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

DEDUCED = 1e-7
"""Seconds by which a deduced step may differ from the nominal period: rounding of large stamps."""

EQUAL = 1e-9
"""Seconds by which stamps of one packet may differ."""

LONGEST_RUN = 2048
"""Samples after which the last stamp of a run counts as measured: exact senders never end one."""


def linked(steps: NDArray[np.float64], nominal: float) -> NDArray[np.bool_]:
    """Return which steps between stamps are deduced, so that their first stamp tells nothing.

    Args:
        steps: Differences of successive stamps, seconds.
        nominal: Nominal period, seconds.
    """
    return (np.abs(steps - nominal) < DEDUCED) | (np.abs(steps) < EQUAL)


def measured(stamps: NDArray[np.float64], nominal: float) -> NDArray[np.int64]:
    """Return the indices of the measured stamps of a whole recording; the last is one."""
    chained = linked(np.diff(stamps), nominal)
    ends = np.flatnonzero(np.r_[~chained, True])
    gaps = np.diff(np.r_[-1, ends])
    if not (gaps > LONGEST_RUN).any():
        return ends
    starts = np.r_[0, ends[:-1] + 1]
    extra = [np.arange(s + LONGEST_RUN - 1, e, LONGEST_RUN)
             for s, e in zip(starts, ends, strict=True) if e - s >= LONGEST_RUN]  # fmt: skip
    return np.unique(np.concatenate([ends, *extra]))
