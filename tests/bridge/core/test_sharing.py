"""What may leave the machine: only what rests on sensors that are all shared."""

from __future__ import annotations

import pytest

from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.core.sharing import may_share


@pytest.mark.parametrize(
    ("granted", "expected"),
    [
        ({}, False),
        ({"body": ["adapt"]}, False),
        ({"body": ["adapt", "share"]}, True),
        ({"body": ["share"]}, False),
        ({"body": ["adapt", "share"], "camera": ["adapt"]}, False),
        ({"body": ["adapt", "share"], "camera": ["research", "share"]}, True),
    ],
)
def test_every_sensor_that_is_read_must_be_shared(
    granted: dict[str, list[str]], expected: bool
) -> None:
    ledger = ConsentLedger()
    for sensor, purposes in granted.items():
        ledger.grant(sensor, purposes, "test", 0.0)
    assert may_share({"anna": ledger}, "anna") is expected


def test_one_person_does_not_share_for_another() -> None:
    anna, bert = ConsentLedger(), ConsentLedger()
    anna.grant("body", ["adapt", "share"], "test", 0.0)
    bert.grant("body", ["adapt"], "test", 0.0)
    ledgers = {"anna": anna, "bert": bert}
    assert may_share(ledgers, "anna")
    assert not may_share(ledgers, "bert")
    assert not may_share(ledgers, "")
    bert.withdraw("body", "test", 1.0)
    assert may_share(ledgers, "")
