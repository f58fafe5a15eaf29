"""A running sidecar reports a lost LSL stream, and uses it again when it returns."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

import numpy as np
import pytest

from sentio_sensors import Channel, MonotonicClock, Role, StreamSpec

from .conftest import Sidecar

pytest.importorskip("pylsl", exc_type=ImportError)
from sentio_sensors.lsl.binding import Outlet  # noqa: E402


class Sender:
    """Sender of two EEG channels at 100 Hz; stopping it also removes the stream."""

    def __init__(self, name: str, source_id: str) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(name, source_id))
        self._thread.start()

    def _run(self, name: str, source_id: str) -> None:
        clock, rng = MonotonicClock(), np.random.default_rng(0)
        channels = (Channel("Fz", "uV"), Channel("Cz", "uV"))
        outlet = Outlet(name, StreamSpec(source_id, Role.EEG, 100.0, channels))
        while not self._stop.wait(0.05):
            now = clock.now()
            times = now - np.arange(4, -1, -1) / 100
            outlet.push(times, rng.normal(0, 20, (5, 2)))

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()


@pytest.mark.parametrize("source_id", ["cap-7", ""])
def test_lost_stream_is_reported_and_used_again(
    run: Callable[..., Sidecar], source_id: str
) -> None:
    name = f"return-{os.getpid()}"
    sidecar = run(
        f'[consent]\neeg = ["adapt"]\n[[source]]\ntype = "lsl"\nsensors = ["eeg"]\n'
        f'stream_name = "{name}"\n'
    )

    def eeg(state: str) -> Callable[[dict[str, object]], bool]:
        return lambda d: d["sensors"].get("eeg", {}).get("state") == state  # type: ignore[attr-defined]

    sender = Sender(name, source_id)
    try:
        sidecar.until(b"detail/", eeg("on"))
    finally:
        sender.stop()
    sidecar.until(b"detail/", lambda d: not eeg("on")(d))
    sender = Sender(name, source_id)
    try:
        sidecar.until(b"detail/", eeg("on"))
    finally:
        sender.stop()
