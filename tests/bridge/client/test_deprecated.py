"""Tests of former names: they work for one version, with a warning."""

from __future__ import annotations

import pytest

from sentio_bridge.client import AffectFrame, Requester, decode_affect, split, split_message
from sentio_bridge.protocol.codec import encode_affect
from sentio_bridge.protocol.frame import State, pack


def frame() -> AffectFrame:
    mask, vector = pack({"valence": 0.5, "heart_rate": 64.0})
    return AffectFrame("p1", 1, 2, 9.5, 10.0, State.OK, mask, vector)


def test_known_is_known_values():
    with pytest.warns(DeprecationWarning, match="known_values"):
        assert frame().known() == frame().known_values() == {"valence": 0.5, "heart_rate": 64.0}


def test_split_is_split_message():
    message = encode_affect(frame())
    assert decode_affect(message).subject == "p1"
    with pytest.warns(DeprecationWarning, match="split_message"):
        assert split(message) == split_message(message)
    assert split_message(message)[:2] == ("affect", "p1")


@pytest.mark.parametrize("name", ["ask", "request"])
def test_former_names_are_try_call(name: str, monkeypatch: pytest.MonkeyPatch):
    with Requester("tcp://127.0.0.1:1", "token") as requester:
        monkeypatch.setattr(requester, "try_call", lambda op, **fields: {"op": op, **fields})
        with pytest.warns(DeprecationWarning, match="try_call"):
            assert getattr(requester, name)("freeze", by="test") == {"op": "freeze", "by": "test"}
