"""Resample any rate to 16 kHz, block by block, as if it had been one piece. Reads no clock."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.errors import AbsentError

Mono = NDArray[np.float32]

Places = NDArray[np.float64]
"""Where output samples lie in the input: samples since its start, fractional."""


class Resampler:
    """The SoX resampler with memory, and the place of each sample that it gives.

    Equal rates pass through. Else samples come some 20 ms after they went in, up to 40 ms at
    48 kHz, in bursts; their places are exact all the same.

    Args:
        rate_in: Samples a second that come.
        rate_out: Samples a second that go.

    Raises:
        AbsentError: The rates differ and soxr is not installed.
        ValueError: The rates are not positive.
    """

    def __init__(self, rate_in: int, rate_out: int) -> None:
        if rate_in <= 0 or rate_out <= 0:
            raise ValueError(f"got rates {rate_in} and {rate_out}, expected positive ones")
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

    def push(self, samples: Mono) -> tuple[Mono, Places]:
        """Take the next input; return the samples that are ready, and their places."""
        self._consumed += len(samples)
        if self._stream is None:
            return self._placed(samples)
        return self._placed(self._stream.resample_chunk(samples))

    def flush(self) -> tuple[Mono, Places]:
        """Return the samples that are still to come, and their places.

        What is pushed next has nothing to do with what was pushed before.
        """
        rest = np.empty(0, np.float32)
        if self._stream is not None and self._consumed > self._first:
            rest = self._stream.resample_chunk(rest, last=True)
            self._stream.clear()
        placed = self._placed(rest)
        self._first, self._produced = self._consumed, 0
        return placed

    def _placed(self, samples: Mono) -> tuple[Mono, Places]:
        counted = np.arange(len(samples), dtype=np.float64) + self._produced
        places: Places = self._first + counted * self._step
        self._produced += len(samples)
        return samples, places
