"""`sentio replay`: play a recording to engines or over LSL."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sentio_bridge.cli.connection import CONFIGURATION
from sentio_bridge.cli.exits import cli_errors
from sentio_bridge.cli.file_options import PATH_HELP, Board, Rate, Unit, hints_of, plain, show_notes
from sentio_bridge.cli.governed import governed
from sentio_bridge.cli.log_setup import LogFile, LogJson, LogLevel, logging_to

if TYPE_CHECKING:
    from sentio_bridge.outputs import Output
    from sentio_recording.recording import Recording
    from sentio_recording.xdf.headers import StreamInfo
    from sentio_sensors import Role

SHOWN = 8
"""Maximum number of channel labels shown for a stream."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("replay")(replay)


def replay(
    path: Annotated[Path, typer.Argument(help=PATH_HELP)],
    speed: Annotated[str, typer.Option(help="Playback speed, 0.25 to 100, or: max.")] = "1",
    start: Annotated[float, typer.Option("--from", help="Start position, seconds.")] = 0.0,
    end: Annotated[float, typer.Option("--to", help="End position, seconds; 0: the end.")] = 0.0,
    loop: Annotated[bool, typer.Option(help="Restart at the end.")] = False,
    as_lsl: Annotated[bool, typer.Option(help="Send the streams over LSL, not frames.")] = False,
    frames: Annotated[
        bool, typer.Option(help="Send the frames as recorded, without recomputing them.")
    ] = False,
    role: Annotated[
        list[str],
        typer.Option(
            "--map", "--role", help="STREAM=ROLE, LABEL=ROLE or STREAM/LABEL=ROLE; patterns."
        ),
    ] = [],  # noqa: B006
    port: Annotated[int, typer.Option("--state-port", "--port", help="State port.")] = 28700,
    control_port: Annotated[int, typer.Option(help="Control port (pause, seek, speed).")] = 28701,
    config: Annotated[
        Path | None, typer.Option(help="Configuration file, for additional outputs.")
    ] = None,
    rate: Rate = None,
    board: Board = None,
    time_unit: Unit = None,
    log_level: LogLevel = None,
    log_file: LogFile = None,
    log_json: LogJson = False,
) -> None:
    """Play a recording: send its frames to engines, or its streams over LSL.

    A file of another program is processed by the models. The roles of its channels come from its
    description, from --map, or from answers on the terminal.
    """
    with cli_errors(), logging_to(log_level, log_file, log_json):
        from sentio_bridge.config.loader import Sidecar
        from sentio_bridge.replay.server import foreign, native, publish
        from sentio_bridge.transport.ports import bind
        from sentio_recording.recording import Recording
        from sentio_sensors import MonotonicClock

        pace, channel_roles = _speed(speed), roles(role)
        check_range(start, end)
        hints = hints_of(rate, board, time_unit)
        with Recording(path, hints) as recording, _stop_on_interrupt() as stop:
            show_notes(recording)
            native_file = any(info.kind == "Affect" for info in recording.streams.values())
            if as_lsl or not native_file:
                channel_roles = ask_roles(recording, channel_roles)
            if as_lsl:
                check_sent(recording, config or CONFIGURATION)  # any machine can read them
                _as_lsl(recording, pace, start, end, loop, channel_roles, stop)
                return
            if native_file and not frames:
                _warn_of_differences(recording)
            played = (
                native(recording, compute=not frames)
                if native_file
                else foreign(recording, channel_roles)
            )
            outputs = _outputs(config, recording) if config is not None else []
            sockets = bind(Sidecar(state_port=port, control_port=control_port))
            typer.echo(f"state at {sockets.state_endpoint}, control at {sockets.control_endpoint}")
            count = publish(
                played, sockets, MonotonicClock(), stop,
                speed=pace, start=start, end=end, loop=loop,
                outputs=outputs,
            )  # fmt: skip
        typer.echo(f"sent {count} messages")


def _outputs(config: Path, recording: Recording) -> list[Output]:
    """Open the outputs of a configuration for a recording, or for a file of one.

    Raises:
        RequestError: One leaves this machine, and the persons of the recording do not share.
    """
    from sentio_bridge.config.loader import load
    from sentio_bridge.outputs import configured

    with ExitStack() as opened:
        outputs = configured(load(config).outputs)
        for output in outputs:
            opened.callback(output.close)
        if any(output.leaves_machine for output in outputs):
            check_sent(recording, config)
        opened.pop_all()
    return outputs


def check_sent(recording: Recording, config: Path) -> None:
    """Check that a recording may be sent to other machines.

    Raises:
        RequestError: It is below the configured folder, and its persons do not share it.
    """
    kept = governed(recording, config=config)
    if kept is not None:
        kept.rights.check_sent(kept.manifest, kept.subjects)


def _warn_of_differences(recording: Recording) -> None:
    """Write to standard error why recomputed numbers can differ from recorded ones."""
    from sentio_bridge.config.loader import parse
    from sentio_bridge.core.saved_state import StateError
    from sentio_bridge.recording.model_hashes import hashes
    from sentio_bridge.replay.differences import differences
    from sentio_bridge.replay.engine import saved_state
    from sentio_recording.absent_frames import absent_by_subject

    manifest = recording.manifest
    if manifest is None:
        return
    config = parse(manifest.configuration, "recorded configuration", sources=False)
    try:
        state = "" if saved_state(recording) else "it has no state of the session at its start"
    except StateError as error:
        state = error.what
    named = absent_by_subject(recording)
    lines = differences(manifest, hashes(config.models), state, named)
    if lines:
        typer.echo("recomputed numbers can differ from the recorded ones:", err=True)
        for line in lines:
            typer.echo(f"  {line}", err=True)
        if any(recording.stated.get(n) for n, i in recording.streams.items() if i.kind == "Affect"):
            typer.echo("  to send the frames as recorded: --frames", err=True)


def _speed(text: str) -> float:
    from sentio_bridge.errors import ConfigError

    try:
        speed = 0.0 if text == "max" else float(text)
    except ValueError:
        speed = -1.0
    if speed != 0.0 and not 0.25 <= speed <= 100 or (speed == 0.0 and text != "max"):
        raise ConfigError(f"--speed {text}: not within 0.25..100", "or: --speed max")
    return speed


def check_range(start: float, end: float) -> None:
    """Refuse a part of a recording that does not exist.

    Raises:
        ConfigError: The start is negative, or the end is not after it.
    """
    from sentio_bridge.errors import ConfigError

    if not 0 <= start < inf:
        raise ConfigError(f"--from {start:g}: expected 0 or more seconds", "--from 0: all of it")
    if end and not start < end < inf:
        raise ConfigError(
            f"from {start:g} to {end:g} s: the end is not after the start", "--to 0: to the end"
        )


def roles(given: list[str]) -> dict[str, Role]:
    """Parse ``PATTERN=ROLE`` options.

    Raises:
        ConfigError: An option has no pattern or an unknown role.
    """
    from sentio_bridge.errors import ConfigError
    from sentio_sensors import Role

    roles_by_pattern = {}
    for text in given:
        pattern, _, name = text.rpartition("=")
        if not pattern or name not in list(Role):
            raise ConfigError(f"--map {text}: expected PATTERN=ROLE", f"roles: {', '.join(Role)}")
        roles_by_pattern[pattern] = Role(name)
    return roles_by_pattern


def interactive() -> bool:
    """Return whether standard input is a terminal."""
    return sys.stdin.isatty()


def ask_roles(recording: Recording, roles: dict[str, Role]) -> dict[str, Role]:
    """Ask for the roles of undescribed streams; without a terminal, list them."""
    from sentio_recording.tracks import unknown

    for info in unknown(recording, roles):
        if interactive():
            roles = {**roles, **_answer(info)}
        else:
            typer.echo(f"skipped: {_describe(info)}; to use it: --map STREAM=ROLE", err=True)
    return roles


def _describe(info: StreamInfo) -> str:
    labels = [channel.label for channel in info.channels]
    more = f" and {len(labels) - SHOWN} more" if len(labels) > SHOWN else ""
    return plain(f"{info.name} ({', '.join(labels[:SHOWN])}{more})")


def _answer(info: StreamInfo) -> dict[str, Role]:
    """Ask for the roles of a stream's channels: one for all, or one each."""
    from glob import escape

    from sentio_sensors import Role

    known = [role.value for role in Role if role is not Role.MARKER]
    labels = [channel.label for channel in info.channels]
    typer.echo(f"What does {_describe(info)} measure?")
    typer.echo(f"  {', '.join(known)}")
    typer.echo("  enter one role, or one per channel separated by commas; - to skip")
    while True:
        names = [name.strip() for name in typer.prompt("role", default="-").split(",")]
        names *= len(labels) if len(names) == 1 else 1
        unknown_names = [name for name in names if name not in (*known, "-")]
        if not unknown_names and len(names) == len(labels):
            break
        typer.echo(
            f"  {unknown_names[0]!r} is not a role"
            if unknown_names
            else f"  {len(names)} roles for {len(labels)} channels"
        )
    return {
        escape(f"{info.name}/{label}"): Role(name)
        for label, name in zip(labels, names, strict=True)
        if name != "-"
    }


def _as_lsl(
    recording: Recording,
    speed: float,
    start: float,
    end: float,
    loop: bool,
    roles: dict[str, Role],
    stop: threading.Event,
) -> None:
    from sentio_bridge.errors import ConfigError
    from sentio_recording.tracks import tracks
    from sentio_sensors import MonotonicClock
    from sentio_sensors.files import play

    if not speed:
        raise ConfigError("--as-lsl does not support --speed max", "use --speed 0.25..100")
    play(
        tracks(recording, roles),
        MonotonicClock(),
        speed=speed,
        start=start,
        duration=end - start if end else None,
        loop=loop,
        stop=stop.is_set,
    )


@contextmanager
def _stop_on_interrupt() -> Iterator[threading.Event]:
    """Set the yielded event on Ctrl-C."""
    stop = threading.Event()

    def end(*_: Any) -> None:
        stop.set()

    before = signal.signal(signal.SIGINT, end)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
