"""Negated lines that are drawn from word valences."""

from __future__ import annotations

import numpy as np

from sentio_models.modalities.text.features import read
from sentio_research.data.chat import TARGETS
from sentio_research.data.chat_drawn import drawn_lines
from sentio_research.data.chat_negated import MOST, negated_lines

MOODS = {"awful": -3.0, "great": 3.0, "okay": 0.9, "up": 2.0, ":)": 2.0, "glitch": -2.0}


def test_each_line_has_one_strong_word_that_is_negated() -> None:
    drawn = negated_lines(np.random.default_rng(0), MOODS, 10, 7)
    assert len(drawn.lines) == 3
    for line in drawn.lines:
        found = read(line)
        word = next(w for w in ("awful", "great", "glitch") if w in found.tokens)
        assert found.negated[found.tokens.index(word)], line


def test_a_negated_word_has_a_weaker_valence_of_the_other_sign() -> None:
    drawn = negated_lines(np.random.default_rng(0), MOODS, 10, 7)
    pairs = list(zip(drawn.lines, drawn.valence, strict=True))
    by_word = {word: value for word in MOODS for line, value in pairs if word in line}
    assert by_word["great"] == -MOST
    assert 0 < by_word["glitch"] < by_word["awful"] < -by_word["great"]
    assert not drawn.frustrated.any()
    assert (drawn.target == TARGETS.index("none")).all()
    assert (drawn.template == 7).all()


def test_lines_are_joined_once() -> None:
    first = drawn_lines(np.random.default_rng(0))
    other = negated_lines(np.random.default_rng(0), MOODS, 10, 9)
    both = first.with_(other).with_(other)
    assert both.lines[: len(first.lines)] == first.lines
    assert len(both.lines) == len(set(both.lines)) == len(both.valence) == len(both.template)
    assert set(other.lines) <= set(both.lines)
