"""Messages that would be longer than clients read are cut, and marked so."""

from __future__ import annotations

import pytest

from sentio_bridge.core.outgoing import EventMessage
from sentio_bridge.protocol import codec
from sentio_bridge.protocol.bodies import EventBody


@pytest.mark.parametrize("character", ["x", "\N{HOT BEVERAGE}", "\U0001f600", "\n"])
def test_a_long_marker_is_cut_on_the_wire_only(character: str) -> None:
    name = character * (1 << 20)
    message = EventMessage("ann", EventBody(1, 2, 3.0, "marker", name, {}))
    assert message.body.name == name
    assert len(message.encoded) < codec.MAX_REQUEST
    body = codec.decode_map(message.encoded.split(b"\0", 1)[1])
    assert body["name"] == name[: codec.MAX_TEXT]
    assert body["cut"] == 1 << 20


def test_a_short_marker_is_whole() -> None:
    message = EventMessage("ann", EventBody(1, 2, 3.0, "marker", "boss", {"n": 1}))
    body = codec.decode_map(message.encoded.split(b"\0", 1)[1])
    assert (body["name"], body["data"]) == ("boss", {"n": 1})
    assert "cut" not in body
