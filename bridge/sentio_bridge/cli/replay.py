"""`sentio replay`: a recording to the engines, or over LSL."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sentio_bridge.cli.exits import cli_errors
from sentio_bridge.cli.log_setup import LogFile, LogJson, LogLevel, logging_to

if TYPE_CHECKING:
    from sentio_recording.recording import Recording
    from sentio_recording.xdf.headers import StreamInfo
    from sentio_sensors import Role

SHOWN = 8
"""Labels of one stream that a question names; the rest is counted."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("replay")(replay)


def replay(
    path: Annotated[Path, typer.Argument(help="A recording's folder, or any .xdf file.")],
    speed: Annotated[str, typer.Option(help="0.25..100, or max.")] = "1",
    start: Annotated[float, typer.Option("--from", help="Seconds into the recording.")] = 0.0,
    end: Annotated[float, typer.Option("--to", help="The same; 0 for the end.")] = 0.0,
    loop: Annotated[bool, typer.Option(help="Begin again at the end.")] = False,
    as_lsl: Annotated[bool, typer.Option(help="Send the streams over LSL instead.")] = False,
    frames: Annotated[
        bool, typer.Option(help="Send the recorded frames; run no model again.")
    ] = False,
    role: Annotated[
        list[str],
        typer.Option(
            "--map", "--role", help="STREAM=ROLE, LABEL=ROLE or STREAM/LABEL=ROLE; patterns."
        ),
    ] = [],  # noqa: B006
    port: Annotated[int, typer.Option(help="State port to publish on.")] = 28700,
    control_port: Annotated[int, typer.Option(help="Port that takes pause, seek, speed.")] = 28701,
    config: Annotated[
        Path | None, typer.Option(help="Configuration whose [[output]]s get the messages too.")
    ] = None,
    log_level: LogLevel = None,
    log_file: LogFile = None,
    log_json: LogJson = False,
) -> None:
    """Play a recording: its frames to the engines, or its streams over LSL.

    A file of another program goes through the models. What its channels measure is told by its
    own description, by --map, or by who answers on the terminal.
    """
    with cli_errors(), logging_to(log_level, log_file, log_json):
        from sentio_bridge.config.loader import Sidecar, load
        from sentio_bridge.outputs import configured
        from sentio_bridge.replay.server import foreign, native, publish
        from sentio_bridge.transport.ports import bind
        from sentio_recording.recording import Recording
        from sentio_sensors import MonotonicClock

        pace, known = _speed(speed), roles(role)
        _stretch(start, end)
        with Recording(path) as recording, _stoppable() as stop:
            own = any(info.kind == "Affect" for info in recording.streams.values())
            if as_lsl or not own:
                known = _asked(recording, known)
            if as_lsl:
                _as_lsl(recording, pace, start, end, loop, known, stop)
                return
            played = native(recording, compute=not frames) if own else foreign(recording, known)
            sockets = bind(Sidecar(state_port=port, control_port=control_port))
            typer.echo(f"state at {sockets.state_endpoint}, control at {sockets.control_endpoint}")
            more = configured(load(config).outputs) if config is not None else []
            count = publish(
                played, sockets, MonotonicClock(), stop,
                speed=pace, start=start, end=end, loop=loop,
                outputs=more,
            )  # fmt: skip
        typer.echo(f"sent {count} messages")


def _speed(text: str) -> float:
    from sentio_bridge.errors import ConfigError

    try:
        speed = 0.0 if text == "max" else float(text)
    except ValueError:
        speed = -1.0
    if speed != 0.0 and not 0.25 <= speed <= 100 or (speed == 0.0 and text != "max"):
        raise ConfigError(f"--speed {text}: not within 0.25..100", "or use: --speed max")
    return speed


def _stretch(start: float, end: float) -> None:
    from sentio_bridge.errors import ConfigError

    if start < 0 or (end and end <= start):
        raise ConfigError(
            f"from {start:g} to {end:g} s is no stretch of time", "--to 0: to its end"
        )


def roles(given: list[str]) -> dict[str, Role]:
    """Read ``PATTERN=ROLE``s.

    Raises:
        ConfigError: One is none.
    """
    from sentio_bridge.errors import ConfigError
    from sentio_sensors import Role

    found = {}
    for text in given:
        pattern, _, name = text.rpartition("=")
        if not pattern or name not in list(Role):
            raise ConfigError(f"--map {text}: expected PATTERN=ROLE", f"roles: {', '.join(Role)}")
        found[pattern] = Role(name)
    return found


def at_a_terminal() -> bool:
    """Tell whether somebody can be asked."""
    return sys.stdin.isatty()


def _asked(recording: Recording, roles: dict[str, Role]) -> dict[str, Role]:
    """Ask what streams measure that say nothing of it; where nobody can answer, name them."""
    from sentio_recording.tracks import unknown

    for info in unknown(recording, roles):
        if at_a_terminal():
            roles = {**roles, **_answer(info)}
        else:
            typer.echo(f"left out: {_shown(info)}; give --map STREAM=ROLE", err=True)
    return roles


def _shown(info: StreamInfo) -> str:
    labels = [channel.label for channel in info.channels]
    more = f" and {len(labels) - SHOWN} more" if len(labels) > SHOWN else ""
    return f"{info.name} ({', '.join(labels[:SHOWN])}{more})"


def _answer(info: StreamInfo) -> dict[str, Role]:
    """Ask for one role for all channels of a stream, or one for each."""
    from glob import escape

    from sentio_sensors import Role

    known = [role.value for role in Role if role is not Role.MARKER]
    labels = [channel.label for channel in info.channels]
    typer.echo(f"What does {_shown(info)} measure?")
    typer.echo(f"  {', '.join(known)}; one for each channel with commas; - leaves it out")
    while True:
        words = [word.strip() for word in typer.prompt("role", default="-").split(",")]
        words *= len(labels) if len(words) == 1 else 1
        wrong = [word for word in words if word not in (*known, "-")]
        if not wrong and len(words) == len(labels):
            break
        typer.echo(f"  {wrong[0]!r} is none" if wrong else f"  {len(words)} for {len(labels)}")
    return {
        escape(f"{info.name}/{label}"): Role(word)
        for label, word in zip(labels, words, strict=True)
        if word != "-"
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
        raise ConfigError("--as-lsl plays in real time", "give --speed 0.25..100")
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
def _stoppable() -> Iterator[threading.Event]:
    """Let Ctrl-C end a replay in good order."""
    stop = threading.Event()

    def end(*_: Any) -> None:
        stop.set()

    before = signal.signal(signal.SIGINT, end)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
