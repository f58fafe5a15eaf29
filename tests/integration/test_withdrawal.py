"""Tests of withdrawal at random moments: nothing is captured later."""

from __future__ import annotations

import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sentio_bridge.client import Requester, Subscription, decode_map
from sentio_bridge.client import split_message as split_message
from sentio_bridge.protocol.vocabulary import MODALITY_OF, sensor_of
from sentio_recording.recorded import sensor_spec
from sentio_recording.recording import Recording
from sentio_sensors import Role

from .conftest import DEADLINE, Sidecar

Run = Callable[..., Sidecar]

CONFIG = """
[sidecar]
raw = ["*"]
[recording]
folder = "{folder}"
start = true
[consent]
camera = ["adapt", "record", "record_raw"]
microphone = ["adapt", "record", "record_raw"]
eeg = ["adapt", "record", "record_raw"]
body = ["adapt", "record", "record_raw"]
headset = ["adapt", "record", "record_raw"]
text = ["adapt", "record"]
[[source]]
type = "simulate"
roles = ["face", "audio", "eeg", "ppg", "eda", "resp", "temp", "accel"]
"""

SENSORS = ("camera", "microphone", "eeg", "body", "headset", "text")
ALL = ["adapt", "record", "record_raw"]
HELD = 0.4
"""Seconds without consent."""


class Campaign:
    """Withdrawals of one sensor after the other, with the time of each."""

    def __init__(self, sidecar: Sidecar, seed: int) -> None:
        self._sidecar = sidecar
        self._random = random.Random(seed)
        self.windows: dict[str, list[tuple[float, float]]] = defaultdict(list)
        self.published: dict[str, list[float]] = defaultdict(list)
        self._stop = threading.Event()

    def run(self, count: int) -> None:
        """Withdraw ``count`` times: one thread a sensor, others listen and send inputs."""
        each = -(-count // len(SENSORS))
        workers = [threading.Thread(target=self._withdraw, args=(s, each)) for s in SENSORS]
        others = [threading.Thread(target=f) for f in (self._listen, self._send)]
        for thread in [*workers, *others]:
            thread.start()
        for thread in workers:
            thread.join()
        self._stop.set()
        for thread in others:
            thread.join()

    def _requester(self) -> Requester:
        return Requester(self._sidecar.control, timeout=DEADLINE)

    def _withdraw(self, sensor: str, count: int) -> None:
        # On this machine the sidecar's clock is the monotonic clock.
        with self._requester() as requester:
            for _ in range(count):
                time.sleep(self._random.uniform(0.1, 0.6))
                requester.call("consent", action="withdraw", sensor=sensor)
                replied = time.monotonic()
                time.sleep(HELD)
                before_grant = time.monotonic()
                requester.call("consent", action="grant", sensor=sensor, purposes=ALL)
                self.windows[sensor].append((replied, before_grant))

    def _listen(self) -> None:
        with Subscription(self._sidecar.state, [b"raw/"]) as subscription:
            while not self._stop.is_set():
                message = subscription.receive(0.2)
                if message is not None:
                    body = decode_map(split_message(message)[2])
                    sensor = sensor_of(Role(body["role"]))
                    if body["stream"].endswith("hmd"):
                        sensor = "headset"
                    self.published[sensor].extend(np.frombuffer(body["t"], "<f8").tolist())

    def _send(self) -> None:
        """Send what an engine sends: a headset's weights and lines of chat."""
        with self._requester() as requester:
            names = ["jawOpen", "mouthSmileLeft"]
            for number in range(1_000_000):
                if self._stop.is_set():
                    return
                requester.try_call(
                    "input", stream="hmd", role="face", channels=names, values=[0.1, 0.2],
                    rate_hz=30.0,
                )  # fmt: skip
                if number % 5 == 0:
                    requester.try_call("text", line=f"this is fun {number}")
                self._stop.wait(0.02)


def late(times: list[float], windows: list[tuple[float, float]]) -> list[float]:
    """Return how long after each reply the last sample was captured, seconds."""
    stamps = np.sort(np.array(times))
    found = []
    for begin, end in windows:
        inside = stamps[(stamps > begin) & (stamps < end)]
        found.append(float(inside[-1] - begin) if len(inside) else 0.0)
    return found


def recorded(folder: Path) -> dict[str, list[float]]:
    """Return the stamps of everything that a recording has of each sensor."""
    stamps: dict[str, list[float]] = defaultdict(list)
    with Recording(folder) as recording:
        assert recording.damages == []
        for number, info in recording.streams.items():
            spec = sensor_spec(info)
            if spec is not None and spec.role is not Role.MARKER:
                sensor = spec.meta.get("sensor") or sensor_of(spec.role)
                stamps[sensor].extend(recording.samples(number)[0].tolist())
        modalities = {modality: sensor for sensor, modality in MODALITY_OF.items()}
        for when, text in recording.texts("sentio/estimates"):
            for modality, sensor in modalities.items():
                if f'"{modality}"' in text:
                    stamps[sensor].append(when)
    return stamps


def check(run: Run, folder: Path, count: int, seed: int) -> int:
    """Withdraw; fail if a sample was captured after a reply. Return the withdrawals."""
    sidecar = run(CONFIG.format(folder=folder.as_posix()))
    sidecar.until(
        b"detail/",
        lambda d: all(d["sensors"].get(s, {}).get("state") == "on" for s in SENSORS[:4]),
    )
    campaign = Campaign(sidecar, seed)
    campaign.run(count)
    sidecar.request("record", action="stop")
    sidecar.end()
    (path,) = folder.iterdir()
    kept = recorded(path)
    latest = 0.0
    for sensor in SENSORS:
        windows = campaign.windows[sensor]
        if sensor != "text":  # a line is an estimate of the time at which it was read
            assert kept[sensor], f"nothing of {sensor} was recorded"
        for times in (kept[sensor], campaign.published[sensor]):
            latest = max(latest, *late(times, windows))
    assert latest == 0.0, f"a sample was captured {latest:.3f} s after the reply"
    return sum(map(len, campaign.windows.values()))


def test_nothing_is_captured_after_25_withdrawals(run: Run, tmp_path: Path) -> None:
    assert check(run, tmp_path / "recordings", 25, seed=1) >= 25


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "count",
    [pytest.param(300, marks=pytest.mark.slow), pytest.param(1000, marks=pytest.mark.figure)],
)
def test_nothing_is_captured_after_many_withdrawals(run: Run, tmp_path: Path, count: int) -> None:
    assert check(run, tmp_path / "recordings", count, seed=2) >= count
