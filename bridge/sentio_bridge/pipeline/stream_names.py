"""Keep the stream ids of one subject's sources apart."""

from __future__ import annotations

import threading
from itertools import count


class StreamNames:
    """Gives an id that two sources share to the first, and another id to the next.

    Two devices of one kind may name their streams alike.
    """

    def __init__(self) -> None:
        self._owners: dict[str, object] = {}
        self._lock = threading.Lock()

    def unique(self, owner: object, source: str, stream: str) -> str:
        """Return the id of a source's stream, the same each time it is opened.

        Args:
            owner: The source itself; compared by identity.
            source: Its name, for the id.
            stream: The id that it gives its stream.
        """
        with self._lock:
            for number in count():
                prefix = f"{source}:" if number < 2 else f"{source}-{number}:"
                name = f"{prefix}{stream}" if number else stream
                if self._owners.setdefault(name, owner) is owner:
                    return name
        raise AssertionError("count() ends")
