"""Decisions about consent: checked, kept as receipts, and the grants in force."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from secrets import token_hex

import msgspec

from sentio_bridge.errors import RequestError
from sentio_bridge.privacy import policy
from sentio_bridge.privacy.consent_book import (
    CONFIGURED,
    ConsentBook,
    Receipt,
    ShownText,
    exactly,
    of_configuration,
)
from sentio_bridge.privacy.kept_withdrawals import KeptWithdrawals
from sentio_bridge.privacy.private_folder import PrivacyError
from sentio_bridge.privacy.receipt_store import NoStore, Receipts
from sentio_bridge.protocol.vocabulary import PURPOSES

logger = logging.getLogger(__name__)

EXPIRY = "expiry"
"""``Receipt.how`` of the end of a grant whose time has passed."""

FOLLOWED = "file"
"""``Receipt.how`` of a withdrawal that another program wrote."""


def now_utc() -> datetime:
    """Return the wall clock."""
    return datetime.now(UTC)


class Circumstances(msgspec.Struct, frozen=True, kw_only=True):
    """Circumstances of a decision, for its receipt.

    Attributes:
        by: Who decided.
        how: Kind of client.
        text: What the person saw.
        body: That text; kept with the receipt.
        days: Days after which a grant ends; 0: as configured.
        guardian: Guardian who decided for a child.
    """

    by: str = ""
    how: str = ""
    text: ShownText = ShownText()
    body: str = ""
    days: float = 0.0
    guardian: str = ""


class ConsentKeeper:
    """Receipts of the subjects, in memory and in a store.

    One thread at a time uses it. Only ``store`` may be used from another one.

    Attributes:
        store: Keeps the receipts.

    Args:
        subjects: Pseudonyms.
        store: Keeps the receipts; by default they end with the process.
        children: Guardian of each subject that is a child; empty text: not known.
        days: Days after which grants end; 0: never.
        clock: Wall clock, UTC.

    Raises:
        PrivacyError: The receipts cannot be read.
    """

    def __init__(
        self,
        subjects: Iterable[str],
        store: Receipts | None = None,
        *,
        children: Mapping[str, str] | None = None,
        days: float = 0.0,
        clock: Callable[[], datetime] = now_utc,
    ) -> None:
        self.store: Receipts = store or NoStore()
        self._children = dict(children or {})
        self._days = days
        self._clock = clock
        self._books = {s: self._book(s) for s in subjects}
        self._withdrawals: Counter[tuple[str, str]] = Counter()
        self._kept = KeptWithdrawals()

    def withdrawals(self, subject: str, sensor: str) -> int:
        """Return how often a sensor was withdrawn, for grants that are being stored."""
        return self._withdrawals[subject, sensor]

    def standing(self, subject: str) -> Mapping[str, tuple[str, ...]]:
        """Return what a subject allows now, by sensor."""
        return self._books[subject].standing(self._clock())

    def withdrawn(self, subject: str) -> Sequence[str]:
        """Return the sensors that a subject allowed once and does not allow now."""
        return self._books[subject].withdrawn(self._clock())

    def receipts(self, subject: str) -> Sequence[Receipt]:
        """Return a subject's newest receipts, oldest first."""
        return self._books[subject].receipts

    def configure(
        self, subject: str, purposes: Mapping[str, Sequence[str]], dated: datetime | None
    ) -> list[Receipt]:
        """Apply a configuration file's consent, as decisions of the file's date.

        Args:
            subject: Pseudonym.
            purposes: The table ``[consent]``.
            dated: Date of the file; None: now, for a configuration that is not a file.

        Returns:
            The receipts; the caller keeps them in the store. A child's guardian must have agreed
            in person: a file grants nothing for a child without one in ``children``. A subject
            without receipts may be one that was erased, or that has lost its pseudonym: a file
            that is older than an erasure, or a decision of a subject that it does not name, grants
            it nothing.

        Raises:
            PrivacyError: The time of the last erasure, or a receipt, cannot be read.
        """
        book, now = self._books[subject], self._clock()
        dated = now if dated is None else dated
        if not book.receipts and purposes and self._outdated(dated):
            logger.warning(
                "%s: the grants of the configuration file do not count, since data were erased, or"
                " another person decided, after it was saved; sentio consent grant SENSOR, or save"
                " the file again",
                subject,
            )
            purposes = {}
        if subject in self._children and not self._children[subject]:
            purposes = {}
        circumstances = Circumstances(
            by=CONFIGURED, how=CONFIGURED, guardian=self._children.get(subject, "")
        )
        made = [
            self._receipt(subject, sensor, granted, found, circumstances, min(dated, now))
            for sensor, granted, found in of_configuration(book, purposes, dated, now)
        ]
        self.add(made)
        return made

    def _book(self, subject: str) -> ConsentBook:
        """Return the stored decisions of a subject."""
        return ConsentBook(self.store.load(subject), self._children.get(subject))

    def _outdated(self, dated: datetime) -> bool:
        """Return whether an erasure or an unknown subject's decision is newer."""
        erased, decided = self.store.last_erasure(), self.store.last_of_others(self._books)
        old = erased is not None and dated <= erased
        return old or (decided is not None and dated < decided)

    def grant(
        self, subject: str, sensor: str, purposes: Sequence[str], circumstances: Circumstances
    ) -> list[Receipt]:
        """Return the receipts that leave exactly these purposes granted, for ``add``.

        Raises:
            RequestError: The law forbids the purpose, or a guardian must decide.
        """
        policy.check_use(purposes)
        policy.check_child(subject, circumstances.guardian, self._children)
        if not purposes:
            raise RequestError(
                "bad_argument", f"purposes: got none, expected some of {', '.join(PURPOSES)}"
            )
        now = self._clock()
        self._kept.granted(subject, sensor)
        made = exactly(self._books[subject], sensor, purposes, now)
        return [
            self._receipt(subject, sensor, granted, found, circumstances, now)
            for granted, found in made
        ]

    def withdraw(
        self,
        subject: str,
        sensors: Iterable[str],
        purposes: Sequence[str] | None,
        circumstances: Circumstances,
    ) -> list[Receipt]:
        """Withdraw purposes of sensors at once; return the receipts for the store."""
        sensors, now = list(sensors), self._clock()
        self._withdrawals.update((subject, sensor) for sensor in sensors)
        wanted = PURPOSES if purposes is None else tuple(p for p in PURPOSES if p in purposes)
        made = [
            self._receipt(subject, sensor, False, wanted, circumstances, now) for sensor in sensors
        ]
        self.add(made)
        return made

    @property
    def grants(self) -> int:
        """Number of grants so far, for ``kept``."""
        return self._kept.grants

    def kept(self, receipts: Iterable[Receipt], grants: int) -> None:
        """Note that the store has these withdrawals.

        Args:
            receipts: Receipts of ``withdraw``.
            grants: Value of ``grants`` when they were made.
        """
        self._kept.note(receipts, grants)

    def repeated(
        self, subject: str, sensors: Iterable[str], purposes: Sequence[str] | None
    ) -> list[Receipt]:
        """Return the stored receipts that withdraw this already; empty for none.

        Such a withdrawal is not stored again: a client that repeats it would fill the disk.
        """
        wanted = PURPOSES if purposes is None else purposes
        pairs = [(sensor, purpose) for sensor in sensors for purpose in wanted]
        if self.store.changed(subject) or not self._kept.cover(subject, pairs):
            return []
        found = {r.id: r for pair in pairs if (r := self._books[subject].newest(*pair)) is not None}
        return list(found.values()) if not any(r.granted for r in found.values()) else []

    def end_expired(self, subject: str) -> list[Receipt]:
        """Withdraw the grants whose time has passed; return the receipts for the store.

        With them a clock that is set back later does not bring the grants back.
        """
        made = [
            msgspec.structs.replace(
                grant, id=token_hex(8), granted=False, purposes=purposes, at=grant.expires,
                expires=None, by=EXPIRY, how=EXPIRY, text=ShownText(),
            )
            for grant, purposes in self._books[subject].expired(self._clock())
        ]  # fmt: skip
        self.add(made)
        return made

    def follow(self, subject: str) -> bool:
        """End what another program withdrew; return whether it wrote anything.

        Only withdrawals are followed: a grant of another program has an effect at the next start.
        Receipts that cannot be read allow nothing.
        """
        if not self.store.changed(subject):
            return False
        self._kept.forget(subject)
        now = self._clock()
        try:
            found = self._book(subject).standing(now)
        except PrivacyError as error:
            logger.error("all consent of %s ends: %s", subject, error)
            found = {}
        for sensor, purposes in self.standing(subject).items():
            gone = tuple(p for p in purposes if p not in found.get(sensor, ()))
            if gone:
                self.withdraw(subject, [sensor], gone, Circumstances(by=FOLLOWED, how=FOLLOWED))
        return True

    def revoked(self, receipts: Iterable[Receipt]) -> list[Receipt]:
        """Return the withdrawals of grants that were kept, but have no effect."""
        return [
            msgspec.structs.replace(grant, id=token_hex(8), granted=False, expires=None)
            for grant in receipts
            if grant.granted
        ]

    def add(self, receipts: Iterable[Receipt]) -> None:
        """Take receipts that are kept: they stand from now on."""
        for receipt in receipts:
            self._books[receipt.subject].add(receipt)

    def _receipt(
        self,
        subject: str,
        sensor: str,
        granted: bool,
        purposes: tuple[str, ...],
        about: Circumstances,
        at: datetime,
    ) -> Receipt:
        days = about.days or self._days
        at = at if about.how == CONFIGURED else self._books[subject].not_before(at)
        return Receipt(
            id=token_hex(8),
            subject=subject,
            sensor=sensor,
            granted=granted,
            purposes=purposes,
            at=at,
            by=about.by,
            how=about.how,
            text=about.text,
            expires=at + timedelta(days=days) if granted and days else None,
            guardian=about.guardian,
        )
