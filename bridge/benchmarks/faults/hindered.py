"""Sidecar with a hindered system.

Usage: ``python -m benchmarks.faults.hindered KIND VALUE -- ARGUMENTS``.

``sync SECONDS`` makes every fsync slow; ``wall SECONDS`` moves the wall clock by so much, and
back, every second; with ``asleep SECONDS`` the monotonic clock does not count a time for which the
process stands still longer than that, as on a machine that sleeps; ``denied 0`` has a camera that
the system does not let it open. The rest are the arguments of ``sentio``.
"""

from __future__ import annotations

import errno
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any


def slow_sync(seconds: float) -> None:
    """Make ``os.fsync`` and ``os.fdatasync`` take ``seconds`` more."""

    def slow(sync: Callable[[Any], None]) -> Callable[[Any], None]:
        def wait(descriptor: Any) -> None:
            time.sleep(seconds)
            sync(descriptor)

        return wait

    for name in ("fsync", "fdatasync"):
        setattr(os, name, slow(getattr(os, name)))


def jumping_wall(seconds: float) -> None:
    """Make ``time.time`` jump by ``seconds`` every other second."""
    real = time.time
    time.time = lambda: real() + (seconds if int(real()) % 2 else 0.0)


def sleeping_clock(longest: float) -> None:
    """Make ``time.monotonic`` stand still while the process is stopped.

    Args:
        longest: Seconds between two looks at the clock beyond which the process was stopped.
    """
    real = time.monotonic
    lock = threading.Lock()
    last, asleep = real(), 0.0

    def now() -> float:
        nonlocal last, asleep
        with lock:
            passed, last = real() - last, real()
            asleep += passed if passed > longest else 0.0
            return last - asleep

    time.monotonic = now


def denied_camera(_: float) -> None:
    """Connect a camera whose opening fails, as where the user's switch is off."""
    import av

    from sentio_sensors.camera import source
    from sentio_sensors.camera.cameras import CameraInfo

    def refuse(*_: Any, **__: Any) -> Any:
        raise PermissionError(errno.EACCES, "Permission denied")

    av.open = refuse
    source.list_cameras = lambda: [CameraInfo(0, "/dev/video0", "usb", "a camera")]


KINDS = {
    "sync": slow_sync, "wall": jumping_wall, "asleep": sleeping_clock, "denied": denied_camera,
}  # fmt: skip


def main() -> None:
    """Hinder, then run the command line."""
    from sentio_bridge.cli.app import main as sentio

    KINDS[sys.argv[1]](float(sys.argv[2]))
    sys.argv = ["sentio", *sys.argv[4:]]
    sentio()


if __name__ == "__main__":
    main()
