"""Resample a device's blocks and keep their capture times; no clock."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.microphone.resample import Mono, Resampler
from sentio_sensors.microphone.timing import SampleClock


class StampedResampler:
    """Resampler of a device's blocks that keeps each sample's capture time.

    Args:
        rate_in: Samples a second of the device.
        rate_out: Output rate, samples a second.

    Raises:
        AbsentError: The rates differ and soxr is not installed.
        ValueError: The rates are not positive.
    """

    def __init__(self, rate_in: int, rate_out: int) -> None:
        self._rate = rate_in
        self._resampler = Resampler(rate_in, rate_out)
        self._clock = SampleClock(rate_in)
        self._count = 0
        self._end = 0.0

    def block(self, time: float, samples: Mono) -> tuple[NDArray[np.float64], Mono, int]:
        """Resample the next block.

        Args:
            time: Capture time of its first sample, with the driver's jitter.
            samples: At the device's rate.

        Returns:
            Capture times, samples that are ready, and the number of input samples missing before
            this block.
        """
        start, missing = self._clock.block(time, len(samples))
        held = self._resampler.flush() if missing else (samples[:0], np.empty(0))
        # Samples still in the resampler were captured before the gap.
        before = self._end + (held[1] - self._count) / self._rate
        out, positions = self._resampler.push(samples)
        times = start + (positions - self._count) / self._rate
        self._count += len(samples)
        self._end = start + len(samples) / self._rate
        return np.concatenate([before, times]), np.concatenate([held[0], out]), missing
