"""The fused state of one person at one time, and the order of its numbers on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from sentio_models import AFFECT, EMOTIONS, INDICES, MODALITIES, PHYSIOLOGY

SCHEMA = 1
"""Major version of the affect vector and of every message; other majors are refused."""

MINOR = 0
"""Additions that an older reader can ignore."""

APPRAISALS = ("flow", "boredom", "frustration", "anxiety")
"""What the game's course suggests, each 0..1."""

LAYOUT: tuple[str, ...] = (
    *AFFECT,
    *(f"{name}_sd" for name in AFFECT),
    *(f"p_{name}" for name in EMOTIONS),
    "entropy",
    *INDICES,
    *(f"{name}_sd" for name in INDICES),
    *PHYSIOLOGY,
    *(f"mood_{name}" for name in AFFECT),
    *APPRAISALS,
    "confidence",
    *(f"{name}_{part}" for name in MODALITIES for part in ("weight", "quality", "age")),
)
"""Names of the 60 entries of the affect vector, in wire order (PROTOCOL.md, section 4)."""

_LARGEST = float(np.finfo(np.float32).max)

INDEX: Mapping[str, int] = {name: index for index, name in enumerate(LAYOUT)}


class State(IntEnum):
    """What the fused numbers are worth as a whole.

    ``OK``: fresh evidence. ``WARMING``: models or baselines are still filling. ``STALE``: no
    fresh evidence, the numbers decay towards unknown. ``NO_SUBJECT``: nobody is there.
    ``WITHDRAWN``: consent was withdrawn, nothing is captured.
    """

    OK = 0
    WARMING = 1
    STALE = 2
    NO_SUBJECT = 3
    WITHDRAWN = 4

    @property
    def label(self) -> str:
        """The state's name on the wire: ``ok``, ``warming``, ..."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class AffectFrame:
    """The fused state at a time.

    Attributes:
        subject: Pseudonym of the person.
        epoch: Chosen anew at each start of the sidecar; a change means a new sequence.
        seq: Counts this subject's frames from 0.
        captured: Capture time of the newest sample behind this frame (LSL clock, seconds), or
            None where there is none yet.
        sent: When the frame was handed to the network (LSL clock, seconds).
        state: What the numbers are worth.
        mask: Bit ``i`` is set where entry ``i`` of ``LAYOUT`` is known.
        vector: float32 of shape ``(60,)``; unknown entries hold 0 and mean nothing.
    """

    subject: str
    epoch: int
    seq: int
    captured: float | None
    sent: float
    state: State
    mask: int
    vector: NDArray[np.float32]

    def get(self, name: str) -> float | None:
        """Return the entry ``name`` of ``LAYOUT``, or None where it is unknown."""
        index = INDEX[name]
        return float(self.vector[index]) if self.mask >> index & 1 else None

    def known(self) -> dict[str, float]:
        """Return all known entries by name."""
        return {n: float(self.vector[i]) for i, n in enumerate(LAYOUT) if self.mask >> i & 1}


def pack(values: Mapping[str, float]) -> tuple[int, NDArray[np.float32]]:
    """Turn named numbers into mask and vector; a number that is not finite stays unknown.

    Raises:
        KeyError: A name is not in ``LAYOUT``.
    """
    numbers = [0.0] * len(LAYOUT)
    mask = 0
    for name, value in values.items():
        index = INDEX[name]
        if -_LARGEST <= value <= _LARGEST:  # false for NaN
            numbers[index] = value
            mask |= 1 << index
    return mask, np.array(numbers, np.float32)
