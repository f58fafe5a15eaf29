"""Console on which several threads draw one after the other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.progress import Progress


class OrderedConsole(Console):
    """Console that finishes what one thread draws before another thread begins.

    ``rich`` computes how far a live display must move up, and writes it later: a line of another
    thread in between left a second copy of the display. Who starts, updates or stops a live
    display holds the console meanwhile (``with console:``), and takes it first.
    """

    def __init__(self, **options: Any) -> None:
        self._drawing = threading.RLock()
        super().__init__(**options)

    def __enter__(self) -> OrderedConsole:
        """Wait for other threads, then collect what is drawn."""
        self._drawing.acquire()
        super().__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Write what was collected; the next thread may draw."""
        try:
            super().__exit__(kind, value, traceback)
        finally:
            self._drawing.release()

    def print(self, *objects: Any, **options: Any) -> None:
        """Print when no other thread draws, above a display that began meanwhile.

        ``rich`` looks for displays before it waits.
        """
        with self:
            super().print(*objects, **options)


@contextmanager
def displayed(display: Live | Progress, console: OrderedConsole) -> Iterator[None]:
    """Display something on a console until the block ends.

    Args:
        display: What refreshes only on request (``auto_refresh=False``): a thread of its own would
            take the display before the console.
        console: Its console; hold it for each refresh.
    """
    with console:
        display.start()
    try:
        yield
    finally:
        with console:
            display.stop()
