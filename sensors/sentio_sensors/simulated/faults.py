"""Faults to inject into a simulated stream, as a function of time: for tests and for showing."""

from __future__ import annotations

from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from sentio_sensors.simulated.scenario import Floats
from sentio_sensors.stream import Role

Kind = Literal["dropout", "flat", "motion", "nan", "stall", "unplug"]

_SIZE = {
    Role.EEG: 150.0,
    Role.ECG: 1500.0,
    Role.PPG: 200.0,
    Role.EDA: 3.0,
    Role.RESP: 1.0,
    Role.TEMP: 2.0,
    Role.ACCEL: 1.5,
    Role.AUDIO: 0.5,
}
"""Amplitude of a motion artefact, in each role's unit."""


class Fault(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that goes wrong for a while, in the scenario's time.

    Attributes:
        kind: ``dropout`` loses samples and says how many; ``flat`` holds a channel at 0, as a
            lost electrode does; ``motion`` adds a large slow swing and bursts; ``nan`` sends
            not-a-number; ``stall`` sends nothing and says nothing; ``unplug`` disconnects.
        at: When it begins, seconds after the scenario's start.
        seconds: How long it lasts.
        role: Which stream; none means all. ``unplug`` concerns the whole device.
        channel: Which column of ``flat`` and ``nan``; -1 means all.
        every: Seconds after which it happens again; 0 means once.
    """

    kind: Kind
    at: float
    seconds: float = 5.0
    role: Role | None = None
    channel: int = -1
    every: float = 0.0

    def hits(self, t: Floats) -> NDArray[np.bool_]:
        """Return at which of the times ``t`` the fault is there."""
        since = t - self.at
        if self.every > 0:
            since = np.where(since >= 0, np.mod(since, self.every), since)
        return (since >= 0) & (since < self.seconds)

    def concerns(self, role: Role) -> bool:
        """Return whether ``role`` suffers from it."""
        return self.role is None or self.role is role


def damage(
    values: NDArray[np.float32], t: Floats, role: Role, faults: tuple[Fault, ...]
) -> NDArray[np.float32]:
    """Return ``values`` with the ``flat``, ``motion`` and ``nan`` faults of their times.

    Args:
        values: Shape ``(n, channels)``.
        t: Scenario time of each row.
        role: What the values are; video and markers have no damage.
        faults: Those that concern ``role`` are applied.
    """
    if role in (Role.VIDEO, Role.MARKER):
        return values
    for fault in faults:
        if fault.kind not in ("flat", "motion", "nan") or not fault.concerns(role):
            continue
        hit = fault.hits(t)
        if not hit.any():
            continue
        values = values.copy()
        columns = slice(None) if fault.channel < 0 else slice(fault.channel, fault.channel + 1)
        if fault.kind == "motion":
            swing = np.sin(2 * np.pi * 0.9 * t[hit]) + 0.6 * np.sin(2 * np.pi * 3.1 * t[hit] + 1)
            values[hit] += (_SIZE.get(role, 1.0) * swing).astype(np.float32)[:, None]
        else:
            values[hit, columns] = 0.0 if fault.kind == "flat" else np.nan
    return values


def lost(t: Floats, role: Role, faults: tuple[Fault, ...], kind: Kind) -> NDArray[np.bool_]:
    """Return which samples of ``role`` a fault of ``kind`` takes away."""
    gone = np.zeros(len(t), np.bool_)
    for fault in faults:
        if fault.kind == kind and fault.concerns(role):
            gone |= fault.hits(t)
    return gone
