"""Keep a crash from writing a person's samples to the disk."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

MAPPINGS = Path("/proc/self/coredump_filter")
"""What of the memory core dumps have (Linux), also those that a program receives."""


def refuse() -> bool:
    """Write no core dump of this process, and of those that it starts from now on.

    Where the system passes core dumps to a program, which need not obey the limit, they have no
    memory. Source: core(5).

    Returns:
        Whether the system has such a limit.
    """
    try:
        import resource
    except ImportError:  # Windows writes none unless somebody has configured it
        return False
    with suppress(OSError):  # other systems, and containers without /proc
        MAPPINGS.write_text("0", encoding="ascii")
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, most))
    return True
