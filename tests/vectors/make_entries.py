"""Writes the entries of the affect vector into the engines' sources, or checks them (--check).

The list is sentio_bridge.protocol.entries.ENTRIES; each source has it between two marks.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import fill

from sentio_bridge.protocol.entries import ENTRIES

ROOT = Path(__file__).parents[2]
GODOT = ("godot_addon/addons/sentio", "affect_frame.gd")
UNITY = ("unity_plugin/Runtime", "AffectEntry.cs")
BEGIN = "{comment} Begin of {part}: written by tests/vectors/make_entries.py."
END = "{comment} End of {part}."


def godot_names() -> str:
    """Return the names as a GDScript array."""
    names = "".join(f'\t"{name}",\n' for name, _ in ENTRIES)
    return (
        "## Names of the affect vector's entries, in their order.\n"
        f"static var names: PackedStringArray = [\n{names}]\n"
    )


def unity_entries() -> str:
    """Return the values of the C# enum."""
    lines = []
    for index, (name, meaning) in enumerate(ENTRIES):
        pascal = "".join(part.capitalize() for part in name.split("_"))
        lines.append(f"        /// <summary>{meaning}</summary>\n        {pascal} = {index},\n")
    return "\n".join(lines)


def unity_names() -> str:
    """Return the wire's names in the order of the C# enum, and their count."""
    names = ", ".join(f'"{name}"' for name, _ in ENTRIES)
    indent = " " * 12
    rows = fill(names + ",", 120, initial_indent=indent, subsequent_indent=indent)
    return (
        "        private static readonly string[] Names =\n        {\n"
        f"{rows}\n        }};\n\n"
        "        /// <summary>How many entries this version knows.</summary>\n"
        f"        public const int Count = {len(ENTRIES)};\n"
    )


def written() -> Iterator[tuple[Path, str]]:
    """Yield each source with the text that it should have."""
    for (folder, name), comment, parts in (
        (GODOT, "#", {"names": godot_names()}),
        (UNITY, "//", {"entries": unity_entries(), "names": unity_names()}),
    ):
        (path,) = (ROOT / folder).rglob(name)
        text = path.read_text(encoding="utf-8")
        for part, lines in parts.items():
            text = replaced(text, comment, part, lines, name)
        yield path, text


def replaced(text: str, comment: str, part: str, lines: str, name: str) -> str:
    """Put ``lines`` between the marks of ``part``.

    Raises:
        SystemExit: The marks are not there.
    """
    begin, end = (mark.format(comment=comment, part=part) for mark in (BEGIN, END))
    before, found, rest = text.partition(begin + "\n")
    _, ended, after = rest.partition(end)
    if not found or not ended:
        raise SystemExit(f"{name} has no lines {begin!r} and {end!r}")
    indent = before[before.rfind("\n") + 1 :]
    return f"{before}{begin}\n{lines}{indent}{end}{after}"


def main() -> int:
    """Write or check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    wrong = []
    for path, text in written():
        if not check:
            path.write_text(text, encoding="utf-8")
        elif path.read_text(encoding="utf-8") != text:
            wrong.append(str(path.relative_to(ROOT)))
    if wrong:
        print(f"differ: {', '.join(wrong)}; run python tests/vectors/make_entries.py")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
