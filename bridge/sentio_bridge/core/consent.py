"""Ledger of consent, required before a sensor is opened; no I/O, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sentio_bridge.errors import RequestError
from sentio_bridge.protocol.vocabulary import PURPOSES, SENSORS


@dataclass(frozen=True, slots=True)
class ConsentChange:
    """One grant or withdrawal, for the audit trail.

    Attributes:
        time: LSL clock, seconds.
        sensor: One of ``SENSORS``.
        purposes: Purposes granted from now on; empty means withdrawn.
        by: Origin: ``config``, or the client's name.
    """

    time: float
    sensor: str
    purposes: tuple[str, ...]
    by: str


class ConsentLedger:
    """Consent of one subject by sensor and purpose; initially nothing is granted."""

    def __init__(self) -> None:
        self._granted: dict[str, tuple[str, ...]] = {}
        self._withdrawn: set[str] = set()
        self.changes: list[ConsentChange] = []

    def grant(self, sensor: str, purposes: Iterable[str], by: str, now: float) -> None:
        """Allow ``sensor`` for exactly these purposes.

        Raises:
            RequestError: Unknown sensor or purpose, or no purpose.
        """
        granted = tuple(p for p in PURPOSES if p in set(purposes))
        unknown = sorted(set(purposes) - set(PURPOSES))
        self._check(sensor)
        if unknown or not granted:
            raise RequestError(
                "bad_argument",
                f"purposes: got {unknown or 'none'}, expected some of {', '.join(PURPOSES)}",
            )
        self._granted[sensor] = granted
        self._withdrawn.discard(sensor)
        self.changes.append(ConsentChange(now, sensor, granted, by))

    def withdraw(self, sensor: str, by: str, now: float) -> None:
        """Withdraw all consent for ``sensor``.

        Raises:
            RequestError: Unknown sensor.
        """
        self._check(sensor)
        self._granted.pop(sensor, None)
        self._withdrawn.add(sensor)
        self.changes.append(ConsentChange(now, sensor, (), by))

    def allows(self, sensor: str, purpose: str = "adapt") -> bool:
        """Return whether ``sensor`` may be used for ``purpose`` now."""
        return purpose in self._granted.get(sensor, ())

    def withdrawn(self, sensor: str) -> bool:
        """Return whether consent was withdrawn, rather than never granted."""
        return sensor in self._withdrawn

    def status(self) -> Mapping[str, list[str]]:
        """Return the granted purposes of every sensor, also if empty."""
        return {sensor: list(self._granted.get(sensor, ())) for sensor in SENSORS}

    @staticmethod
    def _check(sensor: str) -> None:
        if sensor not in SENSORS:
            raise RequestError(
                "bad_argument", f"sensor {sensor!r} is not one of {', '.join(SENSORS)}"
            )
