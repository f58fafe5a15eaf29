"""Tests of the language gate: which lines are refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentio_models.modalities.text import TextEstimator
from sentio_models.modalities.text.features import read
from sentio_models.modalities.text.language import BUCKETS, LanguageGate, number
from sentio_research.data.chat import chat_dev, chat_languages, chat_lines
from sentio_research.data.text import goemotions

GATE = LanguageGate()


@pytest.fixture(scope="module")
def reader() -> TextEstimator:
    return TextEstimator()


@pytest.mark.parametrize(
    "line",
    [
        "Ich glaube, wir haben uns verlaufen",
        "¿quién juega conmigo esta noche?",
        "quien juega conmigo esta noche",
        "on s'est perdus encore une fois",
        "ik snap er helemaal niks van",
        "não acredito que perdemos de novo",
        "czy ktoś pokaże mi mapę",
        "die gegner haben schon den dritten tower",
        "leur sniper est trop op sur cette map",
        "el update rompió el crosshair otra vez",
        "mijn teammate zit al uren in de queue",
        "ale drop z tego boss fight",
        "もう一回だけやろう",
        "服务器又断了",
        "Это очень страшно",
    ],
)
def test_other_languages_are_not_read_as_neutral(reader: TextEstimator, line: str) -> None:
    estimate = reader.read(line)
    assert (estimate.quality, estimate.reasons) == (0.0, ("language_not_read",))
    assert not estimate.readings
    assert not estimate.features


@pytest.mark.parametrize("line", ["no", "NO!", "nooo", "no no no", "so", "gut", "was", "a"])
def test_a_word_of_several_languages_alone_is_of_none(reader: TextEstimator, line: str) -> None:
    estimate = reader.read(line)
    assert (estimate.quality, estimate.reasons) == (0.0, ("language_not_read",))


@pytest.mark.parametrize("line", ["no way", "no 😡", "oh no", "so good", "gg no re", "yes", "ok"])
def test_beside_other_words_it_is_read(reader: TextEstimator, line: str) -> None:
    assert reader.read(line).quality > 0


@pytest.mark.parametrize(
    "line", ["push top", "healer down", "boss nerf when", "solo ranked grind", "trade skins later"]
)
def test_english_words_of_games_are_read(reader: TextEstimator, line: str) -> None:
    assert reader.read(line).quality > 0


@pytest.mark.parametrize("line", ["gg", "GG WP!!", "ffs", "pog", "lol", "ez", "😡", "<3", "12:30"])
def test_slang_emoji_and_numbers_are_of_no_language(line: str) -> None:
    assert GATE.english(read(line).tokens)


def test_nearly_all_lines_of_other_languages_are_refused(reader: TextEstimator) -> None:
    lines = [line for of_one in chat_languages().values() for line in of_one]
    refused = [reader.read(line).quality == 0 for line in lines]
    assert sum(refused) >= 0.98 * len(lines)


def test_hardly_any_english_chat_is_refused(reader: TextEstimator) -> None:
    lines = chat_lines().lines + chat_dev().lines
    refused = [line for line in lines if reader.read(line).quality == 0]
    assert len(refused) <= 0.03 * len(lines), refused


@pytest.mark.data
def test_at_most_three_in_a_hundred_comments_are_refused(
    reader: TextEstimator, data_dir: Path
) -> None:
    lines = goemotions(data_dir, "test").lines[::5]
    assert len(lines) > 1000
    assert sum(reader.read(line).quality == 0 for line in lines) <= 0.03 * len(lines)


def test_known_words_save_short_lines() -> None:
    tokens = read("touch grass").tokens
    assert GATE.english(tokens, known=True)
    assert not GATE.english(read("wir haben uns verlaufen").tokens, known=True)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gets_an_answer(line: str) -> None:
    tokens = read(line).tokens
    numbers = number(tokens)
    assert not len(numbers) or (0 <= numbers.min() and numbers.max() < BUCKETS)
    assert isinstance(GATE.english(tokens), bool)
