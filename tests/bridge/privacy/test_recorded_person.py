"""Removing what rests on one sensor leaves the estimates of the others."""

from __future__ import annotations

import msgspec

from sentio_bridge.privacy.recorded_person import of_sensors, of_subject
from sentio_bridge.protocol.vocabulary import MODALITY_OF


def entry(modality: str, reasons: list[str]) -> str:
    """Return a recorded estimate as text."""
    body = {"subject": "ann", "modality": modality, "reasons": reasons}
    return msgspec.json.encode(body).decode()


def test_withdrawn_movement_leaves_a_shaken_pulse() -> None:
    removal = of_sensors("ann", ["motion"])
    assert removal.text("estimates", 1.0, entry(MODALITY_OF["motion"], []))
    assert not removal.text("estimates", 1.0, entry("body", ["motion"]))


def test_state_at_the_start_goes_with_each_person_and_sensor() -> None:
    for removal in (of_sensors("ann", ["eeg"]), of_subject("ann")):
        assert removal.text("sentio/state", 1.0, '{"sources":"x","state":"packed"}')


def test_each_sensor_removes_only_its_own_modality() -> None:
    for sensor in MODALITY_OF:
        removal = of_sensors("ann", [sensor])
        gone = {m for m in MODALITY_OF.values() if removal.text("estimates", 1.0, entry(m, []))}
        assert gone == {MODALITY_OF[sensor]}
