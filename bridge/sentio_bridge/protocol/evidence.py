"""Block of age and confidence of each entry (PROTOCOL.md, section 4.1).

Three bytes an entry: integers cannot be NaN, and 180 bytes cost a GDScript reader a fifth of
what two blocks of float32 do.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import cache
from math import nan

import numpy as np
from numpy.typing import NDArray

from sentio_bridge.errors import WireError
from sentio_bridge.protocol.frame import LAYOUT

AGE_STEP = 0.01
"""Seconds of one unit of an age."""

MAX_AGE = 65_534
"""Maximum age in units; older ages are clipped."""

AGE_UNKNOWN = 65_535

MAX_CONFIDENCE = 254
"""Units of confidence 1."""

CONFIDENCE_UNKNOWN = 255

ENTRY_BYTES = 3
"""Bytes of one entry: its age and its confidence."""

Numbers = NDArray[np.float32]


def encode(
    mask: int, age: Numbers | None, confidence: Numbers | None, entries: int
) -> bytes | None:
    """Return the block of a frame, or None if it has neither ages nor confidences.

    Args:
        mask: Bit ``i`` is set if entry ``i`` is known; others are encoded as unknown.
        age: Seconds of each entry, NaN if unknown; shape ``(entries,)``, or None.
        confidence: 0..1, otherwise as ``age``.
        entries: Number of entries of the vector.
    """
    if age is None and confidence is None:
        return None
    units = [AGE_UNKNOWN, CONFIDENCE_UNKNOWN] * entries
    _put(units, 0, mask, age, 1 / AGE_STEP, MAX_AGE)
    _put(units, 1, mask, confidence, MAX_CONFIDENCE, MAX_CONFIDENCE)
    return _layout(entries).pack(*units)


def decode(block: bytes | None, mask: int, entries: int) -> tuple[Numbers | None, Numbers | None]:
    """Decode a block to ages [s] and confidences [0..1] in the order of ``LAYOUT``.

    Args:
        block: Block of the message, or None.
        mask: Known entries; the others are NaN.
        entries: Number of entries of the message's vector.

    Raises:
        WireError: ``malformed``: the length of the block does not match its entries.
    """
    if block is None:
        return None, None
    if len(block) != ENTRY_BYTES * entries:
        raise WireError(
            "malformed", f"block of {len(block)} bytes, expected {ENTRY_BYTES * entries}"
        )
    units = _layout(min(entries, len(LAYOUT))).unpack_from(block)
    return (
        _numbers(units[::2], mask, AGE_STEP, AGE_UNKNOWN),
        _numbers(units[1::2], mask, 1 / MAX_CONFIDENCE, CONFIDENCE_UNKNOWN),
    )


# A hundred numbers in a loop, not in a dozen calls of numpy: between two frames a processor
# forgets the code of each.


@cache
def _layout(entries: int) -> struct.Struct:
    return struct.Struct("<" + "HB" * entries)


def _put(
    units: list[int], place: int, mask: int, numbers: Numbers | None, scale: float, most: int
) -> None:
    """Write the known numbers, in units, to every second place."""
    if numbers is None:
        return
    for index, number in enumerate(numbers.tolist()):
        if number == number and mask >> index & 1:  # not NaN
            scaled = number * scale
            units[2 * index + place] = (
                0 if scaled <= 0.0 else most if scaled >= most else round(scaled)
            )


def _numbers(units: Sequence[int], mask: int, step: float, unknown: int) -> Numbers:
    numbers = [nan] * len(LAYOUT)
    for index, unit in enumerate(units):
        if unit != unknown and mask >> index & 1:
            numbers[index] = unit * step
    return np.array(numbers, np.float32)
