"""Draws docs/images/live_view.svg from the demo: python docs/live_view.py."""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from sentio_bridge.config.loader import parse
from sentio_bridge.config.presets import DEMO
from sentio_bridge.core.outgoing import DetailMessage, HealthMessage, Outgoing
from sentio_bridge.outputs.live_screen import screen
from sentio_bridge.protocol.bodies import DetailBody, HealthBody
from sentio_bridge.server.sidecar import Sidecar
from sentio_bridge.transport.ports import bind
from sentio_sensors import MonotonicClock

OUT = Path(__file__).parent / "images" / "live_view.svg"
SECONDS = 150.0
"""Into the scenario's joy."""


class Newest:
    """An output that keeps the newest bodies."""

    leaves_machine = False

    def __init__(self) -> None:
        self.details: dict[str, DetailBody] = {}
        self.health: HealthBody | None = None

    def publish(self, messages: Sequence[Outgoing]) -> None:
        """Keep details and health."""
        for message in messages:
            if isinstance(message, DetailMessage):
                self.details[message.key] = message.body
            elif isinstance(message, HealthMessage):
                self.health = message.body

    def close(self) -> None:
        """Do nothing."""


def main() -> None:
    """Run the demo for a while and draw the newest picture."""
    from msgspec.structs import replace

    config = parse(DEMO)
    config = replace(config, sidecar=replace(config.sidecar, state_port=0, control_port=0))
    newest, stop = Newest(), threading.Event()

    def end() -> None:
        stop.set()
        sidecar.wake()

    with bind(config.sidecar) as sockets:
        sidecar = Sidecar(config, MonotonicClock(), sockets, [newest])
        timer = threading.Timer(SECONDS, end)
        timer.start()
        sidecar.run(stop)
    console = Console(record=True, width=110, file=io.StringIO())
    console.print(screen(newest.details, newest.health))
    OUT.write_text(console.export_svg(title="sentio run --demo"), encoding="utf-8")


if __name__ == "__main__":
    main()
