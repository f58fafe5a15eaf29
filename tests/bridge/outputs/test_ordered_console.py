"""Lines of other threads and a live display on one console."""

from __future__ import annotations

import io
import threading

import pytest
from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.text import Text

from sentio_bridge.outputs.ordered_console import OrderedConsole

DEADLINE = 60.0


class SlowLine:
    """Line that waits while it is drawn."""

    def __init__(self) -> None:
        self.began, self.go_on = threading.Event(), threading.Event()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Report the beginning, and wait."""
        self.began.set()
        assert self.go_on.wait(DEADLINE)
        yield Text("line")


def test_a_display_waits_until_the_line_of_another_thread_is_drawn() -> None:
    out = io.StringIO()
    console = OrderedConsole(file=out, width=40, force_terminal=True, force_interactive=True)
    live = Live(console=console, auto_refresh=False)
    line = SlowLine()
    with console:
        live.start()

    def draw() -> None:
        with console:
            live.update(Text("display"), refresh=True)

    printing = threading.Thread(target=console.print, args=(line,))
    drawing = threading.Thread(target=draw)
    printing.start()
    assert line.began.wait(DEADLINE)
    drawing.start()
    drawing.join(0.05)
    line.go_on.set()
    for thread in (printing, drawing):
        thread.join(DEADLINE)
        assert not thread.is_alive()
    with console:
        live.stop()
    # The line knew of no display. If one was drawn meanwhile, the next would not erase it.
    assert out.getvalue().index("line") < out.getvalue().index("display")


class ReportedLock:
    """Lock that reports who must wait."""

    def __init__(self) -> None:
        self._lock, self.waited = threading.RLock(), threading.Event()

    def acquire(self) -> None:
        if not self._lock.acquire(blocking=False):
            self.waited.set()
            assert self._lock.acquire(timeout=DEADLINE)

    def release(self) -> None:
        self._lock.release()


def test_a_line_that_waits_while_a_display_begins_stands_above_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = io.StringIO()
    console = OrderedConsole(file=out, width=40, force_terminal=True, force_interactive=True)
    lock = ReportedLock()
    monkeypatch.setattr(console, "_drawing", lock)
    live = Live(console=console, auto_refresh=False)
    printing = threading.Thread(target=console.print, args=("line",))
    with console:
        printing.start()
        assert lock.waited.wait(DEADLINE)
        live.start()
        live.update(Text("display"), refresh=True)
    printing.join(DEADLINE)
    assert not printing.is_alive()
    with console:
        live.stop()
    # Above: what was displayed is erased first, and drawn again below.
    text = out.getvalue()
    assert "\x1b[2K" in text[text.index("display") : text.index("line")]
    assert text.index("line") < text.rindex("display")
