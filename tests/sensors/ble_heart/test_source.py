"""Tests of the heart-rate source with a scripted connection."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import numpy as np
import pytest

from sentio_sensors import (
    AbsentError,
    Chunk,
    DisconnectedError,
    FormatError,
    ManualClock,
    MonotonicClock,
    Role,
)
from sentio_sensors.ble_heart.source import WAITING, BleHeartSettings, BleHeartSource
from sentio_sensors.runtime.supervisor import Supervisor

RATE_72, RATE_80, NOT_WORN = bytes([0x06, 72]), bytes([0x06, 80]), bytes([0x04, 0])


class ScriptedStrap:
    """Strap that sends given values once the event loop runs, then may disconnect."""

    def __init__(
        self, *values: bytes, leaves: bool = False, error: Exception | None = None
    ) -> None:
        self.values = list(values)
        self.leaves = leaves
        self.error = error
        self.searches: list[tuple[str, float]] = []
        self.connected = 0

    @asynccontextmanager
    async def connect(
        self, wanted: str, seconds: float, on_value: Callable[[bytes], None],
        on_gone: Callable[[], None],
    ) -> AsyncIterator[str]:  # fmt: skip
        self.searches.append((wanted, seconds))
        if self.error is not None:
            raise self.error
        self.connected += 1
        loop = asyncio.get_running_loop()
        for value in self.values:
            loop.call_soon(on_value, value)
        if self.leaves:
            loop.call_soon(on_gone)
        try:
            yield "Strap 7"
        finally:
            self.connected -= 1


def opened(strap: ScriptedStrap, clock: ManualClock) -> BleHeartSource:
    source = BleHeartSource(BleHeartSettings(device="strap"), clock, strap.connect)
    spec, intervals = source.open()
    assert (intervals.id, intervals.role) == ("ble_heart:strap/rr", Role.RR)
    assert (intervals.channels[0].unit, intervals.rate_hz) == ("ms", 0)
    assert (spec.id, spec.role, spec.rate_hz) == (
        "ble_heart:strap/heart_rate",
        Role.HEART_RATE,
        0,
    )
    assert (spec.channels[0].unit, spec.device) == ("/min", "Strap 7")
    return source


def test_measurements_become_samples_stamped_on_arrival() -> None:
    strap, clock = ScriptedStrap(RATE_72, RATE_80), ManualClock(500.0)
    source = opened(strap, clock)
    assert strap.searches == [("strap", 5.0)]
    chunks = list(source.read(0.1))
    assert [chunk.values.tolist() for chunk in chunks] == [[[72.0]], [[80.0]]]
    assert [chunk.times.tolist() for chunk in chunks] == [[500.0], [500.0]]
    assert chunks[0].values.dtype == np.float32
    assert {(c.stream, c.quality, c.reasons) for c in chunks} == {
        ("ble_heart:strap/heart_rate", 1.0, ())
    }
    assert source.read(0.001) == []
    source.close()
    source.close()
    assert strap.connected == 0


def test_intervals_are_stamped_at_their_beats() -> None:
    flags = 0x16  # contact, and intervals
    two = bytes([flags, 72]) + (820).to_bytes(2, "little") + (840).to_bytes(2, "little")
    one = bytes([flags, 72]) + (860).to_bytes(2, "little")
    clock = ManualClock(500.0)
    source = opened(ScriptedStrap(two, one), clock)
    chunks = [chunk for chunk in source.read(0.1) if chunk.stream.endswith("/rr")]
    assert chunks[0].values[:, 0].tolist() == pytest.approx([820 / 1.024, 840 / 1.024])
    assert chunks[0].times.tolist() == pytest.approx([500 - 840 / 1024, 500.0])
    assert chunks[1].values[:, 0].tolist() == pytest.approx([860 / 1.024])
    assert chunks[1].times[0] > 500.0  # the clock stood still, the beats did not
    source.close()


def test_lost_skin_contact_lowers_quality() -> None:
    source = opened(ScriptedStrap(NOT_WORN), ManualClock())
    (chunk,) = source.read(0.1)
    assert (chunk.quality, chunk.reasons) == (0.0, ("not_worn",))
    source.close()


def test_unread_measurements_are_counted_as_lost() -> None:
    source = opened(ScriptedStrap(*[RATE_72] * (WAITING + 3)), ManualClock())
    chunks = source.read(0.1)
    assert len(chunks) == WAITING
    assert sum(chunk.lost for chunk in chunks) == 3
    source.close()


def test_last_samples_are_read_before_the_disconnection() -> None:
    source = opened(ScriptedStrap(RATE_72, leaves=True), ManualClock())
    assert len(source.read(0.1)) == 1
    with pytest.raises(DisconnectedError, match="Strap 7 is disconnected"):
        source.read(0.001)
    source.close()


def test_silent_strap_counts_as_disconnected() -> None:
    clock = ManualClock()
    source = opened(ScriptedStrap(), clock)
    clock.sleep(9.9)
    assert source.read(0.001) == []
    clock.sleep(0.2)
    with pytest.raises(DisconnectedError, match="nothing for 10 s"):
        source.read(0.001)
    source.close()


def test_invalid_measurement_is_refused() -> None:
    source = opened(ScriptedStrap(b"\x00"), ManualClock())
    with pytest.raises(FormatError, match="00 has 1 bytes"):
        source.read(0.1)
    source.close()


def test_read_needs_open_and_open_may_fail() -> None:
    strap = ScriptedStrap(error=AbsentError("no strap"))
    source = BleHeartSource(BleHeartSettings(), ManualClock(), strap.connect)
    with pytest.raises(DisconnectedError, match="not opened"):
        source.read(0.1)
    with pytest.raises(AbsentError, match="no strap"):
        source.open()
    strap.error = None
    ids = ["ble_heart:Strap 7/heart_rate", "ble_heart:Strap 7/rr"]
    assert [spec.id for spec in source.open()] == ids
    source.close()
    assert strap.connected == 0


def test_supervisor_reconnects_on_its_thread() -> None:
    strap = ScriptedStrap(RATE_72, leaves=True)
    clock = MonotonicClock()
    source = BleHeartSource(BleHeartSettings(), clock, strap.connect)
    chunks: list[Chunk] = []
    states: list[str] = []
    again = threading.Event()

    def sink(chunk: Chunk) -> None:
        chunks.append(chunk)
        if len(chunks) == 2:
            again.set()

    def on_state() -> None:
        states.append(supervisor.status.state)

    supervisor = Supervisor(
        "strap", lambda: source, clock=clock, on_streams=lambda _: None, sink=sink,
        on_state=on_state, longest_wait=0.01,
    )  # fmt: skip
    supervisor.open()
    assert again.wait(20)
    supervisor.stop(10)
    assert "gap" in states
    assert strap.connected == 0
    assert supervisor.status.reconnects >= 1
