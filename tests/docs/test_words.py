"""Names, first docstring lines, pages and texts of programs are plain words."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.docs.tracked import ROOT, tracked

WORDS = frozenset(
    "anew anybody baton everybody hear heard hears jury lane lanes liar liars nobody rehearsal "
    "rehearse rehearsed said say says somebody speaks spoke stranger tell tells told "
    "whoever".split()
)
"""Words that do not say what a thing does; docs/glossary.md and the field have better ones."""

PROSE = WORDS - frozenset(
    "anybody everybody nobody say says said somebody speaks spoke stranger".split()
)
"""Those that a page or a message does not need; persons may say something there."""

ALIASES = {
    ("godot_addon/addons/sentio/hud/why.gd", "told"),
    ("godot_addon/tests/unit/test_deprecated.gd", "told"),
    ("sensors/sentio_recording/sealed/locks.py", "lanes"),
    ("sensors/sentio_recording/media/sound_file.py", "tell"),
    ("sensors/sentio_recording/sealed/reader.py", "tell"),
    ("sensors/sentio_sensors/microphone/lengths.py", "tell"),
    ("tests/recording/sealed/test_segments.py", "tell"),
    ("tests/unity/components/FormerNamesTests.cs", "Told"),
    ("tests/unity/components/FormerNamesTests.cs", "ToldIsDescribe"),
    ("unity_plugin/Runtime/Unity/Components/SentioWhy.cs", "Told"),
}
"""Former public names that are kept for one version, their tests, and names of other libraries."""

ANYWHERE = re.compile(f"(?i:{'|'.join(sorted(WORDS))})(?![a-z])")
SEGMENT = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
STRING = re.compile(r'"(?:\\.|[^"\\\n])*"')


CODE = re.compile(r"^ *```.*?^ *```|`[^`\n]*`", re.MULTILINE | re.DOTALL)


def is_private(text: str) -> bool:
    return any(word.lower() in WORDS for word in SEGMENT.findall(text))


def private_prose(text: str) -> list[str]:
    """Return the private words of a text; capitals and code do not count."""
    return [word for word in re.findall(r"[a-z]+", CODE.sub("", text)) if word in PROSE]


def messages(source: str) -> Iterator[str]:
    """Yield the strings of a Python source that have a space, without the docstrings."""
    tree = ast.parse(source)
    described = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = [node for node in ast.walk(tree) if isinstance(node, described)]
    docstrings = {id(node.body[0].value) for node in nodes if isinstance(node.body[0], ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if " " in node.value and id(node) not in docstrings:
                yield node.value


def sources(*suffixes: str) -> Iterator[tuple[Path, str]]:
    """Yield the files that may contain a private word, and their texts."""
    for file in tracked(*suffixes):
        text = file.read_text(encoding="utf-8-sig")
        lower = text.lower()
        if any(word in lower for word in WORDS) and ANYWHERE.search(text):
            yield file, text


def names(source: str, suffix: str) -> Iterator[str]:
    """Yield the identifiers of a source; those of comments and strings do not count."""
    if suffix == ".py":
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.NAME:
                yield token.string
        return
    code = re.sub("#.*" if suffix == ".gd" else "//.*", "", STRING.sub('""', source))
    yield from re.findall(r"[A-Za-z_]\w*", code)


def first_lines(source: str) -> Iterator[str]:
    """Yield the first line of each docstring."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            if text := ast.get_docstring(node):
                yield text.splitlines()[0]


@pytest.mark.parametrize(
    ("source", "suffix", "found"),
    [
        ("def test_it_is_told() -> None: ...", ".py", True),
        ("told = 1  # says", ".py", True),
        ("untold = 'he says'  # told", ".py", False),
        ('func _tell() -> void: print("x")', ".gd", True),
        ('var line := "it says"  # told', ".gd", False),
        ("public string ToldIt;", ".cs", True),
        ('string a = "says"; // told', ".cs", False),
    ],
)
def test_private_words_are_found_in_names_only(source: str, suffix: str, found: bool) -> None:
    assert any(is_private(name) for name in names(source, suffix)) is found


def test_no_name_contains_a_private_word() -> None:
    found = {
        (file.relative_to(ROOT).as_posix(), name)
        for file, text in sources(".py", ".gd", ".cs")
        for name in names(text, file.suffix)
        if is_private(name)
    }
    assert found - ALIASES == set()


def test_no_first_docstring_line_contains_a_private_word() -> None:
    lines = {
        f"{file.relative_to(ROOT)}: {line}"
        for file, text in sources(".py")
        for line in first_lines(text)
        if is_private(line)
    }
    assert lines == set()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The camera tells the fusion.", ["tells"]),
        ("Lane 2005 found it. `tell()` says so.\n```\ntold\n```\n", []),
        ("A feed is heard\nanew.", ["heard", "anew"]),
    ],
)
def test_private_words_are_found_in_prose(text: str, words: list[str]) -> None:
    assert private_prose(text) == words


def test_no_page_contains_a_private_word() -> None:
    found = {
        file.relative_to(ROOT).as_posix(): words
        for file in tracked(".md")
        if file.name != "CHANGELOG.md"
        and (words := private_prose(file.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_no_text_of_a_program_contains_a_private_word() -> None:
    installed = ("bridge/sentio_bridge/", "sensors/", "models/sentio_models/")
    found = {
        f"{file.relative_to(ROOT)}: {text}"
        for file, source in sources(".py")
        if file.relative_to(ROOT).as_posix().startswith(installed)
        for text in messages(source)
        if private_prose(text)
    }
    assert found == set()
