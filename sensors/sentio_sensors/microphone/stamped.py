"""Blocks of a device in, resampled samples with capture times out. Reads no clock."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.microphone.resample import Mono, Resampler
from sentio_sensors.microphone.timing import SampleClock


class StampedResampler:
    """Resample a device's blocks and keep when each sample was captured.

    Args:
        rate_in: Samples a second of the device.
        rate_out: Samples a second wanted.

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
        """Take the next block.

        Args:
            time: When its first sample was captured, with the driver's jitter.
            samples: At the device's rate.

        Returns:
            Capture times, samples that are ready, and how many input samples are missing before
            this block.
        """
        start, missing = self._clock.block(time, len(samples))
        held = self._resampler.flush() if missing else (samples[:0], np.empty(0))
        # What the resampler still held was captured before the gap.
        before = self._end + (held[1] - self._count) / self._rate
        out, places = self._resampler.push(samples)
        times = start + (places - self._count) / self._rate
        self._count += len(samples)
        self._end = start + len(samples) / self._rate
        return np.concatenate([before, times]), np.concatenate([held[0], out]), missing
