"""The last minutes of one signal, in bounded memory."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from math import isfinite
from typing import Any

import numpy as np

from sentio_bridge.affect.event_responses.measures import Floats


class History:
    """History of one signal, ascending in time.

    Numbers are packed: a quarter of an hour of every signal as Python floats takes 30 MB.

    Args:
        seconds: How far back samples are kept.
        spacing: Seconds within which a further sample adds nothing; bounds the memory to
            ``seconds / spacing`` samples.
    """

    def __init__(self, seconds: float, spacing: float) -> None:
        self._seconds = seconds
        self._spacing = spacing
        self._times = array("d")
        self._values = array("d")

    def __getstate__(self) -> tuple[float, float, bytes, bytes]:
        """Return the state as plain bytes, which a saved state may contain."""
        return self._seconds, self._spacing, self._times.tobytes(), self._values.tobytes()

    def __setstate__(self, state: tuple[float, float, Any, Any]) -> None:
        """Restore the state."""
        self._seconds, self._spacing, times, values = state
        self._times, self._values = array("d", times), array("d", values)

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
        # Cut in chunks: removing an array's head sample by sample is slow.
        if len(times) > 64 and times[64] < times[-1] - self._seconds:
            del times[:64], values[:64]
        return ""

    def arrays(self) -> tuple[Floats, Floats]:
        """Return times and values."""
        return np.array(self._times), np.array(self._values)
