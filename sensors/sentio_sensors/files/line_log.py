"""Logs whose lines are samples of several kinds, each with its time."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.errors import FormatError
from sentio_sensors.files.head import Head
from sentio_sensors.files.table.times import spread

MAX_BYTES = 512 << 20
"""Size limit of a log, which is read line by line."""

MAX_LINE = 1 << 16
"""Characters of a line; a longer one is damage and is read in parts."""

LOOK = 60
"""Lines from which a format is detected."""

MOST = 0.8
"""Share of these lines that must be of the format: a few are answers of a server."""


def first_lines(head: Head) -> list[str]:
    """Return the first whole lines of a file that are not empty."""
    lines = head.lines[: LOOK + 1]
    whole = lines[:-1] if len(lines) > 1 else lines
    return [line for line in whole if line.strip()]


def lines_of(head: Head) -> Iterator[str]:
    """Yield the lines of a log, without ends.

    Raises:
        FormatError: It is too large.
    """
    if head.size > MAX_BYTES:
        raise FormatError(
            f"{head.path.name} has over {MAX_BYTES >> 20} MiB",
            f"split it into parts: split -C 256M {head.path}",
        )
    with head.path.open(encoding=head.encoding, errors="replace") as file:
        while line := file.readline(MAX_LINE):
            yield line.rstrip("\n").lstrip("\ufeff")


class Samples:
    """Times and values of one kind, in the order of the lines.

    Args:
        width: Values of a line.
    """

    def __init__(self, width: int) -> None:
        self.width = width
        self._times = array("d")
        self._values = array("d")

    def __len__(self) -> int:
        """Return the number of lines."""
        return len(self._times)

    def add(self, time: float, values: Sequence[float]) -> None:
        """Add a line.

        Raises:
            ValueError: It has another number of values.
        """
        if len(values) != self.width:
            raise ValueError(f"{len(values)} values, expected {self.width}")
        self._times.append(time)
        self._values.extend(values)

    def arrays(self, *, even: bool) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return times, ascending, and values ``(n, width)``.

        Args:
            even: Space the lines that share a time evenly up to the next one.
        """
        times = np.array(self._times)
        values = np.array(self._values).reshape(-1, self.width)
        order = np.argsort(times, kind="stable")
        times, values = times[order], values[order]
        return (spread(times) if even else times), values
