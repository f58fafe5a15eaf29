"""Lines of other threads and a live display on one console."""

from __future__ import annotations

import io
import threading

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
