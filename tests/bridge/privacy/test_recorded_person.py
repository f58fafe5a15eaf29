"""Removing what rests on one sensor leaves the estimates of the others."""

from __future__ import annotations

import msgspec
import pytest

from sentio_bridge.privacy.ended import Ended
from sentio_bridge.privacy.recorded_person import of_ended, of_subject
from sentio_bridge.protocol.vocabulary import MODALITY_OF
from sentio_recording.remove import Removal
from sentio_recording.xdf.headers import StreamInfo
from sentio_sensors import Channel


def entry(modality: str, reasons: list[str]) -> str:
    """Return a recorded estimate as text."""
    body = {"subject": "ann", "modality": modality, "reasons": reasons}
    return msgspec.json.encode(body).decode()


def of_sensor(sensor: str) -> Removal:
    """Return the removal of all that rests on a sensor."""
    ended = Ended(sensor)
    return of_ended("ann", {ended: ended.recorded([])})


def test_withdrawn_movement_leaves_a_shaken_pulse() -> None:
    removal = of_sensor("motion")
    assert removal.text("estimates", 1.0, entry(MODALITY_OF["motion"], []))
    assert not removal.text("estimates", 1.0, entry("body", ["motion"]))


def test_state_at_the_start_goes_with_each_person_and_sensor() -> None:
    for removal in (of_sensor("eeg"), of_subject("ann")):
        assert removal.text("sentio/state", 1.0, '{"sources":"x","state":"packed"}')


def test_each_sensor_removes_only_its_own_modality() -> None:
    for sensor in MODALITY_OF:
        removal = of_sensor(sensor)
        gone = {m for m in MODALITY_OF.values() if removal.text("estimates", 1.0, entry(m, []))}
        assert gone == {MODALITY_OF[sensor]}


@pytest.mark.parametrize("other", ["anna", "an", "joann", "ann-2", "Ann"])
def test_person_with_a_similar_name_stays(other: str) -> None:
    removal = of_subject("ann")
    channel = (Channel("x"),)
    for name, gone in (("ann", True), (other, False)):
        info = StreamInfo(f"{name}/ppg", "PPG", channel, meta={"meta_subject": name})
        assert removal.stream(info) is gone
        for text in ({"subject": name}, {"by": name}, ["rate", name], {"file": f"{name}/ppg"}):
            assert removal.text("events", 1.0, msgspec.json.encode(text).decode()) is gone
