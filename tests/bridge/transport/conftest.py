"""A running server for the tests of the transport."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.bridge.transport.servers import sockets

from sentio_bridge.transport.server import ServerSockets


@pytest.fixture
def server() -> Iterator[ServerSockets]:
    with sockets() as made:
        yield made
