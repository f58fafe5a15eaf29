"""The project's own chat lines: unchanged since before the first model read them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from sentio_research.data.chat import (
    FRESH,
    FRESH_LANGUAGES,
    LANGUAGES,
    LANGUAGES_DEV,
    LINES,
    NEGATION_DEV,
    SARCASM,
    SARCASM_FRESH,
    SECOND,
    chat_dev,
    chat_languages,
    chat_lines,
    sarcasm_lines,
)
from sentio_research.data.chat_drawn import drawn_lines

SHA256 = {
    LINES: "783f79504ce7eeb52877fc9bd680594886d66eeebdfabb5a864089004ef9b153",
    LANGUAGES: "8e424e016850b881cd5b9731083b378ec4e8c091881a016a0e5654ce574393d9",
    SARCASM: "b3d5a656d56429849992828465490cab2f9afe08d59dda7e90aecdee77d47b9f",
    SARCASM_FRESH: "695559a79afd863ee0e8a3f5487948e0b04bf206bcf6e99f9f2ca0a920fe21d6",
    FRESH: "35fda685fb9d267f8203956ffaa56130ad0fcae65e3efef83a2134a641766b22",
    SECOND: "a19b8b62ad6576c72b4114040cbd6a03dfdae2910bff334af9f67ce78d936f20",
    FRESH_LANGUAGES: "44de7e1f6bd057f59b793ebc233accdb0792ec4922c962b833861c4ac103470c",
}


def test_the_files_are_those_that_were_labelled() -> None:
    for path, digest in SHA256.items():
        content = path.read_bytes().replace(b"\r\n", b"\n")
        assert hashlib.sha256(content).hexdigest() == digest, path.name


def test_two_hundred_lines_with_thirty_negation_pairs() -> None:
    chat = chat_lines()
    assert len(chat.lines) == len(set(chat.lines)) == 200
    for pair in range(1, 31):
        assert chat.negated[chat.pairs == pair].tolist() == [False, True]
    assert np.abs(chat.valence).max() <= 1
    # A target is given with frustration or contempt, and never with a pleasant line.
    assert (chat.valence[chat.frustrated] < 0).all()
    assert (chat.valence[chat.target > 0] < 0).all()


def test_the_two_passes_agree() -> None:
    chat = chat_lines()
    assert np.corrcoef(chat.valence.T)[0, 1] > 0.9
    assert (chat.frustrated[:, 0] == chat.frustrated[:, 1]).mean() > 0.95
    assert (chat.target[:, 0] == chat.target[:, 1]).mean() > 0.95


@pytest.mark.parametrize(("path", "count"), [(SARCASM, 40), (SARCASM_FRESH, 80)])
def test_sarcasm_and_what_is_meant_are_equally_many(path: Path, count: int) -> None:
    chat = sarcasm_lines(path)
    assert len(set(chat.lines)) == count
    assert chat.sarcastic.sum() == count / 2
    assert (chat.valence[chat.sarcastic] < 0).all()
    assert (chat.valence[~chat.sarcastic] > 0).all()


def test_fifty_lines_of_each_of_nine_languages() -> None:
    languages = chat_languages()
    assert set(languages) == {"de", "fr", "es", "it", "pt", "nl", "pl", "ja", "zh"}
    assert all(len(set(lines)) == 50 for lines in languages.values())


def test_the_development_lines_are_others() -> None:
    tuned = {line for lines in chat_languages(LANGUAGES_DEV).values() for line in lines}
    tested = {line for lines in chat_languages().values() for line in lines}
    assert len(tuned) > 150
    assert not tuned & tested
    assert not set(chat_dev().lines) & set(chat_lines().lines)
    assert not set(chat_dev(NEGATION_DEV).lines) & set(chat_lines().lines)


def test_the_second_writers_lines_are_neither_fitted_on_nor_chosen_with() -> None:
    second = set(chat_dev(SECOND).lines)
    assert len(second) == 659
    fitted = drawn_lines(np.random.default_rng(1), chat_lines().lines).lines
    for others in (fitted, chat_dev().lines, chat_dev(FRESH).lines, chat_lines().lines):
        assert not second & set(others)
