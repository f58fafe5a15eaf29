"""Capture times from a sender's stamps: clock, unit, even distances; pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.runtime.dejitter import Dejitter
from sentio_sensors.runtime.rate_remark import RateRemark
from sentio_sensors.runtime.sender_clock import SenderClock
from sentio_sensors.stream import Stamps

Floats = NDArray[np.float64]


class SenderTimes:
    """Times of one stream's samples on this machine's LSL clock.

    Args:
        rate_hz: Nominal rate; 0 for irregular streams.
        measured: Offset that LSL measured first, seconds.
        sender: Corrects stamps that are not of the LSL clock; None trusts them.
        dejitter: Give regular streams even times.
    """

    def __init__(
        self, rate_hz: float, measured: float, sender: SenderClock | None, *, dejitter: bool
    ) -> None:
        self._sender = sender
        self._dejitter = Dejitter(rate_hz) if rate_hz > 0 and dejitter else None
        self._rate = RateRemark(rate_hz)
        self._moved = measured

    @property
    def needs_ends(self) -> bool:
        """Whether what was sent at once must be read at once."""
        return self._sender is not None and self._sender.needs_ends

    def parts(self, stamps: Floats) -> list[slice]:
        """Return the parts of a chunk between which its sender's clock may have stepped.

        Args:
            stamps: As sent.
        """
        return [slice(None)] if self._sender is None else self._sender.parts(stamps)

    def of(self, original: Floats, arrived: float, measured: float) -> tuple[Floats, Stamps]:
        """Return capture times, and the stamps that they are derived from.

        Args:
            original: Stamps of one part of a chunk, as sent.
            arrived: When they arrived, seconds.
            measured: Offset that LSL measured, seconds to add.
        """
        offset = moved = measured
        remarks: tuple[str, ...] = ()
        if self._sender is not None:
            times = self._sender.correct(original, arrived, measured)
            offset += self._sender.offset
            moved += self._sender.moved
            original = self._sender.seconds(original)
            remarks = self._sender.remarks(arrived)
        else:
            times = original + offset if offset else original
        if self._dejitter is not None:
            if moved != self._moved:
                self._dejitter.shift(moved - self._moved)
                self._moved = moved
            rounding = 0.0 if self._sender is None else self._sender.rounding
            times = self._dejitter.straighten(times, arrived=arrived, rounding=rounding)
            remarks += self._rate.of(self._dejitter)
        return times, Stamps(original, offset, arrived, remarks)
