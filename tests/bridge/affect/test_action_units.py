"""Tests that a detail carries action units for one second."""

from __future__ import annotations

from sentio_bridge.affect.subject_model import SubjectModel
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.core.frame_pacer import FramePacer
from sentio_bridge.core.subject_state import SubjectState
from sentio_bridge.protocol.bodies import detail_of, plain
from sentio_models import Estimate, Reading


def state() -> SubjectState:
    ledger = ConsentLedger()
    ledger.grant("camera", ["adapt"], "test", 0.0)
    return SubjectState(SubjectModel("p"), ledger, FramePacer(60.0))


def frown(quality: float = 0.9, strength: float = 0.7) -> Estimate:
    readings = {"valence": Reading(-0.3, 0.2)}
    return Estimate("face", readings, quality=quality, action_units={"AU4": strength})


def units(of: SubjectState, now: float) -> dict[str, float]:
    return dict(of.detail(of.snapshot(now), 1, now).action_units)


def test_detail_carries_the_newest_units_for_a_second() -> None:
    one = state()
    assert units(one, 1.0) == {}
    one.estimate(frown(), 2.0, 2.0)
    one.estimate(frown(strength=0.9), 1.9, 2.05)
    assert units(one, 2.1) == {"AU4": 0.7}
    assert units(one, 3.1) == {}


def test_poor_view_and_withdrawn_consent_leave_no_units() -> None:
    one = state()
    one.estimate(frown(quality=0.2), 1.0, 1.0)
    assert units(one, 1.1) == {}
    one.estimate(frown(), 1.2, 1.2)
    one.person.modality_state("face", "withdrawn", (), "", 1.3)
    assert units(one, 1.3) == {}


def test_older_details_without_units_are_still_read() -> None:
    one = state()
    one.estimate(frown(), 2.0, 2.0)
    body = one.detail(one.snapshot(2.1), 1, 2.1)
    sent = plain(body)
    assert detail_of(sent).action_units == {"AU4": 0.7}
    del sent["action_units"]
    assert detail_of(sent).action_units == {}
