"""Named numbers of a moment in little memory; no I/O, no clock."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping


class PackedNumbers(Mapping[str, float]):
    """Unchangeable named numbers of 8 bytes each.

    Their names are shared by many moments.

    Attributes:
        names: In the order in which they were given.

    Args:
        numbers: By name.
        names: Names of an earlier moment, used again if they are the same; empty for none.
    """

    __slots__ = ("_numbers", "names")

    def __init__(self, numbers: Mapping[str, float], names: tuple[str, ...] = ()) -> None:
        found = tuple(numbers)
        self.names = names if names == found else found
        self._numbers = array("d", numbers.values()).tobytes()

    @property
    def numbers(self) -> memoryview[float]:
        """The numbers in the order of ``names``; quicker than ``values``."""
        return memoryview(self._numbers).cast("d")

    def __getitem__(self, name: str) -> float:
        """Return a number."""
        try:
            at = self.names.index(name)
        except ValueError:
            raise KeyError(name) from None
        return self.numbers[at]

    def __iter__(self) -> Iterator[str]:
        """Yield the names."""
        return iter(self.names)

    def __len__(self) -> int:
        """Count the numbers."""
        return len(self.names)
