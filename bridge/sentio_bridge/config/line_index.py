"""Line numbers of the keys of a TOML text, which tomllib does not report; pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

Path = tuple[str | int, ...]
"""Keys and list positions from the top of a file to a value: ``("source", 0, "type")``."""

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""'
    r"|'''.*?'''"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*"
    r"|[\[\]{}=.\n]"
    r"|[^\s\"'\#\[\]{}=.]+"
    r"|.",
    re.DOTALL,
)


class LineIndex:
    """Index of the line of each key of a valid TOML text.

    Keys of inline tables and elements of lists have the line of the key that contains them.

    Args:
        text: Valid TOML.
    """

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {}
        self._tables: dict[Path, int] = {}
        self._current: Path = ()
        self._scan(_tokens(text))

    def line(self, path: Path) -> int:
        """Return the line of ``path``, or of its nearest known parent, from 1."""
        for length in range(len(path), 0, -1):
            if path[:length] in self._lines:
                return self._lines[path[:length]]
        return 1

    def _scan(self, tokens: Iterator[tuple[str, int]]) -> None:
        for token, line in tokens:
            if token == "\n":
                continue
            if token == "[":
                self._header(tokens, line)
            else:
                self._entry(token, tokens, line)

    def _header(self, tokens: Iterator[tuple[str, int]], line: int) -> None:
        """Read ``[a.b]`` or ``[[a.b]]`` after its first bracket."""
        parts: list[str] = []
        is_array = False
        for token, _ in tokens:
            if token == "\n":
                break
            if token == "[":
                is_array = True
            elif token not in ("]", "."):
                parts.append(_key(token))
        path: Path = ()
        for part in parts[:-1]:
            path = self._newest((*path, part))
        path = (*path, *parts[-1:])
        if is_array:
            self._tables[path] = self._tables.get(path, -1) + 1
            self._lines.setdefault(path, line)
        self._current = self._newest(path)
        self._lines.setdefault(self._current, line)

    def _entry(self, first: str, tokens: Iterator[tuple[str, int]], line: int) -> None:
        """Read ``a.b = value`` after its first token, up to the end of the value."""
        path: Path = (*self._current, _key(first))
        self._lines.setdefault(path, line)
        for token, _ in tokens:
            if token == "=":
                break
            if token != ".":
                path = (*path, _key(token))
                self._lines.setdefault(path, line)
        depth = 0
        for token, _ in tokens:
            depth += (token in ("[", "{")) - (token in ("]", "}"))
            if token == "\n" and depth <= 0:
                break

    def _newest(self, path: Path) -> Path:
        """Return ``path``, or its newest element if it is an array of tables."""
        return (*path, self._tables[path]) if path in self._tables else path


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    """Yield each token except spaces and comments, with its line."""
    line = 1
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token == "\n" or not (token.isspace() or token.startswith("#")):
            yield token, line
        line += token.count("\n")


def _key(token: str) -> str:
    if token[0] not in "\"'":
        return token
    return str(tomllib.loads(f"key = {token}")["key"])
