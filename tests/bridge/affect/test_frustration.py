"""Lasting frustration: begins after several lines, ends with calm or with time."""

from __future__ import annotations

import pytest

from sentio_bridge.affect.frustration import (
    BEGINS,
    ENDS,
    HALF_LIFE,
    LEAST_LINES,
    LastingFrustration,
)
from sentio_models.estimate import Estimate
from sentio_models.modalities.text import TextEstimator


def line(frustration: float | None, **features: float) -> Estimate:
    given = dict(features) if frustration is None else {"frustration": frustration, **features}
    return Estimate("text", quality=1.0, features=given)


def test_one_outburst_is_not_lasting() -> None:
    memory = LastingFrustration()
    assert [memory.add(t, line(p)) for t, p in enumerate((0.1, 0.95, 0.1, 0.1))] == [None] * 4
    assert not memory.lasting


def test_it_begins_once_after_several_lines_and_names_the_target() -> None:
    memory = LastingFrustration()
    changes = [memory.add(5.0 * n, line(0.9, anger_at_game=0.9)) for n in range(8)]
    begun = [change for change in changes if change is not None]
    assert len(begun) == 1
    assert (begun[0].kind, begun[0].target) == ("began", "game")
    assert begun[0].level >= BEGINS
    assert changes.index(begun[0]) >= LEAST_LINES - 1
    assert memory.lasting


def test_calm_lines_end_it() -> None:
    memory = LastingFrustration()
    for n in range(8):
        memory.add(n, line(0.95, anger_at_people=0.9))
    changes = [memory.add(8 + n, line(0.02)) for n in range(8)]
    ended = [change for change in changes if change is not None]
    assert [change.kind for change in ended] == ["ended"]
    assert ended[0].level <= ENDS


def test_silence_ends_it_at_the_next_line() -> None:
    memory = LastingFrustration()
    for n in range(8):
        memory.add(n, line(0.95))
    change = memory.add(8 + 5 * HALF_LIFE, line(None))
    assert change is not None
    assert (change.kind, change.at) == ("ended", 8 + 5 * HALF_LIFE)


def test_lines_without_content_only_let_time_pass() -> None:
    memory = LastingFrustration()
    memory.add(0.0, line(0.9))
    level = memory.level
    memory.add(0.0, Estimate("text", reasons=("language_not_read",)))
    memory.add(0.0, line(None))
    assert memory.level == level
    memory.add(HALF_LIFE, line(None))
    assert memory.level == pytest.approx(level / 2)
    memory.add(0.0, line(None))  # a clock that went back
    assert memory.level == pytest.approx(level / 2)


def test_a_conversation_of_real_lines() -> None:
    reader, memory = TextEstimator(), LastingFrustration()
    lines = [
        "hi, what do I need for the raid",
        "ffs the server is so bad, it kicked me again",
        "this game is a broken mess, fix the servers",
        "the devs ruined the game, so annoying",
        "wtf crashed again, i hate this game",
        "such a stupid buggy game, refund please",
    ]
    changes = [memory.add(20.0 * n, reader.read(text)) for n, text in enumerate(lines)]
    begun = [change for change in changes if change is not None]
    assert [change.kind for change in begun] == ["began"]
    assert begun[0].target == "game"
