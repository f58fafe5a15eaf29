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
    FormatError,
    MonotonicClock,
    Role,
    Stamps,
    StreamSpec,
)
from sentio_sensors.runtime.supervisor import SourceStatus, Supervisor

SPEC = StreamSpec("s/eda", Role.EDA, 100.0, (Channel("eda", "uS"),))


class Scripted:
    """Source that acts by a list at each reading, then sends samples."""

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
        value = np.nan if step == "bad" else 1.0
        values = np.full((1, 1), value, np.float32)
        return [Chunk("s/eda", np.array([self.clock.now()]), values, lost=1)]

    def close(self) -> None:
        self.closed += 1


class Watch:
    """Collector of a supervisor's reports, which can wait for one."""

    def __init__(self) -> None:
        self.states: list[SourceStatus] = []
        self.chunks: list[Chunk] = []
        self.changed = threading.Condition()

    def state(self, status: SourceStatus) -> None:
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
        lambda: source,
        clock=source.clock,
        on_streams=lambda _: None,
        sink=watch.chunk,
        on_state=lambda: watch.state(made.status),
        jitter=lambda: 0.0,
    )
    made.open()
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


def test_an_absent_device_has_a_fix_and_is_tried_again() -> None:
    source, watch = Scripted([AbsentError("no camera", "plug it in")], []), Watch()
    supervisor = run(source, watch)
    watch.until(lambda: "on" in watch.names())
    supervisor.stop()
    absent = watch.states[watch.names().index("absent")]
    assert (absent.reasons, absent.fix) == (("no camera",), "plug it in")
    assert supervisor.status.reconnects == 0


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
    supervisor = run(source, watch)
    watch.until(lambda: "ended" in watch.names())
    watch.until(lambda: source.closed == 1)
    supervisor.stop()


def test_a_listener_that_fails_does_not_end_the_source(caplog: pytest.LogCaptureFixture) -> None:
    source, watch = Scripted([], []), Watch()
    calls = []

    def fails(_: Chunk) -> None:
        calls.append(1)
        raise ValueError("a defect of the listener")

    supervisor = Supervisor(
        "test",
        lambda: source,
        clock=source.clock,
        on_streams=lambda _: None,
        sink=fails,
        on_state=lambda: watch.state(supervisor.status),
        jitter=lambda: 0.0,
    )
    supervisor.open()
    watch.until(lambda: watch.names().count("error") >= 2 or len(calls) >= 2)
    supervisor.stop()
    assert "ValueError" in watch.states[watch.names().index("error")].reasons[0]


class SlowToClose:
    """A device whose driver closes only when it is let, and that counts its owners."""

    def __init__(self, events: list[str], may_close: threading.Event) -> None:
        self.events = events
        self.may_close = may_close
        self.clock = MonotonicClock()

    def open(self) -> Sequence[StreamSpec]:
        self.events.append("open")
        return [SPEC]

    def read(self, timeout: float) -> Sequence[Chunk]:
        self.clock.sleep(0.005)
        return [Chunk("s/eda", np.array([self.clock.now()]), np.ones((1, 1), np.float32))]

    def close(self) -> None:
        self.events.append("closing")
        assert self.may_close.wait(20.0)
        self.events.append("closed")


def test_a_device_is_never_opened_before_its_last_owner_has_closed_it() -> None:
    events: list[str] = []
    may_close, watch, clock = threading.Event(), Watch(), MonotonicClock()
    supervisor = Supervisor(
        "slow",
        lambda: SlowToClose(events, may_close),
        clock=clock,
        on_streams=lambda _: None,
        sink=watch.chunk,
        on_state=lambda: watch.state(supervisor.status),
    )
    supervisor.open()
    watch.until(lambda: bool(watch.chunks))
    calls = []
    for _ in range(5):  # while the driver is busy, nothing that is asked for waits
        for call in (supervisor.close, supervisor.open):
            before = clock.now()
            call()
            calls.append(clock.now() - before)
        if "closing" not in events:
            watch.until(lambda: clock.sleep(0.001) or "closing" in events)
    assert supervisor.status.reasons == ("closing_first",)
    assert sorted(calls)[5] < 0.01
    assert max(calls) < 0.5  # of a busy machine; nothing let the driver close meanwhile
    assert events == ["open", "closing"]
    may_close.set()
    watch.until(lambda: supervisor.status.state == "on")
    supervisor.stop()
    assert events == ["open", "closing", "closed"] * 2


def test_an_ended_source_is_recreated_when_it_is_opened_again() -> None:
    watch, made = Watch(), list[Scripted]()

    def make() -> Scripted:
        made.append(Scripted([], ["sample", EndOfSource()]))
        return made[-1]

    supervisor = Supervisor(
        "file",
        make,
        clock=MonotonicClock(),
        on_streams=lambda _: None,
        sink=watch.chunk,
        on_state=lambda: watch.state(supervisor.status),
    )
    supervisor.open()
    watch.until(lambda: "ended" in watch.names())
    supervisor.close()
    assert supervisor.status.state == "off"
    supervisor.open()
    watch.until(lambda: watch.names().count("ended") == 2)
    supervisor.stop()
    assert [source.closed for source in made] == [1, 1]


def test_a_source_that_cannot_be_made_or_closed_is_tried_again() -> None:
    watch, tries = Watch(), [0]

    class Stuck(Scripted):
        def close(self) -> None:
            super().close()
            raise OSError("the driver is unwell")

    def make() -> Scripted:
        tries[0] += 1
        if tries[0] == 1:
            raise ValueError("no such setting")
        return Stuck([], ["sample", DisconnectedError("gone")])

    supervisor = Supervisor(
        "test",
        make,
        clock=MonotonicClock(),
        on_streams=lambda _: None,
        sink=watch.chunk,
        on_state=lambda: watch.state(supervisor.status),
        jitter=lambda: 0.0,
        longest_wait=0.01,
    )
    supervisor.open()
    watch.until(lambda: watch.names().count("on") == 2)
    supervisor.stop()
    assert watch.names()[:3] == ["opening", "error", "opening"]
    assert supervisor.status.reconnects == 1


def test_counts_are_sums_since_the_start() -> None:
    reads: list[Exception | str] = [
        "bad",
        "bad",
        "sample",
        DisconnectedError("gone"),
        "bad",
        "sample",
    ]
    source, watch = Scripted([], reads), Watch()
    supervisor = run(source, watch)
    watch.until(lambda: supervisor.status.reconnects == 1)
    assert supervisor.status.drops == 3
    supervisor.close()
    watch.until(lambda: watch.names()[-1] == "off")
    before = len(watch.chunks)
    source.reads = ["bad", "sample", "silence"]
    supervisor.open()
    assert supervisor.status.drops >= 3  # also while it opens
    watch.until(lambda: len(watch.chunks) > before)
    assert (supervisor.status.drops, supervisor.status.reconnects) == (4, 1)
    supervisor.stop()


def test_data_that_cannot_be_used_are_not_tried_three_times_a_second() -> None:
    refusal = FormatError("it states 1e9 samples a second", "correct its sender")
    source, watch = Scripted([refusal] * 50, []), Watch()
    supervisor = run(source, watch)
    watch.until(lambda: "error" in watch.names())
    MonotonicClock().sleep(1.0)
    status = supervisor.status
    assert (status.state, status.reasons, status.fix) == (
        "error", ("it states 1e9 samples a second",), "correct its sender",
    )  # fmt: skip
    assert status.reconnects == 0
    assert len(source.opens) >= 48
    supervisor.stop()
    assert watch.names().count("error") == 1


class Mixed(Scripted):
    """A device whose amplifier dies while its markers go on."""

    def __init__(self) -> None:
        super().__init__([], [])
        self.opened = 0
        self.began = self.clock.now()

    def open(self) -> Sequence[StreamSpec]:
        self.opened += 1
        return [SPEC, StreamSpec("s/markers", Role.MARKER, 0.0, (Channel("m"),))]

    def read(self, timeout: float) -> Sequence[Chunk]:
        self.clock.sleep(0.02)
        now = np.array([self.clock.now()])
        marker = Chunk("s/markers", now, np.array([["go"]], object))
        if self.opened > 1 or now[0] - self.began < 0.3:
            return [Chunk("s/eda", now, np.ones((1, 1), np.float32)), marker]
        return [marker]


def test_a_device_that_sends_nan_alone_has_one_reason_and_stays_open() -> None:
    """At 200 readings a second, ``bad`` lasts longer than a silent device stays open."""
    source, watch = Scripted([], ["sample", *["bad"] * 900]), Watch()
    supervisor = run(source, watch)
    watch.until(lambda: watch.names() == ["opening", "on", "gap", "on"])
    supervisor.stop()
    gap = watch.states[2]
    assert gap.reasons == ("no_samples:s/eda", "not_finite")
    assert "NaN" in gap.fix
    assert source.closed == 1


def test_a_device_that_falls_silent_after_nan_is_reopened() -> None:
    source, watch = Scripted([], ["bad", *["silence"] * 900]), Watch()
    supervisor = run(source, watch)
    watch.until(lambda: source.closed >= 1)
    supervisor.stop()
    assert watch.names()[:2] == ["opening", "gap"]


def test_markers_do_not_hide_a_dead_amplifier() -> None:
    source, watch = Mixed(), Watch()
    supervisor = run(source, watch)
    watch.until(lambda: "gap" in watch.names())
    silent = next(status for status in watch.states if status.state == "gap")
    assert silent.reasons == ("no_samples:s/eda",)
    assert silent.silent == ("s/eda",)
    watch.until(lambda: source.opened == 2 and watch.names()[-1] == "on")
    supervisor.stop()


def test_remarks_of_a_stream_are_reported_while_it_works() -> None:
    class Foreign(Scripted):
        def read(self, timeout: float) -> Sequence[Chunk]:
            (chunk,) = super().read(timeout)
            remarks = ("clock_offset:-70.000", "wrong_rate:250:242.5")
            stamps = Stamps(chunk.times + 70, -70.0, float(chunk.times[0]), remarks)
            return [Chunk(chunk.stream, chunk.times, chunk.values, stamps=stamps)]

    watch = Watch()
    supervisor = run(Foreign([], []), watch)
    watch.until(lambda: bool(watch.states) and bool(watch.states[-1].reasons))
    assert watch.states[-1].state == "on"
    assert watch.states[-1].reasons == ("clock_offset:-70.000", "wrong_rate:250:242.5")
    assert "LSL clock" in watch.states[-1].fix
    supervisor.stop()
