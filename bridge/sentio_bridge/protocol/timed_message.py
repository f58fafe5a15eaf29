"""A message and when it was sent; pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TimedMessage:
    """A message and when the live run sent it (the recording's clock, seconds)."""

    time: float
    message: bytes
