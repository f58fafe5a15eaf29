"""Heart rate and phasic skin conductance, as tracked in the newest 15 s.

A window of 15 s has few beats, and where one of them is missed its rate is off. The tracker knows
the rate from what was before, and the deconvolution of the skin what earlier responses still add.
"""

from __future__ import annotations

from collections import deque
from math import inf

import numpy as np

from sentio_models.modalities.body.heart_tracker import HeartNow
from sentio_models.modalities.body.phasic import Phasic

SECONDS = 15.0
"""Length of what is averaged."""

NEWEST, OLDEST = 5.0, 7.5
"""Age up to which a rate is of the newest part, and from which it is of the oldest, seconds."""

FULL = 12.0
"""Seconds of tracking from which the rate's rise is known."""

HEART = ("tracked_rate_15s", "tracked_rate_5s", "tracked_rise_15s")
"""Mean heart rate of 15 s and of 5 s, and the newest part's mean less the oldest's."""

SKIN = ("phasic_15s", "phasic_now", "onsets_15s")
"""What responses add to the skin, microsiemens: mean of 15 s, and now; and how many began."""

NAMES = HEART + SKIN


class Recent:
    """What the trackers of one person found in the newest 15 s; steps may differ."""

    def __init__(self) -> None:
        self._kept: deque[tuple[float, float, float]] = deque(maxlen=256)
        self.restart()

    def restart(self) -> None:
        """Forget the person."""
        self._kept.clear()
        self._now = self._start = 0.0

    def update(self, heart: HeartNow | None, skin: Phasic | None, step: float) -> dict[str, float]:
        """Take the newest answers; return the features of ``NAMES`` that are known.

        Args:
            heart: Of the tracker; None without one.
            skin: Of the deconvolution; None without one.
            step: Seconds since the answers before; ``inf`` for the first.
        """
        if step == inf:
            self.restart()
            step = 0.0
        self._now += step
        rate = heart.rate if heart is not None and heart.known else np.nan
        self._kept.append((self._now, rate, np.nan if skin is None else skin.phasic))
        while self._now - self._kept[0][0] > SECONDS - 1e-6:
            self._kept.popleft()
        times, rates, added = np.array(self._kept).T
        age = self._now - times
        newest = _mean(rates[age < NEWEST])
        found = {
            "tracked_rate_15s": _mean(rates),
            "tracked_rate_5s": newest,
            "phasic_15s": _mean(added),
            "phasic_now": float(added[-1]),
        }
        if skin is not None:
            found["onsets_15s"] = float(np.sum(skin.onsets < SECONDS))
        if age[0] >= FULL:
            found["tracked_rise_15s"] = newest - _mean(rates[age > OLDEST - 1e-6])
        return {name: value for name, value in found.items() if np.isfinite(value)}


def _mean(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")
