"""Peak memory of a piece of code."""

from __future__ import annotations

import re
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STATUS, RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


class Peak:
    """Most bytes that the code had in use beyond those of before; set at its end."""

    bytes = 0


@contextmanager
def peak_memory() -> Iterator[Peak]:
    """Measure a block's peak of memory.

    On Linux that of the process, native libraries included; elsewhere that of Python's objects,
    which takes several times as long.
    """
    peak = Peak()
    try:
        RESET.write_text("5")  # the peak becomes the present use
        before = _peak_of_process()
    except (OSError, ValueError):
        tracemalloc.start()
        try:
            yield peak
            peak.bytes = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        return
    yield peak
    peak.bytes = _peak_of_process() - before


def _peak_of_process() -> int:
    found = re.search(r"^VmHWM:\s*(\d+) kB$", STATUS.read_text(), re.MULTILINE)
    if found is None:
        raise ValueError("no peak in /proc/self/status")
    return 1024 * int(found[1])
