"""Tests of the decision records: numbers, format, index."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "docs/decisions"
RECORDS = sorted(FOLDER.glob("[0-9]*.md"))
INDEX = re.findall(
    r"^\| (\d+) \| \[(.+)\]\(([^)]+)\) \| (.+) \|$", (FOLDER / "README.md").read_text(), re.M
)
STATUS = r"accepted|removed|superseded by \[\d+\]\(\d{4}-[a-z0-9-]+\.md\)"


def test_numbers_have_no_holes_and_no_duplicates() -> None:
    assert [int(record.name[:4]) for record in RECORDS] == list(range(1, len(RECORDS) + 1))


def test_the_index_has_one_row_for_each_record() -> None:
    assert sorted(file for _, _, file, _ in INDEX) == [record.name for record in RECORDS]


@pytest.mark.parametrize(("number", "title", "file", "status"), INDEX, ids=[i[2] for i in INDEX])
def test_a_row_has_number_title_and_status_of_its_record(
    number: str, title: str, file: str, status: str
) -> None:
    lines = (FOLDER / file).read_text(encoding="utf-8").splitlines()
    assert int(file[:4]) == int(number)
    assert lines[0] == f"# {number}. {title}"
    assert f"Status: {status}" in lines[:4]
    if status.startswith("superseded"):
        assert (FOLDER / status.split("(")[1].rstrip(")")).exists()


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_a_record_has_status_date_and_the_three_sections(record: Path) -> None:
    text = record.read_text(encoding="utf-8")
    assert re.search(rf"^Status: ({STATUS})$", text, re.M)
    assert re.search(r"^Date: 20\d\d-\d\d-\d\d(, (amended|removed) 20\d\d-\d\d-\d\d)?$", text, re.M)
    assert re.findall(r"^## (.+)$", text, re.M) == ["Context", "Decision", "Consequences"]


def test_the_changelog_repeats_no_line() -> None:
    lines = [line for line in (FOLDER.parents[1] / "CHANGELOG.md").read_text().splitlines() if line]
    assert len(lines) == len(set(lines))
