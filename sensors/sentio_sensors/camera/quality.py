"""Detect frozen, black, over-exposed and covered pictures; no clock."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.camera.frames import Rgb

_STEP = 8
"""Every eighth row is checked: whole rows are copied ten times as fast as single pixels, and
sensor noise is still visible. Every eighth pixel of these rows gives the exposure."""


@dataclass(frozen=True, slots=True)
class FrameLimits:
    """Limits of bad pictures; luma is 0..255.

    Attributes:
        frozen_s: Seconds of pixel-identical pictures that no real sensor produces: noise
            changes some pixel of each frame.
        black: Mean luma below which nothing is visible.
        dark: Mean luma below which quality falls.
        covered: Standard deviation of luma below which there may be no structure: a hand, a lid.
        contrast: The same relative to the mean, to separate a dark room from a hand.
        white: Luma that counts as overexposed.
        overexposed: Share of overexposed pixels at which quality begins to fall.
        lost: Share of overexposed pixels at which quality is 0.
    """

    frozen_s: float = 1.0
    black: float = 16.0
    dark: float = 45.0
    covered: float = 8.0
    contrast: float = 0.12
    white: float = 250.0
    overexposed: float = 0.25
    lost: float = 0.8


class FrameQuality:
    """Quality check of successive pictures.

    Args:
        limits: Limits of bad pictures.
        still: True if equal pictures are intended, as in an image folder.
    """

    def __init__(self, limits: FrameLimits | None = None, *, still: bool = False) -> None:
        self._limits = limits or FrameLimits()
        self._still = still
        self._last: NDArray[np.uint8] | None = None
        self._changed = 0.0

    def assess(self, rgb: Rgb, time: float) -> tuple[float, tuple[str, ...]]:
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
        # Green alone is 59 % of luma (BT.601); red or blue light appears in the other channels.
        luma = sample.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
        limits, mean, spread = self._limits, float(luma.mean()), float(luma.std())
        overexposed = float((luma >= limits.white).mean())
        if mean < limits.black and spread < limits.covered:
            return 0.0, ("black",)
        if overexposed > limits.overexposed:
            left = 1 - (overexposed - limits.overexposed) / (limits.lost - limits.overexposed)
            return max(0.0, left), ("over_exposed",)
        # In a dark room contrast falls with the light, so it is compared with the mean too.
        if spread < limits.covered and spread < limits.contrast * mean:
            return 0.0, ("covered",)
        if mean < limits.dark:
            return max(0.1, mean / limits.dark), ("dark",)
        return 1.0, ()
