"""Action units of a detail by their FACS names (PROTOCOL.md, section 5).

They name movements of the face, not feelings, and are not ratings of a FACS coder.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Any


class ActionUnit(IntEnum):
    """Movements of the face; the value is the number of the action unit."""

    INNER_BROW_RAISER = 1
    OUTER_BROW_RAISER = 2
    BROW_LOWERER = 4
    UPPER_LID_RAISER = 5
    CHEEK_RAISER = 6
    LID_TIGHTENER = 7
    NOSE_WRINKLER = 9
    UPPER_LIP_RAISER = 10
    LIP_CORNER_PULLER = 12
    DIMPLER = 14
    LIP_CORNER_DEPRESSOR = 15
    LOWER_LIP_DEPRESSOR = 16
    CHIN_RAISER = 17
    LIP_PUCKER = 18
    LIP_STRETCHER = 20
    LIP_FUNNELER = 22
    LIP_PRESSOR = 24
    JAW_DROP = 26
    LIP_SUCK = 28
    JAW_THRUST = 29
    CHEEK_PUFF = 34
    BLINK = 45


def action_unit(detail: Mapping[str, Any], unit: ActionUnit) -> float | None:
    """Return the strength of a movement in the last second, 0..1.

    None where it is not known: no face, an older sidecar, or a tracker that cannot show it (a
    camera shows no AU6, AU9, AU29 and AU34).

    Args:
        detail: Body of a ``detail`` message.
        unit: The movement.
    """
    units = detail.get("action_units")
    strength = units.get(f"AU{int(unit)}") if isinstance(units, Mapping) else None
    if isinstance(strength, bool) or not isinstance(strength, int | float):
        return None
    return float(strength)


def action_units(detail: Mapping[str, Any]) -> dict[ActionUnit, float]:
    """Return all known movements of a detail; empty without a face."""
    found = {unit: action_unit(detail, unit) for unit in ActionUnit}
    return {unit: strength for unit, strength in found.items() if strength is not None}
