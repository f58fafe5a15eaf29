"""Consent ledger."""

from __future__ import annotations

import pytest

from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.errors import RequestError
from sentio_bridge.protocol.vocabulary import SENSORS, sensor_of
from sentio_sensors import Role


def test_nothing_is_granted_initially() -> None:
    ledger = ConsentLedger()
    assert not any(ledger.allows(sensor) for sensor in SENSORS)
    assert not any(ledger.withdrawn(sensor) for sensor in SENSORS)


def test_grant_covers_only_its_purposes() -> None:
    ledger = ConsentLedger()
    ledger.grant("camera", ["adapt"], "player", 1.0)
    assert ledger.allows("camera")
    assert not ledger.allows("camera", "record")
    assert not ledger.allows("microphone")


def test_new_grant_replaces_the_old() -> None:
    ledger = ConsentLedger()
    ledger.grant("eeg", ["adapt", "record"], "player", 1.0)
    ledger.grant("eeg", ["adapt"], "player", 2.0)
    assert not ledger.allows("eeg", "record")


def test_withdrawal_removes_all_purposes_and_is_recorded() -> None:
    ledger = ConsentLedger()
    ledger.grant("body", ["adapt", "record"], "player", 1.0)
    ledger.withdraw("body", "player", 2.0)
    assert not ledger.allows("body")
    assert ledger.withdrawn("body")
    assert [(c.time, c.purposes) for c in ledger.changes] == [(1.0, ("adapt", "record")), (2.0, ())]


@pytest.mark.parametrize(
    ("sensor", "purposes"), [("nose", ["adapt"]), ("eeg", ["sell"]), ("eeg", [])]
)
def test_invalid_grant_changes_nothing(sensor: str, purposes: list[str]) -> None:
    ledger = ConsentLedger()
    with pytest.raises(RequestError):
        ledger.grant(sensor, purposes, "player", 1.0)
    assert ledger.changes == []


def test_every_role_has_a_sensor() -> None:
    assert {sensor_of(role) for role in Role} <= set(SENSORS)
    assert sensor_of(Role.VIDEO) == "camera"
    assert sensor_of(Role.PPG) == "body"
