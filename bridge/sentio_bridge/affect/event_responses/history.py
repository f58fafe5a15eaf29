"""The last minutes of one signal, in bounded memory."""

from __future__ import annotations

from bisect import bisect_left
from math import isfinite

import numpy as np

from sentio_bridge.affect.event_responses.measures import Floats


class History:
    """History of one signal, ascending in time.

    Args:
        seconds: How far back samples are kept.
        spacing: Seconds within which a further sample adds nothing; bounds the memory to
            ``seconds / spacing`` samples.
    """

    def __init__(self, seconds: float, spacing: float) -> None:
        self._seconds = seconds
        self._spacing = spacing
        self._times: list[float] = []
        self._values: list[float] = []

    def add(self, time: float, value: float) -> str:
        """Keep a sample; return why not, or an empty text."""
        if not (isfinite(time) and isfinite(value)):
            return "not_finite"
        times, values = self._times, self._values
        if not times or time >= times[-1] + self._spacing:
            times.append(time)
            values.append(value)
        else:
            if time < times[-1] - self._seconds:
                return "too_late"
            at = bisect_left(times, time)
            if any(abs(t - time) < self._spacing for t in times[max(0, at - 1) : at + 1]):
                return "too_dense"
            times.insert(at, time)
            values.insert(at, value)
        # Cut in chunks: removing a list's head sample by sample is slow.
        if len(times) > 64 and times[64] < times[-1] - self._seconds:
            del times[:64], values[:64]
        return ""

    def arrays(self) -> tuple[Floats, Floats]:
        """Return times and values."""
        return np.array(self._times), np.array(self._values)
