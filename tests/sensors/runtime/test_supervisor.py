"""A supervised source degrades out loud and comes back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from sentio_sensors import (
    AbsentError,
    Channel,
    Chunk,
    DisconnectedError,
    EndOfSource,
    ManualClock,
    MonotonicClock,
    Role,
    StreamSpec,
)
from sentio_sensors.runtime.beat import LEAD
from sentio_sensors.runtime.supervisor import SourceStatus, Supervisor

SPEC = StreamSpec("s/eda", Role.EDA, 100.0, (Channel("eda", "uS"),))


class Scripted:
    """A source that does what a list says at each reading, then sends samples for ever."""

    def __init__(self, opens: list[Exception | None], reads: list[Exception | str]) -> None:
        self.opens = opens
        self.reads = reads
        self.clock = MonotonicClock()
        self.closed = 0

    def open(self) -> Sequence[StreamSpec]:
        step = self.opens.pop(0) if self.opens else None
        if step is not None:
            raise step
        return [SPEC]

    def read(self, timeout: float) -> Sequence[Chunk]:
        self.clock.sleep(0.005)
        step = self.reads.pop(0) if self.reads else "sample"
        if isinstance(step, Exception):
            raise step
        if step == "silence":
            return []
        return [Chunk("s/eda", np.array([self.clock.now()]), np.ones((1, 1), np.float32), lost=1)]

    def close(self) -> None:
        self.closed += 1


class Watch:
    """Collects what a supervisor tells, and waits for it."""

    def __init__(self) -> None:
        self.states: list[SourceStatus] = []
        self.chunks: list[Chunk] = []
        self.changed = threading.Condition()

    def state(self, _: str, status: SourceStatus) -> None:
        with self.changed:
            self.states.append(status)
            self.changed.notify_all()

    def chunk(self, chunk: Chunk) -> None:
        with self.changed:
            self.chunks.append(chunk)
            self.changed.notify_all()

    def until(self, condition: Callable[[], bool]) -> None:
        with self.changed:
            assert self.changed.wait_for(condition, 20.0), self.states

    def names(self) -> list[str]:
        return [status.state for status in self.states]


def run(source: Scripted, watch: Watch) -> Supervisor:
    made = Supervisor(
        "test",
        source,
        clock=source.clock,
        on_streams=lambda _, __: None,
        sink=watch.chunk,
        on_state=watch.state,
        jitter=lambda: 0.0,
    )
    made.start()
    return made


def test_it_opens_reads_and_closes() -> None:
    source, watch = Scripted([], []), Watch()
    supervisor = run(source, watch)
    watch.until(lambda: len(watch.chunks) >= 3)
    assert supervisor.status.state == "on"
    assert supervisor.status.lost >= 3
    supervisor.stop()
    assert source.closed == 1
    assert supervisor.status.state == "off"
    assert watch.names() == ["opening", "on", "off"]


def test_an_absent_device_says_what_to_do_and_is_tried_again() -> None:
    source, watch = Scripted([AbsentError("no camera", "plug it in")], []), Watch()
    supervisor = run(source, watch)
    watch.until(lambda: "on" in watch.names())
    supervisor.stop()
    absent = watch.states[watch.names().index("absent")]
    assert (absent.reasons, absent.fix) == (("no camera",), "plug it in")
    assert supervisor.status.reconnects == 1


@pytest.mark.parametrize(
    ("error", "state"), [(DisconnectedError("gone"), "gap"), (ZeroDivisionError("oh"), "error")]
)
def test_a_failing_device_is_reopened(error: Exception, state: str) -> None:
    source, watch = Scripted([], ["sample", error]), Watch()
    supervisor = run(source, watch)
    watch.until(lambda: watch.names().count("on") == 2)
    supervisor.stop()
    assert state in watch.names()
    assert source.closed == 2


def test_silence_is_a_gap_and_samples_end_it() -> None:
    source, watch = Scripted([], ["sample", *["silence"] * 150]), Watch()
    supervisor = run(source, watch)
    watch.until(lambda: watch.names() == ["opening", "on", "gap", "on"])
    supervisor.stop()
    assert watch.states[2].reasons == ("no_samples:s/eda",)


def test_a_finished_file_ends() -> None:
    source, watch = Scripted([], ["sample", EndOfSource()]), Watch()
    run(source, watch)
    watch.until(lambda: "ended" in watch.names())
    watch.until(lambda: source.closed == 1)


def test_a_listener_that_fails_does_not_end_the_source(caplog: pytest.LogCaptureFixture) -> None:
    source, watch = Scripted([], []), Watch()
    calls = []

    def fails(_: Chunk) -> None:
        calls.append(1)
        raise ValueError("a defect of the listener")

    supervisor = Supervisor(
        "test",
        source,
        clock=source.clock,
        on_streams=lambda _, __: None,
        sink=fails,
        on_state=watch.state,
        jitter=lambda: 0.0,
    )
    supervisor.start()
    watch.until(lambda: watch.names().count("error") >= 2 or len(calls) >= 2)
    supervisor.stop()
    assert "ValueError" in watch.states[watch.names().index("error")].reasons[0]


class Ticking:
    """Sends a chunk each 40 ms of a clock that only its reader's waiting moves."""

    def __init__(self, clock: ManualClock, chunks: int) -> None:
        self.clock = clock
        self.left = chunks
        self.due = clock.now() + 0.04

    def open(self) -> Sequence[StreamSpec]:
        return [StreamSpec("s/eda", Role.EDA, 25.0, (Channel("eda", "uS"),))]

    def read(self, timeout: float) -> Sequence[Chunk]:
        if self.clock.now() + timeout < self.due:
            self.clock.sleep(timeout)
            return []
        if not self.left:
            raise EndOfSource
        self.clock.advance_to(self.due)
        self.due += 0.04
        self.left -= 1
        return [Chunk("s/eda", np.array([self.clock.now()]), np.ones((1, 1), np.float32))]

    def close(self) -> None:
        pass


def test_it_rehearses_shortly_before_a_regular_source_sends() -> None:
    clock, watch = ManualClock(), Watch()
    rehearsals: list[float] = []
    supervisor = Supervisor(
        "ticking",
        Ticking(clock, 100),
        clock=clock,
        on_streams=lambda *_: None,
        sink=watch.chunk,
        on_state=watch.state,
        rehearse=lambda: rehearsals.append(clock.now()),
    )
    supervisor.start()
    watch.until(lambda: "ended" in watch.names())
    came = np.array([chunk.times[0] for chunk in watch.chunks])
    assert len(rehearsals) > 50
    following = came[np.searchsorted(came, rehearsals[:-1])]
    assert following - rehearsals[:-1] == pytest.approx(LEAD, abs=1e-6)
    assert len(set(following)) == len(following)
