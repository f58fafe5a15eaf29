"""Tests of drawn chat lines: apart from the evaluation, labels kept."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from sentio_research.data.chat import TARGETS, chat_lines, sarcasm_lines
from sentio_research.data.chat_drawn import NEAR, drawn_lines


def words(line: str) -> set[str]:
    return set(re.findall(r"\w+", line.lower()))


def test_no_drawn_line_is_nearly_one_of_the_evaluation() -> None:
    lines = [*chat_lines().lines, *sarcasm_lines().lines]
    test = [words(line) for line in lines]
    drawn = drawn_lines(np.random.default_rng(3), lines)
    assert len(drawn.lines) > 3000
    for line in drawn.lines:
        own = words(line)
        assert not own or all(len(own & w) < NEAR * len(own | w) for w in test), line


def test_slots_are_filled_and_labels_stay(tmp_path: Path) -> None:
    path = tmp_path / "templates.txt"
    path.write_text(
        "thing = map | sword\n# a remark\n\n-0.5 1 game the {thing} broke\n0 0 none hi\n"
        "-0.6 - none lovely, a wall\n"
    )
    drawn = drawn_lines(np.random.default_rng(0), path=path)

    assert set(drawn.lines) == {"the map broke", "the sword broke", "hi", "lovely, a wall"}
    assert drawn.valence.tolist() == [-0.5, -0.5, 0.0, -0.6]
    assert drawn.frustrated.tolist() == [True, True, False, False]
    assert drawn.anger_known.tolist() == [True, True, True, False]
    assert [TARGETS[k] for k in drawn.target] == ["game", "game", "none", "none"]
    assert drawn.template.tolist() == [0, 0, 1, 2]


def test_no_slot_is_left_open() -> None:
    drawn = drawn_lines(np.random.default_rng(0))
    assert not [line for line in drawn.lines if "{" in line]
