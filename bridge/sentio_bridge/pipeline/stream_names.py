"""Unique ids for the streams of one subject's sources."""

from __future__ import annotations

import threading
from itertools import count


class StreamNames:
    """Registry of stream ids; a second source with the same id gets another one.

    Two devices of one kind may use the same stream ids.
    """

    def __init__(self) -> None:
        self._owners: dict[str, object] = {}
        self._lock = threading.Lock()

    def unique(self, owner: object, source: str, stream: str) -> str:
        """Return the id of a source's stream, the same each time it is opened.

        Args:
            owner: The source itself; compared by identity.
            source: Name of the source, for the id.
            stream: Id of the stream within the source.
        """
        with self._lock:
            for number in count():
                prefix = f"{source}:" if number < 2 else f"{source}-{number}:"
                name = f"{prefix}{stream}" if number else stream
                if self._owners.setdefault(name, owner) is owner:
                    return name
        raise AssertionError("count() ends")
