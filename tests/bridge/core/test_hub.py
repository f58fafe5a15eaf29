"""Hub: messages as a function of commands and times."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from sentio_bridge import State, decode_affect
from sentio_bridge.affect.levels import BINS, KnownRange
from sentio_bridge.affect.personal.profile import Profile
from sentio_bridge.affect.subject_model import SubjectModel
from sentio_bridge.core import commands as cmd
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.core.frame_pacer import FramePacer
from sentio_bridge.core.hub import Hub
from sentio_bridge.core.outgoing import EventMessage, Outgoing
from sentio_bridge.core.sensor_status import SensorStatus
from sentio_bridge.core.subject_state import SubjectState
from sentio_bridge.defects import DefectLog
from sentio_bridge.errors import BridgeError, RequestError
from sentio_bridge.protocol import codec
from sentio_bridge.protocol.bodies import ChangeData
from sentio_models import Estimate, Reading

ON = SensorStatus("on", streams=("a/ppg",))


def make_hub(*subjects: str) -> Hub:
    states = {}
    for subject in subjects or ("player",):
        consent = ConsentLedger()
        consent.grant("body", ["adapt"], "test", 0.0)
        states[subject] = SubjectState(SubjectModel(subject), consent, FramePacer(60.0))
    return Hub(7, states)


def body(arousal: float) -> Estimate:
    return Estimate("body", {"arousal": Reading(arousal, 0.05)}, quality=0.9)


def estimated(arousal: float, captured: float, estimator: str = "") -> cmd.EstimateReceived:
    return cmd.EstimateReceived("player", estimator, captured, body(arousal))


def polled(hub: Hub, now: float) -> list[bytes]:
    return [message.encoded for message in hub.poll(now)]


def kinds(messages: list[bytes]) -> list[str]:
    return [codec.split_message(message)[0] for message in messages]


def play(hub: Hub) -> list[bytes]:
    messages = polled(hub, 100.0)
    hub.apply(cmd.SensorChanged("player", "body", "strap", ON), 100.1)
    for step in range(20):
        hub.apply(estimated(0.5, 100.2 + step), 100.25 + step)
        messages += polled(hub, 100.25 + step)
    hub.apply(cmd.MarkerReceived("player", "boss", 119.0, {"level": 1}), 119.5)
    return messages + polled(hub, 121.0)


def test_same_commands_give_the_same_bytes() -> None:
    assert play(make_hub()) == play(make_hub())


def test_frames_contain_the_estimates() -> None:
    frames = [decode_affect(m) for m in play(make_hub()) if m.startswith(b"affect/")]
    assert [frame.seq for frame in frames] == list(range(len(frames)))
    assert frames[0].state is State.WARMING
    assert frames[-2].state is State.OK
    assert (frames[-1].get("arousal") or 0) > 0.1
    assert frames[-1].captured == pytest.approx(119.2)
    assert {frame.epoch for frame in frames} == {7}


def test_events_are_numbered_without_gaps_and_sent_first() -> None:
    messages = play(make_hub())
    events = [
        codec.decode_map(codec.split_message(m)[2]) for m in messages if m.startswith(b"event/")
    ]
    assert [event["id"] for event in events] == list(range(len(events)))
    assert {"sensor", "state", "marker"} <= {event["kind"] for event in events}
    assert events[-1]["name"] == "boss"
    hub = make_hub()
    hub.apply(cmd.MarkerReceived("player", "boss", 1.0), 1.0)
    assert kinds(polled(hub, 1.0))[0] == "event"


def test_estimate_without_consent_is_not_fused() -> None:
    hub = make_hub()
    hub.subjects["player"].consent.withdraw("body", "player", 1.0)
    hub.apply(estimated(0.9, 1.0), 1.1)
    (frame, *_) = [decode_affect(m) for m in polled(hub, 1.2) if m.startswith(b"affect/")]
    assert frame.captured is None
    assert frame.get("arousal") is None


def test_model_problem_persists_while_its_sensor_works() -> None:
    hub = make_hub()
    hub.apply(cmd.SensorChanged("player", "body", "strap", ON), 1.0)
    hub.apply(cmd.ModelChanged("player", "body", "error", "it broke", "mend it"), 1.1)
    hub.apply(cmd.ModelChanged("player", "body", "error", "it broke", "mend it"), 1.2)
    hub.apply(
        cmd.SensorChanged("player", "body", "strap", SensorStatus("on", streams=("b/ppg",))), 1.3
    )
    subject_state = hub.subjects["player"]
    share = subject_state.snapshot(1.4).modalities["body"]
    assert (share.state, share.reasons, share.fix) == ("error", ("it broke",), "mend it")
    events = [m for m in polled(hub, 1.5) if m.startswith(b"event/")]
    assert len([e for e in events if b"it broke" in e]) == 1


def test_model_that_runs_again_has_no_problem() -> None:
    hub = make_hub()
    hub.apply(cmd.SensorChanged("player", "body", "strap", ON), 1.0)
    hub.apply(estimated(0.5, 1.0), 1.1)
    hub.apply(cmd.ModelChanged("player", "body", "error", "model_slow", "wait"), 1.2)
    assert hub.subjects["player"].snapshot(1.3).modalities["body"].state == "error"
    hub.apply(estimated(0.5, 1.4), 1.5)
    share = hub.subjects["player"].snapshot(1.6).modalities["body"]
    assert (share.state, share.reasons, share.fix) == ("ok", (), "")


def test_sensor_has_the_status_of_its_best_device() -> None:
    hub = make_hub()
    hub.apply(
        cmd.SensorChanged(
            "player", "body", "strap", SensorStatus("absent", ("no strap",), "buy one")
        ),
        1.0,
    )
    hub.apply(cmd.SensorChanged("player", "body", "ring", ON), 1.1)
    status = hub.subjects["player"].sensors["body"]
    assert (status.state, status.reasons, status.fix) == ("on", ("no strap",), "buy one")
    hub.apply(
        cmd.SensorChanged("player", "body", "ring", SensorStatus("gap", ("no_samples",))), 1.2
    )
    assert hub.subjects["player"].sensors["body"].state == "gap"


def test_only_subject_needs_no_name() -> None:
    assert make_hub().subject_state(None).person.subject == "player"
    hub = make_hub("ann", "ben")
    assert hub.subject_state("ben").person.subject == "ben"
    for subject in (None, "eve"):
        with pytest.raises(RequestError, match="ann, ben"):
            hub.subject_state(subject)


def test_overrides_last_until_their_time() -> None:
    hub = make_hub()
    subject_state = hub.subjects["player"]
    subject_state.override({"arousal": 0.75, "valence": -0.5}, 10.0, 100.0)
    (frame, *_) = [decode_affect(m) for m in polled(hub, 101.0) if m.startswith(b"affect/")]
    assert (frame.get("arousal"), frame.get("valence")) == (0.75, -0.5)
    with pytest.raises(RequestError):
        subject_state.override({"arousal": 0.1, "mood": 1.0}, 10.0, 102.0)
    subject_state.override({"valence": None}, 10.0, 103.0)
    assert subject_state.overrides(104.0) == {"arousal": 0.75}
    assert subject_state.overrides(111.0) == {}


def test_detail_names_the_model_of_a_modality() -> None:
    hub = make_hub()
    hub.apply(estimated(0.5, 1.0, "body-of-mine"), 1.1)
    assert hub.detail("player", 1.2).modalities["body"].model == "body-of-mine"


def test_sensor_without_a_source_is_withdrawn() -> None:
    hub = make_hub()
    hub.apply(cmd.ConsentGranted("player", "headset", ("adapt",), "test"), 0.0)
    hub.apply(cmd.ConsentWithdrawn("player", "headset", "test"), 1.0)
    assert hub.detail("player", 1.0).sensors["headset"].state == "withdrawn"
    hub.apply(cmd.ConsentGranted("player", "headset", ("adapt",), "test"), 2.0)
    assert hub.detail("player", 2.0).sensors["headset"].state == "off"


def test_more_consent_does_not_change_an_active_sensor() -> None:
    hub = make_hub()
    hub.apply(cmd.SensorChanged("player", "body", "strap", ON), 1.0)
    hub.apply(cmd.ConsentGranted("player", "body", ("adapt", "record"), "test"), 2.0)
    assert hub.subjects["player"].sensors["body"].state == "on"


class CollectingObserver:
    """Observer that collects its calls."""

    def __init__(self) -> None:
        self.commands: list[tuple[cmd.Command, float]] = []
        self.polls: list[tuple[int, float]] = []

    def applied(self, command: cmd.Command, now: float) -> None:
        self.commands.append((command, now))

    def polled(self, messages: Sequence[Outgoing], now: float) -> None:
        self.polls.append((len(messages), now))


def test_observers_receive_only_executed_commands_in_order() -> None:
    observer = CollectingObserver()
    hub = Hub(7, make_hub().subjects, observers=(observer,))
    freeze, rate = cmd.Freeze("player", "menu"), cmd.RateChanged(2.0)
    hub.apply(freeze, 1.0)
    for refused in (
        cmd.Override("player", {"nonsense": 1.0}, 5.0),
        cmd.ConsentGranted("player", "body", (), "test"),
        cmd.LabelGiven("player", "stress", -0.5, 1.0),
        cmd.CalibrationStopped("player"),
        cmd.MarkerReceived("nobody", "boss", 1.0),
        cmd.ProfileUsed("player", Profile(subject="another")),
    ):
        with pytest.raises(BridgeError):
            hub.apply(refused, 1.5)
    hub.apply(rate, 2.0)
    assert observer.commands == [(freeze, 1.0), (rate, 2.0)]
    assert [m.kind for m in hub.poll(3.0)] == ["event", "affect", "detail"]
    assert hub.poll(3.01) == []
    assert observer.polls == [(3, 3.0)]


def test_change_of_a_sensor_sends_the_detail_of_its_subject_alone() -> None:
    hub = make_hub("ann", "ben")
    hub.poll(100.0)
    hub.apply(cmd.SensorChanged("ben", "body", "strap", ON), 100.03)
    assert [(m.kind, m.key) for m in hub.poll(100.04)] == [
        ("event", "ben"),
        ("affect", "ben"),
        ("detail", "ben"),
    ]


def test_latency_counts_from_the_newest_sample_of_the_subject_itself() -> None:
    hub = make_hub("ann", "ben")
    for subject, captured in (("ann", 99.9), ("ben", 99.5), ("ben", 99.2)):
        hub.apply(cmd.EstimateReceived(subject, "", captured, body(0.5)), 100.0)
    hub.poll(100.0)
    median = {name: recent.percentiles(100.0)["p50"] for name, recent in hub.latency.items()}
    assert median == {"ann": pytest.approx(100.0), "ben": pytest.approx(500.0)}


class DefectiveObserver:
    """Observer that raises in every call."""

    def applied(self, command: cmd.Command, now: float) -> None:
        raise ZeroDivisionError

    def polled(self, messages: Sequence[Outgoing], now: float) -> None:
        raise ZeroDivisionError


def test_defective_observer_is_logged_and_does_not_affect_the_others() -> None:
    defects, observer = DefectLog(), CollectingObserver()
    hub = Hub(7, make_hub().subjects, observers=(DefectiveObserver(), observer), defects=defects)
    hub.apply(cmd.RateChanged(2.0), 1.0)
    assert (defects.count, len(observer.commands)) == (1, 1)
    assert [m.kind for m in hub.poll(3.0)] == ["affect", "detail"]
    assert (defects.count, observer.polls) == (2, [(2, 3.0)])


def test_defect_in_a_frame_does_not_delay_that_of_another_subject(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    defects = DefectLog()
    hub = Hub(7, make_hub("ann", "ben").subjects, defects=defects)
    monkeypatch.setattr(hub.subjects["ann"].person, "snapshot", lambda *_: 1 / 0)
    assert {m.key for m in hub.poll(100.0)} == {"ben"}
    assert defects.count == 1


def test_state_commands_reproduce_a_hub() -> None:
    hub = make_hub()
    hub.apply(cmd.SensorChanged("player", "body", "strap", ON), 1.0)
    hub.apply(cmd.ModelChanged("player", "eeg", "absent", "no model", "install it"), 1.0)
    hub.apply(cmd.Freeze("player", "menu"), 1.0)
    hub.apply(cmd.RateChanged(20.0), 1.0)
    restored = make_hub()
    for command in hub.state():
        restored.apply(command, 2.0)
    assert restored.state() == hub.state()
    assert restored.detail("player", 3.0).sensors == hub.detail("player", 3.0).sensors
    assert restored.subjects["player"].pacer.rate_hz == 20.0
    assert restored.subjects["player"].frozen == "menu"


def test_message_is_encoded_once() -> None:
    (message, *_) = make_hub().poll(1.0)
    assert message.encoded is message.encoded
    assert message.encoded.startswith(message.topic)


def test_a_change_is_an_event_with_its_onset() -> None:
    made, messages = make_hub(), []
    for tick in range(480):
        now = 100.0 + tick / 8
        wobble = 0.01 * (tick % 3)  # no sensor repeats itself to the bit
        made.apply(estimated((-0.5 if tick < 320 else 0.7) + wobble, now), now)
        messages += made.poll(now)
    changes = [m.body for m in messages if isinstance(m, EventMessage) and m.body.kind == "change"]
    (change,) = [event for event in changes if event.name == "arousal"]
    data = change.data
    assert isinstance(data, ChangeData)
    assert data.direction == "up"
    assert data.before < data.after
    assert 139.0 < change.time < 145.0
    assert change.time < data.found < change.time + 8.0


def test_a_profile_brings_its_ranges() -> None:
    ranges = {"arousal": KnownRange(seconds=[60.0] * 10 + [0.0] * (BINS - 10))}
    levels = []
    for profile in (Profile(subject="player"), Profile(subject="player", ranges=ranges)):
        made = make_hub()
        made.apply(cmd.ProfileUsed("player", profile), 99.0)
        made.apply(estimated(0.0, 100.0), 100.0)
        levels.append(made.detail("player", 100.0).values["arousal_level"])
    assert levels[1] > levels[0] + 0.2
