"""Decide whether what is known of a person may leave this machine; pure."""

from __future__ import annotations

from collections.abc import Mapping

from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.protocol.vocabulary import SENSORS


def may_share(ledgers: Mapping[str, ConsentLedger], subject: str) -> bool:
    """Return whether a subject's estimates may be sent to another machine.

    They rest on all sensors together: each that may be read needs the purpose ``share``.

    Args:
        ledgers: Consent of each subject.
        subject: The subject; an unknown or empty one stands for all of them.
    """
    chosen = [ledgers[subject]] if subject in ledgers else list(ledgers.values())
    read = [(ledger, sensor) for ledger in chosen for sensor in SENSORS if ledger.allows(sensor)]
    return bool(read) and all(ledger.allows(sensor, "share") for ledger, sensor in read)
