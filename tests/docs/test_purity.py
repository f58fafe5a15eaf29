"""Modules keep the promise of no I/O, no clock or no threads; so do pure folders."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from tests.docs.tracked import ROOT, tracked

PURE_FOLDERS = tuple(
    f"bridge/sentio_bridge/{name}/" for name in "affect core protocol report".split()
)
"""Folders that are pure as a whole; import-linter holds their imports too."""

CLOCK = frozenset("sched time datetime.now datetime.utcnow date.today".split())
THREADS = frozenset("_thread asyncio concurrent multiprocessing queue threading".split())
IO = frozenset(
    "asyncio http logging multiprocessing os pathlib select shutil socket sqlite3 ssl subprocess "
    "sys tempfile urllib zmq".split()
)
BUILTINS = frozenset("input open print".split())
CHANCE = frozenset("random secrets uuid".split())

PROMISES = {
    re.compile(r"\bno I/O\b"): IO | BUILTINS,
    re.compile(r"\bno clock\b"): CLOCK,
    re.compile(r"\bno threads?\b"): THREADS,
    re.compile(r"\bpure\b(?!=)", re.IGNORECASE): IO | BUILTINS | CLOCK | THREADS | CHANCE,
}
"""Words of a module's docstring, and the modules and functions that it then must not use."""

PACKAGES = ("bridge/sentio_bridge/", "models/sentio_models/", "sensors/")


def forbidden(name: str, tree: ast.Module) -> frozenset[str]:
    """Return what a module must not use, by its folder and by its docstring."""
    text = ast.get_docstring(tree) or ""
    if name.startswith(PURE_FOLDERS):
        text += " pure"
    return frozenset().union(*(names for words, names in PROMISES.items() if words.search(text)))


def used(tree: ast.Module) -> Iterator[str]:
    """Yield the modules that are imported when it runs, and the functions called."""
    hints = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    for node in ast.walk(tree):
        if id(node) in hints:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]
        elif isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def broken(name: str, source: str) -> set[str]:
    tree = ast.parse(source)
    return set(used(tree)) & forbidden(name, tree)


@pytest.mark.parametrize(
    ("name", "source", "found"),
    [
        ("a.py", '"""Parse; no I/O, no clock."""\nimport time\nopen("x")', {"open", "time"}),
        ("a.py", '"""Parse; no clock."""\nopen("x")', set()),
        ("a.py", '"""Decide; pure."""\nfrom random import random', {"random"}),
        ("a.py", '"""Parse."""\nimport time', set()),
        ("a.py", '"""A date; pure."""\nfrom datetime import datetime', set()),
        ("a.py", '"""A date; pure."""\nx = datetime.now()', {"datetime.now"}),
        (f"{PURE_FOLDERS[0]}a.py", '"""Fuse."""\nfrom os import path', {"os"}),
        ("a.py", '"""Pure."""\nif TYPE_CHECKING:\n    from pathlib import Path', set()),
    ],
)
def test_a_broken_promise_is_found(name: str, source: str, found: set[str]) -> None:
    assert broken(name, source) == found


def test_modules_keep_what_their_folder_and_docstring_promise() -> None:
    found = {}
    for file in tracked(".py"):
        name = file.relative_to(ROOT).as_posix()
        if name.startswith(PACKAGES) and (names := broken(name, file.read_text(encoding="utf-8"))):
            found[name] = sorted(names)
    assert found == {}
