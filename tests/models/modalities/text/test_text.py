"""Tests of the text model with plain lines and with any other input."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentio_models.estimate import EMOTIONS
from sentio_models.modalities.text import TextEstimator
from sentio_models.modalities.text.features import BUCKETS, number, read, weigh


@pytest.fixture(scope="module")
def reader() -> TextEstimator:
    return TextEstimator()


def valence(reader: TextEstimator, line: str) -> float:
    return reader.read(line).readings["valence"].mean


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("I love this game, it is wonderful!", "I hate this game, it is horrible!"),
        ("what a beautiful level, thank you so much", "what a disgusting level, I feel sick"),
        ("yes we won, so happy :)", "no we lost again, so sad :("),
    ],
)
def test_kind_lines_have_higher_valence_than_unkind_ones(
    reader: TextEstimator, better: str, worse: str
) -> None:
    assert valence(reader, better) > valence(reader, worse) + 0.1


@pytest.mark.parametrize(
    ("line", "emotion"),
    [
        ("I am so angry, this is bullshit, shut up", "anger"),
        ("I'm really scared of what comes next", "fear"),
        ("this makes me so sad, I am sorry for your loss", "sadness"),
        ("haha I love it, that was amazing, thanks", "happiness"),
        ("wow, really? I did not expect that at all", "surprise"),
    ],
)
def test_leading_emotion_of_clear_lines(reader: TextEstimator, line: str, emotion: str) -> None:
    emotions = reader.read(line).emotions
    assert emotions is not None
    assert (
        max((name for name in EMOTIONS if name != "neutral"), key=emotions.__getitem__) == emotion
    )
    assert sum(emotions.values()) == pytest.approx(1, abs=1e-4)
    assert emotions["contempt"] == 0


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "empty"),
        ("   \n\t", "empty"),
        ("\x00\x07", "empty"),
        ("Это очень страшно", "language_not_read"),
        ("これはとても怖い", "language_not_read"),
        ("qwzx vbnk plok zzxq", "language_not_read"),
        ("the snurgling blorpers wuffled", "unknown_words"),
    ],
)
def test_unreadable_line_has_no_quality(reader: TextEstimator, line: str, reason: str) -> None:
    estimate = reader.read(line)
    assert (estimate.quality, estimate.reasons) == (0.0, (reason,))
    assert not estimate.readings
    assert estimate.emotions is None


def test_short_lines_have_lower_quality(reader: TextEstimator) -> None:
    assert reader.read("nice").quality < reader.read("this is really nice of you").quality == 1.0
    assert "short" in reader.read("nice").reasons


def test_only_the_beginning_of_a_huge_line_is_read(
    reader: TextEstimator,
) -> None:
    begin = "I hate this horrible day " * 80
    long = begin + "I love this wonderful day " * 4000
    assert len(long) > 100_000
    estimate = reader.read(long)
    assert "cut" in estimate.reasons
    assert estimate.readings["valence"].mean < 0


def test_very_long_line_is_truncated_with_a_reason(reader: TextEstimator) -> None:
    estimate = reader.read("I love this " * 10_000)
    assert "cut" in estimate.reasons
    assert estimate.readings["valence"].mean > 0


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gives_a_finite_estimate(line: str) -> None:
    assert TEXT.read(line).finite()


TEXT = TextEstimator()


@given(st.text(max_size=200))
def test_features_are_numbers_in_range_and_repeat(line: str) -> None:
    numbers, amounts = number(read(line))
    again = number(read(line))
    assert np.array_equal(numbers, again[0])
    assert np.array_equal(amounts, again[1])
    assert not len(numbers) or (numbers.min() >= 0 and numbers.max() < BUCKETS)


def test_spelling_is_normalised() -> None:
    assert read("sooooooo GOOD").tokens == ("so", "good", "<caps>", "<drawn>")
    assert read("@anna see https://x.org now").tokens == ("<name>", "see", "<link>", "now")
    assert read("don’t :-) 😀 ...").tokens == ("don't", ":-)", "😀", "...")


def test_weights_of_a_line_have_length_one() -> None:
    rarity = np.full(BUCKETS, 2.0)
    numbers, amounts = np.array([5, 9, 70]), np.array([2.0, -0.6, 1.0], np.float32)
    different, weights = weigh(numbers, amounts, rarity)
    assert different.tolist() == [5, 9, 70]
    assert float((weights**2).sum()) == pytest.approx(1, abs=1e-6)
    assert weights[0] > weights[2] > 0 > weights[1]
    rarity[9] = 0.0
    assert weigh(numbers[:2], amounts[:2], rarity)[0].tolist() == [5]
