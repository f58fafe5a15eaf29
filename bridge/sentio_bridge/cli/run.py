"""`sentio run`: run the sidecar."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sentio_bridge.cli.ending import Ending, start_game
from sentio_bridge.cli.exits import cli_errors
from sentio_bridge.cli.log_setup import LogFile, LogJson, LogLevel, logging_to

if TYPE_CHECKING:
    from sentio_bridge.config.loader import Config
    from sentio_bridge.outputs.live_view import LiveView
    from sentio_bridge.outputs.ordered_console import OrderedConsole


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("run")(run)


def run(
    context: typer.Context,
    config: Annotated[Path | None, typer.Option(help="Configuration file (TOML).")] = None,
    demo: Annotated[bool, typer.Option(help="Simulate all sensors; needs no hardware.")] = False,
    webcam: Annotated[
        bool, typer.Option(help="Read the first camera alone, once the person has agreed.")
    ] = False,
    duration: Annotated[
        float | None, typer.Option(min=0, help="Stop after this many seconds.")
    ] = None,
    state_port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="State port; overrides the configuration.")
    ] = None,
    control_port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Control port; overrides the configuration."),
    ] = None,
    exit_on_stdin_eof: Annotated[
        bool, typer.Option(help="Stop when standard input closes (the parent process ended).")
    ] = False,
    parent_pid: Annotated[
        int | None, typer.Option(min=1, help="Stop when the process with this number has ended.")
    ] = None,
    game: Annotated[
        Path | None, typer.Option(help="Start this program too, and stop when it has ended.")
    ] = None,
    quiet: Annotated[bool, typer.Option(help="Do not show the live view.")] = False,
    log_level: LogLevel = None,
    log_file: LogFile = None,
    log_json: LogJson = False,
) -> None:
    """Run the sidecar: read sensors, fuse estimates and publish them."""
    screen = None if quiet else _screen()
    ending = Ending()
    # Before anything is loaded: a game that ends meanwhile leaves nothing behind.
    if exit_on_stdin_eof:
        ending.on_stdin_eof()
    if parent_pid is not None:
        ending.on_exit_of(parent_pid)
    gc.disable()  # until everything is imported: visiting all of it takes 30 ms
    try:
        with cli_errors(), logging_to(log_level, log_file, log_json, screen):
            _run(
                config,
                _preset(demo, webcam),
                duration,
                (state_port, control_port),
                game,
                ending,
                screen,
                umask=-1 if context.obj is None else context.obj,
            )
    finally:
        gc.enable()


def _run(
    path: Path | None,
    preset: str,
    duration: float | None,
    ports: tuple[int | None, int | None],
    game: Path | None,
    ending: Ending,
    screen: OrderedConsole | None,
    umask: int,
) -> None:
    from contextlib import ExitStack
    from functools import partial

    from sentio_bridge.cli.live_keys import pressed_keys
    from sentio_bridge.cli.readable_tokens import warning
    from sentio_bridge.cli.recordings import sweep
    from sentio_bridge.outputs import configured
    from sentio_bridge.privacy.audit import Audit
    from sentio_bridge.privacy.private_folder import state_folder
    from sentio_bridge.server import core_dumps
    from sentio_bridge.server.heap import bound_heaps, give_back
    from sentio_bridge.server.sidecar import Sidecar
    from sentio_bridge.transport.client import Requester
    from sentio_bridge.transport.ports import bind
    from sentio_sensors import MonotonicClock

    bound_heaps()
    config = _with_ports(_config(path, preset), *ports)
    clock = MonotonicClock()
    # Model threads share the interpreter with the publishing thread: switch more often than the
    # default 5 ms, or a busy model adds to every latency.
    sys.setswitchinterval(0.0005)
    with ExitStack() as stack:
        sockets = stack.enter_context(bind(config.sidecar, config.clients, remote=config.remote))
        # A demo's consent is for simulated sensors only: it is not kept.
        state = state_folder(config.path, config.privacy.folder) if config.path else None
        audit = None if state is None else Audit(state)
        for notice in (sweep(config.recording, audit), warning(config)):
            if notice:
                typer.echo(f"sentio: {notice}", err=True)
        view = None if screen is None else _view(screen, ending)
        outputs = [*configured(config.outputs), *([view] if view is not None else [])]
        for output in outputs:
            stack.callback(output.close)
        if ending.stop.is_set():
            return  # without opening a sensor
        sidecar = Sidecar(config, clock, sockets, outputs, state)
        gc.freeze()  # it stays: a full collection would visit it again, a pause of one frame
        gc.enable()
        if view is not None:
            connect = partial(Requester, sockets.control_endpoint, config.sidecar.token or None)
            stack.enter_context(pressed_keys(view, connect))
        if game is not None:
            ending.on_exit_of(start_game(game, umask))
        core_dumps.refuse()  # before a sensor opens; the game keeps its own

        give_back(ending.stop)
        ending.wakes(sockets.wake)
        ending.on_signals()
        if duration is not None:
            ending.after(duration)
        sidecar.run(ending.stop)
        if view is not None and view.broken:
            raise BrokenPipeError


def _with_ports(config: Config, state_port: int | None, control_port: int | None) -> Config:
    """Return a configuration with the ports that the options name."""
    from msgspec.structs import replace

    named = {"state_port": state_port, "control_port": control_port}
    changes = {key: port for key, port in named.items() if port is not None}
    return replace(config, sidecar=replace(config.sidecar, **changes))


def _screen() -> OrderedConsole:
    from sentio_bridge.outputs.ordered_console import OrderedConsole

    return OrderedConsole()


def _view(screen: OrderedConsole, ending: Ending) -> LiveView:
    from sentio_bridge.outputs.live_view import LiveView

    return LiveView(screen, on_broken=ending.end, ending=ending.stop.is_set)


def _preset(demo: bool, webcam: bool) -> str:
    from sentio_bridge.errors import ConfigError

    if demo and webcam:
        raise ConfigError("--demo and --webcam cannot be combined", "use one of them")
    return "demo" if demo else "webcam" if webcam else ""


def _config(path: Path | None, preset: str) -> Config:
    from sentio_bridge.config.loader import load, parse
    from sentio_bridge.config.presets import DEMO, WEBCAM
    from sentio_bridge.errors import ConfigError

    if preset and path is not None:
        raise ConfigError(f"--{preset} and --config cannot be combined", "use one of them")
    if preset:
        return parse({"demo": DEMO, "webcam": WEBCAM}[preset], preset)
    file = path or Path("sentio.toml")
    if path is None and not file.exists():
        raise ConfigError(
            "there is no sentio.toml in this folder",
            "without hardware: sentio run --demo; with a camera alone: sentio run --webcam; "
            "to write one: sentio config init",
        )
    return load(file)
