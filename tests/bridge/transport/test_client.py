"""Client's sockets against servers that refuse them."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import zmq

from sentio_bridge.transport import client


class Closing:
    """A server that closes each connection at once, and counts them."""

    def __init__(self, listener: socket.socket) -> None:
        self.port = listener.getsockname()[1]
        self.count = 0
        self._listener = listener

    def serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self._listener.accept()[0].close()
                self.count += 1

    def wait_for(self, more: int) -> None:
        """Wait for more connections; fail if the client has stopped connecting."""
        wanted, newest, since = self.count + more, self.count, time.monotonic()
        while self.count < wanted:
            if self.count > newest:
                newest, since = self.count, time.monotonic()
            assert time.monotonic() - since < 20.0, "the client connects no more"
            time.sleep(0.01)


@pytest.fixture
def closing() -> Iterator[Closing]:
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        server = Closing(listener)
        thread = threading.Thread(target=server.serve)
        thread.start()
        yield server
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_a_client_connects_however_often_it_was_refused(
    closing: Closing, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = zmq.Context.socket

    def quick(context: Any, kind: int, **options: Any) -> Any:
        made = opened(context, kind, **options)
        made.reconnect_ivl = 1
        made.rcvhwm = 1  # the monitor's other end keeps 1,000 more
        return made

    monkeypatch.setattr(zmq.Context, "socket", quick)
    monkeypatch.setattr(client, "_REFUSALS", zmq.EVENT_ALL)  # some five a connection
    monkeypatch.setattr(client, "TOKEN_CHECK", 0.05)
    with client.Subscription(f"tcp://127.0.0.1:{closing.port}") as subscription:
        for _ in range(4):
            assert subscription.receive(0.1) is None
            closing.wait_for(100)
        assert subscription.refused
