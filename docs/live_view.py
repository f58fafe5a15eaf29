"""Draws docs/images/live_view.svg from the demo: python docs/live_view.py."""

from __future__ import annotations

import io
import threading
from pathlib import Path

from rich.console import Console

from sentio_bridge.cli import live_view
from sentio_bridge.config.loader import parse
from sentio_bridge.config.presets import DEMO
from sentio_bridge.protocol import codec
from sentio_bridge.server.sidecar import Sidecar
from sentio_bridge.transport.ports import bind
from sentio_sensors import MonotonicClock

OUT = Path(__file__).parent / "images" / "live_view.svg"
SECONDS = 150.0
"""Into the scenario's joy."""


def main() -> None:
    """Run the demo for a while and draw the newest picture."""
    from msgspec.structs import replace

    config = parse(DEMO)
    config = replace(config, sidecar=replace(config.sidecar, state_port=0, control_port=0))
    details: dict[str, dict[str, object]] = {}
    health: dict[str, object] = {}
    stop = threading.Event()

    def keep(message: bytes) -> None:
        kind, subject, body = codec.split(message)
        if kind == "detail":
            details[subject] = codec.decode_map(body)
        elif kind == "health":
            health.update(codec.decode_map(body))

    with bind(config.sidecar) as sockets:
        sidecar = Sidecar(config, MonotonicClock(), sockets)
        timer = threading.Timer(SECONDS, lambda: (stop.set(), sidecar.wake()))
        timer.start()
        sidecar.run(stop, keep)
    console = Console(record=True, width=110, file=io.StringIO())
    console.print(live_view.screen(details, health))
    OUT.write_text(console.export_svg(title="sentio run --demo"), encoding="utf-8")


if __name__ == "__main__":
    main()
