"""Show the newest state on a terminal, or as one plain line a second."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import nullcontext

from rich.live import Live

from sentio_bridge.core.outgoing import DetailMessage, HealthMessage, Outgoing
from sentio_bridge.outputs import live_screen
from sentio_bridge.outputs.ordered_console import OrderedConsole, displayed
from sentio_bridge.protocol.bodies import DetailBody, HealthBody

PERIOD = 0.2
"""Seconds between updates; faster updates only cost CPU time."""

LINE_PERIOD = 1.0
"""Seconds between plain lines."""


class LiveView:
    """Terminal output with its own thread, so that no frame waits for a terminal.

    Attributes:
        leaves_machine: False: a terminal is on this machine.
        broken: Whether the reader has closed the output.

    Args:
        console: Console to draw on; default: standard output.
        on_broken: Called once, on the drawing thread, when the output is broken.
        ending: Whether the sidecar ends. From then on the screen keeps the last state: what
            follows only shows that sources close.
    """

    leaves_machine = False

    def __init__(
        self,
        console: OrderedConsole | None = None,
        on_broken: Callable[[], None] = lambda: None,
        ending: Callable[[], bool] = lambda: False,
    ) -> None:
        self._console = console or OrderedConsole()
        self._on_broken = on_broken
        self._ending = ending
        self.broken = False
        self._live = (
            Live(console=self._console, auto_refresh=False, transient=False)
            if self._console.is_terminal
            else None
        )
        self._details: dict[str, DetailBody] = {}
        self._health: HealthBody | None = None
        self._note = ""
        self._changed = False
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sentio-live-view", daemon=True)
        self._thread.start()

    def publish(self, messages: Sequence[Outgoing]) -> None:
        """Store the newest details and health for the next update."""
        if self._ending():
            return
        for message in messages:
            if isinstance(message, DetailMessage):
                with self._lock:
                    self._details = {**self._details, message.key: message.body}
                    self._changed = True
            elif isinstance(message, HealthMessage):
                self._health = message.body

    def note(self, text: str) -> None:
        """Show a line below the screen, instead of the one before; not in plain lines."""
        with self._lock:
            self._note = text
            self._changed = True

    def close(self) -> None:
        """End the view; the last state stays on the screen."""
        self._closing.set()
        if self._thread is not threading.current_thread():
            self._thread.join(2.0)

    def _run(self) -> None:
        period = PERIOD if self._live is not None else LINE_PERIOD
        try:
            with nullcontext() if self._live is None else displayed(self._live, self._console):
                while not self._closing.wait(period):
                    self._draw()
                self._draw()
        except (BrokenPipeError, SystemExit):  # rich converts BrokenPipeError to SystemExit
            self.broken = True
            self._on_broken()

    def _draw(self) -> None:
        with self._lock:
            details, note, changed = self._details, self._note, self._changed
            self._changed = False
        if not changed:
            return
        if self._live is not None:
            with self._console:
                self._live.update(live_screen.screen(details, self._health, note), refresh=True)
            return
        for subject, detail in details.items():
            prefix = f"{subject}: " if len(details) > 1 else ""
            self._console.print(
                prefix + live_screen.line(detail, self._health),
                soft_wrap=True,
                markup=False,
                highlight=False,
            )
