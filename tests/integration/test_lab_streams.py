"""Streams of laboratories through a sidecar: roles, units, clocks, columns."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from sentio_recording.recording import Recording
from sentio_recording.stamps import times_of

from .conftest import Sidecar

pylsl = pytest.importorskip("pylsl", exc_type=ImportError)

RUN = os.getpid()
Samples = Callable[[np.ndarray], np.ndarray]


@dataclass
class Sender:
    """One outlet: samples by their true time, stamped by a clock of its own."""

    name: str
    kind: str
    rate: float
    channels: list[tuple[str, str, str]]
    samples: Samples
    clock: Samples = field(default=lambda t: t)
    sent: int = 0

    def open(self) -> None:
        info = pylsl.StreamInfo(
            f"{self.name}-{RUN}", self.kind, len(self.channels), self.rate, "float32", self.name
        )
        node = info.desc().append_child("channels")
        for label, unit, kind in self.channels:
            channel = node.append_child("channel")
            for key, value in (("label", label), ("unit", unit), ("type", kind)):
                channel.append_child_value(key, value)
        self.outlet = pylsl.StreamOutlet(info)
        self.start = pylsl.local_clock()

    def push(self, now: float) -> None:
        due = int((now - self.start) * self.rate)
        if due <= self.sent:
            return
        times = (np.arange(self.sent, due) + 1) / self.rate
        rows = np.ascontiguousarray(self.samples(times), np.float32)
        stamps = self.clock(times) + self.start
        self.outlet.push_chunk(rows, [float(stamp) for stamp in stamps])
        self.sent = due


def tone(microvolts: float, columns: int = 2) -> Samples:
    return lambda t: np.repeat(microvolts * np.sin(2 * np.pi * 10 * t)[:, None], columns, 1)


def amplifier(t: np.ndarray) -> np.ndarray:
    return np.stack([20 * np.sin(2 * np.pi * 10 * t), 20 * np.sin(2 * np.pi * 10 * t),
                     80 * np.sin(np.pi * t), t * 0 + 7, t * 250, t * 0 + 87.0], 1)  # fmt: skip


def three_colours(t: np.ndarray) -> np.ndarray:
    phase = (t * 1.2) % 1
    pulse = np.exp(-((phase - 0.2) ** 2) / 0.0072) + 0.35 * np.exp(-((phase - 0.5) ** 2) / 0.0128)
    noise = np.random.default_rng(0).normal(0, 4, len(t))
    return np.stack([2000 + noise, 150_000 + 900 * pulse, 40_000 + 0 * t], 1)


def counter(rate: float) -> Samples:
    return lambda t: np.round(t * rate)[:, None]


EEG, EDA = "EEG", "EDA"
SENDERS = [
    Sender("nanovolts", EEG, 250, [("Fz", "nV", EEG), ("Cz", "nV", EEG)], tone(20_000)),
    Sender("greek", EEG, 250, [("Fz", "\u03bcV", EEG), ("Cz", "\u00b5V", EEG)], tone(20)),
    Sender("openvibe", "signal", 256, [(label, "unknown", "unknown") for label in ("TP9", "AF7")],
           tone(20)),
    Sender("amplifier", EEG, 250, [("Fz", "microvolts", EEG), ("Cz", "microvolts", EEG),
           ("HEOG", "microvolts", "EOG"), ("TRG", "", "Trigger"), ("CNT", "", "Counter"),
           ("Battery", "percent", "MISC")], amplifier),
    Sender("band", "Physio", 4, [("Temp", "kelvin", "TEMP"), ("EDA", "uS", EDA)],
           lambda t: np.stack([t * 0 + 306.15, t * 0 + 3.5], 1)),
    Sender("fahrenheit", "Physio", 4, [("SkinTemp", "fahrenheit", "Temperature")],
           lambda t: np.full((len(t), 1), 91.4)),
    Sender("kiloohms", "GSR", 10, [("GSR", "kOhm", "GSR")], lambda t: np.full((len(t), 1), 400.0)),
    Sender("muse", "PPG", 64, [(f"PPG{i}", "mmHg", "PPG") for i in (1, 2, 3)], three_colours),
    Sender("minus100", EDA, 32, [("EDA", "", EDA)], counter(32)),
    Sender("minus10", EDA, 32, [("EDA", "", EDA)], counter(32)),
    Sender("plus03", EDA, 32, [("EDA", "", EDA)], counter(32)),
    Sender("off100", EDA, 32, [("EDA", "", EDA)], counter(32), lambda t: t - 100.0),
]  # fmt: skip

CLOCKS = {"minus100": 100.0, "minus10": 10.0, "plus03": -0.3, "off100": 100.0}
"""Seconds that are added to the sender's stamps in the end."""


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, object]]]:
    """Record all senders in one sidecar; yield the folder, health and detail."""
    from .conftest import sidecars

    folder = tmp_path_factory.mktemp("lab")
    stop = threading.Event()
    for sender in SENDERS:
        sender.open()

    def send() -> None:
        while not stop.wait(0.02):
            for sender in SENDERS:
                sender.push(pylsl.local_clock())

    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    text = (
        f'[recording]\nfolder = "{folder}/recordings"\n'
        '[consent]\neeg = ["adapt", "record", "record_raw"]\n'
        'body = ["adapt", "record", "record_raw"]\n'
    ) + "".join(
        f'[[source]]\ntype = "lsl"\nname = "{s.name}"\nstream_name = "{s.name}-{RUN}"\n'
        for s in SENDERS
    )
    try:
        with sidecars(folder) as run:
            sidecar: Sidecar = run(text)

            def all_on(health: dict[str, dict[str, dict[str, object]]]) -> bool:
                return all(s["state"] == "on" for s in health["sources"].values())

            sidecar.until(b"health", all_on)
            for sender in SENDERS:  # the clocks step during the recording
                if sender.name in CLOCKS and sender.name != "off100":
                    begun = (pylsl.local_clock() - sender.start) + 4.0
                    seconds = -CLOCKS[sender.name]
                    sender.clock = lambda t, at=begun, by=seconds: t + np.where(t > at, by, 0.0)
            started = sidecar.request("record", action="start", raw=["eeg", "body"])
            assert started["ok"], started
            detail = sidecar.until(
                b"detail/",
                lambda d: "pulse_from:PPG2" in d["modalities"].get("body", {}).get("reasons", ()),
            )
            health = sidecar.until(
                b"health",
                lambda h: all(
                    any(code in s["reason"] for code in ("clock_offset", "clock_step"))
                    for name, s in h["sources"].items()
                    if name in CLOCKS
                ),
            )
            sidecar.until(b"detail/", lambda d: d["recording"]["seconds"] > 10)
            sidecar.request("record", action="stop")
        (path,) = (folder / "recordings").iterdir()
        yield path, {"detail": detail, "health": health}
    finally:
        stop.set()
        thread.join()


def test_channels_have_their_roles_and_units(recorded: tuple[Path, object]) -> None:
    expected = {
        "nanovolts/eeg": (["Fz", "Cz"], "uV", 20.0),
        "greek/eeg": (["Fz", "Cz"], "uV", 20.0),
        "openvibe/eeg": (["TP9", "AF7"], "uV", 20.0),
        "amplifier/eeg": (["Fz", "Cz"], "uV", 20.0),
        "amplifier/eog": (["HEOG"], "uV", 80.0),
        "band/temp": (["Temp"], "degC", 33.0),
        "band/eda": (["EDA"], "uS", 3.5),
        "fahrenheit/temp": (["SkinTemp"], "degC", 33.0),
        "kiloohms/eda": (["GSR"], "uS", 2.5),
    }
    with Recording(recorded[0]) as recording:
        names = {info.name: number for number, info in recording.streams.items()}
        for stream, (labels, unit, most) in expected.items():
            name, _, role = stream.partition("/")
            number = names[f"lsl:{name}-{RUN}/{role}"]
            channels = recording.streams[number].channels
            assert [channel.label for channel in channels] == labels, stream
            assert {channel.unit for channel in channels} == {unit}, stream
            values = recording.samples(number)[1]
            assert np.abs(values).max() == pytest.approx(most, rel=0.02), stream
        other = recording.streams[names[f"lsl:amplifier-{RUN}/other"]]
        assert [channel.label for channel in other.channels] == ["TRG", "CNT", "Battery"]


def test_the_column_with_the_pulse_is_named(recorded: tuple[Path, dict[str, object]]) -> None:
    detail = recorded[1]["detail"]
    assert "pulse_from:PPG2" in detail["modalities"]["body"]["reasons"]  # type: ignore[index]


@pytest.mark.parametrize("name", CLOCKS)
def test_a_foreign_or_stepping_clock_is_corrected_and_loses_nothing(
    recorded: tuple[Path, dict[str, object]], name: str
) -> None:
    (sender,) = (s for s in SENDERS if s.name == name)
    with Recording(recorded[0]) as recording:
        (number,) = (n for n, i in recording.streams.items() if i.name == f"lsl:{name}-{RUN}/eda")
        times, values = recording.samples(number)
        counts = values[:, 0].astype(int)
        assert np.array_equal(np.diff(counts), np.ones(len(counts) - 1))  # none lost
        true = sender.start + counts / sender.rate
        late = times_of(recording, number) > times[-1] - 2
        for found in (times, times_of(recording, number)):
            assert np.abs(found - true)[late].max() < 0.15
        stamps = recording.stamps(number)
        assert stamps is not None
        assert stamps.offsets[-1] == pytest.approx(CLOCKS[name], abs=0.15)
        expected = sender.clock(counts / sender.rate) + sender.start
        assert np.abs(stamps.stamps - expected).max() < 1e-6  # as they were sent
