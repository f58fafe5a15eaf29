"""Inbox of a slow reader: newest states, every event."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_bridge.protocol.roles import Access, Grant, Role
from sentio_bridge.transport import inbox as inboxes
from sentio_bridge.transport.client import Subscription
from sentio_bridge.transport.inbox import Inbox
from sentio_bridge.transport.server import ServerSockets

TOPICS = st.sampled_from([b"affect/a", b"affect/b", b"detail/a", b"health", b"event/a", b"raw/x"])


def taken(inbox: Inbox) -> list[bytes]:
    found = []
    while (message := inbox.take()) is not None:
        found.append(message)
    return found


@given(st.lists(st.tuples(TOPICS, st.binary(max_size=4))))
def test_newest_state_of_each_topic_and_every_event_in_order(
    sent: list[tuple[bytes, bytes]],
) -> None:
    inbox = Inbox()
    messages = [topic + b"\0" + body for topic, body in sent]
    for message in messages:
        inbox.put(message)
    found = taken(inbox)
    is_event = (b"event/", b"raw/")
    assert [m for m in found if m.startswith(is_event)] == [
        m for m in messages if m.startswith(is_event)
    ]
    newest = {m.partition(b"\0")[0]: m for m in messages if not m.startswith(is_event)}
    states = [m for m in found if not m.startswith(is_event)]
    assert sorted(states) == sorted(newest.values())
    assert len(found) + inbox.replaced == len(messages)


def test_oldest_events_are_dropped_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inboxes, "MAX_KEPT", 3)
    inbox = Inbox()
    inbox.put(b"affect/a\0state")
    for number in range(5):
        inbox.put(b"event/a\0%d" % number)
    assert taken(inbox) == [b"affect/a\0state", b"event/a\x002", b"event/a\x003", b"event/a\x004"]
    assert inbox.dropped == 2
    assert len(inbox) == 0


@pytest.mark.parametrize("backlog", [False, True])
def test_slow_reader_receives_the_newest_frame_unless_it_wants_all(backlog: bool) -> None:
    access = Access({"token": Grant(Role.OPERATOR)})
    with (
        ServerSockets("tcp://127.0.0.1:*", "tcp://127.0.0.1:*", access) as server,
        Subscription(
            server.state_endpoint, [b"affect/", b"event/"], "token", backlog=backlog
        ) as reader,
    ):
        end = time.monotonic() + 20.0
        subscribed = 0
        while subscribed < 2 and time.monotonic() < end:
            server.wait(0.1)
            subscribed += len(list(server.new_subscriptions()))
        first, sent = b"affect/a\0first", [b"affect/a\0%d" % n for n in range(100)]
        server.publish(first)
        assert reader.receive(20.0) == first
        server.publish(*sent, b"event/a\0one", *sent, b"event/a\0two")
        server.wait(0.1)
        received: list[bytes] = []
        while received.count(b"event/a\0two") == 0 and time.monotonic() < end:
            server.wait(0.05)
            time.sleep(0.1)  # the reader is slow
            while (message := reader.receive(0.0)) is not None:
                received.append(message)
        frames = [m for m in received if m.startswith(b"affect/")]
        events = [m for m in received if m.startswith(b"event/")]
    assert events == [b"event/a\0one", b"event/a\0two"]
    assert frames[-1] == b"affect/a\x0099"
    assert (frames == [*sent, *sent]) is backlog
    if not backlog:
        assert len(frames) < 10
