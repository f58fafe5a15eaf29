"""What a sensor of one subject is doing; pure."""

from __future__ import annotations

import msgspec

from sentio_bridge.core.consent import ConsentLedger


class SensorStatus(msgspec.Struct, frozen=True):
    """What a sensor of one subject is doing.

    Attributes:
        state: ``off``, ``opening``, ``on``, ``gap``, ``absent``, ``error``, ``withdrawn`` or
            ``ended``.
        reasons: Short codes or a sentence.
        fix: What a person can do; may be empty.
        streams: Ids of its open streams.
    """

    state: str
    reasons: tuple[str, ...] = ()
    fix: str = ""
    streams: tuple[str, ...] = ()


def without_consent(consent: ConsentLedger, sensor: str) -> SensorStatus:
    """Return how a source of ``sensor`` stands that may not be used now."""
    if consent.withdrawn(sensor):
        return SensorStatus("withdrawn", ("consent_withdrawn",))
    return SensorStatus("off", ("no_consent",), f"grant it: [consent] {sensor} = ['adapt']")
