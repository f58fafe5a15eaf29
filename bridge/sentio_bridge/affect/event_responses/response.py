"""Response to one marker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Change:
    """Change of one signal after a marker.

    Attributes:
        delta: Change against the window before the marker, in the signal's unit.
        effect: The same as a robust z: less the median and over the spread of this person's
            changes at moments without a marker.
        p: How often a moment without a marker changes as much, 0..1.
        reliability: 0..1: share of the windows with samples, of the comparisons wanted, and of
            the window that no other marker shares.
    """

    delta: float
    effect: float
    p: float
    reliability: float


@dataclass(frozen=True, slots=True)
class Response:
    """Response to one marker.

    Attributes:
        name: The marker's.
        time: The marker's (LSL clock, seconds).
        changes: By signal, or ``signal.phase`` where a signal is measured in parts.
        score: Of all signals together: root mean square of their effects, at most 6.
        p: How often a moment without a marker scores as much; 1 where nothing is known.
        detected: Whether ``p`` is at most the chosen false-alarm rate.
        pattern: ``orienting``, ``defence``, ``startle`` or empty.
        reliability: Mean over the changes, 0..1.
        reasons: Short codes: ``no_data``, ``warming`` (too few comparisons), ``overlap``.
    """

    name: str
    time: float
    changes: Mapping[str, Change]
    score: float
    p: float
    detected: bool
    pattern: str
    reliability: float
    reasons: tuple[str, ...]

    def body(self) -> dict[str, Any]:
        """Return the ``data`` of an event of kind ``response``."""
        return {
            "marker_time": self.time,
            "detected": self.detected,
            "score": self.score,
            "p": self.p,
            "pattern": self.pattern,
            "reliability": self.reliability,
            "reasons": list(self.reasons),
            "changes": {
                name: {
                    "delta": c.delta,
                    "effect": c.effect,
                    "p": c.p,
                    "reliability": c.reliability,
                }
                for name, c in self.changes.items()
            },
        }
