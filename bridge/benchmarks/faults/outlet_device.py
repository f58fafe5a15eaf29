"""LSL device that misbehaves on request.

Usage: ``python -m benchmarks.faults.outlet_device NAME``.

An EEG stream of eight channels at 250 Hz in chunks of ten. Further arguments: ``--anonymous`` (no
``source_id``). Lines on standard input change it: ``flat``, ``rail``, ``mains``, ``motion``,
``muscle``, ``nan``, ``fine``; ``stamp SECONDS`` adds to the stamps of one chunk, ``clock SECONDS``
to all later ones, ``drift PPM`` changes the sender's clock, ``silent``.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sentio_sensors import Channel, MonotonicClock, Role, StreamSpec

CHUNK, RATE = 10, 250.0
LABELS = ("F3", "F4", "C3", "C4", "P3", "P4", "O1", "O2")

Values = NDArray[np.float64]

SHAPES: dict[str, Callable[[Values, Values], Values]] = {
    "fine": lambda x, t: x,
    "flat": lambda x, t: 0 * x,
    "rail": lambda x, t: np.full_like(x, 187500.0),
    "mains": lambda x, t: 0 * x + 200 * np.sin(2 * np.pi * 50 * t)[:, None],
    "motion": lambda x, t: x + 5000 * np.sign(np.sin(2 * np.pi * 0.7 * t))[:, None],
    "muscle": lambda x, t: (
        x + 300 * np.sin(2 * np.pi * 47.0 * t * (1 + 0.1 * np.sin(9 * t)))[:, None]
    ),
    "nan": lambda x, t: np.full_like(x, np.nan),
}


class Device:
    """State of the sender, changed by lines of text."""

    def __init__(self) -> None:
        self.shape = "fine"
        self.once = 0.0
        self.offset = 0.0
        self.drift = 0.0
        self.silent = False

    def obey(self, line: str) -> None:
        """Carry out one line."""
        word, _, number = line.strip().partition(" ")
        if word == "stamp":
            self.once = float(number)
        elif word == "clock":
            self.offset += float(number)
        elif word == "drift":
            self.drift = float(number) * 1e-6
        elif word == "silent":
            self.silent = True
        elif word in SHAPES:
            self.shape, self.silent = word, False

    def listen(self) -> None:
        """Obey standard input; end the process with it."""
        for line in sys.stdin:
            self.obey(line)
        os._exit(0)


def main(name: str, anonymous: bool) -> None:
    """Push chunks until standard input closes."""
    from sentio_sensors.lsl.binding import Outlet

    channels = tuple(Channel(label, "uV") for label in LABELS)
    outlet = Outlet(name, StreamSpec("" if anonymous else name, Role.EEG, RATE, channels))
    device = Device()
    threading.Thread(target=device.listen, daemon=True).start()
    clock = MonotonicClock()
    rng = np.random.default_rng(0)
    index, start = 0, clock.now()
    print(start, flush=True)
    while True:
        index += CHUNK
        clock.sleep(start + index / RATE - clock.now())
        if device.silent:
            continue
        real = start + np.arange(index - CHUNK + 1, index + 1) / RATE
        values = SHAPES[device.shape](20 * rng.standard_normal((CHUNK, len(LABELS))), real)
        once, device.once = device.once, 0.0
        outlet.push(
            real + device.drift * (real - start) + device.offset + once, values.astype(np.float32)
        )


if __name__ == "__main__":
    main(sys.argv[1], "--anonymous" in sys.argv)
