"""Pushes an LSL EEG stream for measurements: ``python -m sentio_bridge.bench.outlet NAME``."""

from __future__ import annotations

import sys

import numpy as np
from sentio_sensors import MonotonicClock

CHUNK = 10
RATE = 250.0


def main(name: str) -> None:
    """Push chunks of ten samples, each stamped with its own time, until ended."""
    import pylsl

    labels = ("F3", "F4", "C3", "C4", "P3", "P4", "O1", "O2")
    info = pylsl.StreamInfo(name, "EEG", len(labels), RATE, "float32", name)
    channels = info.desc().append_child("channels")
    for label in labels:
        channel = channels.append_child("channel")
        channel.append_child_value("label", label)
        channel.append_child_value("unit", "uV")
        channel.append_child_value("type", "EEG")
    outlet = pylsl.StreamOutlet(info, chunk_size=CHUNK)
    clock = MonotonicClock()
    rng = np.random.default_rng(0)
    index, start = 0, clock.now()
    while True:
        index += CHUNK
        clock.sleep(start + index / RATE - clock.now())
        values = (20 * rng.standard_normal((CHUNK, len(labels)))).astype(np.float32)
        outlet.push_chunk(values, start + index / RATE)


if __name__ == "__main__":
    main(sys.argv[1])
