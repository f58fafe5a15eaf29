"""Evidence behind an entry: its age and confidence; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

MODALITY_LIFE: Mapping[str, float] = {
    "face": 5.0,
    "voice": 10.0,
    "body": 5.0,
    "eeg": 5.0,
    "headset": 5.0,
    "text": 60.0,
    "game": 60.0,
    "self": 120.0,
}
"""Seconds after its capture for which a modality's newest estimate is evidence of the present.

Sensors measure many times a second, a voice pauses between sentences, and what was written or
reported is meant to last a while."""

UNIFORM_SD = 12.0**-0.5
"""Deviation of a number of which only its range 0..1 is known."""


class Evidence(NamedTuple):
    """Evidence behind one entry.

    Attributes:
        age: Seconds from its newest evidence, at least 0.
        confidence: 0..1: how much narrower it is than without any evidence.
    """

    age: float
    confidence: float


def freshness(age: float, life: float) -> float:
    """Return the weight that evidence of an age still has, 0..1.

    Full in the first half of its life; it falls to 0 at the end, so that nothing vanishes at once.
    """
    return min(1.0, max(0.0, 2.0 * (1.0 - age / life)))


def with_deviations(found: Mapping[str, Evidence], known: Iterable[str]) -> dict[str, Evidence]:
    """Give each known deviation ``NAME_sd`` the evidence of its entry.

    Args:
        found: By entry.
        known: Entries that have a value; what has no evidence of its own is left out.
    """
    full: dict[str, Evidence] = {}
    for name in known:
        evidence = found.get(name) or found.get(name.removesuffix("_sd"))
        if evidence is not None:
            full[name] = evidence
    return full
