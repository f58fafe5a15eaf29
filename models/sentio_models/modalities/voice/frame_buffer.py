"""Buffer the newest seconds of sound as frames; compute only new ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sentio_models.modalities.voice.activity import Activity
from sentio_models.modalities.voice.frames import HOP, Frames, FrontEnd, empty, front_end
from sentio_models.modalities.voice.speech_detector import SpeechDetector
from sentio_models.modalities.voice.speech_track import SpeechTrack
from sentio_models.window import Signal

SECONDS = 2.0
"""Length of the buffer, seconds: the input of the emotion network."""

OVERLAP = 64
"""Samples before the new ones that must equal the last ones; otherwise a window was missed."""


class FrameBuffer:
    """Frames of the newest two seconds with their voice activity.

    Args:
        detector: Speech detector; without one the probability of speech is NaN.
    """

    def __init__(self, detector: SpeechDetector | None = None) -> None:
        self._activity = Activity()
        self._track = SpeechTrack(detector)
        self._front: FrontEnd | None = None
        self._count = round(SECONDS / HOP)
        self.restart()

    def restart(self) -> None:
        """Discard all frames and the noise floor."""
        self._activity.restart()
        self._reset_frames()

    def _reset_frames(self) -> None:
        self._left = np.empty(0, np.float32)
        self.frames: Frames = empty()
        self.active = np.empty(0, np.bool_)
        self.voiced = np.empty(0, np.bool_)
        self.speech = np.empty(0)
        self._track.restart()

    @property
    def floor(self) -> float:
        """Noise floor in dB of full scale."""
        return self._activity.floor

    def update(self, signal: Signal, step: float) -> None:
        """Add a window; compute frames of the samples that are new.

        Args:
            signal: Mono, or several channels that are averaged; full scale -1..1.
            step: Seconds since the previous window.
        """
        if self._front is None or self._front.rate != signal.rate_hz:
            self._front = front_end(signal.rate_hz)
            self._reset_frames()
        new = self._new(signal, step, self._front.rate)
        fresh = _mono(signal.values[new:])
        self._track.add(fresh, self._front.rate)
        sound = np.concatenate([self._left, fresh])
        frames = self._front(sound)
        # The kept samples are longer than a frame minus a hop, and thus than the overlap.
        self._left = sound[len(frames) * self._front.hop :]
        if not len(frames):
            return
        active, voiced = self._activity(frames)
        speech = self._track.take(len(frames))
        self.speech = np.concatenate([self.speech, speech])[-self._count :]
        self.frames = (self.frames + frames).last(self._count)
        self.active = np.concatenate([self.active, active])[-self._count :]
        self.voiced = np.concatenate([self.voiced, voiced])[-self._count :]

    def _new(self, signal: Signal, step: float, rate: float) -> int:
        """Return the index of the first new sample."""
        first = int(np.searchsorted(signal.offsets, -step + 0.5 / rate))
        known = min(OVERLAP, first, len(self._left))
        if known:
            before = _mono(signal.values[first - known : first])
            if np.array_equal(before, self._left[-known:]):
                return first
        # A window was missed or the stream was interrupted: the frames are outdated.
        self._reset_frames()
        return 0


def _mono(values: NDArray[np.floating]) -> NDArray[np.float32]:
    sound = values[:, 0] if values.shape[1] == 1 else values.mean(axis=1)
    if not np.isfinite(sound).all():
        sound = np.nan_to_num(sound, nan=0.0, posinf=1.0, neginf=-1.0)
    return sound.astype(np.float32)
