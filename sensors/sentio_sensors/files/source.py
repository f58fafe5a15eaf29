"""Source that plays recorded tracks, paced by their time stamps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sentio_sensors.clock import Clock
from sentio_sensors.errors import DisconnectedError
from sentio_sensors.files.track import Track, begin, finish
from sentio_sensors.source import EndOfSource
from sentio_sensors.stream import Chunk, StreamSpec

BLOCK = 0.02
"""Length of a block, seconds: shorter than any model's hop, long enough to be cheap."""


class PlaybackSource:
    """Source that plays tracks as if their devices were connected.

    A sample that was recorded ``s`` seconds into the file is due, and stamped, ``s / speed``
    seconds after the start: the streams stay aligned. Pacing uses deadlines, so that a late
    block does not delay all later ones.

    Args:
        tracks: What to play, in the clock of the file.
        clock: Gives the time stamps (LSL clock) and paces.
        speed: Recorded seconds a second, above 0.
        start: Seconds into the recording at which to begin.
        duration: Recorded seconds to play; None plays to the end.
        loop: Repeat from the start.
    """

    def __init__(
        self,
        tracks: Sequence[Track],
        clock: Clock,
        *,
        speed: float = 1.0,
        start: float = 0.0,
        duration: float | None = None,
        loop: bool = False,
    ) -> None:
        if speed <= 0:
            raise ValueError(f"speed {speed} is not above 0")
        first = begin(list(tracks)) + start
        last = np.inf if duration is None else first + duration
        self._tracks = [track.between(first, last) for track in tracks]
        self._first = first
        self._end = min(last, finish(self._tracks) + BLOCK) if self._any() else first
        self._clock = clock
        self._speed = speed
        self._loop = loop
        self._origin: float | None = None
        self._played = first

    @property
    def length(self) -> float:
        """Duration of the part that is played, recorded seconds."""
        return max(0.0, float(self._end - self._first))

    @property
    def position(self) -> float:
        """Recorded seconds played since the start of this repetition."""
        return float(self._played - self._first)

    def open(self) -> Sequence[StreamSpec]:
        """Start playing."""
        self._origin = self._clock.now()
        self._played = self._first
        return [track.spec for track in self._tracks]

    def read(self, timeout: float) -> Sequence[Chunk]:
        """Wait for the next block and return the samples that are due.

        Raises:
            EndOfSource: Everything has been played.
        """
        if self._origin is None:
            raise DisconnectedError("the player was not opened", "call open first")
        if self._played >= self._end:
            if not self._loop or not self._any():
                raise EndOfSource
            self._origin += (self._end - self._first) / self._speed
            self._played = self._first
        due = self._origin + (self._played + BLOCK - self._first) / self._speed
        self._clock.sleep(min(timeout, due - self._clock.now()))
        reached = self._first + (self._clock.now() - self._origin) * self._speed
        reached = min(self._end, reached)
        if reached <= self._played:
            return []
        chunks = [
            Chunk(
                track.spec.id,
                self._origin + (part.times - self._first) / self._speed,
                part.values,
            )
            for track in self._tracks
            if len((part := track.between(self._played, reached)).times)
        ]
        self._played = reached
        return chunks

    def close(self) -> None:
        """Stop playing."""
        self._origin = None

    def _any(self) -> bool:
        return any(len(track.times) for track in self._tracks)
