"""Keep freed memory from staying in the process, where the C library is glibc.

By default glibc raises two thresholds to twice the largest block that was ever freed, up to 64 MB,
and gives each thread a heap of its own: after one large recording each heap may keep that much.
Source: mallopt(3).
"""

from __future__ import annotations

import ctypes
import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""Parameters of ``mallopt``, from ``malloc.h``."""

LARGE = 4 << 20
"""Bytes from which a block has pages of its own, and of free space that is given back: above a
camera's picture, which is made and freed thirty times a second."""

HEAPS = 2
"""Heaps of all threads: most of their memory is allocated under the interpreter's lock."""


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


def _glibc() -> ctypes.CDLL | None:
    """Return the C library; None where it is another one."""
    if sys.platform != "linux":
        return None
    try:
        library = ctypes.CDLL(None)
    except OSError:
        return None
    return library if hasattr(library, "gnu_get_libc_version") else None
