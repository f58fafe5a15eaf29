"""Keeps the terminal up to date: a live view, or one plain line a second without a terminal."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.live import Live

from sentio_bridge.cli import live_view
from sentio_bridge.protocol import codec
from sentio_sensors import Clock

PERIOD = 0.2
"""Seconds between two pictures; faster reads no better and costs the sidecar."""

LINE_PERIOD = 1.0
"""Seconds between two plain lines."""


class LiveDisplay:
    """Takes published messages and shows the newest state.

    Args:
        clock: Says when the next picture is due.
        console: Where to draw; standard output by default.
    """

    def __init__(self, clock: Clock, console: Console | None = None) -> None:
        self._clock = clock
        self._console = console or Console()
        self._live = (
            Live(console=self._console, auto_refresh=False, transient=False)
            if self._console.is_terminal
            else None
        )
        self._details: dict[str, dict[str, Any]] = {}
        self._health: dict[str, Any] = {}
        self._due = 0.0

    def message(self, message: bytes) -> None:
        """Take one published message."""
        if not message.startswith((b"detail/", b"health\0")):
            return
        kind, subject, body = codec.split(message)
        if kind == "health":
            self._health = codec.decode_map(body)
        else:
            self._details[subject] = codec.decode_map(body)
        now = self._clock.now()
        if now < self._due or not self._details:
            return
        if self._live is not None:
            self._due = now + PERIOD
            self._live.update(live_view.screen(self._details, self._health), refresh=True)
            return
        self._due = now + LINE_PERIOD
        for subject, detail in self._details.items():
            prefix = f"{subject}: " if len(self._details) > 1 else ""
            self._console.print(
                prefix + live_view.line(detail, self._health),
                soft_wrap=True,
                markup=False,
                highlight=False,
            )

    def __enter__(self) -> Self:
        """Begin to draw."""
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Leave the last picture on the screen."""
        if self._live is not None:
            self._live.stop()
