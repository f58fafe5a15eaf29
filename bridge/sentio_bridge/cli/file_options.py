"""Options about files of other programs, for all commands that read recordings."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from sentio_recording.recording import Recording
    from sentio_sensors.files.content import Hints


class TimeUnit(StrEnum):
    """Unit of a time column."""

    S = "s"
    MS = "ms"
    US = "us"
    TICKS = "100ns"
    NS = "ns"
    MIN = "min"
    H = "h"
    DAYS = "days"


Rate = Annotated[
    float | None, typer.Option("--rate", help="Sampling rate in Hz, for a table without times.")
]
Board = Annotated[
    str | None,
    typer.Option("--board", help="BrainFlow board that recorded the file; BOARD:BLOCK if needed."),
]
Unit = Annotated[
    TimeUnit | None, typer.Option("--time-unit", help="Unit of a table's time column.")
]
PATH_HELP = "Recording: a folder, an .xdf file, or a file of another program."


def hints_of(rate: float | None, board: str | None, time_unit: TimeUnit | None) -> Hints:
    """Return what the options state about the file."""
    from sentio_sensors.files.content import Hints

    return Hints(rate, board, None if time_unit is None else time_unit.value)


def show_notes(recording: Recording) -> None:
    """Print on standard error the reader's notes, and which frames are absent."""
    from sentio_recording.absent_frames import absent_frames

    for note in (*recording.notes, *absent_frames(recording)):
        typer.echo(f"{recording.path.name}: {note}", err=True)


def plain(text: Any, limit: int = 200) -> str:
    """Return a text as one short line without control characters, for a terminal."""
    line = "".join(c if c.isprintable() else " " for c in str(text)[: limit + 1])
    return line if len(line) <= limit else f"{line[:limit]}..."
