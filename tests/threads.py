"""Fixture that finds threads which outlive their test."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

ENDS = 20.0
"""Seconds until the threads of a closed source have ended, also on a busy machine."""

ABANDONED = {"test_ended_server_disconnects_and_is_then_absent": {"microphone"}}
"""PortAudio waits forever for a sound server that has died: the source abandons the thread, which
keeps the stream."""

LIBRARIES = ("Dask-", "TCP-Executor")
"""Beginnings of the names of threads that a library keeps for its next use."""


@pytest.fixture(autouse=True)
def threads_end(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a thread.

    It would use what the next test replaces or frees.
    """
    expected = ABANDONED.get(request.node.name, set())
    before = set(threading.enumerate())
    yield
    end = time.monotonic() + ENDS
    started = [thread for thread in threading.enumerate() if thread not in before]
    left = [t for t in started if t.name not in expected and not t.name.startswith(LIBRARIES)]
    for thread in left:
        thread.join(max(0.0, end - time.monotonic()))
    assert [thread.name for thread in left if thread.is_alive()] == []
