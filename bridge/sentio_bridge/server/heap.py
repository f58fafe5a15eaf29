"""Give freed memory back to the system, where the C library is glibc.

By default glibc raises two thresholds to twice the largest block that was ever freed, up to 64 MB,
and gives each thread a heap of its own: after one large recording each heap may keep that much.
Free pages below a block that is in use stay in any case, until they are asked for.
Source: mallopt(3), malloc_trim(3).
"""

from __future__ import annotations

import ctypes
import sys
import threading

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""Parameters of ``mallopt``, from ``malloc.h``."""

LARGE = 4 << 20
"""Bytes from which a block has pages of its own, and of free space that is given back: above a
camera's picture, which is made and freed thirty times a second."""

HEAPS = 2
"""Heaps of all threads: most of their memory is allocated under the interpreter's lock."""

PERIOD = 60.0
"""Seconds between two returns of free pages."""


def bound_heaps() -> bool:
    """Fix glibc's thresholds and the number of heaps; call it before threads start.

    Returns:
        Whether it had an effect.
    """
    library = _glibc()
    if library is None:
        return False
    chosen = ((_ARENA_MAX, HEAPS), (_MMAP_THRESHOLD, LARGE), (_TRIM_THRESHOLD, LARGE))
    done = [library.mallopt(parameter, value) for parameter, value in chosen]
    return all(done)


def give_back(stop: threading.Event, period: float = PERIOD) -> threading.Thread | None:
    """Return free pages to the system again and again, on a thread of its own.

    One return takes 3 to 10 ms without the interpreter's lock.

    Args:
        stop: Ends the thread.
        period: Seconds between two returns.

    Returns:
        The thread; None where the C library is another one.
    """
    library = _glibc()
    if library is None:
        return None

    def run() -> None:
        while not stop.wait(period):
            library.malloc_trim(0)

    thread = threading.Thread(target=run, name="sentio-heap", daemon=True)
    thread.start()
    return thread


def _glibc() -> ctypes.CDLL | None:
    """Return the C library; None where it is another one."""
    if sys.platform != "linux":
        return None
    try:
        library = ctypes.CDLL(None)
    except OSError:
        return None
    if not hasattr(library, "gnu_get_libc_version"):  # musl has neither of the two functions
        return None
    library.malloc_trim.argtypes = [ctypes.c_size_t]
    return library
