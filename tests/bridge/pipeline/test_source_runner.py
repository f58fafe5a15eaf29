"""Source runner: opens only with consent, and filters samples by sensor."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from sentio_bridge.core.commands import MarkerReceived, SensorChanged
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.core.outgoing import RawMessage
from sentio_bridge.pipeline.estimator_pipeline import PipelineInput
from sentio_bridge.pipeline.estimator_pool import EstimatorPool
from sentio_bridge.pipeline.messages import PipelineMessage
from sentio_bridge.pipeline.source_runner import SourceRunner
from sentio_models.runtime.guarded_estimator import Budget
from sentio_sensors import Channel, Chunk, MonotonicClock, Role, Source, StreamSpec

DEADLINE = 60.0
CLOCK = MonotonicClock()
EEG = StreamSpec("cap/eeg", Role.EEG, 0.0, (Channel("Cz"),))
PPG = StreamSpec("cap/ppg", Role.PPG, 0.0, (Channel("ppg"),))
MARKERS = StreamSpec("cap/markers", Role.MARKER, 0.0, (Channel("marker", ""),))


class Device:
    """Source that sends one sample of each stream per permit, and closes on request."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.permits = threading.Semaphore(0)
        self.may_close = threading.Event()
        self.may_close.set()

    def open(self) -> Sequence[StreamSpec]:
        self.events.append("open")
        return [EEG, PPG, MARKERS]

    def read(self, timeout: float) -> Sequence[Chunk]:
        if not self.permits.acquire(timeout=min(timeout, 0.01)):
            return []
        at = np.array([CLOCK.now()])
        return [
            Chunk(EEG.id, at, np.ones((1, 1), np.float32)),
            Chunk(PPG.id, at, np.ones((1, 1), np.float32)),
            Chunk(MARKERS.id, at, np.array([["boss"]], object)),
        ]

    def close(self) -> None:
        self.events.append("closing")
        assert self.may_close.wait(DEADLINE)
        self.events.append("closed")


class Rig:
    """Source runner with its consent and collected results."""

    def __init__(self, make: Callable[[], Source], raw: Sequence[str] = ()) -> None:
        self.consent = ConsentLedger()
        self.posted: queue.Queue[PipelineMessage] = queue.Queue()
        self.used: queue.Queue[PipelineInput] = queue.Queue()
        pool = EstimatorPool(
            "ann",
            (),
            clock=CLOCK,
            budget=Budget(),
            post=self.posted.put,
            observe=lambda subject, worker, item: self.used.put(item),
            raw=raw,
        )
        self.runner = SourceRunner(
            "cap",
            ("eeg", "body"),
            make,
            self.consent,
            pool,
            clock=CLOCK,
            post=self.posted.put,
        )

    def grant(self, sensor: str) -> None:
        self.consent.grant(sensor, ["adapt"], "test", 0.0)
        self.runner.update()

    def withdraw(self, sensor: str) -> None:
        self.consent.withdraw(sensor, "test", 0.0)
        self.runner.update()

    def chunk(self) -> Chunk:
        """Return the next chunk that was used."""
        while not isinstance(item := self.used.get(timeout=DEADLINE), Chunk):
            pass
        return item

    def until(self, sensor: str, state: str) -> None:
        """Wait until ``sensor`` is reported in ``state``."""
        while True:
            message = self.posted.get(timeout=DEADLINE)
            if isinstance(message, SensorChanged) and sensor == message.sensor:
                if message.status.state == state:
                    return

    def messages(self, kind: type) -> list[PipelineMessage]:
        matching = []
        while not self.posted.empty():
            message = self.posted.get()
            if isinstance(message, kind):
                matching.append(message)
        return matching


@pytest.fixture
def device() -> Device:
    return Device()


def test_only_samples_with_consent_are_used(device: Device) -> None:
    rig = Rig(lambda: device)
    rig.runner.update()
    assert device.events == []
    rig.grant("body")
    device.permits.release(2)
    assert [rig.chunk().stream, rig.chunk().stream] == [PPG.id, PPG.id]
    rig.grant("eeg")
    device.permits.release()
    assert [rig.chunk().stream, rig.chunk().stream] == [EEG.id, PPG.id]
    rig.runner.stop()
    assert [m.name for m in rig.messages(MarkerReceived)] == ["boss"] * 3


def test_raw_samples_are_published_if_a_pattern_matches(device: Device) -> None:
    rig = Rig(lambda: device, raw=["*/ppg"])
    rig.grant("body")
    rig.grant("eeg")
    device.permits.release()
    assert [rig.chunk().stream, rig.chunk().stream] == [EEG.id, PPG.id]
    rig.runner.stop()
    assert [(m.key, m.body.subject) for m in rig.messages(RawMessage)] == [(PPG.id, "ann")]


def test_each_sensor_reports_why_it_is_off(device: Device) -> None:
    rig = Rig(lambda: device)
    rig.grant("body")
    device.permits.release()
    rig.until("body", "on")
    rig.until("eeg", "off")
    rig.withdraw("body")
    rig.until("body", "withdrawn")
    rig.runner.stop()
    assert device.events == ["open", "closing", "closed"]


def test_a_source_reports_only_for_sensors_that_it_has_streams_for() -> None:
    class Game(Device):
        def open(self) -> Sequence[StreamSpec]:
            return [MARKERS]

        def read(self, timeout: float) -> Sequence[Chunk]:
            CLOCK.sleep(0.01)
            return [Chunk(MARKERS.id, np.array([CLOCK.now()]), np.array([["go"]], object))]

    rig = Rig(Game)
    rig.grant("eeg")
    rig.grant("body")
    rig.until("eeg", "off")  # a marker stream is not an amplifier
    rig.until("body", "off")
    rig.runner.stop()


def test_a_silent_stream_is_a_gap_of_its_own_sensor_alone() -> None:
    regular = StreamSpec("cap/eeg", Role.EEG, 50.0, (Channel("Cz"),))

    class Half(Device):
        def open(self) -> Sequence[StreamSpec]:
            return [regular, StreamSpec("cap/ppg", Role.PPG, 50.0, (Channel("ppg"),))]

        def read(self, timeout: float) -> Sequence[Chunk]:
            CLOCK.sleep(0.01)
            at = np.array([CLOCK.now()])
            return [Chunk(PPG.id, at, np.ones((1, 1), np.float32))]

    rig = Rig(Half)
    rig.grant("eeg")
    rig.grant("body")
    rig.until("eeg", "gap")
    rig.until("body", "on")
    rig.runner.stop()


def test_consent_changes_do_not_block_or_open_a_device_twice() -> None:
    devices: list[Device] = []

    def make() -> Device:
        device = Device()
        device.may_close.clear()
        devices.append(device)
        return device

    rig = Rig(make)
    rig.grant("body")
    rig.until("body", "opening")
    while not devices:
        CLOCK.sleep(0.001)
    devices[0].permits.release()
    rig.chunk()
    times = []
    for _ in range(4):
        for call in (rig.withdraw, rig.grant):
            before = CLOCK.now()
            call("body")
            times.append(CLOCK.now() - before)
    assert sorted(times)[4] < 0.01
    assert max(times) < 0.5  # on a busy machine; the driver has not closed yet
    assert len(devices) == 1
    assert rig.runner.status.state == "opening"
    devices[0].may_close.set()
    while len(devices) < 2:
        CLOCK.sleep(0.001)
    assert devices[0].events == ["open", "closing", "closed"]
    devices[1].may_close.set()
    rig.runner.stop()
    assert devices[1].events[-1] == "closed"
