"""Test of malformed messages: a running sidecar neither ends nor leaks."""

from __future__ import annotations

import random

import pytest

from benchmarks.hostile import endpoints, malformed
from sentio_bridge.transport import zmtp

pytest.importorskip("nacl")


def test_malformed_messages_leak_nothing() -> None:
    """20,000 messages; a million to each endpoint are in docs/benchmarks.md."""
    for name, measured in endpoints.run(messages=20_000 // 3).items():
        assert measured["met"], (name, measured)
        assert measured["messages"] == 20_000 // 3


def test_each_closing_message_is_a_fault() -> None:
    rng = random.Random(1)
    seen = set()
    for _ in range(300):
        connection = zmtp.ServerConnection("ROUTER", 65_536, lambda _: True)
        opening = malformed.handshake("DEALER", "a token")
        assert not [parts for parts in connection.feed(opening) if parts]
        assert connection.is_open
        with pytest.raises(zmtp.ZmtpError) as caught:
            list(connection.feed(malformed.closing(rng)))
        seen.add(caught.value.code)
    assert seen == {"malformed", "oversized", "refused"}
