"""Courses of startles and sighs that all simulated sensors share.

A startle closes the eyes within a tenth of a second, then lowers the brows, widens the mouth and
throws the head back or forward (Landis & Hunt 1939; Ekman, Friesen & Simons 1985); the heart
accelerates over two to four seconds (Graham & Clifton 1966), the skin responds after one to three
(Boucsein 2012). A sigh is one breath of more than twice the usual depth, and a pause after it
(Vlemincx et al. 2013).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SKIN_DELAY = 1.6
"""Seconds from a startle to the onset of its skin response, in the mean."""

HEART_PEAK, HEART_BEATS = 2.5, 13.0
"""Seconds to the peak of the heart's acceleration, and its beats a minute."""

FACE_RISE, FACE_FALL = 0.15, 0.45
"""Seconds in which a startled face appears, and time constant with which it goes."""

DEEP, PAUSE = 2.6, 0.5
"""Depth of a sigh in usual breaths, and pace of the breath after it in usual paces."""


def since(t: Floats, events: Floats, seconds: float) -> Floats:
    """Return the time since the newest of a loop's events; infinity without any.

    Args:
        t: Times of one loop, seconds.
        events: Times of the events, seconds.
        seconds: Length of the loop.
    """
    if not len(events):
        return np.full(len(t), np.inf)
    away: Floats = np.mod(t[:, None] - events[None, :], seconds).min(axis=1)
    return away


def face_course(delay: Floats, after: float = 0.08) -> Floats:
    """Return how far a startled face shows ``delay`` seconds after the startle, 0..1."""
    run = delay - after
    rise = np.clip(run / FACE_RISE, 0.0, 1.0)
    fall = np.exp(-np.clip(run - FACE_RISE - 0.15, 0.0, 60.0) / FACE_FALL)
    course: Floats = np.where(np.isfinite(run), rise * fall, 0.0)
    return course


def heart_course(delay: Floats) -> Floats:
    """Return the heart's acceleration ``delay`` seconds after a startle, 0..1."""
    run = np.clip(np.where(np.isfinite(delay), delay, 0.0) / HEART_PEAK, 0.0, 40.0)
    course: Floats = run * np.exp(1.0 - run)
    return course
