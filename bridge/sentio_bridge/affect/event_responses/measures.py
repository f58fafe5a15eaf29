"""What is measured around a marker, and where after it each signal answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

GRID = 0.25
"""Seconds between the points at which a window is read: four a second follows a skin response
(rise 1..3 s) and the heart rate of single beats."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One number taken from one signal around one moment.

    Attributes:
        signal: Name of the feature.
        phase: ``response``, or a part of it: ``early``, ``late``, ``reflex``.
        before: Seconds of the window before the moment that it is compared with.
        start: Seconds after the moment where the answer may begin.
        stop: Seconds after the moment where it is over.
        shape: ``mean``: mean after minus mean before. ``peak``: maximum after minus mean
            before. ``rise``: highest climb whose foot lies within 1..5 s.
        two_sided: Whether a fall counts as much as a climb.
    """

    signal: str
    phase: str
    before: float
    start: float
    stop: float
    shape: Literal["mean", "peak", "rise"]
    two_sided: bool = True

    def at(self, times: Floats, values: Floats, moments: Floats) -> tuple[Floats, Floats]:
        """Return changes at some moments, and the covered shares of their windows.

        Args:
            times: Ascending, in seconds.
            values: In the signal's unit.
            moments: Seconds, on the clock of ``times``.

        Returns:
            Changes in the signal's unit, NaN where under ``LEAST_COVERED`` of the windows
            before or after lies near a sample; shares 0..1.
        """
        if not len(times) or not len(moments):
            return np.full(len(moments), np.nan), np.zeros(len(moments))
        grid = FINE if self.phase == "reflex" else GRID
        old = moments[:, None] - np.arange(grid, self.before + grid / 2, grid)
        new = moments[:, None] + np.arange(self.start, self.stop + grid / 2, grid)
        covered = np.minimum(_near(times, old), _near(times, new))
        after = np.interp(new, times, values)
        if self.shape == "rise":
            feet = np.where(new - moments[:, None] <= LAST_FOOT, after, np.inf)
            change = (after - np.minimum.accumulate(feet, axis=1)).max(axis=1)
        else:
            level = np.interp(old, times, values).mean(axis=1)
            change = (after.max(axis=1) if self.shape == "peak" else after.mean(axis=1)) - level
        return np.where(covered >= LEAST_COVERED, change, np.nan), covered


FINE = 0.05
"""The same for reflexes, which last a few tenths of a second."""

LEAST_COVERED = 0.6
"""Share of each window that must lie near a sample."""

NEAR = 1.25
"""Seconds within which a sample counts for a moment: a heart at 48 beats/min does."""

LAST_FOOT = 5.0
"""Seconds after a marker by which a skin response to it has begun (Boucsein 2012: 1..5 s)."""

SKIN = ("scl_now", "scl")
"""Names of skin conductance as it is at this moment, microsiemens."""

HEART = ("heart_rate_now", "recent_heart_rate")
"""Names of the heart rate as it is at this moment, beats/min."""

SLOW = frozenset(
    "heart_rate ln_rmssd ln_sdnn ln_pulse_amplitude breathing_rate ln_scl scl_slope scr_rate "
    "ln_scr_amplitude temperature temperature_slope noise_db snr_db voice_share ln_engagement "
    "ln_focus ln_relaxation asymmetry delta theta alpha beta gamma stillness restlessness "
    "sigh_age sigh_size sigh_probability".split()
)
"""Features over windows longer than a response: a mean over 10 to 60 s cannot show one, and each
that is followed in vain makes the others count for less. A sigh is a moment by itself."""


def _skin(signal: str) -> tuple[Measure, ...]:
    """Return the skin response: foot in 1..5 s, peak up to 3 s later (Boucsein 2012)."""
    return (Measure(signal, "response", 2.0, 1.0, 8.0, "rise", two_sided=False),)


def _heart(signal: str) -> tuple[Measure, ...]:
    """Return the heart's response: slower for orienting, faster for defence.

    Source: Graham & Clifton 1966; Bradley 2009.
    """
    return (
        Measure(signal, "early", 4.0, 1.0, 3.5, "mean"),
        Measure(signal, "late", 4.0, 3.5, 8.0, "mean"),
    )


EYELID = ("eye_closure", "eye_blink", "blink")
"""Names under which the lid reflex may come."""


def measures_for(signal: str) -> tuple[Measure, ...]:
    """Return the measures of a signal: none for a slow one, else at least a mean."""
    if signal in SLOW:
        return ()
    if signal in SKIN:
        return _skin(signal)
    if signal in HEART:
        return _heart(signal)
    if signal in EYELID:
        # The lid closes 20 to 100 ms after a startling sound (Blumenthal et al. 2005); cameras
        # and their pipelines blur that to half a second.
        return (Measure(signal, "reflex", 2.0, 0.0, 0.5, "peak", two_sided=False),)
    if signal in ("valence", "arousal", "dominance", "stress", "engagement"):
        # Fused over windows of up to tens of seconds: late and slow.
        return (Measure(signal, "response", 4.0, 2.0, 8.0, "mean"),)
    return (Measure(signal, "response", 3.0, 0.3, 4.0, "mean"),)


FIRST = 1.75
"""Seconds after a marker that a first answer looks at."""


def first_measures_for(signal: str) -> tuple[Measure, ...]:
    """Return the measures of a signal that are quick enough for a first answer."""
    if signal in SLOW or signal in ("valence", "dominance", "stress", "engagement"):
        return ()
    if signal in EYELID:
        return measures_for(signal)
    if signal in SKIN:
        return (Measure(signal, "first", 2.0, 1.0, FIRST, "rise", two_sided=False),)
    if signal in HEART:
        return (Measure(signal, "first", 4.0, 0.75, FIRST, "mean"),)
    return (Measure(signal, "first", 3.0, 0.3, FIRST, "mean"),)


def _near(times: Floats, points: Floats) -> Floats:
    """Return for each row the share of points within ``NEAR`` of a sample."""
    after = np.searchsorted(times, points)
    right = times[np.minimum(after, len(times) - 1)]
    left = times[np.maximum(after - 1, 0)]
    near = np.minimum(np.abs(right - points), np.abs(left - points)) <= NEAR
    return np.asarray(near.mean(axis=1))
