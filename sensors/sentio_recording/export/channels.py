"""What the channels of a stream measure, and the units in which EDF has them."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from sentio_recording.tracks import described
from sentio_recording.xdf.headers import StreamInfo
from sentio_sensors.channel_roles import assign
from sentio_sensors.channel_units import SAME, UNITS, UNSTATED, Conversion, conversion, plain_unit
from sentio_sensors.stream import Role

_ELECTRIC = frozenset((Role.EEG, Role.ECG, Role.EOG, Role.EMG))
_NONE = frozenset(("", "au", "1"))
"""Units that are left out."""


class Measured(NamedTuple):
    """One channel.

    Attributes:
        role: What it measures; ``Role.OTHER`` if that is unknown.
        unit: Its unit in EDF; empty if unknown.
        conversion: From the stored values to that unit.
    """

    role: Role
    unit: str
    conversion: Conversion = SAME


def measured(info: StreamInfo) -> list[Measured]:
    """Return what each channel of a stream measures.

    Other programs write units in many ways, ``microvolts`` among them, and readers of EDF know
    few: a unit that EDF has no common text for is converted to that of the role.
    """
    own = info.meta.get("role", "")
    if own in set(Role):
        return [Measured(Role(own), "" if c.unit in _NONE else c.unit) for c in info.channels]
    channels = described(info)
    found = [Measured(Role.OTHER, channel.unit) for channel in channels]
    for role, columns in assign(channels, info.kind).columns.items():
        for column in columns:
            found[column.index] = _in_edf(role, channels[column.index].unit)
    return found


def main_role(info: StreamInfo) -> Role:
    """Return the role of most channels of a stream that are known."""
    roles = Counter(channel.role for channel in measured(info) if channel.role is not Role.OTHER)
    return roles.most_common(1)[0][0] if roles else Role.OTHER


def _in_edf(role: Role, unit: str) -> Measured:
    found = conversion(role, unit)
    if found is None or found.inverse or role not in UNITS:
        return Measured(role, "" if unit in _NONE else unit)
    if plain_unit(unit) in UNSTATED:
        # Without a unit, readers take a signal of electrodes for volts.
        return Measured(role, UNITS[role] if role is Role.EEG else "")
    known = UNITS[role]
    return Measured(role, "" if known in _NONE else known, found)
