"""Write audit lines on a thread of their own, so that no frame waits for the disk."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from sentio_bridge.errors import BridgeError
from sentio_bridge.privacy.audit import Audit
from sentio_bridge.privacy.free_texts import FreeTexts
from sentio_bridge.privacy.salted_ids import SaltedIds

logger = logging.getLogger(__name__)

PARTS = frozenset(
    {"subject", "guardian", "operator", "client", "player", "config", "receipt", "expiry", "file"}
    | {"older", "damage"}
)
"""Who decided, as words.

Anything else may be a name, and is written as a salted id.
"""

FREE = ("name", "version", "what", "source")
"""Details of clients, adaptations and captures that are free texts: written as ids."""

WAITING = 4096
"""Maximum number of lines that wait; further ones are counted, and the count becomes a line."""


class AuditWriter:
    """Queue and thread in front of an audit file.

    Args:
        audit: The file.
        ids: Replaces subjects by salted ids.
        on_line: Receives each line that was written; called on the thread.
    """

    def __init__(
        self, audit: Audit, ids: SaltedIds, on_line: Callable[[bytes], None] = lambda _: None
    ) -> None:
        self._audit = audit
        self._ids = ids
        self._texts = FreeTexts(audit.path.parent)
        self._on_line = on_line
        self._items: deque[tuple[str, str, dict[str, Any], str]] = deque()
        self._dropped = 0
        self._failed = ""
        self._ready = threading.Condition()
        self._closed = False
        self._thread: threading.Thread | None = None  # started by the first line

    @property
    def problem(self) -> str:
        """Why lines cannot be written; empty if they can."""
        return self._failed

    def note(
        self, kind: str, subject: str = "", data: Mapping[str, Any] | None = None, thing: str = ""
    ) -> None:
        """Add a line; never waits; from any thread.

        Args:
            kind: Kind of the line.
            subject: Subject, written as its salted id.
            data: Details without personal data.
            thing: A thing of the subject, such as a folder, written as a salted id.
        """
        with self._ready:
            if len(self._items) >= WAITING or self._closed:
                self._dropped += 1
                return
            self._items.append((kind, subject, dict(data or {}), thing))
            self._ready.notify()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="sentio-audit", daemon=True)
                self._thread.start()

    def close(self, timeout: float = 5.0) -> None:
        """Write what waits, and end the thread."""
        with self._ready:
            self._closed = True
            self._ready.notify()
        if self._thread is not None:
            self._thread.join(timeout)

    def _run(self) -> None:
        while True:
            with self._ready:
                while not self._items and not self._closed:
                    self._ready.wait()
                items = list(self._items)
                self._items.clear()
                dropped, self._dropped = self._dropped, 0
                ended = self._closed
            if items or dropped:
                self._write(items, dropped)
            if ended:
                return

    def _write(self, items: list[tuple[str, str, dict[str, Any], str]], dropped: int) -> None:
        try:
            made = [
                (kind, self._data(subject, data, thing)) for kind, subject, data, thing in items
            ]
            if dropped:
                made.append(("dropped", {"count": dropped}))
            for line in self._audit.append(made):
                self._on_line(line)
            self._failed = ""
        except (BridgeError, OSError) as error:
            if not self._failed:
                logger.error("the audit cannot be written: %s", error)
            self._failed = str(error)
            with self._ready:
                self._dropped += len(items) + dropped

    def _data(self, subject: str, data: dict[str, Any], thing: str) -> dict[str, Any]:
        found = dict(data)
        if "sha256" not in found:  # models are files, whose names are of this program
            found |= {k: self._texts.of(str(found[k])) for k in FREE if k in found}
        if subject:
            found["subject"] = self._ids.of(subject)
            if thing:
                found["thing"] = self._ids.of(subject, thing)
            by = found.get("by")
            if by == subject:
                found["by"] = "subject"
            elif by and by not in PARTS:
                found["by"] = self._ids.of(subject, str(by))
        return found
