"""Device search: kinds are searched at once, and none delays or hides another."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec
import pytest

from sentio_bridge.pipeline.device_search import collect, search
from sentio_sensors import AbsentError
from sentio_sensors.source_kind import Finding, SourceKind


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """No settings."""


def kind(name: str, discover: Callable[[float], Iterable[Finding]] | None) -> SourceKind:
    def refuse(*_: Any) -> Any:
        raise AssertionError("a search opens no source")

    return SourceKind(name, name.title(), "a test", Settings, ("body",), refuse, discover=discover)


def failing(problem: Exception) -> Iterator[Finding]:
    yield Finding("the first strap")
    raise problem


@pytest.mark.parametrize(
    ("problem", "text", "fix"),
    [
        (AbsentError("no radio", "plug one in"), "no radio", "plug one in"),
        (ZeroDivisionError("in a driver"), "ZeroDivisionError: in a driver", ""),
    ],
)
def test_what_stops_a_search_is_the_last_finding(
    caplog: pytest.LogCaptureFixture, problem: Exception, text: str, fix: str
) -> None:
    caplog.set_level(logging.DEBUG)
    first, last = collect(lambda: failing(problem))
    assert first == Finding("the first strap")
    assert (last.text, last.fix, last.wrong) == (text, fix, True)
    expected = [] if isinstance(problem, AbsentError) else [ZeroDivisionError]
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == expected


def test_kinds_are_searched_at_once_and_returned_in_order() -> None:
    meeting = threading.Barrier(2, timeout=20.0)

    def discover(seconds: float) -> Iterable[Finding]:
        meeting.wait()  # both searches run: one after the other would never meet
        return [Finding(f"found within {seconds:g} s")]

    found = search([kind("a", discover), kind("b", discover), kind("c", None)], 1.5)
    assert [[f.text for f in findings] for findings in found] == [
        ["found within 1.5 s"],
        ["found within 1.5 s"],
        ['type = "c"'],
    ]


def test_kind_that_hangs_is_reported_and_the_others_are_listed() -> None:
    release = threading.Event()

    def hang(_: float) -> Iterable[Finding]:
        release.wait(60.0)
        return []

    try:
        hung, found = search([kind("stuck", hang), kind("b", lambda _: [Finding("x")])], 0.0, 0.2)
    finally:
        release.set()
    assert hung[0].wrong
    assert "Stuck" in hung[0].text
    assert found == [Finding("x")]
