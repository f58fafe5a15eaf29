"""Tests of requests that need only the hub: replies and changes."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from sentio_bridge import LAYOUT
from sentio_bridge.affect.subject_model import SubjectModel
from sentio_bridge.control.dispatcher import Dispatcher
from sentio_bridge.control.session_handlers import SessionHandlers
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.core.frame_pacer import FramePacer
from sentio_bridge.core.hub import Hub
from sentio_bridge.core.outgoing import EventMessage
from sentio_bridge.core.subject_state import SubjectState
from sentio_bridge.protocol import codec
from sentio_bridge.protocol.roles import Client, Grant, Role
from sentio_bridge.server.health import Health

NOW = 1000.0


class Session:
    """A hub with its handlers, asked through the dispatcher."""

    def __init__(self, *subjects: str) -> None:
        states = {
            s: SubjectState(SubjectModel(s), ConsentLedger(), FramePacer(30.0)) for s in subjects
        }
        self.hub = Hub(7, states)
        health = Health(self.hub, [], [], 0.0).body
        self.ended: list[bool] = []
        handlers = SessionHandlers(
            self.hub,
            health=health,
            state_endpoint="tcp://here:1",
            end=lambda: self.ended.append(True),
        )
        self._control = Dispatcher(handlers.handlers())

    def ask(self, op: str, **arguments: Any) -> dict[str, Any]:
        replies: list[bytes] = []
        body = msgspec.msgpack.encode({"id": 1, "op": op, **arguments})
        self._control.handle(body, Client("c", Grant(Role.OPERATOR)), NOW, replies.append)
        (reply,) = replies
        return codec.decode_map(reply)

    def events(self) -> list[Any]:
        return [m.body for m in self.hub.poll(NOW) if isinstance(m, EventMessage)]


@pytest.fixture
def ana() -> Session:
    return Session("ana")


def test_hello_and_time(ana: Session) -> None:
    reply = ana.ask("hello", client="test")
    assert (reply["epoch"], reply["subjects"], reply["rate_hz"]) == (7, ["ana"], 30.0)
    assert reply["layout"] == list(LAYOUT)
    assert "synthesise" in reply["capabilities"]
    assert ana.ask("time")["time"] == NOW


def test_status_has_health_and_detail(ana: Session) -> None:
    reply = ana.ask("status")
    assert reply["health"]["epoch"] == 7
    assert reply["health"]["defects"] == 0
    assert reply["detail"]["sensors"] == {}


def test_shutdown_replies_and_ends_once(ana: Session) -> None:
    assert ana.ask("shutdown", reason="x" * 257)["error"]["code"] == "bad_argument"
    assert ana.ended == []
    assert ana.ask("shutdown", reason="the game ends") == {"v": 1, "id": 1, "ok": True}
    assert ana.ended == [True]


def test_freeze_rate_and_override(ana: Session) -> None:
    state = ana.hub.subjects["ana"]
    assert ana.ask("freeze", reason="menu")["frozen"] is True
    assert state.frozen == "menu"
    assert ana.ask("unfreeze")["frozen"] is False
    assert state.frozen is None
    assert ana.ask("rate", hz=12)["rate_hz"] == 12
    assert state.pacer.rate_hz == 12
    assert ana.ask("override", values={"stress": 0.25})["overrides"] == {"stress": 0.25}
    assert ana.ask("override", values={"stres": 0.25})["error"]["code"] == "bad_argument"
    assert "names no entry" in ana.ask("override", values={})["error"]["message"]
    assert not ana.ask("override", values={"stress": float("nan")})["ok"]
    for name, value in (("stress", -0.1), ("valence", 9.0), ("p_anger", 1.5)):
        error = ana.ask("override", values={name: value})["error"]
        assert (error["code"], f"{name} is {value:g}" in error["message"]) == ("bad_argument", True)
    assert ana.ask("override", values={"valence": -1.0, "heart_rate": 140.0})["ok"]


def test_freezes_and_overrides_name_their_author(ana: Session) -> None:
    ana.ask("freeze", reason="dizzy", by="therapist")
    ana.ask("unfreeze", by="player")
    ana.ask("override", values={"stress": 0.5}, seconds=60, by="therapist")
    ana.ask("override", values={"stress": None})
    frozen, unfrozen, held, released = (event.data for event in ana.events())
    assert (frozen.reason, frozen.by, unfrozen.by) == ("dizzy", "therapist", "player")
    assert (held.by, held.seconds) == ("therapist", 60)
    assert (released.by, released.seconds) == ("", None)


def test_a_marker_and_an_adaptation_return_as_events(ana: Session) -> None:
    assert ana.ask("marker", name="boss", time=NOW - 1.0, data={"level": 3})["time"] == NOW - 1.0
    assert ana.ask("adaptation", what="music", value=0.4, why="tense")["ok"]
    marker, adaptation = ana.events()
    assert (marker.kind, marker.name, marker.time) == ("marker", "boss", NOW - 1.0)
    assert (adaptation.kind, adaptation.name, adaptation.time) == ("adaptation", "music", NOW)
    assert (adaptation.data.value, adaptation.data.why) == (0.4, "tense")
    report = {"value": 0.5, "asked": 0.9, "why": "slew", "by": "therapist", "seconds": 2.5}
    assert ana.ask("adaptation", what="height", **report)["ok"]
    assert ana.ask("adaptation", what="height", value=1, seconds=-1)["ok"] is False
    limited = ana.events()[-1].data
    assert {name: getattr(limited, name) for name in report} == report
    assert ana.ask("marker", name="late", time=NOW - 11.0)["error"]["code"] == "bad_argument"


def test_a_self_report_changes_the_state_and_a_label_does_not(ana: Session) -> None:
    assert ana.ask("label", name="arousal", value=0.9)["labels"] == 1
    assert "self" not in ana.hub.subjects["ana"].peek(NOW).modalities
    assert ana.ask("self_report", name="arousal", value=0.9)["ok"]
    assert ana.hub.subjects["ana"].peek(NOW).values["arousal"] > 0.5
    assert ana.ask("self_report", name="heart_rate", value=0.5)["ok"] is False


def test_labels_are_counted_and_their_ranges_checked(ana: Session) -> None:
    assert ana.ask("label", name="arousal", value=0.5)["ok"]
    assert ana.ask("label", name="heart_rate", value=0.5)["ok"] is False
    assert ana.ask("label", name="stress", value=-0.5)["ok"] is False


def test_a_response_is_made_of_an_emotion_or_of_the_axes(ana: Session) -> None:
    happy = ana.ask("synthesise", emotion="happiness", intensity=0.5)["response"]
    calm = ana.ask("synthesise", valence=0.5, arousal=-0.5)["response"]
    assert happy
    assert calm != happy
    assert ana.ask("synthesise", emotion="hunger")["ok"] is False


def test_with_two_people_a_request_names_its_subject() -> None:
    both = Session("ana", "ben")
    assert both.ask("freeze")["error"]["code"] == "unknown_subject"
    assert both.ask("freeze", subject="ben")["ok"]
    assert both.hub.subjects["ana"].frozen is None
    assert both.ask("marker", name="x", subject="eve")["error"]["code"] == "unknown_subject"
