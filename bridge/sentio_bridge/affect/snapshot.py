"""State of a person at a time, as in the frame and the detail message."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from sentio_bridge.protocol.frame import State


class ModalityShare(msgspec.Struct, frozen=True):
    """Share of one modality in the fused state.

    Attributes:
        state: As in PROTOCOL.md, section 5: ``ok``, ``warming``, ``stale``, ``gap``, ...
        weight: Its share in the fused dimensions that are known, 0..1; the shares of all
            modalities and of the prior sum to 1.
        quality: Of its newest estimate, 0..1.
        age: Seconds since its newest sample was captured; None before the first.
        reasons: Short codes.
        model: What produced the estimates, where it is known.
        fix: What a person can do; may be empty.
    """

    state: str
    weight: float = 0.0
    quality: float = 0.0
    age: float | None = None
    reasons: tuple[str, ...] = ()
    model: str = ""
    fix: str = ""


class Snapshot(msgspec.Struct, frozen=True):
    """The fused state at a time.

    Attributes:
        captured: Capture time of the newest sample that was fused, or None.
        state: Validity of the numbers.
        values: The known entries of the affect vector, by name of ``frame.LAYOUT``.
        modalities: By name; those that have been seen so far.
        emotions: The two leading emotions, empty where nothing is known.
        action_units: Strength of facial movements of the moment, 0..1, by FACS name.
    """

    captured: float | None
    state: State
    values: Mapping[str, float]
    modalities: Mapping[str, ModalityShare]
    emotions: tuple[tuple[str, float], ...]
    action_units: Mapping[str, float] = {}
