"""Write one version everywhere: `python .ci/set_version.py 0.2.0`; with no version, check.

The source is `bridge/sentio_bridge/version.py`. The engines' packages state it again, because
their stores and package managers read it there.
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
"""A file and where it states the version; a changelog states it in its newest heading."""


class VersionError(Exception):
    """A file does not state the version where it should."""


def _place(root: Path, name: str) -> Path:
    """Return the one file that a pattern names."""
    found = sorted(root.glob(name))
    if len(found) != 1:
        raise VersionError(f"{name}: found {len(found)} files, expected 1")
    return found[0]


def _stated(root: Path, name: str, pattern: str) -> tuple[Path, str, re.Match[str]]:
    """Return a file, its text, and where in it the version is."""
    path = _place(root, name)
    text = path.read_text(encoding="utf-8")
    found = re.search(pattern.format(_ANY), text, re.MULTILINE | re.DOTALL)
    if not found:
        raise VersionError(f"{path.relative_to(root)}: no version like {pattern.format('X')}")
    return path, text, found


def read(root: Path = ROOT) -> dict[str, str]:
    """Return what each file states, by its path."""
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
    """Return a text with another version; a released section of a changelog stays."""
    start, end = found.span(1)
    line = text.rfind("\n", 0, start) + 1
    heading = text[line : text.find("\n", start)]
    if heading.startswith("## ") and "unreleased" not in heading:
        title = heading[: start - line] + version + ("]" if "[" in heading else "")
        return f"{text[:line]}{title} - unreleased\n\n{text[line:]}"
    return text[:start] + version + text[end:]


def main(arguments: list[str]) -> int:
    """Write the version that is given, or check that all files state the same one."""
    try:
        if arguments:
            for name in write(arguments[0]):
                print(f"{name}: {arguments[0]}")
            return 0
        stated = read()
    except VersionError as error:
        print(error, file=sys.stderr)
        return 1
    wanted = stated[SOURCE[0]]
    wrong = [f"{name}: {it}, expected {wanted}" for name, it in stated.items() if it != wanted]
    print("\n".join(wrong) or f"version {wanted} in {len(stated)} files")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
