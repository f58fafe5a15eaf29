"""Tests of where a command's log goes, and that nothing waits for it."""

from __future__ import annotations

import json
import logging
import sys
import threading
import warnings
from pathlib import Path

import pytest

from sentio_bridge.cli import log_setup
from sentio_bridge.cli.log_setup import WAITING, BackgroundHandler, JsonLines, Level, logging_to
from sentio_bridge.errors import BridgeError

log = logging.getLogger("sentio_bridge.test")
DEADLINE = 60.0


def write_each() -> None:
    for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
        log.log(level, "a %s", logging.getLevelName(level))


@pytest.mark.parametrize(
    ("level", "first"),
    [(Level.DEBUG, 0), (Level.INFO, 1), (None, 1), (Level.WARNING, 2), (Level.ERROR, 3)],
)
def test_a_file_has_the_records_of_its_level(
    tmp_path: Path, level: Level | None, first: int
) -> None:
    file = tmp_path / "log"
    with logging_to(level, file, as_json=False):
        write_each()
    written = [line.split(": ")[1] for line in file.read_text().splitlines()]
    assert written == ["a DEBUG", "a INFO", "a WARNING", "a ERROR"][first:]


def test_without_a_file_warnings_go_to_standard_error_as_plain_lines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with logging_to(None, None, as_json=False):
        write_each()
    out, err = capsys.readouterr()
    assert out == ""
    assert [line.split(" ", 2)[2] for line in err.splitlines()] == [
        "WARNING sentio_bridge.test: a WARNING",
        "ERROR sentio_bridge.test: a ERROR",
    ]
    assert "\x1b" not in err


def test_json_is_one_object_a_line_with_the_traceback(tmp_path: Path) -> None:
    file = tmp_path / "log"
    with logging_to(None, file, as_json=True):
        try:
            raise KeyError("two\nlines")
        except KeyError:
            log.exception("it broke")
    (line,) = file.read_text().splitlines()
    found = json.loads(line)
    assert found["level"] == "error"
    assert found["logger"] == "sentio_bridge.test"
    assert found["message"] == "it broke"
    assert found["thread"] == "MainThread"
    assert found["time"].endswith("+00:00")
    assert "KeyError: 'two\\nlines'" in found["traceback"]


def test_a_file_is_appended_to(tmp_path: Path) -> None:
    file = tmp_path / "log"
    for name in ("first", "second"):
        with logging_to(None, file, as_json=False):
            log.info(name)
    assert [line.rpartition(" ")[2] for line in file.read_text().splitlines()] == [
        "first",
        "second",
    ]


def test_files_of_a_long_log_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_setup, "FILE_BYTES", 1000)
    with logging_to(None, tmp_path / "log", as_json=False):
        for number in range(200):
            log.info("record %d", number)
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["log", "log.1", "log.2", "log.3"]
    assert all((tmp_path / name).stat().st_size <= 1000 for name in files)
    assert "record 199" in (tmp_path / "log").read_text()


def test_a_file_that_cannot_be_opened_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"), logging_to(None, tmp_path / "nowhere/log", False):
        pass


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_ends_nothing_and_writes_nothing_on_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with logging_to(None, Path("/dev/full"), as_json=False):
        log.error("lost")
    assert capsys.readouterr() == ("", "")


def test_what_ends_a_thread_or_the_command_is_logged(tmp_path: Path) -> None:
    file = tmp_path / "log"

    def divide() -> None:
        raise ZeroDivisionError

    with logging_to(None, file, as_json=False):
        thread = threading.Thread(target=divide, name="sentio-worker")
        thread.start()
        thread.join()
    with pytest.raises(ZeroDivisionError), logging_to(None, file, as_json=False):
        divide()
    text = file.read_text()
    assert "sentio-worker was ended by a defect\nTraceback" in text
    assert ": ended by a defect\nTraceback" in text
    assert text.count("\nZeroDivisionError") == 2


def test_an_error_that_is_explained_to_the_person_is_not_a_defect(tmp_path: Path) -> None:
    file = tmp_path / "log"
    with pytest.raises(BridgeError), logging_to(None, file, as_json=False):
        raise BridgeError("the port is taken")
    assert file.read_text() == ""


def test_warnings_of_packages_are_logged(tmp_path: Path) -> None:
    file = tmp_path / "log"
    with warnings.catch_warnings(), logging_to(None, file, as_json=False):
        warnings.simplefilter("always")
        warnings.warn("old driver", stacklevel=1)
    assert "old driver" in file.read_text()


def test_everything_is_as_before_afterwards(tmp_path: Path) -> None:
    root = logging.getLogger()
    before = root.level, list(root.handlers), threading.excepthook, logging.raiseExceptions
    with logging_to(Level.DEBUG, tmp_path / "log", as_json=False):
        assert root.level == logging.DEBUG
    assert before == (
        root.level,
        list(root.handlers),
        threading.excepthook,
        logging.raiseExceptions,
    )


def test_nothing_waits_for_a_blocked_terminal() -> None:
    go, stuck = threading.Event(), threading.Event()
    lines: list[str] = []

    class Slow(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            stuck.set()
            go.wait(DEADLINE)
            lines.append(record.getMessage())

    handler = BackgroundHandler(Slow())
    record = logging.LogRecord("a", logging.INFO, __file__, 1, "%d", (7,), None)
    handler.handle(record)
    assert stuck.wait(DEADLINE)
    for _ in range(WAITING + 5):  # one is being written
        handler.handle(record)
    assert handler.dropped == 5
    go.set()
    handler.close()
    assert lines[:2] == ["7", "5 records were dropped: the log is written too slowly"]
    assert len(lines) == WAITING + 2


def test_arguments_are_read_when_they_are_logged() -> None:
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(JsonLines().format(record))

    handler, values = BackgroundHandler(Kept()), [1]
    handler.handle(logging.LogRecord("a", logging.INFO, __file__, 1, "%s", (values,), None))
    values.append(2)
    handler.close()
    assert json.loads(lines[0])["message"] == "[1]"


def test_standard_error_that_is_closed_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed:
        def isatty(self) -> bool:
            return False

        def write(self, text: str) -> int:
            raise BrokenPipeError

        def flush(self) -> None:
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stderr", Closed())
    with logging_to(None, None, as_json=False):
        log.error("nobody reads this")
    assert logging.getLogger().handlers
