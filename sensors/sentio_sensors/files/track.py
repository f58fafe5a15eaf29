"""Recorded stream in memory."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.stream import StreamSpec


@dataclass(frozen=True, slots=True)
class Track:
    """A recorded stream.

    Attributes:
        spec: Description of the stream.
        times: Seconds on the recording's own clock, float64 ``(n,)``, ascending; the same clock
            for all tracks of a file.
        values: As ``Chunk.values``.
    """

    spec: StreamSpec
    times: NDArray[np.float64]
    values: NDArray[Any]

    def between(self, start: float, end: float) -> Track:
        """Return the samples with ``start <= time < end``."""
        first, last = np.searchsorted(self.times, (start, end))
        return replace(self, times=self.times[first:last], values=self.values[first:last])


def begin(tracks: list[Track]) -> float:
    """Return the time of the first sample of all tracks."""
    return min((float(t.times[0]) for t in tracks if len(t.times)), default=0.0)


def finish(tracks: list[Track]) -> float:
    """Return the time of the last sample of all tracks."""
    return max((float(t.times[-1]) for t in tracks if len(t.times)), default=0.0)
