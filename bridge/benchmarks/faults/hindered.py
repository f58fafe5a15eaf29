"""Sidecar with a hindered system.

Usage: ``python -m benchmarks.faults.hindered KIND VALUE -- ARGUMENTS``.

``sync SECONDS`` makes every fsync slow; ``wall SECONDS`` moves the wall clock by so much, and
back, every second. The rest are the arguments of ``sentio``.
"""

from __future__ import annotations

import os
import sys
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


KINDS = {"sync": slow_sync, "wall": jumping_wall}


def main() -> None:
    """Hinder, then run the command line."""
    from sentio_bridge.cli.app import main as sentio

    KINDS[sys.argv[1]](float(sys.argv[2]))
    sys.argv = ["sentio", *sys.argv[4:]]
    sentio()


if __name__ == "__main__":
    main()
