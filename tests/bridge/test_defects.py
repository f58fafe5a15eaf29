"""Caught defects: each is logged once with its traceback, every time is counted."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from sentio_bridge.defects import DefectLog


def divide() -> None:
    raise ZeroDivisionError("division by zero")


def look_up() -> None:
    raise KeyError("nothing")


def occur(defects: DefectLog, defect: Callable[[], None], times: int = 1) -> None:
    for _ in range(times):
        with defects.contained("a test failed"):
            defect()


def test_the_first_time_has_a_traceback_and_repetitions_a_line_at_powers_of_ten(
    caplog: pytest.LogCaptureFixture,
) -> None:
    defects = DefectLog()
    occur(defects, divide, 250)
    assert defects.count == 250
    assert [record.exc_info is not None for record in caplog.records] == [True, False, False]
    assert [message.split()[-2] for message in caplog.messages[1:]] == ["10th", "100th"]
    assert "in divide" in caplog.text


def test_another_type_or_place_is_another_defect(caplog: pytest.LogCaptureFixture) -> None:
    defects = DefectLog()
    occur(defects, divide)
    occur(defects, look_up)
    occur(defects, lambda: divide())
    assert defects.count == 3
    assert [record.exc_info is not None for record in caplog.records] == [True, True]


def test_an_exception_that_was_never_raised_is_logged_too(
    caplog: pytest.LogCaptureFixture,
) -> None:
    defects = DefectLog()
    defects.caught("a job failed", ValueError("kept"))
    assert "a job failed" in caplog.messages
    assert "kept" in caplog.text


def test_what_ends_a_program_is_not_caught() -> None:
    defects = DefectLog()
    with pytest.raises(KeyboardInterrupt), defects.contained("a test failed"):
        raise KeyboardInterrupt
    assert defects.count == 0


def test_threads_lose_no_count() -> None:
    defects = DefectLog()
    threads = [threading.Thread(target=occur, args=(defects, divide, 500)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert defects.count == 2000
