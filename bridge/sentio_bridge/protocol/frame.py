"""Fused state of one subject at one time, and the order of its entries."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from difflib import get_close_matches
from enum import IntEnum
from math import nan

import msgspec
import numpy as np
from numpy.typing import NDArray

from sentio_bridge.protocol.entries import ENTRIES

SCHEMA = 1
"""Major version of the affect vector and of every message; other majors are refused."""

MINOR = 1
"""Minor version: additions that older clients can ignore."""

MASK_ENTRIES = 60
"""Number of entries covered by the integer mask on the wire: those of version 1.0."""

APPRAISALS = ("flow", "boredom", "frustration", "anxiety")
"""Appraisals from the course of the game, each 0..1."""

LAYOUT: tuple[str, ...] = tuple(name for name, _ in ENTRIES)
"""Names of the entries of the affect vector, in wire order (PROTOCOL.md, section 4)."""

_LARGEST = float(np.finfo(np.float32).max)

INDEX: Mapping[str, int] = {name: index for index, name in enumerate(LAYOUT)}


class State(IntEnum):
    """Validity of the fused state as a whole.

    ``OK``: fresh evidence. ``WARMING``: models or baselines are still filling. ``STALE``: no
    fresh evidence, the values decay towards unknown. ``NO_SUBJECT``: no person is present.
    ``WITHDRAWN``: consent was withdrawn, nothing is captured.
    """

    OK = 0
    WARMING = 1
    STALE = 2
    NO_SUBJECT = 3
    WITHDRAWN = 4

    @property
    def label(self) -> str:
        """Name of the state on the wire: ``ok``, ``warming``, ..."""
        return self.name.lower()


class AffectFrame(msgspec.Struct, frozen=True):
    """Fused state at one time.

    Attributes:
        subject: Pseudonym of the person.
        epoch: New number at each start of the sidecar; a change means a new sequence.
        seq: Number of this subject's frame, from 0.
        captured: Capture time of the newest sample behind this frame (LSL clock, seconds), or
            None if there is none yet.
        sent: Time of sending (LSL clock, seconds).
        state: Validity of the values.
        mask: Bit ``i`` is set if entry ``i`` of ``LAYOUT`` is known.
        vector: float32 of shape ``(len(LAYOUT),)``; unknown entries are 0 without meaning.
        age: Seconds from the newest evidence of each entry to ``sent``; float32 of the vector's
            shape, NaN if unknown; None if the frame has no ages.
        confidence: Confidence of each entry, 0..1; shape, NaN and None as for ``age``.
    """

    subject: str
    epoch: int
    seq: int
    captured: float | None
    sent: float
    state: State
    mask: int
    vector: NDArray[np.float32]
    age: NDArray[np.float32] | None = None
    confidence: NDArray[np.float32] | None = None

    def get(self, name: str) -> float | None:
        """Return the entry ``name`` of ``LAYOUT``, or None if it is unknown.

        A name that is not in ``LAYOUT`` is a typing error: a warning suggests the nearest.
        """
        index = INDEX.get(name, -1)
        if index < 0:
            _warn(name, 3)
            return None
        return float(self.vector[index]) if self.mask >> index & 1 else None

    def age_of(self, name: str) -> float | None:
        """Return the age of the entry ``name`` in seconds, or None if it is unknown."""
        return self._evidence(self.age, name)

    def confidence_of(self, name: str) -> float | None:
        """Return the confidence of the entry ``name``, 0..1, or None if it is unknown."""
        return self._evidence(self.confidence, name)

    def known_values(self) -> dict[str, float]:
        """Return all known entries by name."""
        return {n: float(self.vector[i]) for i, n in enumerate(LAYOUT) if self.mask >> i & 1}

    def known(self) -> dict[str, float]:
        """Return all known entries; the former name of ``known_values``, to be removed."""
        warnings.warn("AffectFrame.known: use known_values", DeprecationWarning, stacklevel=2)
        return self.known_values()

    def _evidence(self, numbers: NDArray[np.float32] | None, name: str) -> float | None:
        index = INDEX.get(name, -1)
        if index < 0:
            _warn(name, 4)
            return None
        if numbers is None or not self.mask >> index & 1 or np.isnan(numbers[index]):
            return None
        return float(numbers[index])


def _warn(name: str, depth: int) -> None:
    """Warn that no entry has this name; Python shows a warning once for each place.

    Args:
        name: The name.
        depth: Number of calls from here to the place that used the name.
    """
    near = get_close_matches(name, LAYOUT, 1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    warnings.warn(f"the affect vector has no entry {name!r}{hint}", stacklevel=depth)


def pack(values: Mapping[str, float]) -> tuple[int, NDArray[np.float32]]:
    """Convert named values to mask and vector; values that are not finite are unknown.

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


def pack_evidence(numbers: Mapping[str, float]) -> NDArray[np.float32]:
    """Convert named ages or confidences to an array; NaN if missing.

    Raises:
        KeyError: A name is not in ``LAYOUT``.
    """
    packed = [nan] * len(LAYOUT)
    for name, number in numbers.items():
        packed[INDEX[name]] = number
    return np.array(packed, np.float32)
