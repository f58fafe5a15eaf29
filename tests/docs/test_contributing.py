"""Tests that files, scripts, targets and names of contributors' pages exist."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.docs.tracked import ROOT, tracked

PAGES = [ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs/contributing").glob("*.md"))]
FILE = re.compile(r"`([\w./-]+\.(?:py|gd|cs|md|toml|txt|yml))`")
FOLDER = re.compile(r"`([\w.-]+/[\w./-]*/|[\w.-]+/)`")
SCRIPT = re.compile(r"python ((?!-)[\w./-]+\.py)")
TEST = re.compile(r"(?<![\w/])(tests/[\w./-]+)")
TARGET = re.compile(r"(?m)(?:`|^)make ([a-z][\w-]*)")
SYMBOL = re.compile(r"`(\w+(?:\(\))?)` (?:of|in) `([\w./-]+\.\w+)`")
PLACEHOLDER = "NAME"
NOT_TRACKED = {"sentio.toml", "dist/"}
"""Written by a user or a build."""


def found(pattern: re.Pattern[str]) -> Iterator[tuple[str, ...]]:
    """Yield the page and the groups of each match that names no placeholder."""
    for page in PAGES:
        for match in pattern.finditer(page.read_text(encoding="utf-8")):
            if PLACEHOLDER not in match[0]:
                yield (page.name, *match.groups())


def ends_with(path: str, names: set[str]) -> list[str]:
    """Return the tracked names that are the path, or end with it after a slash."""
    return [name for name in names if name == path or name.endswith("/" + path)]


FILES = {file.relative_to(ROOT).as_posix() for file in tracked()}


def test_named_files_exist() -> None:
    named = [pair for pair in found(FILE) if pair[1] not in NOT_TRACKED]
    assert len(named) > 60
    assert [pair for pair in named if not ends_with(pair[1], FILES)] == []


def test_named_folders_exist() -> None:
    parents = {parent.as_posix() for file in tracked() for parent in file.relative_to(ROOT).parents}
    named = [pair for pair in found(FOLDER) if pair[1] not in NOT_TRACKED]
    assert len(named) > 15
    assert [pair for pair in named if not ends_with(pair[1].rstrip("/"), parents)] == []


def test_scripts_and_tests_of_commands_exist() -> None:
    scripts, tests = list(found(SCRIPT)), list(found(TEST))
    assert len(scripts) > 10
    assert len(tests) > 30
    assert [pair for pair in scripts if not (ROOT / pair[1]).is_file()] == []
    paths = [(page, path.rstrip("./")) for page, path in tests]
    assert [pair for pair in paths if not (ROOT / pair[1]).exists()] == []


def test_targets_are_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = list(found(TARGET))
    assert len(named) > 10
    assert [t for t in named if not re.search(rf"(?m)^{re.escape(t[1])}\b[^=]*:", makefile)] == []


def test_named_constants_and_functions_are_in_their_files() -> None:
    named = list(found(SYMBOL))
    assert len(named) > 8
    missing = []
    for page, symbol, path in named:
        places = [ROOT / name for name in ends_with(path, FILES)]
        word = re.compile(rf"\b{re.escape(symbol.removesuffix('()'))}\b")
        if not any(word.search(place.read_text(encoding="utf-8")) for place in places):
            missing.append((page, symbol, path))
    assert missing == []
