"""Seconds that count, and limits of numbers."""

from __future__ import annotations

from math import isfinite

LONGEST_STEP = 1.0


def passed(dt: float) -> float:
    """Return the seconds that count: a sleeping or paused game does not age."""
    return min(dt, LONGEST_STEP) if isfinite(dt) and dt > 0 else 0.0


def clamp(value: float, low: float, high: float) -> float:
    return low if value < low else high if value > high else value
