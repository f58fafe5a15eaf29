"""Follow the probability of speech along a stream, frame by frame, causally."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sentio_models.modalities.voice.frames import HOP, LENGTH
from sentio_models.modalities.voice.speech_detector import BLOCK, RATE, SpeechDetector

KEPT = 4
"""Number of blocks that later frames may still need: a frame and a block are shorter than two."""


class SpeechTrack:
    """Probability of speech at each frame of a stream.

    Args:
        detector: The speech detector; without one every frame has the probability NaN.
    """

    def __init__(self, detector: SpeechDetector | None) -> None:
        self._detector = detector
        self.restart()

    @property
    def available(self) -> bool:
        """Whether there is a detector."""
        return self._detector is not None

    def restart(self) -> None:
        """Start a new stream."""
        if self._detector is not None:
            self._detector.restart()
        self._averages = Averages()
        self._left = np.empty(0, np.float32)
        self._values: list[float] = []
        self._first = 0
        self._frames = 0

    def add(self, samples: NDArray[np.float32], rate: float) -> None:
        """Add the next samples of the stream, -1..1, at ``rate`` Hz."""
        if self._detector is None:
            return
        even = samples if rate == RATE else self._averages(samples, rate)
        sound = np.concatenate([self._left, even])
        whole = len(sound) // BLOCK
        for i in range(whole):
            block = np.clip(sound[i * BLOCK : (i + 1) * BLOCK], -1.0, 1.0)
            self._values.append(self._detector(block))
        self._left = sound[whole * BLOCK :]

    def take(self, count: int) -> NDArray[np.float64]:
        """Return the probability at each of the next ``count`` frames of the stream.

        A frame has the value of the block at its middle, or of the newest one.
        """
        if self._detector is None:
            return np.full(count, np.nan)
        middle = (self._frames + np.arange(count)) * HOP + LENGTH / 2
        self._frames += count
        if not self._values:
            return np.zeros(count)
        index = (middle * RATE / BLOCK).astype(np.intp) - self._first
        found = np.array(self._values)[np.clip(index, 0, len(self._values) - 1)]
        drop = max(0, len(self._values) - KEPT)
        del self._values[:drop]
        self._first += drop
        return found


class Averages:
    """Change of a stream's rate to ``RATE`` by averages over its periods.

    A coarse low-pass filter, which is enough to detect speech; a microphone already has ``RATE``.
    """

    def __init__(self) -> None:
        self._held = np.empty(0)
        self._dropped = 0
        self._made = 0

    def __call__(self, samples: NDArray[np.float32], rate: float) -> NDArray[np.float32]:
        """Return the samples at ``RATE`` that are complete."""
        period = rate / RATE
        self._held = np.concatenate([self._held, samples.astype(np.float64)])
        last = int((self._dropped + len(self._held)) / period)
        edges = np.arange(self._made, last + 1) * period - self._dropped
        area = np.concatenate([[0.0], np.cumsum(self._held)])
        even = np.diff(np.interp(edges, np.arange(len(area)), area)) / period
        self._made = max(self._made, last)
        drop = int(self._made * period) - self._dropped
        self._held = self._held[drop:]
        self._dropped += drop
        made: NDArray[np.float32] = even.astype(np.float32)
        return made
