"""Bare loop for comparison: LSL in, band powers, msgpack, ZeroMQ out.

Run as a process: ``python -m benchmarks.floor NAME PORT``. Like a minimal script, it computes the
band powers of the last two seconds at every chunk.
"""

from __future__ import annotations

import sys

import numpy as np
import zmq

from sentio_bridge.protocol import codec

BANDS = ((4.0, 8.0), (8.0, 13.0), (13.0, 30.0))
WINDOW = 500
RATE = 250.0


def eeg(name: str, port: str) -> None:
    """Read the LSL stream ``name`` and publish its band powers on ``port``."""
    from sentio_sensors.lsl import binding

    (stream,) = binding.find(f"name='{name}'", 10.0)
    inlet = binding.Inlet(stream)
    frequencies = np.fft.rfftfreq(WINDOW, 1 / RATE)
    matrix = np.array([(frequencies >= lo) & (frequencies < hi) for lo, hi in BANDS], float)
    taper = np.hanning(WINDOW)[:, None]
    with zmq.Context() as context, context.socket(zmq.PUB) as sockets:
        sockets.bind(f"tcp://127.0.0.1:{port}")
        buffer = np.zeros((WINDOW, 8))
        while True:
            times, values = inlet.pull(1.0)
            if not len(times):
                continue
            count = min(len(values), WINDOW)
            buffer = np.roll(buffer, -count, axis=0)
            buffer[-count:] = values[-count:]
            powers = matrix @ np.abs(np.fft.rfft(buffer * taper, axis=0)) ** 2
            sockets.send(
                codec.encode_map("floor", "", {"t": float(times[-1]), "x": powers.mean(1).tolist()})
            )


if __name__ == "__main__":
    eeg(*sys.argv[1:3])
