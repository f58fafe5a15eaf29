"""Tests of figures on chat: as defined, and not worse than on the card."""

from __future__ import annotations

import numpy as np
import pytest

from sentio_models.estimate import Estimate, Reading
from sentio_models.modalities.text import TextEstimator
from sentio_research.data.chat import TARGETS, ChatLines, chat_languages, chat_lines, sarcasm_lines
from sentio_research.evaluation.text_chat import measure_chat, on_lines, on_sarcasm


def labelled(chat: ChatLines, row: int) -> Estimate:
    """Return the output of a reader that agrees with the first labels."""
    target = int(chat.target[row, 0])
    features = {"frustration": 0.9 if chat.frustrated[row, 0] else 0.1}
    features |= {f"anger_at_{n}": 0.9 if k == target else 0.1 for k, n in enumerate(TARGETS) if k}
    value = float(chat.valence[row].mean())
    emotions = {"happiness": 1.0} if value > 0 else {"neutral": 0.4, "anger": 0.6}
    readings = {"valence": Reading(value, 0.1)}
    return Estimate("text", readings, emotions, quality=1.0, features=features)


def test_a_reader_that_agrees_with_the_labels_is_perfect() -> None:
    chat = chat_lines()
    found = on_lines(chat, [labelled(chat, row) for row in range(len(chat.lines))])
    assert found["valence"]["value"] == pytest.approx(1)
    assert found["negation"] == {"pairs": 30, "order": 1.0, "right": 1.0}
    assert found["leading_emotion"] == {"n": 181, "right": 1.0, "wrong": 0.0}
    for name in ("frustration", "anger_at_game", "anger_at_people"):
        assert (found[name]["recall"]["value"], found[name]["precision"]) == (1.0, 1.0)
        assert found[name]["cannot_tell"] == 0.0


def test_a_reader_without_output_finds_nothing() -> None:
    chat = chat_lines()
    silent = [
        Estimate("text", {"valence": Reading(0.1 + 1e-6 * row, 0.1)}, quality=1.0)
        for row in range(len(chat.lines))
    ]
    found = on_lines(chat, silent)
    assert found["frustration"]["recall"]["value"] == 0.0
    assert found["frustration"]["precision"] is None
    assert found["frustration"]["cannot_tell"] == 1.0
    assert found["negation"]["right"] == 0.0
    assert found["leading_emotion"]["right"] == 0.0


def test_a_pair_in_order_is_not_right_where_the_negated_line_stays_on_its_side() -> None:
    chat = chat_lines()
    estimates = [labelled(chat, row) for row in range(len(chat.lines))]
    row = chat.lines.index("the ending was not bad at all")
    estimates[row] = Estimate("text", {"valence": Reading(-0.1, 0.1)}, quality=1.0)
    negation = on_lines(chat, estimates)["negation"]
    assert negation["order"] == 1.0
    assert negation["right"] == pytest.approx(29 / 30)


def test_a_reader_of_words_alone_does_not_see_sarcasm() -> None:
    def literal(line: str) -> Estimate:
        pleasant = line.split()[0].strip(",") in ("fantastic", "so", "thanks", "nice", "best")
        return Estimate("text", {"valence": Reading(0.4 if pleasant else 0.2, 0.1)}, quality=1.0)

    found = on_sarcasm(sarcasm_lines(), literal)
    assert found["n"] == 40
    assert found["sarcastic_read_below_0"] == 0.0
    assert found["meant_read_above_0"] == 1.0


def test_what_is_left_open_lies_between_what_is_stated_and_what_is_denied() -> None:
    chat, reader = chat_lines(), TextEstimator()
    agreed = np.flatnonzero(chat.frustrated[:, 0] == chat.frustrated[:, 1])
    odds = [reader.read(chat.lines[row]).features.get("frustration") for row in agreed]
    truth = chat.frustrated[agreed, 0]
    left_open = np.array([value is None for value in odds])
    stated = np.array([value is not None and value >= 0.5 for value in odds])
    denied = ~left_open & ~stated
    assert 0.02 < left_open.mean() < 0.25
    assert truth[stated].mean() >= 0.79
    assert truth[denied].mean() < 0.12
    assert truth[denied].mean() < truth[left_open].mean() < truth[stated].mean()


def test_the_shipped_model_is_as_good_on_chat_as_its_card() -> None:
    found = measure_chat(TextEstimator().read, ())
    assert found["valence"]["value"] >= 0.80
    assert found["negation"]["order"] >= 0.95
    assert found["negation"]["right"] >= 0.95
    assert found["leading_emotion"]["right"] >= 0.55
    assert found["leading_emotion"]["wrong"] <= 0.07
    assert found["frustration"]["recall"]["value"] >= 0.70
    assert found["frustration"]["precision"] >= 0.80
    assert found["languages"]["refused"] >= 0.98
    assert found["agreement_of_passes"]["frustration_kappa"] > 0.9
    fresh = found["fresh"]
    assert fresh["valence"]["value"] >= 0.75
    assert fresh["frustration"]["precision"] >= 0.80
    refused = fresh["refused"]
    assert all(refused[language] >= 0.95 for language in chat_languages())
    assert refused["with_game_words"] >= 0.78
    assert refused["english_names"] <= 0.05
    assert refused["english_game_words"] <= 0.08
    second = found["second"]
    assert second["valence"]["value"] >= 0.48
    assert second["frustration"]["recall"]["value"] >= 0.4
    assert second["frustration"]["precision"] >= 0.75
    assert second["read"] >= 0.97
