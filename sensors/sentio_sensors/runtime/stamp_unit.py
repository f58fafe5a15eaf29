"""Unit in which a sender stamps, found from its stamps and when they arrive; pure."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.runtime.anchors import DEDUCED

Floats = NDArray[np.float64]

UNITS = {1.0: "s", 1e-3: "ms", 1e-6: "us", 1e-7: "100ns", 1e-9: "ns", 86400.0: "days"}
"""Seconds of the units in which senders stamp."""

EPOCHS: dict[float, tuple[float, ...]] = {
    1e-7: (11_644_473_600.0, 62_135_596_800.0),
    86400.0: (25_569 * 86400.0, 719_529 * 86400.0),
}
"""Seconds before 1970 from which Windows and .NET, spreadsheets and MATLAB count, by unit."""

WALL_YEARS = 10 * 365 * 86400.0
"""Seconds around the present in which a stamp counts as wall time."""

PACE = 0.1
"""Least seconds between two chunks whose stamps show the unit."""

AT_ONCE = 0.5
"""Share of its length in which the rest of a run arrives at most; what is sent sample by sample
takes all of it."""

ROUNDED = float(np.finfo(np.float64).eps)
"""Relative difference by which LSL rounds the stamps that it deduces, beside ``DEDUCED``."""


class StampUnit:
    """Unit of one sender's stamps.

    LSL gives the samples of a chunk with one stamp others that are a nominal period, in seconds,
    apart, whatever the sender's unit: only the last of such a run was stamped.

    Attributes:
        seconds: Seconds of one unit.

    Args:
        rate_hz: Nominal rate; 0 for irregular streams.
    """

    def __init__(self, rate_hz: float) -> None:
        self._rate = rate_hz
        self._last = self._arrived = 0.0
        self._since: tuple[float, float] | None = None
        self._runs = False
        self.seconds = 1.0

    @property
    def needs_ends(self) -> bool:
        """Whether a run that is read in parts would have wrong times."""
        return self._since is not None or (self._runs and self.seconds != 1.0)

    def begin(self, stamps: Floats, arrived: float, wall: float) -> None:
        """Take the unit from the first stamps; watch how they advance.

        Args:
            stamps: As sent, finite.
            arrived: When they arrived, seconds.
            wall: Present wall time, seconds since 1970.
        """
        self._last, self._arrived = float(stamps[-1]), arrived
        self._since = self._last, arrived
        self.seconds = self._likely(stamps, wall)

    def advanced(self, stamps: Floats, arrived: float) -> bool:
        """Take another unit if the stamps advance in it; return whether one was taken.

        A unit in which they have advanced once is not changed any more: later it is a step.

        Args:
            stamps: As sent, finite.
            arrived: When they arrived, seconds.
        """
        first, last, before = float(stamps[0]), float(stamps[-1]), self._last
        pause = arrived - self._arrived
        self._last, self._arrived = last, arrived
        if self._since is None:
            return False
        elapsed = arrived - self._since[1]
        if elapsed < PACE:
            goes_on = self._rate > 0 and self._is_deduced(first - before, first)
            if goes_on and pause < AT_ONCE * (last - before):
                self._since = last, arrived  # the rest of a run
            return False
        progress, self._since = last - self._since[0], (last, arrived)
        found = [unit for unit in UNITS if 0.5 < progress * unit / elapsed < 2.0]
        if not found:
            return False
        self._since = None
        self._runs = self._rate > 0 and bool(self._is_deduced(np.diff(stamps), stamps[1:]).any())
        taken, self.seconds = self.seconds, found[0]
        return taken != self.seconds

    def scaled(self, stamps: Floats, shift: float = 0.0) -> Floats:
        """Return stamps in seconds, shifted; runs are deduced again.

        Args:
            stamps: As sent.
            shift: Seconds to add.
        """
        if self.seconds == 1.0:
            return stamps + shift if shift else stamps
        scaled = stamps * self.seconds + shift
        if self._rate <= 0 or len(stamps) < 2:
            return scaled
        with np.errstate(invalid="ignore"):
            deduced = self._is_deduced(np.diff(stamps), stamps[1:])
        if not deduced.any():
            return scaled
        places = np.arange(len(stamps))
        ends = np.where(np.r_[~deduced, True], places, len(stamps) - 1)
        ends = np.minimum.accumulate(ends[::-1])[::-1]
        again: Floats = scaled[ends] - (ends - places) / self._rate
        return again

    def _is_deduced(self, step: Any, stamp: Any) -> Any:
        """Return whether a step up to a stamp, both as sent, is one period in seconds."""
        return abs(step - 1.0 / self._rate) <= DEDUCED + ROUNDED * abs(stamp)

    def _likely(self, stamps: Floats, wall: float) -> float:
        """Return the unit by the distance of the samples, or by the present in that unit."""
        steps = np.diff(stamps)
        if self._rate > 0 and len(steps) and np.median(steps) > 0:
            periods = float(np.median(steps)) * self._rate
            for unit in UNITS:
                if unit != 1.0 and 0.5 < periods * unit < 2.0:
                    return unit
        for unit in UNITS:
            since = float(stamps[-1]) * unit - wall
            if any(abs(since - epoch) < WALL_YEARS for epoch in EPOCHS.get(unit, (0.0,))):
                return unit
        return 1.0
