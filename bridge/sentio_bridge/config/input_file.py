"""Read the file that a user names, without waiting for a pipe for ever."""

from __future__ import annotations

import os
import select
import stat
from pathlib import Path

from sentio_bridge.errors import ConfigError

MAX_BYTES = 1_000_000
"""Larger configurations are refused unread: they are recordings or device files."""

PATIENCE = 5.0
"""Seconds without a byte after which a pipe or terminal is given up."""


def read_limited(path: Path, limit: int, patience: float = PATIENCE) -> tuple[bytes, float]:
    """Return at most ``limit`` bytes of a file, and when it changed (Unix seconds).

    Args:
        path: File, pipe or device.
        limit: Bytes.
        patience: Seconds that a pipe may send nothing.

    Raises:
        ConfigError: Nothing came from a pipe.
        OSError: It cannot be read.
    """
    with open(path, "rb", buffering=0, opener=_opened) as file:  # noqa: PTH123 - no opener there
        about = os.fstat(file.fileno())
        waits = os.name == "posix" and not stat.S_ISREG(about.st_mode)
        parts: list[bytes] = []
        while (left := limit - sum(map(len, parts))) > 0:
            if waits and not select.select([file], [], [], patience)[0]:
                raise ConfigError(
                    f"{path} is a pipe or device from which nothing came within {patience:g} s",
                    "name a file, or start what writes into it first",
                )
            data = file.read(left)
            if data is None:  # taken by another reader
                continue
            if not data:
                break
            parts.append(data)
    return b"".join(parts), about.st_mtime


def _opened(name: str, flags: int) -> int:
    # Without the flag, opening a pipe waits until something opens it to write.
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))
