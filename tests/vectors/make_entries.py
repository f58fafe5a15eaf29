"""Write the affect vector's entries into the engines, or check (--check).

The list is sentio_bridge.protocol.entries.ENTRIES; each source contains it between two marks.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import fill

from sentio_bridge.protocol.entries import ENTRIES

ROOT = Path(__file__).parents[2]
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
    """Return the protocol's names in the order of the C# enum, and their number."""
    names = ", ".join(f'"{name}"' for name, _ in ENTRIES)
    indent = " " * 12
    rows = fill(names + ",", 120, initial_indent=indent, subsequent_indent=indent)
    return (
        "        private static readonly string[] Names =\n        {\n"
        f"{rows}\n        }};\n\n"
        "        /// <summary>Number of entries in this version.</summary>\n"
        f"        public const int Count = {len(ENTRIES)};\n"
    )


def written() -> Iterator[tuple[Path, str]]:
    """Yield each source with its expected text."""
    for folder, suffix, comment, part, lines in (
        ("godot_addon/addons", "gd", "#", "names", godot_names()),
        ("unity_plugin/Runtime", "cs", "//", "entries", unity_entries()),
        ("unity_plugin/Runtime", "cs", "//", "names", unity_names()),
    ):
        begin, end = (mark.format(comment=comment, part=part) for mark in (BEGIN, END))
        sources = [
            (path, text)
            for path in sorted((ROOT / folder).rglob(f"*.{suffix}"))
            if begin in (text := path.read_text(encoding="utf-8"))
        ]
        if len(sources) != 1:
            raise SystemExit(f"{begin!r} is in {len(sources)} files of {folder}, expected 1")
        ((path, text),) = sources
        yield path, replaced(text, begin, end, lines)


def replaced(text: str, begin: str, end: str, lines: str) -> str:
    """Return the text with ``lines`` between the marks."""
    before, _, rest = text.partition(begin + "\n")
    _, found_end, after = rest.partition(end)
    if not found_end:
        raise SystemExit(f"{begin!r} has no {end!r} after it")
    indent = before[before.rfind("\n") + 1 :]
    return f"{before}{begin}\n{lines}{indent}{end}{after}"


def main() -> int:
    """Write or check the sources."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    different = []
    for path, text in written():
        if not check:
            path.write_text(text, encoding="utf-8")
        elif path.read_text(encoding="utf-8") != text:
            different.append(str(path.relative_to(ROOT)))
    if different:
        print(f"differ: {', '.join(different)}; run python tests/vectors/make_entries.py")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
