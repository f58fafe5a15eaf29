"""Live view on a terminal and without one."""

from __future__ import annotations

import io
import threading

from sentio_bridge.core.outgoing import DetailMessage
from sentio_bridge.outputs.live_view import LiveView
from sentio_bridge.outputs.ordered_console import OrderedConsole
from sentio_bridge.protocol.bodies import DetailBody

DEADLINE = 60.0


def detail(subject: str, why: str = "") -> DetailMessage:
    values = {"valence": 0.25, "valence_sd": 0.5, "confidence": 0.5}
    body = DetailBody(1, 0, 1.0, "ok", why, values, (), {}, {}, None, None, False, {})
    return DetailMessage(subject, body)


def test_view_without_a_terminal_writes_lines() -> None:
    out = io.StringIO()
    view = LiveView(OrderedConsole(file=out, width=200))
    view.publish([detail("ann"), detail("ben")])
    view.close()
    view.close()
    lines = out.getvalue().splitlines()
    assert [line.split(":")[0] for line in lines] == ["ann", "ben"]
    assert all("valence=+0.25±0.50" in line for line in lines)
    assert not view.broken


def test_broken_output_is_reported_once() -> None:
    class ClosedPipe(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    class BrokenConsole(OrderedConsole):
        def on_broken_pipe(
            self,
        ) -> None:  # the original also closes standard output
            raise SystemExit(1)

    reported = threading.Semaphore(0)
    view = LiveView(BrokenConsole(file=ClosedPipe()), reported.release)
    view.publish([detail("ann")])
    assert reported.acquire(timeout=DEADLINE)
    view.publish([detail("ann")])
    view.close()
    assert view.broken
    assert not reported.acquire(blocking=False)


def test_the_last_state_before_the_end_stays() -> None:
    out = io.StringIO()
    ending = threading.Event()
    view = LiveView(OrderedConsole(file=out, width=200), ending=ending.is_set)
    view.publish([detail("ann", "steady")])
    ending.set()
    view.publish([detail("ben", "body not used: not there")])
    view.close()
    assert [line.split()[0] for line in out.getvalue().splitlines()] == ["ok"]
