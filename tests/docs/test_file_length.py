"""Tests that no source file is long: one idea a file."""

from __future__ import annotations

from tests.docs.tracked import ROOT, tracked

LONGEST = 400

TO_SPLIT = {"bridge/sentio_bridge/transport/server.py"}
"""Files that are longer for now: the connections are to get a module of their own."""


def test_no_source_file_has_more_than_400_lines() -> None:
    files = tracked(".py", ".gd", ".cs")
    assert len(files) > 1000
    lengths = {
        file.relative_to(ROOT).as_posix(): len(file.read_text(encoding="utf-8-sig").splitlines())
        for file in files
    }
    long = {name for name, length in lengths.items() if length > LONGEST}
    assert long - TO_SPLIT == set()
