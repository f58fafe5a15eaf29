"""The sound of filmed games: read from a movie file, and mixed for two halves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

RATE = 48000
"""Samples a second; Godot's movie writer and Opus both use it."""
NEAR, FAR = 1.0, 0.3
"""How loud a half is on its own side, and on the other."""
PEAK = 0.8
"""Largest sample of the mix."""
PACKET = 960
"""Samples of one piece that is encoded: 20 ms."""

Sound = NDArray[np.float32]
"""Two rows, left and right, of samples -1..1."""


def read(movie: Path, seconds: float) -> Sound:
    """Return the last seconds of a movie's sound.

    Args:
        movie: A file that `godot --write-movie` made.
        seconds: How much; silence comes before a shorter one.
    """
    resampler = av.AudioResampler(format="fltp", layout="stereo", rate=RATE)
    with av.open(str(movie)) as container:
        pieces = [
            part.to_ndarray()
            for frame in container.decode(audio=0)
            for part in resampler.resample(frame)
        ]
    pieces += [part.to_ndarray() for part in resampler.resample(None)]
    count = round(seconds * RATE)
    whole = np.zeros((2, count), np.float32)
    sound = np.concatenate(pieces, axis=1)[:, -count:]
    whole[:, count - sound.shape[1] :] = sound
    return whole


def mix(left: Sound, right: Sound) -> Sound:
    """Return both sounds at once: each mostly on the side of its picture."""
    both = np.empty_like(left)
    mono_left, mono_right = left.mean(axis=0), right.mean(axis=0)
    both[0] = NEAR * mono_left + FAR * mono_right
    both[1] = FAR * mono_left + NEAR * mono_right
    loudest = float(np.abs(both).max())
    return both * np.float32(PEAK / loudest) if loudest > 0 else both


def until(pieces: Iterator[av.AudioFrame], seconds: float) -> Iterator[av.AudioFrame]:
    """Yield pieces up to the one that reaches a time."""
    for piece in pieces:
        yield piece
        if (piece.pts + piece.samples) / RATE >= seconds:
            return


def frames(sound: Sound) -> Iterator[av.AudioFrame]:
    """Yield a sound as frames for an encoder."""
    for start in range(0, sound.shape[1], PACKET):
        part = np.zeros((2, PACKET), np.float32)
        piece = sound[:, start : start + PACKET]
        part[:, : piece.shape[1]] = piece
        frame = av.AudioFrame.from_ndarray(part, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts = RATE, start
        yield frame
