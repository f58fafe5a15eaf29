"""Block of age and confidence of each entry (PROTOCOL.md, section 4.1).

Three bytes an entry: integers cannot be NaN, and 180 bytes cost a GDScript reader a fifth of
what two blocks of float32 do.
"""

from __future__ import annotations

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

_ENTRY = np.dtype([("age", "<u2"), ("confidence", "u1")])

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
    block = np.empty(entries, _ENTRY)
    known = _known(mask, entries)
    block["age"] = _units(age, known, 1 / AGE_STEP, MAX_AGE, AGE_UNKNOWN)
    block["confidence"] = _units(
        confidence, known, MAX_CONFIDENCE, MAX_CONFIDENCE, CONFIDENCE_UNKNOWN
    )
    return block.tobytes()


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
    if len(block) != _ENTRY.itemsize * entries:
        raise WireError(
            "malformed", f"block of {len(block)} bytes, expected {_ENTRY.itemsize * entries}"
        )
    count = min(entries, len(LAYOUT))
    read = np.frombuffer(block, _ENTRY, count)
    known = _known(mask, count)
    return (
        _numbers(read["age"], known, AGE_STEP, AGE_UNKNOWN),
        _numbers(read["confidence"], known, 1 / MAX_CONFIDENCE, CONFIDENCE_UNKNOWN),
    )


def _known(mask: int, count: int) -> NDArray[np.bool_]:
    cut = mask & ((1 << count) - 1)
    octets = np.frombuffer(cut.to_bytes(-(-count // 8), "little"), np.uint8)
    return np.unpackbits(octets, count=count, bitorder="little").astype(np.bool_)


def _units(
    numbers: Numbers | None, known: NDArray[np.bool_], scale: float, most: int, unknown: int
) -> NDArray[np.float64] | int:
    if numbers is None:
        return unknown
    units = np.clip(np.rint(numbers.astype(np.float64) * scale), 0, most)
    return np.where(known & ~np.isnan(units), units, unknown)


def _numbers(
    units: NDArray[np.unsignedinteger], known: NDArray[np.bool_], step: float, unknown: int
) -> Numbers:
    numbers = np.full(len(LAYOUT), np.nan, np.float32)
    numbers[: len(units)] = np.where(known & (units != unknown), units * step, np.nan)
    return numbers
