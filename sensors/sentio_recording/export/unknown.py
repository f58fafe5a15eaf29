"""Periods of a grid in which channels have samples and no number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sentio_recording.export.grid import Part

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MERGED_S = 1.0
"""Seconds of numbers between two periods that make them two."""


class Period(NamedTuple):
    """A period without numbers.

    Attributes:
        channel: Number of the channel; None for all of them.
        first: First value of the grid without a number.
        end: The value after the last one.
    """

    channel: int | None
    first: int
    end: int


def unknown_periods(grid: Floats, found: list[Part], start: float, rate_hz: float) -> list[Period]:
    """Return the periods where a stream has samples whose values are NaN.

    Args:
        grid: Values at ``start + n / rate_hz``, ``(n, channels)``.
        found: Parts of the stream without gaps.
        start: Time of the first value, seconds.
        rate_hz: Rate of the grid.
    """
    missing = np.isnan(grid)
    if not missing.any():
        return []
    inside = np.zeros(len(grid), np.bool_)
    for part in found:
        # Without the first and last value, which may be unknown by the shift of the grid alone.
        first = int(np.ceil((part.times[0] - start) * rate_hz)) + 1
        end = int(np.floor((part.times[-1] - start) * rate_hz))
        inside[max(0, first) : max(0, end)] = True
    missing &= inside[:, None]
    whole: Flags = np.asarray(missing.all(axis=1), np.bool_)
    periods = [Period(None, *run) for run in _runs(whole, rate_hz)]
    for channel in range(grid.shape[1] if grid.shape[1] > 1 else 0):
        own = missing[:, channel] & ~whole
        periods += [Period(channel, *run) for run in _runs(own, rate_hz)]
    return periods


def _runs(flags: Flags, rate_hz: float) -> Iterator[tuple[int, int]]:
    """Yield first and end of each run; runs that are close to each other are one."""
    at = np.flatnonzero(flags)
    if not len(at):
        return
    splits = np.flatnonzero(np.diff(at) > max(1.0, MERGED_S * rate_hz)) + 1
    for run in np.split(at, splits):
        yield int(run[0]), int(run[-1]) + 1
