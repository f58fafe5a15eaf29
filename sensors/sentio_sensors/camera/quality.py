"""Whether a picture can show anything: frozen, black, over-exposed or covered. Reads no clock."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.camera.frames import Rgb

_STEP = 8
"""Every eighth row is looked at: whole rows are copied ten times as fast as single pixels, and
sensor noise still shows. Of these rows every eighth pixel tells the exposure."""


@dataclass(frozen=True, slots=True)
class FrameLimits:
    """From where on a picture is bad; luma is 0..255.

    Attributes:
        frozen_s: Seconds of pixel-identical pictures that no real sensor gives: its noise
            changes some pixel of each frame.
        black: Mean luma below which nothing can be seen.
        dark: Mean luma below which quality falls.
        covered: Standard deviation of luma below which there may be no structure: a hand, a lid.
        contrast: The same as a part of the mean, so that a dark room is not a hand.
        white: Luma that counts as burnt out.
        burnt: Share of burnt-out pixels at which quality begins to fall.
        lost: Share of burnt-out pixels at which nothing is left.
    """

    frozen_s: float = 1.0
    black: float = 16.0
    dark: float = 45.0
    covered: float = 8.0
    contrast: float = 0.12
    white: float = 250.0
    burnt: float = 0.25
    lost: float = 0.8


class FrameWatch:
    """Judges pictures one after the other.

    Args:
        limits: What counts as bad.
        still: True where equal pictures are meant, as in an image folder.
    """

    def __init__(self, limits: FrameLimits | None = None, *, still: bool = False) -> None:
        self._limits = limits or FrameLimits()
        self._still = still
        self._last: NDArray[np.uint8] | None = None
        self._changed = 0.0

    def judge(self, rgb: Rgb, time: float) -> tuple[float, tuple[str, ...]]:
        """Return quality 0..1 and the reasons that lower it.

        Args:
            rgb: uint8 ``(height, width, 3)``.
            time: Its capture time, seconds.
        """
        sample = rgb[::_STEP].copy()
        if self._last is None or not np.array_equal(sample, self._last):
            self._last, self._changed = sample, time
        if not self._still and time - self._changed > self._limits.frozen_s:
            return 0.0, ("frozen",)
        return self._exposure(sample[:, ::_STEP])

    def _exposure(self, sample: NDArray[np.uint8]) -> tuple[float, tuple[str, ...]]:
        # Green alone is 59 % of luma (BT.601); a red or blue lamp shows in the others.
        luma = sample.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
        limits, mean, spread = self._limits, float(luma.mean()), float(luma.std())
        burnt = float((luma >= limits.white).mean())
        if mean < limits.black and spread < limits.covered:
            return 0.0, ("black",)
        if burnt > limits.burnt:
            left = 1 - (burnt - limits.burnt) / (limits.lost - limits.burnt)
            return max(0.0, left), ("over_exposed",)
        # In a dark room contrast falls with the light: what counts is how much is left of it.
        if spread < limits.covered and spread < limits.contrast * mean:
            return 0.0, ("covered",)
        if mean < limits.dark:
            return max(0.1, mean / limits.dark), ("dark",)
        return 1.0, ()
