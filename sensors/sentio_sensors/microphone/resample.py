"""Resample any rate to 16 kHz block by block, like one piece; no clock."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.errors import AbsentError

Mono = NDArray[np.float32]

Positions = NDArray[np.float64]
"""Positions of output samples in the input: fractional samples since its start."""


class Resampler:
    """SoX resampler with state that also returns the position of each sample.

    Equal rates pass through. Otherwise the delay is about 20 ms, up to 40 ms at 48 kHz, and output
    comes in bursts; positions are exact nevertheless.

    Args:
        rate_in: Input rate, samples a second.
        rate_out: Output rate, samples a second.

    Raises:
        AbsentError: The rates differ and soxr is not installed.
        ValueError: The rates are not positive.
    """

    def __init__(self, rate_in: int, rate_out: int) -> None:
        if rate_in <= 0 or rate_out <= 0:
            raise ValueError(f"got rates {rate_in} and {rate_out}, expected positive rates")
        self._stream = None
        if rate_in != rate_out:
            try:
                import soxr
            except ImportError:
                raise AbsentError(
                    f"soxr, which resamples {rate_in} Hz to {rate_out} Hz, is not installed",
                    "pip install 'sentio-affect[microphone]'",
                ) from None
            self._stream = soxr.ResampleStream(rate_in, rate_out, 1, "float32", "HQ")
        self._step = rate_in / rate_out
        self._first = 0
        self._consumed = 0
        self._produced = 0

    def push(self, samples: Mono) -> tuple[Mono, Positions]:
        """Add input; return the samples that are ready, and their positions."""
        self._consumed += len(samples)
        if self._stream is None:
            return self._with_positions(samples)
        return self._with_positions(self._stream.resample_chunk(samples))

    def flush(self) -> tuple[Mono, Positions]:
        """Return the remaining samples and their positions, and start over.

        Later input is independent of earlier input.
        """
        rest = np.empty(0, np.float32)
        if self._stream is not None and self._consumed > self._first:
            rest = self._stream.resample_chunk(rest, last=True)
            self._stream.clear()
        placed = self._with_positions(rest)
        self._first, self._produced = self._consumed, 0
        return placed

    def _with_positions(self, samples: Mono) -> tuple[Mono, Positions]:
        counted = np.arange(len(samples), dtype=np.float64) + self._produced
        positions: Positions = self._first + counted * self._step
        self._produced += len(samples)
        return samples, positions
