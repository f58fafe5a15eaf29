"""Any rate to 16 kHz, block by block, as if it had been one piece. Reads no clock."""

from __future__ import annotations

from math import gcd

import numpy as np
from numpy.typing import NDArray

Mono = NDArray[np.float32]

MAX_PHASES = 2000
"""Refuses ratios whose filter bank would be larger than any sound card's rate needs; 44.1 kHz to
16 kHz takes 160 phases."""

_LOBES = 16
"""Zero crossings of the sinc on each side; with ``_BETA`` it stops 80 dB beyond 8.6 kHz."""
_BETA = 8.0
_ROLLOFF = 0.94
"""The pass band ends this far into the lower Nyquist band, to leave room for the slope."""


class Resampler:
    """A polyphase filter with memory (Crochiere & Rabiner 1983): a Kaiser-windowed sinc.

    Args:
        rate_in: Samples a second that come.
        rate_out: Samples a second that go.

    Raises:
        ValueError: The rates are not positive or have no small common ratio.
    """

    def __init__(self, rate_in: int, rate_out: int) -> None:
        if rate_in <= 0 or rate_out <= 0:
            raise ValueError(f"got rates {rate_in} and {rate_out}, expected positive ones")
        common = gcd(rate_in, rate_out)
        self._up, self._down = rate_out // common, rate_in // common
        if self._up > MAX_PHASES:
            raise ValueError(f"got a ratio of {self._up}/{self._down}, at most {MAX_PHASES} phases")
        self._bank = _bank(self._up, self._down)
        self._taps = self._bank.shape[1]
        self.delay = (self._taps * self._up - 1) / 2 / self._up
        """Input samples by which the output lags; take it off the stamps."""
        self._past: Mono = np.zeros(self._taps - 1, np.float32)
        self._consumed = 0
        self._produced = 0

    def push(self, samples: Mono) -> tuple[Mono, NDArray[np.float64]]:
        """Take the next input; return what can be told now.

        Returns:
            The samples, and for each its place in the input: samples since the start, fractional,
            the filter's delay taken off.
        """
        if self._up == self._down:
            places = self._consumed + np.arange(len(samples), dtype=np.float64)
            self._consumed += len(samples)
            return samples, places
        if not len(samples):
            return samples, np.empty(0)
        heard = np.concatenate([self._past, samples])
        first = self._consumed - len(self._past)
        self._consumed += len(samples)
        # Output m needs the inputs up to m * down // up.
        end = -(-self._consumed * self._up // self._down)
        m = np.arange(self._produced, end)
        self._produced = max(end, self._produced)
        newest, phase = np.divmod(m * self._down, self._up)
        windows = np.lib.stride_tricks.sliding_window_view(heard, self._taps)
        out = np.einsum(
            "mt,mt->m", windows[newest - first - self._taps + 1], self._bank[phase], optimize=False
        )
        self._past = heard[len(heard) - self._taps + 1 :].copy()
        return out.astype(np.float32), m * (self._down / self._up) - self.delay


def _bank(up: int, down: int) -> Mono:
    """Return the filter, one row a phase, each row for inputs oldest first."""
    cutoff = _ROLLOFF / max(1.0, down / up)  # part of the input's Nyquist frequency
    taps = int(np.ceil(2 * _LOBES / cutoff))
    n = np.arange(taps * up)
    centred = (n - (taps * up - 1) / 2) / up
    h = cutoff * np.sinc(cutoff * centred) * np.kaiser(taps * up, _BETA)
    rows = h.reshape(taps, up).T
    rows = rows / rows.sum(axis=1, keepdims=True)  # no ripple on a constant
    bank: Mono = np.ascontiguousarray(rows[:, ::-1]).astype(np.float32)
    return bank
