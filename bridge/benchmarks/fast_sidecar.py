"""Sidecar on a faster clock.

Usage: ``python -m benchmarks.fast_sidecar SPEED CONFIG STATE CONTROL``.

Every source, window and timer runs SPEED times as fast as the machine's clock. It ends when
standard input closes.
"""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

from msgspec.structs import replace

WAKE = 0.02
"""Seconds between two looks at what is due: the sockets wait by the machine's clock."""


class FastClock:
    """Clock that runs at a multiple of the machine's clock.

    Args:
        speed: Seconds of this clock in one second of the machine.
    """

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._start = time.monotonic()

    def now(self) -> float:
        """Return seconds; equal to the machine's clock at the start."""
        return self._start + (time.monotonic() - self._start) * self._speed

    def sleep(self, seconds: float) -> None:
        """Wait for ``seconds`` of this clock."""
        if seconds > 0:
            time.sleep(seconds / self._speed)


def main(speed: float, config: Path, state: int, control: int) -> None:
    """Run the sidecar until standard input closes."""
    from sentio_bridge.config.loader import load
    from sentio_bridge.privacy.private_folder import state_folder
    from sentio_bridge.server.heap import bound_heaps, give_back
    from sentio_bridge.server.sidecar import Sidecar
    from sentio_bridge.transport.ports import bind

    bound_heaps()
    read = load(config)
    read = replace(read, sidecar=replace(read.sidecar, state_port=state, control_port=control))
    stop = threading.Event()
    with bind(read.sidecar, read.clients) as sockets:
        folder = state_folder(read.path, read.privacy.folder)
        sidecar = Sidecar(read, FastClock(speed), sockets, [], folder)

        def tick() -> None:
            while not stop.wait(WAKE):
                sidecar.wake()

        def end() -> None:
            sys.stdin.buffer.read()
            stop.set()
            sidecar.wake()

        for target in (tick, end):
            threading.Thread(target=target, daemon=True).start()
        give_back(stop)
        sidecar.run(stop)


if __name__ == "__main__":
    main(float(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
