"""A message with its time of sending; pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TimedMessage:
    """A message and its time of sending in the live run (recording's clock, seconds)."""

    time: float
    message: bytes
