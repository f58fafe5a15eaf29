"""Context manager of the sockets on both sides."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self


class Closing(ABC):
    """Base of what is closed at the end of a ``with`` block."""

    @abstractmethod
    def close(self) -> None:
        """Close; may be called twice."""

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()
