"""Tests that the client's public names suffice to use a sidecar's sockets."""

from __future__ import annotations

import pytest
from tests.bridge.transport.servers import LISTENER, TOKEN, served, sockets, wait_for_subscribers

from sentio_bridge import client
from sentio_bridge.protocol.codec import encode_affect, encode_map
from sentio_bridge.protocol.frame import pack


def test_a_published_frame_is_received_and_decoded() -> None:
    mask, vector = pack({client.LAYOUT[0]: 0.25})
    frame = client.AffectFrame("ann", 3, 7, 12.0, 12.5, client.State.OK, mask, vector)
    with sockets() as server:
        with client.Subscription(server.state_endpoint, [b"affect/"], LISTENER) as subscription:
            wait_for_subscribers(server)
            server.publish(encode_affect(frame))
            message = subscription.receive(20.0)
    assert message is not None
    decoded = client.decode_affect(message)
    assert (decoded.subject, decoded.seq, decoded.state) == ("ann", 7, client.State.OK)
    assert decoded.get(client.LAYOUT[0]) == pytest.approx(0.25)
    assert decoded.get(client.LAYOUT[1]) is None


def test_an_event_is_split_and_decoded() -> None:
    message = encode_map("event", "ann", {"v": 1, "kind": "marker", "name": "boss"})
    kind, subject, body = client.split_message(message)
    assert (kind, subject) == ("event", "ann")
    assert client.decode_map(body)["name"] == "boss"


def test_a_request_is_replied_to() -> None:
    with sockets() as server, served(server):
        with client.Requester(server.control_endpoint, TOKEN, timeout=20.0) as requester:
            assert requester.try_call("status")["ok"] is True


def test_a_sidecar_that_does_not_run_is_an_error_with_a_fix() -> None:
    with client.Requester("tcp://127.0.0.1:1", TOKEN, timeout=0.2) as requester:
        with pytest.raises(client.BridgeError) as raised:
            requester.try_call("status")
    assert raised.value.fix


def test_a_damaged_message_is_an_error() -> None:
    with pytest.raises(client.WireError):
        client.decode_affect(b"affect/ann\0garbage")
