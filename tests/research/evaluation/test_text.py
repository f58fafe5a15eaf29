"""Tests of evaluating a user's table of lines."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sentio_models.errors import ModelMissingError
from sentio_research.data.text import emobank, goemotions
from sentio_research.evaluation.text import evaluate, hurried


def test_tables_with_emotions_and_ratings_are_evaluated(tmp_path: Path) -> None:
    named = tmp_path / "named.csv"
    named.write_text(
        "text,label\n"
        '"I am so angry, this is bullshit, shut up",anger\n'
        '"haha I love it, that was amazing, thanks",happiness\n'
        '"this makes me so sad, I am sorry for your loss",sadness\n'
        ",sadness\n"
    )
    figures = evaluate(tmp_path, table=named)
    assert (figures["n"], figures["read"], figures["accuracy"]) == (4, 0.75, 0.75)
    rated = tmp_path / "rated.csv"
    rated.write_text(
        "text,valence\nI love this wonderful day,0.9\nI hate this horrible day,-0.9\n"
        "the day is long,0.0\n"
    )
    assert evaluate(tmp_path, table=rated)["valence"] > 0.9


def test_table_without_text_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("line\nhello\n")
    with pytest.raises(ModelMissingError, match="'text'"):
        evaluate(tmp_path, table=table)
    with pytest.raises(ModelMissingError):
        evaluate(tmp_path)


def test_hurried_line_keeps_words_with_swapped_letters() -> None:
    rng = np.random.default_rng(0)
    line = "Honestly, THAT was wonderful; nobody expected anything better!"
    typed = [hurried(line, rng) for _ in range(20)]
    assert {len(t.split()) for t in typed} == {8}
    assert all(t == t.lower() and "," not in t for t in typed)
    assert len(set(typed)) > 3


def test_splits_have_the_published_sizes(data_dir: Path) -> None:
    sizes = {s: len(emobank(data_dir, s).lines) for s in ("train", "dev", "test")}
    assert sizes == {"train": 8062, "dev": 1000, "test": 1000}
    test = goemotions(data_dir, "test")
    assert test.values.shape == (5427, 7)
    assert np.abs(emobank(data_dir, "dev").values).max() <= 1
