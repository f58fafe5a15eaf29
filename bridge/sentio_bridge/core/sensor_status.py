"""Status of a subject's sensor; pure."""

from __future__ import annotations

import msgspec

from sentio_bridge.core.consent import ConsentLedger


class SensorStatus(msgspec.Struct, frozen=True):
    """Status of one subject's sensor.

    Attributes:
        state: ``off``, ``opening``, ``on``, ``gap``, ``absent``, ``error``, ``withdrawn`` or
            ``ended``.
        reasons: Codes or a sentence.
        fix: What the user can do; may be empty.
        streams: Ids of its open streams.
    """

    state: str
    reasons: tuple[str, ...] = ()
    fix: str = ""
    streams: tuple[str, ...] = ()


def without_consent(consent: ConsentLedger, sensor: str) -> SensorStatus:
    """Return the status of a sensor without consent."""
    if consent.withdrawn(sensor):
        return SensorStatus("withdrawn", ("consent_withdrawn",))
    return SensorStatus("off", ("no_consent",), f"grant it: [consent] {sensor} = ['adapt']")
