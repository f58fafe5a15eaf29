"""Significance of a change: against the same change at moments without a marker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sentio_bridge.affect.event_responses.measures import HEART, SKIN, Floats, Measure
from sentio_bridge.affect.event_responses.response import Change

INDEPENDENT = 0.25
"""Share of the comparisons that count as independent: a new one starts every 2 s but takes 8 s,
so that one spontaneous skin response lifts about four. Counting all of them called 6 to 8 % of
unanswered markers answered where 5 % were allowed."""

ENOUGH = 76
"""Comparisons that are wanted: 19 independent ones, with which p can just fall to .05."""

LARGEST_EFFECT = 6.0
"""Robust z at which effects are cut, so that one signal cannot decide for all."""

WHOLE = ("response", "reflex", "first")
"""Phases that a signal has alone, so that its name is sufficient."""

FLOOR = {
    **dict.fromkeys(SKIN, 0.01),
    **dict.fromkeys(HEART, 0.5),
    "loudness_db": 1.0,
    "level_db": 1.0,
    "pitch_hz": 2.0,
}
"""Least spread by signal, in its unit: what its sensors resolve; 0.01 for the rest (-1..1)."""


@dataclass(frozen=True, slots=True)
class Significance:
    """Significance of changes, each by name and all together."""

    changes: dict[str, Change]
    score: float
    p: float
    comparisons: int


def significance(
    signals: Sequence[tuple[Measure, Floats, Floats]],
    moment: float,
    quiet: Floats,
    alone: float,
) -> Significance:
    """Compare measures at ``moment`` with those at moments without a marker.

    The share of quiet moments that reach the value is an exact p-value where quiet moments and
    markers are exchangeable (Vovk et al. 2005), whatever the signal's distribution: spontaneous
    skin responses, breathing in the heart rate and slow drifts are in the comparison already.

    Args:
        signals: Measure, times and values.
        moment: The marker's time.
        quiet: Moments before it that are free of markers.
        alone: Share of the window that no other marker shares, 0..1.
    """
    changes: dict[str, Change] = {}
    squares: list[Floats] = []
    fewest = len(quiet)
    moments = np.r_[moment, quiet]
    for measure, times, values in signals:
        every, covered = measure.at(times, values, moments)
        own = float(every[0])
        if not np.isfinite(own):
            continue
        known = int(np.isfinite(every[1:]).sum())
        # The marker's own value is among those that set the scale, or it alone would be compared
        # with the others and come out too unusual.
        centre = float(np.nanmedian(every))
        spread = 1.4826 * float(np.nanmedian(np.abs(every - centre)))
        effects = (every - centre) / max(spread, FLOOR.get(measure.signal, 0.01))
        strength = np.abs(effects) if measure.two_sided else effects
        part = "" if measure.phase in WHOLE else f".{measure.phase}"
        changes[measure.signal + part] = Change(
            delta=own,
            effect=float(np.clip(effects[0], -LARGEST_EFFECT, LARGEST_EFFECT)),
            p=_p(strength),
            reliability=float(covered[0]) * min(1.0, known / ENOUGH) * alone,
        )
        squares.append(np.clip(strength, 0.0, LARGEST_EFFECT) ** 2)
        fewest = min(fewest, known)
    if not squares:
        return Significance({}, 0.0, 1.0, 0)
    scores = np.sqrt(np.mean(squares, axis=0))
    return Significance(changes, float(scores[0]), _p(scores), fewest)


def _p(strengths: Floats) -> float:
    """Return how the first ranks among all that are known."""
    others = strengths[1:][np.isfinite(strengths[1:])]
    above = INDEPENDENT * float((others >= strengths[0]).sum())
    return (1 + above) / (1 + INDEPENDENT * len(others))
