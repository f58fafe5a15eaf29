"""Find stamps of a regular stream that were deduced from the nominal rate.

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

TOGETHER = 0.005
"""Seconds within which the parts of one chunk arrive."""

LONGEST_RUN = 2048
"""Samples after which the last stamp of a run counts as measured: exact senders never end one."""


def linked(steps: NDArray[np.float64], nominal: float, rounding: float = 0.0) -> NDArray[np.bool_]:
    """Return which steps between stamps are deduced, not measured.

    Args:
        steps: Differences of successive stamps, seconds.
        nominal: Nominal period, seconds.
        rounding: What their stamps were rounded to, seconds.
    """
    return (np.abs(steps - nominal) < DEDUCED + rounding) | (np.abs(steps) < EQUAL)


def is_linked(step: float, nominal: float, rounding: float = 0.0) -> bool:
    """Return whether one step between stamps is deduced, not measured."""
    return abs(step - nominal) < DEDUCED + rounding or abs(step) < EQUAL


def one_run(low: float, high: float, nominal: float, rounding: float = 0.0) -> bool:
    """Return whether each stamp of a chunk but the first is deduced.

    Args:
        low: Smallest step between its stamps, seconds.
        high: Largest one.
        nominal: Nominal period, seconds.
        rounding: What the stamps were rounded to, seconds.
    """
    limit = DEDUCED + rounding
    return nominal - low < limit and high - nominal < limit


def apart(elapsed: float, samples: int, nominal: float) -> bool:
    """Return whether samples were sent in another chunk than those before.

    Args:
        elapsed: Seconds after the arrival of the samples before.
        samples: Number of samples that arrived.
        nominal: Nominal period, seconds.
    """
    return elapsed > max(TOGETHER, 0.5 * samples * nominal)


def measured(
    stamps: NDArray[np.float64],
    nominal: float,
    arrived: NDArray[np.float64] | None = None,
    rounding: float = 0.0,
) -> NDArray[np.int64]:
    """Return the indices of the measured stamps of a whole recording; the last is one.

    Args:
        stamps: In the order of arrival, seconds.
        nominal: Nominal period, seconds.
        arrived: When each sample arrived, if known.
        rounding: What the stamps were rounded to, seconds.
    """
    chained = linked(np.diff(stamps), nominal, rounding)
    if arrived is not None:
        elapsed = np.diff(arrived)
        starts = np.flatnonzero(elapsed) + 1
        sizes = np.diff(np.r_[starts, len(stamps)])
        other = elapsed[starts - 1] > np.maximum(TOGETHER, 0.5 * sizes * nominal)
        chained[starts[other] - 1] = False
    ends = np.flatnonzero(np.r_[~chained, True])
    long = np.flatnonzero(np.diff(np.r_[-1, ends]) > LONGEST_RUN)
    if not len(long):
        return ends
    extra = [np.arange((ends[i - 1] if i else -1) + LONGEST_RUN, ends[i], LONGEST_RUN)
             for i in long]  # fmt: skip
    return np.unique(np.concatenate([ends, *extra]))
