"""Withdrawals that are stored and that no later grant concerns; no I/O."""

from __future__ import annotations

from collections.abc import Iterable

from sentio_bridge.privacy.consent_book import Receipt


class KeptWithdrawals:
    """Purposes of each subject and sensor whose withdrawal the store has.

    A grant counts from the moment at which it is requested: its line may be written before or
    after that of a withdrawal.

    Attributes:
        grants: Number of grants so far.
    """

    def __init__(self) -> None:
        self.grants = 0
        self._granted: dict[tuple[str, str], int] = {}  # number of each sensor's newest grant
        self._kept: dict[tuple[str, str], set[str]] = {}

    def granted(self, subject: str, sensor: str) -> None:
        """Note that a sensor is being granted."""
        self.grants += 1
        self._granted[subject, sensor] = self.grants
        self._kept.pop((subject, sensor), None)

    def note(self, receipts: Iterable[Receipt], grants: int) -> None:
        """Note stored withdrawals, unless their sensor was granted after ``grants``."""
        for receipt in receipts:
            key = receipt.subject, receipt.sensor
            if not receipt.granted and self._granted.get(key, 0) <= grants:
                self._kept.setdefault(key, set()).update(receipt.purposes)

    def cover(self, subject: str, pairs: Iterable[tuple[str, str]]) -> bool:
        """Return whether the store has a withdrawal of every (sensor, purpose)."""
        return all(purpose in self._kept.get((subject, sensor), ()) for sensor, purpose in pairs)

    def forget(self, subject: str) -> None:
        """Forget a subject, because another program has written its receipts."""
        for key in [key for key in self._kept if key[0] == subject]:
            del self._kept[key]
