"""Operation `consent`: a grant is stored first, a withdrawal applies at once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import groupby
from operator import itemgetter

import msgspec

from sentio_bridge.control.dispatcher import Answer, Handler, Jobs, Later
from sentio_bridge.core import commands as cmd
from sentio_bridge.core.consent import check
from sentio_bridge.core.hub import Hub
from sentio_bridge.errors import BridgeError, RequestError
from sentio_bridge.privacy.consent_book import Receipt
from sentio_bridge.privacy.consent_keeper import Circumstances, ConsentKeeper
from sentio_bridge.privacy.consent_texts import TextSettings, consent_text, shown
from sentio_bridge.privacy.ended import Ended, ended_by
from sentio_bridge.protocol import requests as rq
from sentio_bridge.protocol.vocabulary import SENSORS
from sentio_bridge.transport.limits import TokenBucket

logger = logging.getLogger(__name__)

GRANTS, GRANTS_PER_SECOND = 1200, 1 / 60
"""Grants of one subject at once, and in the long run: each is kept for good (0.5 kB, its text)."""

WAITS = "withdrawn; the queue of jobs is full: the receipt is stored once it has room"
WAITS_ERASE = "not erased yet: what was kept is erased once the queue of jobs has room"

Erase = Callable[[str, Sequence[Ended]], tuple[list[str], list[str]]]
"""Erases what rests on ended purposes of a subject, away from the hub.

Returns what was erased, and what of the sensors stays and why.
"""

Forget = Callable[[str, Sequence[Ended], float], None]
"""Removes what rests on ended purposes from what is in use, so that it is not kept again."""


class ConsentHandlers:
    """Handler of the operation ``consent``.

    Args:
        hub: Hub that the decisions are applied to.
        keeper: Keeps the receipts.
        jobs: Writes them; by default at once.
        slow: Erases, which may take long: receipts do not wait for it. By default at once.
        texts: What the texts state about this installation.
        erase: Erases what was kept; None: not supported.
        forget: Removes it from what is in use.
    """

    def __init__(
        self,
        hub: Hub,
        keeper: ConsentKeeper,
        jobs: Jobs | None = None,
        slow: Jobs | None = None,
        texts: TextSettings | None = None,
        erase: Erase | None = None,
        forget: Forget = lambda *_: None,
    ) -> None:
        self._hub = hub
        self._keeper = keeper
        self._jobs = jobs
        self._slow = slow
        self._texts = texts or TextSettings()
        self._erase = erase
        self._forget = forget
        self._grants: dict[str, TokenBucket] = {}
        # Withdrawals that found the queue full: newest of each subject, sensor and purposes.
        self._waiting: dict[tuple[str, str, tuple[str, ...]], Receipt] = {}
        self._unerased: dict[tuple[str, str], Ended] = {}  # what they are to erase

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers by operation."""
        return {"consent": self.consent}

    def consent(self, request: rq.Consent, now: float) -> Answer | Later:
        """Grant or withdraw consent, or return what is granted, the receipts, or a text."""
        subject = self._hub.subject_state(request.subject).person.subject
        match request.action:
            case "status":
                return self._standing(subject)
            case "receipts":
                return {"receipts": _plain(self._keeper.receipts(subject))}
            case "text":
                return self._text(request)
            case "grant":
                return self._grant(subject, request, now)
            case _:
                return self._withdraw(subject, request, now)

    def end_expired(self, now: float) -> None:
        """Withdraw what the receipts do not allow any more; finish withdrawals that wait.

        The time of a receipt has passed, or another program has withdrawn, erased or damaged it.
        """
        waiting, unerased = list(self._waiting.values()), dict(self._unerased)
        with suppress(RequestError):  # a queue that is still full: a second later
            if waiting:
                _run(self._jobs, lambda: self._keep_all(waiting))
                self._waiting.clear()
            if unerased:
                _run(self._slow, lambda: self._erase_all(unerased))
                self._unerased.clear()
        for subject, state in self._hub.subjects.items():
            by = "file" if self._keeper.follow(subject) else "expiry"
            self._wait(self._keeper.end_expired(subject))
            standing = self._keeper.standing(subject)
            for sensor, granted in state.consent.status().items():
                ended = tuple(p for p in granted if p not in standing.get(sensor, ()))
                if ended:
                    self._hub.apply(cmd.ConsentWithdrawn(subject, sensor, by, ended), now)

    def close(self) -> None:
        """Finish the withdrawals that still wait; blocks."""
        self._keep_all(self._waiting.values())
        self._erase_all(self._unerased)

    def _grant(self, subject: str, request: rq.Consent, now: float) -> Later:
        sensor = request.sensor
        if sensor is None:
            raise RequestError("bad_argument", "sensor is missing", "name the sensor to grant")
        bucket = self._grants.setdefault(subject, TokenBucket(GRANTS, GRANTS_PER_SECOND, now))
        if not bucket.take(1, now):
            raise RequestError(
                "busy", f"over {GRANTS} grants of {subject!r}", "grant one a minute; withdraw any"
            )
        purposes = ("adapt",) if request.purposes is None else request.purposes
        circumstances = _circumstances(request)
        made = self._keeper.grant(subject, sensor, purposes, circumstances)
        check(sensor, purposes)
        before = self._keeper.withdrawals(subject, sensor)
        earlier = [self._waiting.pop(key) for key in list(self._waiting) if key[0] == subject]

        def finish(_: None, at: float) -> Answer:
            if self._keeper.withdrawals(subject, sensor) != before:
                raise RequestError(
                    "refused", f"consent for {sensor} was withdrawn meanwhile", "grant it again"
                )
            self._keeper.add(made)
            standing = self._keeper.standing(subject).get(sensor, ())
            self._hub.apply(cmd.ConsentGranted(subject, sensor, standing, circumstances.by), at)
            return {**self._standing(subject), "receipts": _plain(made)}

        def work() -> None:
            self._keep_all(earlier)  # the order of the lines counts
            self._keep(made, circumstances.body)
            if self._keeper.withdrawals(subject, sensor) != before:
                # Another thread may have written the withdrawal first; the last line counts.
                self._keep(self._keeper.revoked(made), "")

        return Later(work, finish, lambda: self._wait(earlier), self._jobs)

    def _to_withdraw(self, subject: str, request: rq.Consent) -> tuple[str, ...]:
        """Return the sensors of a withdrawal: the named one, else those that are granted.

        Raises:
            RequestError: An unknown sensor or purpose.
        """
        sensors: tuple[str, ...] = SENSORS if request.sensor is None else (request.sensor,)
        if request.sensor is None:
            granted = self._hub.subjects[subject].consent.status()
            sensors = tuple(sensor for sensor in SENSORS if granted[sensor]) or sensors
        for sensor in sensors:
            check(sensor, request.purposes or ())
        return sensors

    def _withdraw(self, subject: str, request: rq.Consent, now: float) -> Answer | Later:
        sensors = self._to_withdraw(subject, request)
        if request.erase and self._erase is None:
            raise RequestError("refused", "erase is not supported by this sidecar")
        circumstances = _circumstances(request)
        repeated = self._keeper.repeated(subject, sensors, request.purposes)
        if repeated and not request.erase:
            return {**self._standing(subject), "receipts": _plain(repeated), "problems": []}
        for sensor in sensors:
            self._hub.apply(
                cmd.ConsentWithdrawn(subject, sensor, circumstances.by, request.purposes), now
            )
        made = self._keeper.withdraw(subject, sensors, request.purposes, circumstances)
        grants = self._keeper.grants
        erase = self._erase if request.erase else None
        ended = self._ended(subject, sensors, request.purposes) if erase is not None else []
        if erase is not None:
            self._forget(subject, ended, now)

        def work() -> tuple[list[str], list[str], list[str]]:
            problems: list[str] = []
            erased: list[str] = []
            stays: list[str] = []
            try:
                self._keep(made, circumstances.body)
            except BridgeError as error:  # it has ended all the same
                logger.error("a withdrawal could not be stored: %s", error)
                problems.append(f"withdrawn, but the receipt could not be kept: {error.what}")
            try:
                if erase is not None:
                    erased, stays = erase(subject, ended)
            except BridgeError as error:
                logger.error("stored data could not all be erased: %s", error)
                problems.append(error.what)
            return problems, erased, stays

        def finish(result: tuple[list[str], list[str], list[str]], at: float) -> Answer:
            problems, erased, stays = result
            if not problems:
                self._keeper.kept(made, grants)
            answer = {**self._standing(subject), "receipts": _plain(made), "problems": problems}
            return {**answer, "erased": erased, "stays": stays} if request.erase else answer

        def abandon() -> Answer:
            self._wait(made)
            problems = [WAITS]
            answer = {**self._standing(subject), "receipts": _plain(made), "problems": problems}
            if erase is None:
                return answer
            for each in ended:
                key = subject, each.sensor
                self._unerased[key] = self._unerased.get(key, each).merged(each)
            problems.append(WAITS_ERASE)
            return {**answer, "erased": [], "stays": []}

        jobs = self._jobs if erase is None else self._slow
        return Later(work, finish, abandon, jobs)

    def _wait(self, receipts: Iterable[Receipt]) -> None:
        """Keep withdrawals later: the queue of jobs is full."""
        for receipt in receipts:
            self._waiting[receipt.subject, receipt.sensor, receipt.purposes] = receipt

    def _ended(
        self, subject: str, sensors: Iterable[str], purposes: Sequence[str] | None
    ) -> list[Ended]:
        """Return what a withdrawal that was applied has ended."""
        standing = self._hub.subjects[subject].consent.status()
        return [ended_by(sensor, purposes, standing[sensor]) for sensor in sensors]

    def _erase_all(self, waiting: Mapping[tuple[str, str], Ended]) -> None:
        """Erase what withdrawals of each subject ended."""
        if self._erase is None:
            return
        for subject, group in groupby(sorted(waiting), itemgetter(0)):
            try:
                self._erase(subject, [waiting[key] for key in group])
            except BridgeError as error:
                logger.error("stored data could not all be erased: %s", error)

    def _keep_all(self, receipts: Iterable[Receipt]) -> None:
        for receipt in receipts:
            try:
                self._keeper.store.keep([receipt])
            except BridgeError as error:
                logger.error("a withdrawal could not be stored: %s", error)

    def _keep(self, receipts: Sequence[Receipt], body: str) -> None:
        try:
            self._keeper.store.keep(receipts, body)
        except BridgeError as error:
            raise RequestError("failed", error.what, error.fix) from None

    def _standing(self, subject: str) -> dict[str, object]:
        return {"consent": self._hub.subjects[subject].consent.status()}

    def _text(self, request: rq.Consent) -> Answer:
        settings = msgspec.structs.replace(
            self._texts,
            template=request.template or self._texts.template,
            language=request.language or self._texts.language,
        )
        text = consent_text(settings)
        return {"text": {"body": text.body, **msgspec.to_builtins(text.shown)}}


def _run(jobs: Jobs | None, work: Callable[[], None]) -> None:
    if jobs is None:
        work()
    else:
        jobs.submit(work, lambda _: None)


def _circumstances(request: rq.Consent) -> Circumstances:
    text = shown(request.text, request.text_name, request.text_version, request.language)
    return Circumstances(
        by=request.by or "client",
        how=request.how or "client",
        text=text,
        body=request.text,
        days=request.days,
        guardian=request.guardian,
    )


def _plain(receipts: Sequence[Receipt]) -> list[object]:
    """Return receipts as maps of the wire; times as ISO 8601 texts."""
    found: list[object] = msgspec.to_builtins(list(receipts))
    return found
