"""A disk that needs a second to sync delays no frames and only its own replies."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.stopwatch import Stopwatch
from sentio_bridge.core.outgoing import FrameMessage, Outgoing

from .in_process import Request, serving
from .test_two_people import Collected, state, until

CONFIGURATION = """
subjects = ["ann"]
profiles = "{folder}/profiles"
[recording]
folder = "{folder}/recordings"
[consent]
body = ["adapt", "record", "record_raw"]
eeg = ["adapt", "record", "record_raw"]
[[source]]
type = "simulate"
sensors = ["body", "eeg"]
roles = ["ppg", "eda", "eeg"]
"""

SYNC = 1.0
MEANWHILE = 5
"""Frames that are sent during each sync, however busy the machine is; under the lock none are."""

PATIENCE = 20.0
"""Seconds after a sync in which they may still come."""

LONGEST_GAP = 0.1
"""Seconds between two frames. With the disk under the hub's lock it was 5.6 s."""


class FrameTimes:
    """Output that notes when frames are sent, without waits for a processor."""

    leaves_machine = False

    def __init__(self) -> None:
        self.watch = Stopwatch()
        self.times: list[float] = []

    def publish(self, messages: Sequence[Outgoing]) -> None:
        if any(isinstance(message, FrameMessage) for message in messages):
            self.times.append(self.watch.elapsed())

    def close(self) -> None:
        pass

    def longest_gap(self) -> float:
        """Return the longest time between two frames, seconds."""
        return max(after - before for before, after in pairwise(self.times))


def frames_a_second(collected: Collected) -> int:
    """Return the frames of the last second."""
    sent = [m.body.sent for m in list(collected.sent) if m.kind == "affect"]
    return sum(at > sent[-1] - 1.0 for at in sent)


def timed_request(
    request: Request, op: str, **arguments: object
) -> tuple[float, dict[str, object]]:
    start = time.monotonic()
    reply = request(op, **arguments)
    return time.monotonic() - start, reply


def test_frames_continue_while_a_recording_starts_and_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync, frames, stalled = os.fsync, FrameTimes(), list[int]()

    def slow(number: int) -> None:
        """Take ``SYNC`` seconds, and longer on a busy machine, until frames were sent."""
        wanted, patience = len(frames.times) + MEANWHILE, 0.0 if stalled else PATIENCE
        time.sleep(SYNC)
        end = time.monotonic() + patience
        while len(frames.times) < wanted and time.monotonic() < end:
            time.sleep(0.02)
        if len(frames.times) < wanted:
            stalled.append(number)
        sync(number)

    collected = Collected()
    with serving(CONFIGURATION.format(folder=tmp_path), collected, frames) as request:
        until(lambda: state(collected, "ann") == "on" and frames_a_second(collected) > 10)
        monkeypatch.setattr(os, "fsync", slow)
        monkeypatch.setattr(os, "fdatasync", slow, raising=False)
        frames.times.clear()
        for action, active in (("start", True), ("stop", False)):
            seconds, reply = timed_request(request, "record", action=action, raw=["body"])
            assert reply["ok"], reply
            assert reply["recording"]["active"] is active  # type: ignore[index]
            assert seconds >= SYNC  # the reply is sent when the work is done
        longest = frames.longest_gap()
        monkeypatch.undo()
    assert stalled == []
    assert longest < LONGEST_GAP
