"""Remark about a rate that differs from the stated one."""

from __future__ import annotations

from sentio_sensors.runtime.dejitter import Dejitter

RATE_OFF = 0.005
"""Share by which a rate differs from the stated one that is reported."""


class RateRemark:
    """Code ``wrong_rate:STATED:REAL`` of one stream, with a stable rate.

    Args:
        stated: Rate that the device states, above 0, Hz.
    """

    def __init__(self, stated: float) -> None:
        self._stated = stated
        self._real = 0.0

    def of(self, dejitter: Dejitter) -> tuple[str, ...]:
        """Return the code if both rates differ, else nothing."""
        known = dejitter.rate_known
        if known and abs(dejitter.rate_hz - self._real) > 0.5 * RATE_OFF * self._stated:
            self._real = dejitter.rate_hz
        if not self._real or abs(self._real / self._stated - 1) < RATE_OFF:
            return ()
        return (f"wrong_rate:{self._stated:g}:{self._real:.4g}",)
