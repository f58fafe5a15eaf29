"""Tests of slang, emoji and negation in chat lines."""

from __future__ import annotations

import pytest

from sentio_models.modalities.text import TextEstimator
from sentio_models.modalities.text.features import TURNED, number, read, spelt_out
from sentio_models.modalities.text.slang import meaning


@pytest.fixture(scope="module")
def reader() -> TextEstimator:
    return TextEstimator()


def valence(reader: TextEstimator, line: str) -> float:
    return reader.read(line).readings["valence"].mean


def test_slang_and_emoji_are_spelt_out() -> None:
    assert meaning("gg") == ("good", "game")
    assert meaning("😡") == ("angry",)
    assert meaning("🐱") == ("cat",)  # by its Unicode name
    assert meaning("table") == meaning("toll") == ()
    assert meaning("lmaoo") == meaning("lmao")  # of "lmaooooo"
    assert spelt_out(read("GG 👍🏽"))[0] == ["good", "game", "good"]


@pytest.mark.parametrize(
    ("line", "negated"),
    [
        ("it is not bad at all", ["bad"]),
        ("i don't really like this map", ["like", "map"]),
        ("no lag, great evening", ["lag"]),
        ("not fun but pretty", ["fun"]),
        ("nothing 😡", []),
        ("never a dull moment", ["dull", "moment"]),
        ("what a lovely day", []),
        ("dont care", ["care"]),
        ("never had so much fun", ["had"]),
        ("i have never had this much fun", ["had", "much"]),
        ("can't believe we won", ["believe"]),
        ("no way he hit that", ["way"]),
        ("not gonna lie that was fun", ["gonna", "lie"]),
        ("nothing but trouble", []),
        ("nooo the dog died", []),
        ("it never gets better", ["gets", "better"]),
        ("i never liked this game", ["liked", "game"]),
        ("no waypoint here", ["waypoint", "here"]),
    ],
)
def test_a_negation_reaches_to_the_end_of_what_it_negates(line: str, negated: list[str]) -> None:
    found = read(line)
    assert [t for t, turned in zip(found.tokens, found.negated, strict=True) if turned] == negated


@pytest.mark.parametrize(
    ("line", "tokens"),
    [
        ("im so doneeee", "im so done <drawn>"),
        ("LETS GOOOOO", "lets go <caps> <drawn>"),
        ("sooo goooood", "so good <drawn>"),
        ("killlll the bossss", "kill the boss <drawn>"),
        ("waaay toooo hard", "waay too hard <drawn>"),
        ("aaaah", "aah <drawn>"),
    ],
)
def test_a_drawn_out_word_is_the_word(line: str, tokens: str) -> None:
    assert " ".join(read(line).tokens) == tokens


@pytest.mark.parametrize(
    ("line", "tokens"),
    [
        ("wp xXDarkLordXx", "wp <name>"),
        ("DarkLord99 nice shot", "<name> nice shot"),
        ("LiKe ThIs GaMe", "like this game"),
        ("xD", "xd"),
        ("GG EZ", "gg ez"),
    ],
)
def test_a_capital_within_a_word_makes_it_a_players_name(line: str, tokens: str) -> None:
    assert " ".join(read(line).tokens) == tokens


@pytest.mark.parametrize("line", ["omw", "brb", "brb 2 min", "lfg", "rdy", "wp xXDarkLordXx"])
def test_abbreviations_and_names_are_no_other_language(reader: TextEstimator, line: str) -> None:
    assert reader.read(line).quality > 0


def test_negated_words_count_below_nothing() -> None:
    plain, turned = number(read("good")), number(read("not good"))
    amounts = dict(zip(turned[0].tolist(), turned[1].tolist(), strict=True))
    for feature in plain[0].tolist():
        assert amounts[feature] == pytest.approx(TURNED)
    assert set(plain[1].tolist()) == {1.0}


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("the weapons are not bad at all", "the weapons are bad"),
        ("i love this raid", "i don't love this raid"),
        ("pog", "ffs"),
        ("gg wp", "gg ez noob"),
        ("🎉🎉", "😡😡"),
        ("no bugs so far", "bugs so far"),
        ("what a banger", "that was scuffed"),
        ("feelsgoodman", "pepehands"),
    ],
)
def test_slang_emoji_and_negation_turn_the_value(
    reader: TextEstimator, better: str, worse: str
) -> None:
    assert valence(reader, better) > valence(reader, worse) + 0.1


@pytest.mark.parametrize(
    ("line", "aim"),
    [
        ("ffs the servers crashed again, fix your game", "anger_at_game"),
        ("my team is so useless, report this idiot", "anger_at_people"),
    ],
)
def test_frustration_and_its_target(reader: TextEstimator, line: str, aim: str) -> None:
    features = reader.read(line).features
    assert features["frustration"] >= 0.5
    assert features[aim] >= 0.5
    other = {"anger_at_game", "anger_at_people"} - {aim}
    assert all(features.get(name, 0.0) < 0.5 for name in other)


@pytest.mark.parametrize("line", ["thanks for the heal, great team", "one enemy at the gate", "gg"])
def test_calm_lines_are_not_frustrated(reader: TextEstimator, line: str) -> None:
    assert reader.read(line).features.get("frustration", 0.0) < 0.5


def test_unknown_values_are_left_out_with_a_reason(reader: TextEstimator) -> None:
    lines = ["who designed this", "i died again", "why would you go there", "come on", "again?"]
    estimates = [reader.read(line) for line in lines]
    for estimate in estimates:
        assert ("frustration" in estimate.features) != ("frustration_unclear" in estimate.reasons)
