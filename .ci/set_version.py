"""Write one version everywhere; without a version, check that all are equal.

Usage: ``python .ci/set_version.py 0.2.0``.

The source is `bridge/sentio_bridge/version.py`. The engines' packages repeat it for their
stores and package managers.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SEMVER = re.compile(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?")
_ANY = r"[0-9][0-9A-Za-z.\-]*"

SOURCE = ("bridge/sentio_bridge/version.py", r'^VERSION = "({})"')
PLACES = (
    SOURCE,
    ("godot_addon/addons/sentio/plugin.cfg", r'^version="({})"'),
    ("godot_addon/addons/sentio/**/client.gd", r'^const _VERSION := "({})"'),
    ("unity_plugin/package.json", r'^  "version": "({})"'),
    ("unity_plugin/Runtime/Core/**/Client.cs", r'"client_version", "({})"'),
    ("unity_plugin/CHANGELOG.md", r"\A.*?^## \[({})\]"),
    ("CHANGELOG.md", r"\A.*?^## ({})"),
    ("CITATION.cff", r"^version: ({})"),
)
"""Files and patterns of the version; in a changelog it is in the newest heading."""


class VersionError(Exception):
    """A file does not state the version where it should."""


def _place(root: Path, name: str) -> Path:
    """Return the only file that matches a pattern."""
    found = sorted(root.glob(name))
    if len(found) != 1:
        raise VersionError(f"{name}: found {len(found)} files, expected 1")
    return found[0]


def _stated(root: Path, name: str, pattern: str) -> tuple[Path, str, re.Match[str]]:
    """Return a file, its text, and the match of the version."""
    path = _place(root, name)
    text = path.read_text(encoding="utf-8")
    found = re.search(pattern.format(_ANY), text, re.MULTILINE | re.DOTALL)
    if not found:
        raise VersionError(f"{path.relative_to(root)}: no version like {pattern.format('X')}")
    return path, text, found


def read(root: Path = ROOT) -> dict[str, str]:
    """Return the version in each file, by path."""
    stated = {}
    for name, pattern in PLACES:
        path, _, found = _stated(root, name, pattern)
        stated[path.relative_to(root).as_posix()] = found[1]
    return stated


def write(version: str, root: Path = ROOT) -> list[str]:
    """Write `version` into every file; return the paths of the files that changed.

    Raises:
        VersionError: `version` is not semantic, or a file does not state one.
    """
    if not SEMVER.fullmatch(version):
        raise VersionError(f"got version {version!r}, expected like 1.2.3 or 1.2.3-rc.1")
    changed = []
    for path, text, found in [_stated(root, name, pattern) for name, pattern in PLACES]:
        if found[1] != version:
            path.write_text(_with(version, text, found), encoding="utf-8", newline="\n")
            changed.append(path.relative_to(root).as_posix())
    return changed


def _with(version: str, text: str, found: re.Match[str]) -> str:
    """Return the text with another version; released sections of a changelog are kept."""
    start, end = found.span(1)
    line = text.rfind("\n", 0, start) + 1
    heading = text[line : text.find("\n", start)]
    if heading.startswith("## ") and "unreleased" not in heading:
        title = heading[: start - line] + version + ("]" if "[" in heading else "")
        return f"{text[:line]}{title} - unreleased\n\n{text[line:]}"
    return text[:start] + version + text[end:]


def main(arguments: list[str]) -> int:
    """Write the given version, or check that all files have the same version."""
    try:
        if arguments:
            for name in write(arguments[0]):
                print(f"{name}: {arguments[0]}")
            return 0
        stated = read()
    except VersionError as error:
        print(error, file=sys.stderr)
        return 1
    expected = stated[SOURCE[0]]
    mismatches = [
        f"{name}: {version}, expected {expected}"
        for name, version in stated.items()
        if version != expected
    ]
    print("\n".join(mismatches) or f"version {expected} in {len(stated)} files")
    return 1 if mismatches else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
