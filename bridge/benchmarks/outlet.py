"""Push an LSL EEG stream for measurements: ``python -m benchmarks.outlet NAME``.

Prints its start time (LSL clock). With a second argument it has no ``source_id``.
"""

from __future__ import annotations

import sys

import numpy as np

from sentio_sensors import Channel, MonotonicClock, Role, StreamSpec

CHUNK = 10
RATE = 250.0


def main(name: str, anonymous: bool = False) -> None:
    """Push chunks of ten samples with their timestamps until the process is ended."""
    from sentio_sensors.lsl.binding import Outlet

    labels = ("F3", "F4", "C3", "C4", "P3", "P4", "O1", "O2")
    channels = tuple(Channel(label, "uV") for label in labels)
    outlet = Outlet(name, StreamSpec("" if anonymous else name, Role.EEG, RATE, channels))
    clock = MonotonicClock()
    print(clock.now(), flush=True)
    rng = np.random.default_rng(0)
    index, start = 0, clock.now()
    while True:
        index += CHUNK
        clock.sleep(start + index / RATE - clock.now())
        values = (20 * rng.standard_normal((CHUNK, len(labels)))).astype(np.float32)
        outlet.push(start + np.arange(index - CHUNK + 1, index + 1) / RATE, values)


if __name__ == "__main__":
    main(sys.argv[1], len(sys.argv) > 2)
