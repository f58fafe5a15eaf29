"""Faults that are injected into simulated streams, for tests and demonstrations."""

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
    """A temporary fault, in scenario time.

    Attributes:
        kind: ``dropout`` loses and counts samples; ``flat`` holds a channel at 0, like a lost
            electrode; ``motion`` adds a large slow swing and bursts; ``nan`` sends not-a-number;
            ``stall`` loses samples without counting them; ``unplug`` disconnects.
        at: Start, seconds after the start of the scenario.
        seconds: Duration.
        role: Affected stream; none means all. ``unplug`` affects the whole device.
        channel: Affected column of ``flat`` and ``nan``; -1 means all.
        every: Repetition period, seconds; 0 means once.
    """

    kind: Kind
    at: float
    seconds: float = 5.0
    role: Role | None = None
    channel: int = -1
    every: float = 0.0

    def active(self, t: Floats) -> NDArray[np.bool_]:
        """Return at which of the times ``t`` the fault is active."""
        since = t - self.at
        if self.every > 0:
            since = np.where(since >= 0, np.mod(since, self.every), since)
        return (since >= 0) & (since < self.seconds)

    def affects(self, role: Role) -> bool:
        """Return whether the fault affects ``role``."""
        return self.role is None or self.role is role


def apply_faults(
    values: NDArray[np.float32], t: Floats, role: Role, faults: tuple[Fault, ...]
) -> NDArray[np.float32]:
    """Apply the ``flat``, ``motion`` and ``nan`` faults to ``values``.

    Args:
        values: Shape ``(n, channels)``.
        t: Scenario time of each row.
        role: Role of the stream; video and markers are not changed.
        faults: Those that affect ``role`` are applied.
    """
    if role in (Role.VIDEO, Role.MARKER):
        return values
    for fault in faults:
        if fault.kind not in ("flat", "motion", "nan") or not fault.affects(role):
            continue
        at = fault.active(t)
        if not at.any():
            continue
        values = values.copy()
        columns = slice(None) if fault.channel < 0 else slice(fault.channel, fault.channel + 1)
        if fault.kind == "motion":
            swing = np.sin(2 * np.pi * 0.9 * t[at]) + 0.6 * np.sin(2 * np.pi * 3.1 * t[at] + 1)
            values[at] += (_SIZE.get(role, 1.0) * swing).astype(np.float32)[:, None]
        else:
            values[at, columns] = 0.0 if fault.kind == "flat" else np.nan
    return values


def lost(t: Floats, role: Role, faults: tuple[Fault, ...], kind: Kind) -> NDArray[np.bool_]:
    """Return which samples of ``role`` a fault of ``kind`` removes."""
    gone = np.zeros(len(t), np.bool_)
    for fault in faults:
        if fault.kind == kind and fault.affects(role):
            gone |= fault.active(t)
    return gone
