"""`sentio play`: play a recorded file as live LSL streams."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sentio_bridge.cli.exits import cli_errors
from sentio_bridge.cli.log_setup import LogFile, LogJson, LogLevel, logging_to


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("play")(play)


def play(
    file: Annotated[
        Path, typer.Argument(help="Empatica .npz, .csv with a header, BrainFlow file, or .xdf.")
    ],
    speed: Annotated[float, typer.Option(help="Playback speed; 1 is real time.")] = 1.0,
    start: Annotated[float, typer.Option(help="Start position, seconds.")] = 0.0,
    duration: Annotated[
        float | None, typer.Option(help="Seconds of the recording to play; default: to its end.")
    ] = None,
    loop: Annotated[bool, typer.Option(help="Restart at the end.")] = False,
    rate: Annotated[
        float | None, typer.Option(help="Sampling rate in Hz, for a table without times.")
    ] = None,
    board: Annotated[
        str | None, typer.Option(help="BrainFlow board that recorded the file.")
    ] = None,
    log_level: LogLevel = None,
    log_file: LogFile = None,
    log_json: LogJson = False,
) -> None:
    """Play a recorded file as live LSL streams, with its original timing."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from sentio_sensors import MonotonicClock
    from sentio_sensors.files import load
    from sentio_sensors.files import play as send

    screen = Console()
    with cli_errors(), logging_to(log_level, log_file, log_json, screen):
        if speed <= 0:
            raise typer.BadParameter("must be greater than 0", param_hint="--speed")
        tracks = load(file, rate_hz=rate, board=board)
        for track in tracks:
            labels = ", ".join(channel.label for channel in track.spec.channels[:8])
            typer.echo(
                f"{track.spec.id}: {track.spec.role} at {track.spec.rate_hz:g} Hz ({labels})"
            )
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=screen, transient=True) as bar:
            task = bar.add_task(file.name, total=None)
            try:
                send(
                    tracks,
                    MonotonicClock(),
                    speed=speed,
                    start=start,
                    duration=duration,
                    loop=loop,
                    progress=lambda done, total: bar.update(task, completed=done, total=total),
                )
            except KeyboardInterrupt:
                raise typer.Exit(0) from None
