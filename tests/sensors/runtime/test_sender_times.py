"""A sender's unit, epoch, chunks and rate do not change the times of its samples."""

from __future__ import annotations

import numpy as np
import pytest

from sentio_recording.stamps import straightened
from sentio_sensors import Channel, Chunk, Role, StreamSpec
from sentio_sensors.runtime.chunk_validator import ChunkValidator
from sentio_sensors.runtime.sender_clock import SenderClock
from sentio_sensors.runtime.sender_times import SenderTimes

WALL, START, DELAY = 1_790_000_000.0, 5000.0, 0.004
UNIX = WALL - START
SENDERS = {
    "the LSL clock": (1.0, 0.0, ""),
    "seconds": (1.0, UNIX, ""),
    "milliseconds": (1e-3, UNIX, "ms"),
    "milliseconds of a start": (1e-3, 10 - START, "ms"),
    "microseconds of a start": (1e-6, 10 - START, "us"),
    "Windows": (1e-7, UNIX + 11_644_473_600, "100ns"),
    "nanoseconds": (1e-9, UNIX, "ns"),
    "spreadsheet": (86400.0, UNIX + 25_569 * 86400, "days"),
    "MATLAB": (86400.0, UNIX + 719_529 * 86400, "days"),
    "days of a start": (86400.0, 0.0, "days"),
}


@pytest.mark.parametrize("sender", SENDERS)
@pytest.mark.parametrize("each", [True, False], ids=["each", "one"])
@pytest.mark.parametrize(("rate", "chunk", "parts"), [(64, 8, 1), (64, 500, 4), (250, 50, 3)])
def test_times_are_right_in_any_unit(
    sender: str, each: bool, rate: float, chunk: int, parts: int
) -> None:
    """LSL deduces stamps in seconds, whatever the sender's unit."""
    unit, origin, name = SENDERS[sender]
    for off in (0.0, -0.02):
        real, count = rate * (1 + off), 24 * chunk
        true = START + np.arange(1, count + 1) / real
        stamps = (true + origin) / unit
        if not each:
            first = stamps[chunk - 1 :: chunk] - (chunk - 1) / rate
            runs = np.add.accumulate(np.c_[first, np.full((24, chunk - 1), 1 / rate)], axis=1)
            stamps = runs.ravel()
        times = SenderTimes(rate, 0.0, SenderClock("device", rate, WALL), dejitter=True)
        spec = StreamSpec("x/ppg", Role.PPG, rate, (Channel("p"),))
        validator, live, sent, offsets, arrivals = ChunkValidator(spec), [], [], [], []
        for index, push in enumerate(np.split(stamps, 24)):
            now = float(true[(index + 1) * chunk - 1]) + DELAY + 0.002 * (index % 3)
            pieces = [push] if times.needs_ends else np.array_split(push, parts)
            for piece in pieces:
                for part in times.parts(piece):
                    even, kept = times.of(piece[part], now, 0.0)
                    values = np.zeros((len(even), 1), np.float32)
                    assert validator.clean(Chunk("x/ppg", even, values), now) is not None
                    live.append(even)
                    sent.append(kept.original)
                    offsets.append(np.full(len(even), kept.offset))
                    arrivals.append(np.full(len(even), now))
                now += 0.001
        assert validator.rejected == 0
        originals = np.concatenate(sent)
        stored = straightened(originals + np.concatenate(offsets), rate,
                              np.concatenate(arrivals), originals)  # fmt: skip
        for found in (np.concatenate(live), stored):
            late = (found - true)[-12 * chunk :]
            assert np.abs(late - np.median(late)).max() < 2e-3
            assert abs(np.median(late)) < 0.02  # the delay of the transport
            assert np.diff(found)[chunk * 2 :].max() < 1.5 / real
        assert (f"clock_unit:{name}" in kept.remarks) == bool(name)
        assert not any(code.startswith("clock_step") for code in kept.remarks)


def test_an_offset_that_changes_leaves_even_times() -> None:
    """Of the LSL clock of another machine, which is measured again and again."""
    times = SenderTimes(250.0, 100.0, None, dejitter=True)
    found = []
    for index in range(80):
        sent = START - 100.0 + np.arange(50 * index, 50 * (index + 1)) / 250.0
        measured = 100.0 + 1e-3 * (index // 20)
        for part in np.array_split(sent, 2):
            found.append(times.of(part, float(sent[-1]) + 100.0, measured)[0])
    steps = np.diff(np.concatenate(found))
    assert np.sum(np.abs(steps - 0.004) > 1e-6) <= 3  # the three changes
    assert steps.max() < 0.0051
