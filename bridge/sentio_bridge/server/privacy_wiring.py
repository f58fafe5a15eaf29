"""Consent receipts and audit of a running sidecar."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from sentio_bridge.config.schema import Config
from sentio_bridge.control.consent_handlers import ConsentHandlers, Forget
from sentio_bridge.control.dispatcher import Jobs
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.core.hub import Hub, HubObserver
from sentio_bridge.defects import DefectLog
from sentio_bridge.pipeline.jobs import JobDone, JobRunner
from sentio_bridge.privacy.audit import Audit
from sentio_bridge.privacy.audit_writer import AuditWriter
from sentio_bridge.privacy.consent_book import Receipt
from sentio_bridge.privacy.consent_keeper import Circumstances, ConsentKeeper
from sentio_bridge.privacy.consent_texts import TextSettings
from sentio_bridge.privacy.ended import Ended
from sentio_bridge.privacy.in_use import InUse
from sentio_bridge.privacy.private_folder import state_folder
from sentio_bridge.privacy.receipt_store import ReceiptStore
from sentio_bridge.privacy.salted_ids import SaltedIds
from sentio_bridge.protocol import requests as rq
from sentio_bridge.protocol.vocabulary import SENSORS
from sentio_bridge.server.audit_observer import AuditObserver
from sentio_bridge.server.data_rights import DataRights, written_by

logger = logging.getLogger(__name__)

OLDER = "older"
"""``Receipt.how`` of withdrawals because the folder is older than it was."""

MOST_CLIENTS = 256
"""Clients that are named in the audit in one session."""


class PrivacyWiring:
    """Receipts, audit and the threads that write them.

    Args:
        config: Configuration.
        folder: Folder of the state; None keeps nothing beyond the process.
        post: Receives finished jobs.
        on_line: Receives each line of the audit.
        defects: Log of unexpected exceptions.

    Raises:
        PrivacyError: The state cannot be read or written: nothing is allowed without it.
    """

    def __init__(
        self,
        config: Config,
        folder: Path | None,
        post: Callable[[JobDone], None],
        on_line: Callable[[bytes], None],
        defects: DefectLog,
    ) -> None:
        self._jobs = JobRunner(post, defects, "sentio-privacy")
        self.keeper, made = _started(config, folder)
        self.writer: AuditWriter | None = None
        self._observer: AuditObserver | None = None
        if folder is not None:
            self.writer = AuditWriter(Audit(folder), SaltedIds(folder), on_line)
            self._observer = AuditObserver(self.writer)
        self._folder = folder
        self._written = written_by(config, config.subjects)
        self._texts = text_settings(config)
        self._in_use: InUse | None = None
        self._rights = DataRights(config) if folder is not None and config.path else None
        self._end_recording: Callable[[], None] = lambda: None
        self._consents: ConsentHandlers | None = None
        self._clients: set[tuple[str, str, str]] = set()
        for receipts in made:
            self.keeper.store.keep(receipts)

    def ledger(self, subject: str, now: float) -> ConsentLedger:
        """Return a ledger with what a subject's receipts allow now."""
        ledger = ConsentLedger()
        for sensor, purposes in self.keeper.standing(subject).items():
            ledger.grant(sensor, purposes, "receipt", now)
        for sensor in self.keeper.withdrawn(subject):
            ledger.withdraw(sensor, "receipt", now)
        return ledger

    def observers(self) -> tuple[HubObserver, ...]:
        """Return the hub's observer of the audit, if there is an audit."""
        return () if self._observer is None else (self._observer,)

    def handlers(
        self,
        hub: Hub,
        end_recording: Callable[[], None],
        forget: Forget = lambda *_: None,
        jobs: Jobs | None = None,
    ) -> ConsentHandlers:
        """Return the handlers of ``consent``.

        Args:
            hub: Hub that the decisions are applied to.
            end_recording: Ends a running recording and waits for the disk: its file cannot be
                written again while it grows.
            forget: Removes what rests on ended purposes from the profiles in use.
            jobs: Erases; those that begin recordings, so that none begins meanwhile.
        """
        self._end_recording = end_recording
        erase = None if self._rights is None else self._erase
        texts = self._texts
        self._consents = ConsentHandlers(hub, self.keeper, self._jobs, jobs, texts, erase, forget)
        return self._consents

    def introduced(self, hello: rq.Hello, role: str) -> None:
        """Write a new client and its role to the audit."""
        client = (hello.client[:64], hello.client_version[:32], role)
        known = client in self._clients or len(self._clients) >= MOST_CLIENTS
        if self.writer is not None and not known:
            self._clients.add(client)
            data = {"name": client[0], "version": client[1], "role": role}
            self.writer.note("client", data=data)

    def begin(self, hub: Hub, models: Callable[[], Mapping[str, str]]) -> None:
        """Write the state at the start: consents, and the models that may be loaded.

        Raises:
            PrivacyError: Persons of the same folder are being erased.
        """
        if self._folder is not None:
            self._in_use = InUse(self._folder, *self._written)
        if self.writer is None:
            return
        self.writer.note("start", data={"subjects": len(hub.subjects)})
        for subject, state in hub.subjects.items():
            for sensor, purposes in state.consent.status().items():
                if purposes:
                    data = {"sensor": sensor, "purposes": purposes}
                    self.writer.note("standing", subject, data)
        self._jobs.submit(partial(self._note_models, models), lambda _: None)

    def end(self, *, offline: bool = False) -> None:
        """Write what waits, and end the threads.

        Args:
            offline: No sidecar ran.
        """
        self._jobs.close()
        if self._consents is not None:
            self._consents.close()
        if self._observer is not None:
            self._observer.flush()
        if self.writer is not None:
            if not offline:
                self.writer.note("end")
            self.writer.close()
        if self._in_use is not None:
            self._in_use.end()
            self._in_use = None

    def _erase(self, subject: str, ended: Sequence[Ended]) -> tuple[list[str], list[str]]:
        """Erase what rests on ended purposes of a subject, on the thread of jobs."""
        if any(each.concerns_kept for each in ended):
            self._end_recording()
        return ([], []) if self._rights is None else self._rights.erase_ended(subject, ended)

    def _note_models(self, models: Callable[[], Mapping[str, str]]) -> None:
        if self.writer is not None:
            for name, sha256 in models().items():
                self.writer.note("model", data={"name": name, "sha256": sha256})


def allowed(config: Config) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Return what each subject will allow by sensor at the next start; writes nothing.

    Raises:
        PrivacyError: The receipts cannot be read: no sidecar would start.
    """
    keeper, _ = _started(config, state_folder(config.path, config.privacy.folder))
    return {subject: keeper.standing(subject) for subject in config.subjects}


def _started(config: Config, folder: Path | None) -> tuple[ConsentKeeper, list[list[Receipt]]]:
    """Return the decisions at a start, and receipts that are still to be stored."""
    keeper = ConsentKeeper(
        config.subjects,
        None if folder is None else ReceiptStore(folder),
        children=config.privacy.children,
        days=config.privacy.consent_days,
    )
    made = []
    if folder is not None and Audit(folder).is_older():
        logger.error(
            "%s was replaced by an older copy, or is damaged: every consent ends; grant it again",
            folder,
        )
        about = Circumstances(by=OLDER, how=OLDER)
        made += [keeper.withdraw(subject, SENSORS, None, about) for subject in config.subjects]
    made += [keeper.end_expired(subject) for subject in config.subjects]
    made += [keeper.configure(s, config.consent, config.dated) for s in config.subjects]
    return keeper, made


def text_settings(config: Config, template: str = "", language: str = "") -> TextSettings:
    """Return what the consent texts state about an installation.

    Args:
        config: Its configuration.
        template: Template; empty: the configured one.
        language: Language; empty: the configured one.
    """
    privacy = config.privacy
    return TextSettings(
        template=template or privacy.text,
        language=language or privacy.language,
        controller=privacy.controller,
        contact=privacy.contact,
        recipients=privacy.recipients,
        days=config.recording.expire_days,
        deleted=config.recording.delete_expired,
        consent_days=privacy.consent_days,
    )
