"""State machine of consent for (subject, sensor, purpose); pure.

The newest decision about a purpose wins, default is refused. Decisions are kept as receipts; times
are UTC of the wall clock, because receipts outlive the process.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from sentio_bridge.protocol.vocabulary import LIVE_PURPOSES, PURPOSES, SENSORS

_LIVE = frozenset(LIVE_PURPOSES)

MOST_RECEIPTS = 100
"""Receipts in memory; the newest, beside the newest of each purpose. The store has all."""

CONFIGURED = "config"
"""``Receipt.how`` of a grant in a configuration file."""


class ShownText(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The text that a person saw before the decision.

    Attributes:
        sha256: Hash of its UTF-8 bytes; empty: no text was shown.
        name: Template, or the name that the client gave.
        version: Version of the text.
        language: BCP 47, such as ``en``.
    """

    sha256: str = ""
    name: str = ""
    version: str = ""
    language: str = ""


class Receipt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One decision of a person about one sensor.

    Attributes:
        id: Unique identifier.
        subject: Pseudonym.
        sensor: One of ``SENSORS``.
        granted: Whether it is a grant; otherwise a withdrawal.
        purposes: What is granted or withdrawn; the decision leaves the others unchanged.
        at: Time of the decision, UTC.
        by: Who decided: the subject, a guardian or the operator, as the client states.
        how: ``config``, ``command``, ``game`` or another name of the client's kind.
        text: What the person saw.
        expires: UTC after which the grant ends; None: never.
        guardian: Pseudonym of the guardian who decided for a child.
    """

    id: str
    subject: str
    sensor: str
    granted: bool
    purposes: tuple[str, ...]
    at: datetime
    by: str = ""
    how: str = ""
    text: ShownText = ShownText()
    expires: datetime | None = None
    guardian: str = ""

    def allows(self, purpose: str, now: datetime) -> bool:
        """Return whether the decision allows ``purpose`` at ``now``, if it is the newest."""
        current = self.expires is None or now < self.expires
        return self.granted and purpose in self.purposes and current


class ConsentBook:
    """Decisions of one subject, in the order in which they were made.

    Args:
        receipts: Earlier decisions, oldest first.
        guardian: Of a child: only this guardian's grants count, also of those before the person
            was named as a child; empty: none counts. None: the person is not a child.
    """

    def __init__(self, receipts: Iterable[Receipt] = (), guardian: str | None = None) -> None:
        self._guardian = guardian
        self._receipts: deque[Receipt] = deque(maxlen=MOST_RECEIPTS)
        self._read: set[str] = set()  # sensors that were once allowed to be read
        self._newest: dict[tuple[str, str], Receipt] = {}
        self._latest: datetime | None = None
        for receipt in receipts:
            self.add(receipt)

    @property
    def receipts(self) -> Sequence[Receipt]:
        """The newest decisions, oldest first; at most ``MOST_RECEIPTS``."""
        return tuple(self._receipts)

    def add(self, receipt: Receipt) -> None:
        """Add a decision: from now on the newest about its purposes."""
        self._receipts.append(receipt)
        self._latest = receipt.at if self._latest is None else max(self._latest, receipt.at)
        for purpose in receipt.purposes:
            self._newest[receipt.sensor, purpose] = receipt
        if receipt.granted and _LIVE.intersection(receipt.purposes):
            self._read.add(receipt.sensor)

    def newest(self, sensor: str, purpose: str) -> Receipt | None:
        """Return the newest decision about a purpose of a sensor."""
        return self._newest.get((sensor, purpose))

    def allows(self, sensor: str, purpose: str, now: datetime) -> bool:
        """Return whether a sensor may be used for a purpose at ``now``.

        A time before the latest decision counts as that decision's: a clock that was set back
        brings no expired consent back.
        """
        newest = self.newest(sensor, purpose)
        if newest is None or not newest.allows(purpose, self.not_before(now)):
            return False
        return self._guardian is None or newest.guardian == self._guardian != ""

    def standing(self, now: datetime) -> dict[str, tuple[str, ...]]:
        """Return the allowed purposes of every sensor that has some."""
        found = {s: tuple(p for p in PURPOSES if self.allows(s, p, now)) for s in SENSORS}
        return {sensor: purposes for sensor, purposes in found.items() if purposes}

    def expired(self, now: datetime) -> list[tuple[Receipt, tuple[str, ...]]]:
        """Return the grants whose time has passed, with the purposes that end by that."""
        found: dict[str, tuple[Receipt, list[str]]] = {}
        for (_, purpose), receipt in self._newest.items():
            if receipt.granted and not receipt.allows(purpose, self.not_before(now)):
                found.setdefault(receipt.id, (receipt, []))[1].append(purpose)
        return [(receipt, tuple(purposes)) for receipt, purposes in found.values()]

    def withdrawn(self, now: datetime) -> list[str]:
        """Return the sensors that were allowed to be read once and are not any more."""
        standing = self.standing(now)
        return [
            s for s in SENSORS if s in self._read and not _LIVE.intersection(standing.get(s, ()))
        ]

    def not_before(self, now: datetime) -> datetime:
        """Return ``now``, or the time of the latest decision if that is later."""
        return now if self._latest is None else max(now, self._latest)


def exactly(
    book: ConsentBook, sensor: str, purposes: Sequence[str], now: datetime
) -> list[tuple[bool, tuple[str, ...]]]:
    """Return the decisions (granted, purposes) that leave only ``purposes`` granted."""
    rest = tuple(p for p in PURPOSES if p not in purposes and book.allows(sensor, p, now))
    wanted = tuple(p for p in PURPOSES if p in purposes)
    return [decision for decision in ((True, wanted), (False, rest)) if decision[1]]


def of_configuration(
    book: ConsentBook, purposes: Mapping[str, Sequence[str]], dated: datetime, now: datetime
) -> list[tuple[str, bool, tuple[str, ...]]]:
    """Return the decisions (sensor, granted, purposes) of a configuration file.

    A file is a grant of its own date: it changes nothing that was decided later. What an earlier
    file granted and this one does not is withdrawn. A file of the future decides only what was
    never decided, because its date is wrong.

    Args:
        book: Decisions so far.
        purposes: The table ``[consent]``.
        dated: Date of the file, UTC.
        now: Wall clock, UTC.
    """
    decisions: list[tuple[str, bool, tuple[str, ...]]] = []
    for sensor in SENSORS:
        wanted, gone = [], []
        for purpose in PURPOSES:
            newest = book.newest(sensor, purpose)
            allowed = book.allows(sensor, purpose, now)
            if purpose in purposes.get(sensor, ()):
                if not allowed and (newest is None or newest.at < dated <= now):
                    wanted.append(purpose)
            elif allowed and newest is not None and newest.how == CONFIGURED:
                gone.append(purpose)
        if wanted:
            decisions.append((sensor, True, tuple(wanted)))
        if gone:
            decisions.append((sensor, False, tuple(gone)))
    return decisions
