"""Whether intervals hold where people do not show what they feel; pure.

A simulated face shows just what the script says. A person's does not: the word that fits a face is
rated differently from person to person, and what is shown differs from what is felt. A face's
deviation contains both (``circumplex.WITHIN``, ``DISPLAY``), fitted to nobody simulated, so the
truth is given the same gap here: another one in each scene.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot

import numpy as np
from numpy.typing import NDArray

from benchmarks.felt_figures import WARM
from benchmarks.felt_run import Felt
from sentio_models.modalities.face.circumplex import DISPLAY, WITHIN

Floats = NDArray[np.float64]

GAP = hypot(WITHIN, DISPLAY)
"""Deviation between what a face shows and what the person would say."""

BLEND = 6.0
"""Seconds in which one scene's gap becomes the next one's, as its affect does."""

DRAWS = 300
"""Gaps that are drawn for each person: with 20 the figure varies by .02."""


def with_gap(people: Sequence[Felt], name: str) -> dict[str, float]:
    """Return the coverage of an entry against its truth with the gap of people.

    Args:
        people: Courses of simulated people.
        name: ``valence``, or ``stress`` or ``relaxation``, which follow from it and arousal.
    """
    inside: list[tuple[float, float, float]] = []
    for number, one in enumerate(people):
        value, deviation = one.values[name], one.values[f"{name}_sd"]
        known = np.isfinite(value) & (one.times > WARM)
        if not known.any():
            continue
        draw = np.random.default_rng([number, 5])
        for _ in range(DRAWS):
            felt = _felt(one, name, one.truth["valence"] + _gap(one, draw))
            off = np.abs(felt - value)[known] / deviation[known]
            inside.append(
                (float(np.mean(off <= 1.0)), float(np.mean(off <= 1.96)), float(np.mean(off**2)))
            )
    narrow, wide, square = np.mean(inside, axis=0)
    return {
        "holds_68": round(float(narrow), 3),
        "holds_95": round(float(wide), 3),
        "error_in_sd": round(float(np.sqrt(square)), 3),
    }


def _felt(one: Felt, name: str, valence: Floats) -> Floats:
    """Return the truth of an entry where this valence is felt."""
    if name == "valence":
        return valence
    sign = 1.0 if name == "stress" else -1.0
    felt: Floats = np.clip(sign * (one.truth["arousal"] - valence) / 2.0, 0.0, 1.0)
    return felt


def _gap(one: Felt, draw: np.random.Generator) -> Floats:
    """Return one course of the gap: constant in a scene."""
    times = one.times
    before = float(draw.normal(0.0, GAP))
    gap = np.full(len(times), before)
    for at, _ in one.session.scenario().boundaries(1.0, float(times[-1])):
        after = float(draw.normal(0.0, GAP))
        x = np.clip((times - at) / BLEND, 0.0, 1.0)
        smooth = x * x * (3.0 - 2.0 * x)
        gap = np.where(times >= at, before * (1.0 - smooth) + after * smooth, gap)
        before = after
    return gap
