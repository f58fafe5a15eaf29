"""Set up the log of a command: standard error or a file, as text or JSON.

Records wait in a bounded queue for a thread that writes them, so that no frame waits for a
terminal or a disk. While something is drawn on the terminal, lines go through the console that
draws, which puts them above the picture.
"""

from __future__ import annotations

import logging
import queue
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

logger = logging.getLogger(__name__)

FILE_BYTES = 10 << 20
"""Size at which a new log file is started; three former ones are kept."""

WAITING = 1000
"""Records that may wait to be written; more are dropped and counted."""

CLOSING = 2.0
"""Seconds by which a terminal or disk that does not answer may delay the end."""

PLAIN = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class Level(StrEnum):
    """From which level on records are kept."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


LogLevel = Annotated[
    Level | None,
    typer.Option(
        help="Least serious level to log; default: info with --log-file, otherwise warning.",
        show_default=False,
    ),
]
LogFile = Annotated[
    Path | None,
    typer.Option(help="Log into this file, not on standard error.", dir_okay=False),
]
LogJson = Annotated[bool, typer.Option("--log-json", help="Log one JSON object a line.")]


@contextmanager
def logging_to(
    level: Level | None, file: Path | None, as_json: bool, screen: Console | None = None
) -> Iterator[None]:
    """Log as the three options request, until the block ends.

    What ends a thread, or the block itself, is logged too.

    Args:
        level: Of ``--log-level``.
        file: Of ``--log-file``; lines are appended.
        as_json: Of ``--log-json``.
        screen: Where the command draws a live view or a progress bar, if it does.

    Raises:
        OSError: The file cannot be written.
    """
    handler = _file(file) if file is not None else _standard_error(screen, as_json)
    if as_json:
        handler.setFormatter(JsonLines())
    elif file is not None or not _to_terminal():
        handler.setFormatter(logging.Formatter(PLAIN))
    chosen = level or (Level.INFO if file is not None else Level.WARNING)
    background = BackgroundHandler(handler)
    root = logging.getLogger()
    before = root.level, threading.excepthook, logging.raiseExceptions
    root.setLevel(chosen.upper())
    root.addHandler(background)
    threading.excepthook = _thread_ended
    logging.raiseExceptions = False  # a full disk must not write into the live view
    logging.captureWarnings(True)
    try:
        yield
    except Exception as error:  # logged and raised again
        if (file is not None or as_json) and not _explained(error):  # Python itself prints it
            logger.critical("ended by a defect", exc_info=True)
        raise
    finally:
        logging.captureWarnings(False)
        root.removeHandler(background)
        background.close()
        root.setLevel(before[0])
        threading.excepthook, logging.raiseExceptions = before[1:]


class BackgroundHandler(logging.Handler):
    """Writes records on a thread of its own; drops them while that thread is stuck.

    Attributes:
        dropped: Records that were dropped because the queue was full.

    Args:
        inner: Formats and writes; closed with this one.
    """

    def __init__(self, inner: logging.Handler) -> None:
        super().__init__()
        self.dropped = 0
        self._inner = inner
        self._records: queue.Queue[logging.LogRecord | None] = queue.Queue(WAITING)
        self._thread = threading.Thread(target=self._run, name="sentio-log", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record until it is written; returns at once."""
        record.msg, record.args = record.getMessage(), None  # arguments may change until then
        try:
            self._records.put_nowait(record)
        except queue.Full:
            self.dropped += 1

    def close(self) -> None:
        """Write what waits; waits at most ``CLOSING`` seconds."""
        try:
            self._records.put(None, timeout=CLOSING)
        except queue.Full:
            pass  # the thread is stuck, and ends with the process
        else:
            self._thread.join(CLOSING)
        super().close()

    def _run(self) -> None:
        reported = 0
        while (record := self._records.get()) is not None:
            self._inner.handle(record)
            if self.dropped != reported:
                count, reported = self.dropped - reported, self.dropped
                self._inner.handle(_lost(count))
        self._inner.close()


class JsonLines(logging.Formatter):
    """Format each record as a JSON object with time (UTC), level and traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as one line."""
        import msgspec

        fields = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "thread": record.threadName,
            "message": record.getMessage(),
        }
        if record.exc_info:
            fields["traceback"] = self.formatException(record.exc_info)
        return msgspec.json.encode(fields).decode()


class ScreenLines(logging.Handler):
    """Prints formatted lines as they are through the console that draws."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console

    def emit(self, record: logging.LogRecord) -> None:
        """Print one record above what is drawn."""
        try:
            line = self.format(record)
            self._console.print(line, markup=False, highlight=False, soft_wrap=True)
        except Exception:  # the terminal is gone; nowhere is left to log that
            self.handleError(record)


def _file(path: Path) -> logging.Handler:
    return RotatingFileHandler(path, maxBytes=FILE_BYTES, backupCount=3, encoding="utf-8")


def _standard_error(screen: Console | None, as_json: bool) -> logging.Handler:
    """Return the handler for standard error; on a terminal above the live view."""
    if not _to_terminal():
        return logging.StreamHandler(sys.stderr)
    from rich.console import Console
    from rich.logging import RichHandler

    drawn = screen is not None and screen.is_terminal
    console = screen if screen is not None and drawn else Console(stderr=True)
    if as_json:
        return ScreenLines(console)
    return RichHandler(console=console, show_path=False, log_time_format="%X")


def _to_terminal() -> bool:
    return sys.stderr.isatty()


def _thread_ended(ended: threading.ExceptHookArgs) -> None:
    """Log what ended a thread."""
    if ended.exc_value is not None and not isinstance(ended.exc_value, SystemExit):
        name = ended.thread.name if ended.thread is not None else "a thread"
        logger.critical("%s was ended by a defect", name, exc_info=ended.exc_value)


def _explained(error: Exception) -> bool:
    """Return whether ``cli_errors`` or typer makes a sentence of an exception."""
    from click import ClickException
    from click.exceptions import Exit

    from sentio_bridge.errors import BridgeError
    from sentio_models import ModelError
    from sentio_sensors import SensorError

    known = (BridgeError, SensorError, ModelError, OSError, ClickException, Exit)
    return isinstance(error, known)


def _lost(count: int) -> logging.LogRecord:
    text = f"{count} records were dropped: the log is written too slowly"
    return logging.LogRecord(__name__, logging.WARNING, __file__, 0, text, None, None)
