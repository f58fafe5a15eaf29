"""`sentio run`: the sidecar itself."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sentio_bridge.cli.exits import cli_errors
from sentio_bridge.cli.log_setup import LogFile, LogJson, LogLevel, logging_to

if TYPE_CHECKING:
    from rich.console import Console


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("run")(run)


def run(
    config: Annotated[Path | None, typer.Option(help="Configuration file (TOML).")] = None,
    demo: Annotated[bool, typer.Option(help="Simulate everything; no hardware.")] = False,
    duration: Annotated[
        float | None, typer.Option(min=0, help="Seconds until it ends by itself.")
    ] = None,
    state_port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Instead of the configured one.")
    ] = None,
    control_port: Annotated[int | None, typer.Option(min=0, max=65535, help="Likewise.")] = None,
    exit_on_stdin_eof: Annotated[
        bool, typer.Option(help="End when standard input closes: when the parent dies.")
    ] = False,
    quiet: Annotated[bool, typer.Option(help="Show no live view.")] = False,
    log_level: LogLevel = None,
    log_file: LogFile = None,
    log_json: LogJson = False,
) -> None:
    """Read sensors, fuse what they say and publish it."""
    from rich.console import Console

    screen = None if quiet else Console()
    with cli_errors(), logging_to(log_level, log_file, log_json, screen):
        _run(config, demo, duration, (state_port, control_port), exit_on_stdin_eof, screen)


def _run(
    path: Path | None,
    demo: bool,
    duration: float | None,
    ports: tuple[int | None, int | None],
    exit_on_stdin_eof: bool,
    screen: Console | None,
) -> None:
    from contextlib import ExitStack

    from msgspec.structs import replace

    from sentio_bridge.cli.recordings import sweep
    from sentio_bridge.outputs import configured
    from sentio_bridge.outputs.live_view import LiveView
    from sentio_bridge.server.sidecar import Sidecar
    from sentio_bridge.transport.ports import bind
    from sentio_sensors import MonotonicClock

    config = _config(path, demo)
    changes = dict(zip(("state_port", "control_port"), ports, strict=True))
    given = {key: port for key, port in changes.items() if port is not None}
    config = replace(config, sidecar=replace(config.sidecar, **given))
    clock = MonotonicClock()
    # Threads that compute share the interpreter with the one that publishes: hand over sooner
    # than the default 5 ms, or a busy model shows in every latency.
    sys.setswitchinterval(0.0005)
    with ExitStack() as stack:
        sockets = stack.enter_context(bind(config.sidecar))
        swept = sweep(config.recording)
        if swept:
            typer.echo(f"sentio: {swept}", err=True)
        stop = threading.Event()

        def end(*_: Any) -> None:
            stop.set()
            sockets.wake()

        view = None if screen is None else LiveView(screen, on_broken=end)
        outputs = [*configured(config.outputs), *([view] if view is not None else [])]
        for output in outputs:
            stack.callback(output.close)
        sidecar = Sidecar(config, clock, sockets, outputs)

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, end)
        if exit_on_stdin_eof:
            threading.Thread(target=_await_eof, args=(end,), daemon=True).start()
        if duration is not None:
            timer = threading.Timer(duration, end)
            timer.daemon = True
            timer.start()
        sidecar.run(stop)
        if view is not None and view.broken:
            raise BrokenPipeError


def _config(path: Path | None, demo: bool) -> Any:
    from sentio_bridge.config.loader import load, parse
    from sentio_bridge.config.presets import DEMO
    from sentio_bridge.errors import ConfigError

    if demo and path is not None:
        raise ConfigError("--demo and --config exclude each other", "give one of them")
    if demo:
        return parse(DEMO, "demo")
    found = path or Path("sentio.toml")
    if path is None and not found.exists():
        raise ConfigError(
            "there is no sentio.toml here",
            "try it without hardware: sentio run --demo, or write one: sentio config init",
        )
    return load(found)


def _await_eof(end: Callable[[], None]) -> None:
    # Below Python's buffers, whose lock a thread must not hold when the interpreter ends.
    while os.read(0, 4096):
        pass
    end()
