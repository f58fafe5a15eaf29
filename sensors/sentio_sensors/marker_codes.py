"""Texts of markers that are sent as numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class MarkerCodes:
    """Codes of one numeric marker channel as texts.

    An irregular stream has one code a sample. A sampled one keeps its code until the next one, and
    0 is none.

    Args:
        rate_hz: Rate of the stream; 0 for irregular.
    """

    def __init__(self, rate_hz: float) -> None:
        self._sampled = rate_hz > 0
        self._last = 0.0

    def read(
        self, times: NDArray[np.float64], values: NDArray[Any]
    ) -> tuple[NDArray[np.float64], NDArray[Any]]:
        """Return times ``(n,)`` and texts ``(n, 1)`` of the codes in the next samples."""
        numbers = np.asarray(values, np.float64)
        good = np.isfinite(numbers)
        if self._sampled and len(numbers):
            numbers, times = numbers[good], times[good]
            changed = numbers != np.r_[self._last, numbers[:-1]]
            good = changed & (numbers != 0)
            self._last = float(numbers[-1]) if len(numbers) else self._last
        texts = np.array([[f"{value:.15g}"] for value in numbers[good]], object).reshape(-1, 1)
        return times[good], texts
