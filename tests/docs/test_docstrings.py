"""Tests that the first line of every docstring is short and ends with a full stop."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.docs.tracked import ROOT, tracked

LONGEST = 80
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def faults(source: str) -> Iterator[str]:
    """Yield the line number and first line of each docstring that breaks the rule."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, DOCUMENTED) and (text := ast.get_docstring(node)):
            first = text.splitlines()[0]
            if len(first) > LONGEST or not first.endswith("."):
                yield f"{node.body[0].lineno}: {first}"


@pytest.mark.parametrize(
    ("docstring", "fault"),
    [
        ("Return it.", False),
        ("R" * 79 + ".", False),
        ("R" * 80 + ".", True),
        ("Return it", True),
        ("Return it and\n    go on.", True),
    ],
)
def test_faults_are_found(docstring: str, fault: bool) -> None:
    assert bool([*faults(f'def f():\n    """{docstring}"""\n')]) is fault


def test_first_lines_are_short_and_end_with_a_full_stop() -> None:
    def found(file: Path) -> Iterator[str]:
        for fault in faults(file.read_text(encoding="utf-8")):
            yield f"{file.relative_to(ROOT)}:{fault}"

    files = tracked(".py")
    assert len(files) > 500
    assert [fault for file in files for fault in found(file)] == []
