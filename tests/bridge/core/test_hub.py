"""The hub: messages as a function of its calls and their times."""

from __future__ import annotations

import pytest

from sentio_bridge import State, decode_affect
from sentio_bridge.affect.subject_model import SubjectModel
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.core.frame_pacer import FramePacer
from sentio_bridge.core.hub import Hub
from sentio_bridge.core.sensor_status import SensorStatus
from sentio_bridge.core.subject_state import SubjectState
from sentio_bridge.errors import RequestError
from sentio_bridge.protocol import codec
from sentio_models import Estimate, Reading

ON = SensorStatus("on", streams=("a/ppg",))


def hub(*subjects: str) -> Hub:
    states = {}
    for subject in subjects or ("player",):
        consent = ConsentLedger()
        consent.grant("body", ["adapt"], "test", 0.0)
        states[subject] = SubjectState(SubjectModel(subject), consent, FramePacer(60.0))
    return Hub(7, states)


def body(arousal: float) -> Estimate:
    return Estimate("body", {"arousal": Reading(arousal, 0.05)}, quality=0.9)


def kinds(messages: list[bytes]) -> list[str]:
    return [codec.split(message)[0] for message in messages]


def play(made: Hub) -> list[bytes]:
    messages = made.tick(100.0)
    made.sensor("player", "body", "strap", ON, 100.1)
    for step in range(20):
        made.measure("player", body(0.5), 100.2 + step, 100.25 + step)
        messages += made.tick(100.25 + step)
    made.marker("player", "boss", 119.0, {"level": 1}, 119.5)
    return messages + made.tick(121.0)


def test_the_same_calls_give_the_same_bytes() -> None:
    assert play(hub()) == play(hub())


def test_frames_carry_what_was_measured() -> None:
    frames = [decode_affect(m) for m in play(hub()) if m.startswith(b"affect/")]
    assert [frame.seq for frame in frames] == list(range(len(frames)))
    assert frames[0].state is State.WARMING
    assert frames[-2].state is State.OK
    assert (frames[-1].get("arousal") or 0) > 0.1
    assert frames[-1].captured == pytest.approx(119.2)
    assert {frame.epoch for frame in frames} == {7}


def test_events_are_counted_without_gaps_and_come_first() -> None:
    messages = play(hub())
    events = [codec.decode_map(codec.split(m)[2]) for m in messages if m.startswith(b"event/")]
    assert [event["id"] for event in events] == list(range(len(events)))
    assert {"sensor", "state", "marker"} <= {event["kind"] for event in events}
    assert events[-1]["name"] == "boss"
    made = hub()
    made.marker("player", "boss", 1.0, {}, 1.0)
    assert kinds(made.tick(1.0))[0] == "event"


def test_a_late_joiner_gets_the_last_values_of_its_topics() -> None:
    made = hub("ann", "ben")
    made.tick(1.0)
    assert kinds(made.last(b"")) == ["affect", "affect", "detail", "detail"]
    (only,) = made.last(b"affect/ben\0")
    assert decode_affect(only).subject == "ben"
    assert made.last(b"affect/be") == [only]
    assert made.last(b"event/") == []


def test_without_consent_an_estimate_is_not_fused() -> None:
    made = hub()
    made.subjects["player"].consent.withdraw("body", "player", 1.0)
    made.measure("player", body(0.9), 1.0, 1.1)
    (frame, *_) = [decode_affect(m) for m in made.tick(1.2) if m.startswith(b"affect/")]
    assert frame.captured is None
    assert frame.get("arousal") is None


def test_a_model_problem_outlasts_a_working_sensor_and_ends_with_an_estimate() -> None:
    made = hub()
    made.sensor("player", "body", "strap", ON, 1.0)
    made.model("player", "body", "error", "it broke", "mend it", 1.1)
    made.model("player", "body", "error", "it broke", "mend it", 1.2)
    made.sensor("player", "body", "strap", SensorStatus("on", streams=("b/ppg",)), 1.3)
    subject_state = made.subjects["player"]
    share = subject_state.snapshot(1.4).modalities["body"]
    assert (share.state, share.reasons, share.fix) == ("error", ("it broke",), "mend it")
    events = [m for m in made.tick(1.5) if m.startswith(b"event/")]
    assert len([e for e in events if b"it broke" in e]) == 1


def test_a_sensor_is_what_its_best_device_is() -> None:
    made = hub()
    made.sensor("player", "body", "strap", SensorStatus("absent", ("no strap",), "buy one"), 1.0)
    made.sensor("player", "body", "ring", ON, 1.1)
    told = made.subjects["player"].sensors["body"]
    assert (told.state, told.reasons, told.fix) == ("on", ("no strap",), "buy one")
    made.sensor("player", "body", "ring", SensorStatus("gap", ("no_samples",)), 1.2)
    assert made.subjects["player"].sensors["body"].state == "gap"


def test_the_only_subject_needs_no_name() -> None:
    assert hub().subject_state(None).person.subject == "player"
    made = hub("ann", "ben")
    assert made.subject_state("ben").person.subject == "ben"
    for subject in (None, "eve"):
        with pytest.raises(RequestError, match="ann, ben"):
            made.subject_state(subject)


def test_overrides_hold_until_their_time() -> None:
    made = hub()
    subject_state = made.subjects["player"]
    subject_state.override({"arousal": 0.75, "valence": -0.5}, 10.0, 100.0)
    (frame, *_) = [decode_affect(m) for m in made.tick(101.0) if m.startswith(b"affect/")]
    assert (frame.get("arousal"), frame.get("valence")) == (0.75, -0.5)
    with pytest.raises(RequestError):
        subject_state.override({"arousal": 0.1, "mood": 1.0}, 10.0, 102.0)
    subject_state.override({"valence": None}, 10.0, 103.0)
    assert subject_state.overrides(104.0) == {"arousal": 0.75}
    assert subject_state.overrides(111.0) == {}


def test_the_detail_names_the_model_of_a_modality() -> None:
    made = hub()
    made.measure("player", body(0.5), 1.0, 1.1, "body-of-mine")
    subject_state = made.subjects["player"]
    assert made.detail_now(subject_state, 1.2)["modalities"]["body"]["model"] == "body-of-mine"


def test_a_sensor_that_nobody_feeds_is_withdrawn_all_the_same() -> None:
    made = hub()
    consent = made.subjects["player"].consent
    consent.grant("headset", ["adapt"], "test", 0.0)
    consent.withdraw("headset", "test", 1.0)
    made.consent_changed("player", "headset", 1.0)
    assert (
        made.detail_now(made.subjects["player"], 1.0)["sensors"]["headset"]["state"] == "withdrawn"
    )
    consent.grant("headset", ["adapt"], "test", 2.0)
    made.consent_changed("player", "headset", 2.0)
    assert made.detail_now(made.subjects["player"], 2.0)["sensors"]["headset"]["state"] == "off"


def test_more_consent_changes_nothing_of_a_sensor_that_is_on() -> None:
    made = hub()
    made.sensor("player", "body", "strap", ON, 1.0)
    made.subjects["player"].consent.grant("body", ["adapt", "record"], "test", 2.0)
    made.consent_changed("player", "body", 2.0)
    assert made.subjects["player"].sensors["body"].state == "on"
