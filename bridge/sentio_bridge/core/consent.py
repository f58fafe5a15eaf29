"""Ledger of consent, required before a sensor is opened; no I/O, no clock.

It holds what is allowed now. Who agreed to what, when and until when is in the receipts of
``privacy.consent_book``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sentio_bridge.errors import RequestError
from sentio_bridge.protocol.vocabulary import LIVE_PURPOSES, PURPOSES, SENSORS

_LIVE = frozenset(LIVE_PURPOSES)


@dataclass(frozen=True, slots=True)
class ConsentChange:
    """One grant or withdrawal.

    Attributes:
        time: LSL clock, seconds.
        sensor: One of ``SENSORS``.
        purposes: Purposes granted from now on; empty means withdrawn.
        by: Origin: ``config``, ``expiry``, or the client's name.
    """

    time: float
    sensor: str
    purposes: tuple[str, ...]
    by: str


MOST_CHANGES = 64
"""Changes that are kept; the receipts have all."""


class ConsentLedger:
    """Consent of one subject by sensor and purpose; initially nothing is granted."""

    def __init__(self) -> None:
        self._granted: dict[str, tuple[str, ...]] = {}
        self._withdrawn: set[str] = set()
        self._changes: deque[ConsentChange] = deque(maxlen=MOST_CHANGES)

    @property
    def changes(self) -> list[ConsentChange]:
        """The newest changes, oldest first."""
        return list(self._changes)

    def grant(self, sensor: str, purposes: Iterable[str], by: str, now: float) -> None:
        """Allow ``sensor`` for exactly these purposes.

        Raises:
            RequestError: Unknown sensor or purpose, or no purpose.
        """
        granted = check(sensor, purposes)
        if not granted:
            raise RequestError(
                "bad_argument", f"purposes: got none, expected some of {', '.join(PURPOSES)}"
            )
        self._granted[sensor] = granted
        self._withdrawn.discard(sensor)
        self._changes.append(ConsentChange(now, sensor, granted, by))

    def withdraw(
        self, sensor: str, by: str, now: float, purposes: Iterable[str] | None = None
    ) -> None:
        """Withdraw the consent for ``sensor``; None withdraws every purpose.

        Raises:
            RequestError: Unknown sensor or purpose.
        """
        gone = PURPOSES if purposes is None else check(sensor, purposes)
        check(sensor, ())
        rest = tuple(p for p in self._granted.pop(sensor, ()) if p not in gone)
        if rest:
            self._granted[sensor] = rest
        if _LIVE.isdisjoint(rest):
            self._withdrawn.add(sensor)
        self._changes.append(ConsentChange(now, sensor, rest, by))

    def allows(self, sensor: str, purpose: str | None = None) -> bool:
        """Return whether ``sensor`` may be used for ``purpose`` now; None: read at all.

        No purpose is allowed where the sensor may not be read.
        """
        granted = self._granted.get(sensor)
        if granted is None or _LIVE.isdisjoint(granted):
            return False
        return purpose is None or purpose in granted

    def withdrawn(self, sensor: str) -> bool:
        """Return whether consent was withdrawn, rather than never granted."""
        return sensor in self._withdrawn

    def status(self) -> Mapping[str, list[str]]:
        """Return the granted purposes of every sensor, also if empty."""
        return {sensor: list(self._granted.get(sensor, ())) for sensor in SENSORS}


def check(sensor: str, purposes: Iterable[str]) -> tuple[str, ...]:
    """Return the purposes in the order of ``PURPOSES``.

    Raises:
        RequestError: Unknown sensor or purpose.
    """
    if sensor not in SENSORS:
        raise RequestError("bad_argument", f"sensor {sensor!r} is not one of {', '.join(SENSORS)}")
    unknown = sorted(set(purposes) - set(PURPOSES))
    if unknown:
        raise RequestError(
            "bad_argument", f"purposes: got {unknown}, expected some of {', '.join(PURPOSES)}"
        )
    return tuple(p for p in PURPOSES if p in set(purposes))
