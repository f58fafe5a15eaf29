"""Tests of tables of labelled data: columns, spaces, rows that are too short."""

from __future__ import annotations

from pathlib import Path

import pytest

from sentio_models.errors import ModelMissingError, ModelRefusedError
from sentio_research.data.tables import read_table


def test_cells_have_no_spaces_around_them(tmp_path: Path) -> None:
    table = tmp_path / "labels.csv"
    table.write_text("file, emotion , more\na.png, joy ,\nb.png,fear,1,extra\n")
    assert read_table("photos", table, ("file", "emotion"))[0] == {
        "file": "a.png",
        "emotion": "joy",
        "more": "",
    }
    assert read_table("photos", table, ("file",))[1]["emotion"] == "fear"


def test_missing_columns_are_named_with_those_that_exist(tmp_path: Path) -> None:
    table = tmp_path / "labels.csv"
    table.write_text("file,emotion\na.png,joy\n")
    with pytest.raises(ModelRefusedError, match="columns sex, age; it has file, emotion"):
        read_table("photos", table, ("file", "sex", "age"))
    table.write_text("")
    with pytest.raises(ModelRefusedError, match="columns file; it has none"):
        read_table("photos", table, ("file",))


def test_a_row_that_is_too_short_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "labels.csv"
    table.write_text("file,emotion\na.png,joy\nb.png\n")
    with pytest.raises(ModelRefusedError, match="row 2 has too few cells"):
        read_table("photos", table, ("file", "emotion"))


def test_a_missing_table_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError, match="photos: .*labels.csv does not exist"):
        read_table("photos", tmp_path / "labels.csv", ())
