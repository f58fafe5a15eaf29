"""Tests that no source file is long: one idea a file."""

from __future__ import annotations

from tests.docs.tracked import ROOT, tracked

LONGEST = 400


def test_no_source_file_has_more_than_400_lines() -> None:
    files = tracked(".py", ".gd", ".cs")
    assert len(files) > 1000
    lengths = {
        file.relative_to(ROOT).as_posix(): len(file.read_text(encoding="utf-8-sig").splitlines())
        for file in files
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}
