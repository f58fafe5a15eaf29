"""Apply commands outside the hub: open and close sources, clear, personalise."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from sentio_bridge.core import commands as cmd
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.core.outgoing import Outgoing
from sentio_bridge.pipeline.estimator_pool import EstimatorPool
from sentio_bridge.pipeline.source_runner import SourceRunner
from sentio_bridge.pipeline.text_worker import TextWorker
from sentio_bridge.protocol.vocabulary import MODALITY_OF

logger = logging.getLogger(__name__)


class Effects:
    """Observer that applies commands to sources and estimators; not in a replay.

    Args:
        consent: Consent ledger of each subject.
        pools: Estimators of each subject.
        sources: All sources; the list may grow.
        texts: Estimator of text lines.
    """

    def __init__(
        self,
        consent: Mapping[str, ConsentLedger],
        pools: Mapping[str, EstimatorPool],
        sources: Sequence[SourceRunner],
        texts: TextWorker,
    ) -> None:
        self._consent = consent
        self._pools = pools
        self._sources = sources
        self._texts = texts

    def applied(self, command: cmd.Command, now: float) -> None:
        """Update sources and estimators after a change of consent or profile."""
        if isinstance(command, cmd.ProfileUsed):
            logger.info("a profile of %s is in use", command.subject)
            self._pools[command.subject].personalise(command.profile.norms())
        elif isinstance(command, cmd.ConsentGranted | cmd.ConsentWithdrawn):
            logger.info("%s: %s (%s)", command.subject, _description(command), command.by)
            self._consent_changed(command.subject, command.sensor)

    def polled(self, messages: Sequence[Outgoing], now: float) -> None:
        """Do nothing: sent messages have no effects here."""

    def _consent_changed(self, subject: str, sensor: str) -> None:
        """Open or close the sensor's sources; without consent, discard its data."""
        if not self._consent[subject].allows(sensor):
            if sensor in MODALITY_OF:
                self._pools[subject].forget(MODALITY_OF[sensor])
            if sensor == "text":
                self._texts.forget(subject)
        for source in self._sources:
            if source.subject == subject and sensor in source.sensors:
                source.update()


def _description(command: cmd.ConsentGranted | cmd.ConsentWithdrawn) -> str:
    if isinstance(command, cmd.ConsentGranted):
        return f"{command.sensor} is allowed for {', '.join(command.purposes)}"
    return f"{command.sensor} is withdrawn for {', '.join(command.purposes or ('all',))}"
