"""`sentio play`: play a recorded file as live LSL streams."""

from __future__ import annotations

from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sentio_bridge.cli.connection import CONFIGURATION
from sentio_bridge.cli.exits import cli_errors
from sentio_bridge.cli.file_options import PATH_HELP, Board, Rate, Unit, hints_of, plain, show_notes
from sentio_bridge.cli.log_setup import LogFile, LogJson, LogLevel, logging_to

if TYPE_CHECKING:
    from sentio_bridge.outputs.ordered_console import OrderedConsole
    from sentio_sensors import Role
    from sentio_sensors.files.content import Hints
    from sentio_sensors.files.track import Track

BAR_PERIOD = 0.1
"""Seconds between updates of the bar."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("play")(play)


def play(
    file: Annotated[Path, typer.Argument(help=PATH_HELP)],
    speed: Annotated[float, typer.Option(help="Playback speed; 1 is real time.")] = 1.0,
    start: Annotated[float, typer.Option("--from", help="Start position, seconds.")] = 0.0,
    end: Annotated[float, typer.Option("--to", help="End position, seconds; 0: the end.")] = 0.0,
    former_start: Annotated[float | None, typer.Option("--start", hidden=True)] = None,
    duration: Annotated[float | None, typer.Option(hidden=True)] = None,
    loop: Annotated[bool, typer.Option(help="Restart at the end.")] = False,
    role: Annotated[
        list[str],
        typer.Option("--map", "--role", help="STREAM=ROLE, LABEL=ROLE or STREAM/LABEL=ROLE."),
    ] = [],  # noqa: B006
    rate: Rate = None,
    board: Board = None,
    time_unit: Unit = None,
    log_level: LogLevel = None,
    log_file: LogFile = None,
    log_json: LogJson = False,
) -> None:
    """Play a recorded file as live LSL streams, with its original timing."""
    from sentio_bridge.cli.replay import check_range, roles
    from sentio_bridge.outputs.ordered_console import OrderedConsole

    screen = OrderedConsole()
    with cli_errors(), logging_to(log_level, log_file, log_json, screen):
        if not 0 < speed < float("inf"):
            raise typer.BadParameter("must be greater than 0", param_hint="--speed")
        if former_start is not None:
            _warn("--start", "--from")
            start = former_start
        if duration is not None:
            _warn("--duration", "--to, a position")
            end = start + duration
        check_range(start, end)
        tracks = _tracks(file, hints_of(rate, board, time_unit), roles(role))
        for track in tracks:
            labels = ", ".join(channel.label for channel in track.spec.channels[:8])
            typer.echo(
                f"{plain(track.spec.id)}: {track.spec.role} at {track.spec.rate_hz:g} Hz "
                f"({plain(labels)})"
            )
        _send(tracks, file.name, screen, speed, start, end, loop)


def _tracks(file: Path, hints: Hints, roles: dict[str, Role]) -> list[Track]:
    """Return what a file has of known roles; ask for those of undescribed streams.

    Raises:
        FormatError: There is nothing to play.
        RequestError: It is of the configured folder, and its persons do not share it.
    """
    from sentio_bridge.cli.replay import ask_roles, check_sent
    from sentio_recording.recording import Recording
    from sentio_recording.tracks import tracks
    from sentio_sensors import FormatError

    with Recording(file, hints) as recording:
        show_notes(recording)
        check_sent(recording, CONFIGURATION)  # any machine can read LSL streams
        found = tracks(recording, ask_roles(recording, roles))
        if not found:
            names = ", ".join(plain(info.name, 60) for info in recording.streams.values())
            raise FormatError(
                f"{file.name} has no stream of a known role; streams: {names or 'none'}",
                f"state what one measures, for example: sentio play {file} --map '*=ppg'",
            )
    return found


def _send(
    tracks: list[Track],
    name: str,
    screen: OrderedConsole,
    speed: float,
    start: float,
    end: float,
    loop: bool,
) -> None:
    """Send tracks over LSL, with a bar of the progress, until Ctrl-C or the end."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from sentio_bridge.outputs.ordered_console import displayed
    from sentio_sensors import MonotonicClock
    from sentio_sensors.files import play as send

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=screen, transient=True, auto_refresh=False)
    task = bar.add_task(name, total=None)
    clock = MonotonicClock()
    drawn = -inf

    def show(done: float, total: float) -> None:
        nonlocal drawn
        if clock.now() - drawn >= BAR_PERIOD:
            drawn = clock.now()
            with screen:
                bar.update(task, completed=done, total=total, refresh=True)

    with displayed(bar, screen):
        try:
            send(
                tracks,
                clock,
                speed=speed,
                start=start,
                duration=end - start if end else None,
                loop=loop,
                progress=show,
            )
        except KeyboardInterrupt:
            raise typer.Exit(0) from None


def _warn(former: str, name: str) -> None:
    """Report a former option, which `sentio replay` does not have."""
    typer.echo(f"sentio: {former} is now {name}; the next version will not accept it", err=True)
