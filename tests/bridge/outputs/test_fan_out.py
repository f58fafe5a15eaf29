"""Fan-out to several outputs, and the ZeroMQ output."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from sentio_bridge.core.outgoing import (
    DetailMessage,
    EventMessage,
    FrameMessage,
    HealthMessage,
    Outgoing,
)
from sentio_bridge.outputs import FanOut, ZeroMqOutput
from sentio_bridge.protocol.bodies import DetailBody, EventBody
from sentio_bridge.protocol.frame import AffectFrame, State, pack
from sentio_bridge.protocol.roles import Access, Grant, Role
from sentio_bridge.transport.client import Subscription
from sentio_bridge.transport.server import ServerSockets

ANY = "tcp://127.0.0.1:*"


def frame(subject: str, seq: int = 0) -> FrameMessage:
    return FrameMessage(AffectFrame(subject, 1, seq, None, 1.0, State.OK, *pack({"arousal": 0.5})))


def detail(subject: str) -> DetailMessage:
    body = DetailBody(1, 0, 1.0, "ok", "", {}, (), {}, {}, None, None, False, {})
    return DetailMessage(subject, body)


def event(name: str) -> EventMessage:
    return EventMessage("ann", EventBody(1, 0, 1.0, "marker", name, {}))


class Broken:
    """An output that always fails."""

    leaves_machine = False

    def publish(self, messages: Sequence[Outgoing]) -> None:
        raise OSError("publish failed")

    def close(self) -> None:
        raise OSError("close failed")


class Collected:
    def __init__(self, leaves_machine: bool = False) -> None:
        self.leaves_machine = leaves_machine
        self.sent: list[Outgoing] = []
        self.closed = False

    def publish(self, messages: Sequence[Outgoing]) -> None:
        self.sent.extend(messages)

    def close(self) -> None:
        self.closed = True


def test_failing_output_is_counted_and_does_not_affect_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    collected = Collected()
    outputs = FanOut([Broken(), collected])
    for number in range(5):
        outputs.publish([frame("ann", number)])
    outputs.publish([])
    outputs.close()
    assert len(collected.sent) == 5
    assert collected.closed
    assert outputs.failures == {"Broken": 6}
    # To publish and to close fail at two places: two defects, each logged once.
    assert len([r for r in caplog.records if r.exc_info]) == 2


def test_new_subscriber_receives_the_last_values_of_its_topics() -> None:
    access = Access({"a token": Grant(Role.LISTENER)})
    with ServerSockets(ANY, ANY, access) as sockets:
        output = ZeroMqOutput(sockets)
        output.publish([event("boss"), frame("ann"), frame("ben"), detail("ann"), detail("ben")])
        output.publish([frame("ben", 1)])
        topics = [message.split(b"\0")[0] for message in output.last(b"")]
        assert topics == [b"affect/ann", b"affect/ben", b"detail/ann", b"detail/ben"]
        assert output.last(b"affect/ben\0") == [frame("ben", 1).encoded]
        assert output.last(b"event/") == []
        with Subscription(sockets.state_endpoint, [b"affect/ben\0"], "a token") as late:
            while not output.subscriptions:
                sockets.wait(1.0)
                output.serve_subscribers()
            assert late.receive(10.0) == frame("ben", 1).encoded
        output.close()


def test_other_machines_receive_what_is_shared_and_nothing_by_default() -> None:
    health = HealthMessage.__new__(HealthMessage)
    health.key = ""
    messages = [detail("ann"), event("boss"), detail("ben"), health]
    here, there, unasked = Collected(), Collected(leaves_machine=True), Collected(True)
    FanOut([here, there], may_share=lambda subject: subject == "ann").publish(messages)
    FanOut([unasked]).publish(messages)
    FanOut([unasked]).publish(messages[:3])
    assert here.sent == messages
    assert there.sent == [messages[0], messages[1], health]
    assert unasked.sent == [health]
