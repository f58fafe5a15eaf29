"""Replies wait for the recorder, in order, and not for ever."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sentio_bridge.server.held_replies import LONGEST, HeldReplies


class Recorder:
    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []
        self.woken = 0

    def write(self) -> None:
        waiting, self.waiting = self.waiting, []
        for callback in waiting:
            callback()

    def wake(self) -> None:
        self.woken += 1


REQUEST: Any = object()


def test_replies_wait_until_what_they_acknowledge_is_written() -> None:
    recorder = Recorder()
    held = HeldReplies(recorder.waiting.append, recorder.wake)
    assert held.take(0.0) == []
    held.add(REQUEST, b"1")
    held.add(REQUEST, b"2")
    assert recorder.waiting == []  # the events of these requests are not recorded yet
    assert held.take(0.0) == []
    recorder.write()
    assert recorder.woken == 1
    assert held.take(0.1) == [(REQUEST, b"1"), (REQUEST, b"2")]
    assert held.take(0.2) == []


def test_without_a_recording_nothing_waits() -> None:
    held = HeldReplies(lambda callback: callback(), lambda: None)
    held.add(REQUEST, b"1")
    assert held.take(0.0) == [(REQUEST, b"1")]


def test_a_disk_that_does_not_write_delays_replies_only_so_long() -> None:
    recorder = Recorder()
    held = HeldReplies(recorder.waiting.append, recorder.wake)
    held.add(REQUEST, b"1")
    assert held.take(0.0) == []
    held.add(REQUEST, b"2")
    assert held.take(0.5) == []
    recorder.waiting[1]()  # out of order: the first keeps its place
    assert held.take(0.6) == []
    assert held.take(LONGEST) == [(REQUEST, b"1"), (REQUEST, b"2")]
    recorder.waiting[0]()
    assert held.take(9.0) == []
