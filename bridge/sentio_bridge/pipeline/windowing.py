"""Cut streams into windows for one estimator; no I/O, no clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf

import numpy as np
from numpy.typing import NDArray

from sentio_models import Needs, Signal, Window
from sentio_sensors import Chunk, StreamSpec

FRESH = 2.0
"""A role whose newest sample is older than this, in seconds before the window's end, is omitted
(or older than three of its sample periods, whichever is longer)."""

IRREGULAR_HZ = 128.0
"""Assumed maximum rate of a stream without a rate, for the buffer size."""


@dataclass(slots=True)
class _Track:
    """Buffer of the newest seconds of one stream, in arrays that are rarely shifted.

    With a ``capacity`` of 0 it holds only the newest sample, without a copy (video).
    """

    spec: StreamSpec
    capacity: int
    times: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    values: NDArray[np.generic] = field(default_factory=lambda: np.empty(0))
    start: int = 0
    end: int = 0
    quality: float = 1.0
    reasons: tuple[str, ...] = ()
    worst_at: float = -inf
    newest: float = -inf
    labels: tuple[str, ...] = ()
    role: str = ""
    fresh: float = FRESH

    def __post_init__(self) -> None:
        self.labels = tuple(channel.label for channel in self.spec.channels)
        self.role = self.spec.role.value
        period = 1.0 / self.spec.rate_hz if self.spec.rate_hz else 1.0
        self.fresh = max(FRESH, 3 * period)

    def push(self, chunk: Chunk) -> None:
        if self.capacity:
            self._append(chunk.times[-self.capacity :], chunk.values[-self.capacity :])
        else:
            self.times, self.values = chunk.times[-1:], chunk.values[-1:]
            self.start, self.end = 0, 1
        self.newest = chunk.times.item(-1)
        # The worst quality of the last second is the stream's quality.
        if chunk.quality <= self.quality or self.newest - self.worst_at > 1.0:
            self.quality, self.reasons = chunk.quality, chunk.reasons
            self.worst_at = self.newest

    def _append(self, times: NDArray[np.float64], values: NDArray[np.generic]) -> None:
        count = len(times)
        if not len(self.times) or self.values.shape[1:] != values.shape[1:]:
            self.times = np.empty(2 * self.capacity)
            self.values = np.empty((2 * self.capacity, *values.shape[1:]), values.dtype)
            self.start = self.end = 0
        if self.end + count > len(self.times):
            rest = min(self.end - self.start, self.capacity)
            self.times[:rest] = self.times[self.end - rest : self.end]
            self.values[:rest] = self.values[self.end - rest : self.end]
            self.start, self.end = 0, rest
        self.times[self.end : self.end + count] = times
        self.values[self.end : self.end + count] = values
        self.end += count

    def clear(self) -> None:
        if self.capacity:
            self.values.fill(0)
        else:  # the array belongs to the source
            self.values = np.empty(0)
        self.start = self.end = 0
        self.newest = -inf

    def slice(self, end: float, seconds: float, newest: bool) -> Signal:
        first = self.end - 1
        if not newest:
            times = self.times[self.start : self.end]
            self.start += int(times.searchsorted(end - seconds + 1e-6))
            first = self.start
        return Signal(
            self.values[first : self.end],
            self.times[first : self.end] - end,
            self.spec.rate_hz,
            self.labels,
            self.quality,
            self.reasons,
        )


class Windower:
    """Collector of the streams of one estimator that yields windows when due.

    The windows are a function of the chunks alone (their order, times and values), so a
    recording with the chunk boundaries gives the same windows again.

    Args:
        needs: Requirements of the estimator.
    """

    def __init__(self, needs: Needs) -> None:
        self._needs = needs
        self._tracks: dict[str, _Track] = {}
        self._last = -inf

    def stream(self, spec: StreamSpec) -> None:
        """Add a stream, new or reopened; streams of other roles are ignored."""
        if spec.role.value not in self._needs.roles:
            return
        rate = spec.rate_hz or IRREGULAR_HZ
        rows = 0 if self._needs.newest else int(self._needs.seconds * rate * 1.25) + 16
        self._tracks[spec.id] = _Track(spec, rows)

    def push(self, chunk: Chunk) -> tuple[Window, float] | None:
        """Add a chunk; return a window and the time of its newest sample, if one is due.

        The arrays of the window are valid until the next call.
        """
        track = self._tracks.get(chunk.stream)
        if track is None or not len(chunk):
            return None
        track.push(chunk)
        end = max([t.newest for t in self._tracks.values()])
        step = end - self._last
        if step <= 0 or step < self._needs.hop * 0.999:
            return None
        self._last = end
        return Window(self._signals(end), step if step < 1e9 else inf), end

    def clear(self) -> None:
        """Discard all samples (consent was withdrawn, or the person changed)."""
        for track in self._tracks.values():
            track.clear()
        self._last = -inf

    def _signals(self, end: float) -> dict[str, Signal]:
        best: dict[str, _Track] = {}
        for track in self._tracks.values():
            if end - track.newest > track.fresh:
                continue
            role = track.role
            # Of two devices of one role, the one with the newer sample is used.
            if role not in best or track.newest > best[role].newest:
                best[role] = track
        return {
            role: track.slice(end, self._needs.seconds, self._needs.newest)
            for role, track in best.items()
        }
