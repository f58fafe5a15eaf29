"""Tests of the threads and native objects of an LSL source that is closed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sentio_sensors import DisconnectedError
from sentio_sensors.lsl.source import LslSettings, LslSource

pylsl = pytest.importorskip("pylsl", exc_type=ImportError)
from sentio_sensors.lsl import binding  # noqa: E402

from .conftest import CLOCK, read, spec, unique  # noqa: E402


def clock_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "lsl-clock"]


def test_late_clock_measurement_of_an_earlier_opening_is_ignored(
    opened: Callable[[LslSettings], LslSource], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = unique("clock")
    measuring, answer = threading.Semaphore(0), threading.Semaphore(0)
    inlets: list[binding.Inlet] = []

    def offset(inlet: binding.Inlet, timeout: float) -> float:
        inlets.append(inlet)
        if inlet is not inlets[0]:
            return 0.0
        measuring.release()
        assert answer.acquire(timeout=20.0)
        return 1000.0

    monkeypatch.setattr(binding.Inlet, "offset", offset)
    monkeypatch.setattr("sentio_sensors.lsl.source.OFFSET_PERIOD", 0.01)
    monkeypatch.setattr("sentio_sensors.lsl.source.CLOSE_S", 0.01)
    outlet = binding.Outlet(name, spec(name))
    source = opened(LslSettings(stream_name=name, dejitter=False))
    assert measuring.acquire(timeout=20.0)
    (late,) = clock_threads()
    source.close()
    assert late.is_alive()
    source.open()
    answer.release()
    late.join(20.0)
    assert not late.is_alive()
    now = CLOCK.now()
    outlet.push(np.array([now]), np.zeros((1, 2)))
    assert read(source, 1)[0].times == pytest.approx([now], abs=1e-6)
    monkeypatch.setattr("sentio_sensors.lsl.source.CLOSE_S", 20.0)


def test_closing_ends_the_clock_thread_and_destroys_the_inlet_once(
    opened: Callable[[LslSettings], LslSource], monkeypatch: pytest.MonkeyPatch
) -> None:
    from pylsl.inlet import lib

    created: list[int] = []
    destroyed: list[tuple[int, bool]] = []
    create, destroy = lib.lsl_create_inlet, lib.lsl_destroy_inlet

    def creates(*args: Any) -> Any:
        created.append(create(*args))
        return created[-1]

    def destroys(inlet: Any) -> None:
        destroyed.append((inlet.value, bool(clock_threads())))
        destroy(inlet)

    monkeypatch.setattr(lib, "lsl_create_inlet", creates)
    monkeypatch.setattr(lib, "lsl_destroy_inlet", destroys)
    monkeypatch.setattr("sentio_sensors.lsl.source.OFFSET_PERIOD", 0.0)
    name = unique("ends")
    outlet = binding.Outlet(name, spec(name))
    source = opened(LslSettings(stream_name=name))
    for _ in range(3):  # the first measurement takes 0.6 s: closing interrupts it
        assert len(clock_threads()) == 1
        source.close()
        assert clock_threads() == []
        assert destroyed == [(inlet, False) for inlet in created]
        with pytest.raises(DisconnectedError):
            source.read(0.01)
        source.open()
    del outlet
