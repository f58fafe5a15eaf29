"""Maintain the .meta files of the Unity package: `make` and `check`.

Unity identifies assets by the GUID in the .meta file of each; users' scenes refer to these GUIDs,
so a changed one breaks them. `.ci/unity_guids.txt` pins every one. A new path gets a GUID from its
name; a moved file keeps the .meta that moves with it.
"""

from __future__ import annotations

import hashlib
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "unity_plugin"
PINS = ROOT / ".ci/unity_guids.txt"
NAME = "com.sentio.unity"
GUID = re.compile(r"^guid: ([0-9a-f]{32})$", re.MULTILINE)

TAIL = "  userData: \n  assetBundleName: \n  assetBundleVariant: \n"
TEXT = "TextScriptImporter:\n  externalObjects: {}\n" + TAIL
IMPORTERS = {
    ".cs": "MonoImporter:\n  externalObjects: {}\n  serializedVersion: 2\n  defaultReferences: []\n"
    "  executionOrder: 0\n  icon: {instanceID: 0}\n" + TAIL,
    ".asset": "NativeFormatImporter:\n  externalObjects: {}\n  mainObjectFileID: 11400000\n" + TAIL,
    ".asmdef": "AssemblyDefinitionImporter:\n  externalObjects: {}\n" + TAIL,
    ".md": TEXT,
    ".bytes": TEXT,
}
MANIFEST = "PackageManifestImporter:\n  externalObjects: {}\n" + TAIL
OTHER = "DefaultImporter:\n  externalObjects: {}\n" + TAIL


def assets(package: Path) -> list[Path]:
    """Return the paths that need a .meta: neither hidden, *~ nor documentation."""
    found = []
    for path in sorted(package.rglob("*")):
        parts = path.relative_to(package).parts
        hidden = any(part.startswith(".") for part in parts)
        if hidden or parts[0] == "Documentation~" or parts == ("Samples~",):
            continue
        if path.suffix != ".meta":
            found.append(path)
    return found


def meta_of(path: Path) -> Path:
    """Return the .meta file of a path."""
    return path.with_name(path.name + ".meta")


def guid_in(meta: Path) -> str:
    """Return the GUID of a .meta file, empty if it has none."""
    found = GUID.search(meta.read_text(encoding="utf-8"))
    return found[1] if found else ""


def text_of(path: Path, guid: str) -> str:
    """Return the .meta text that Unity writes for a new path."""
    head = f"fileFormatVersion: 2\nguid: {guid}\n"
    if path.is_dir():
        return head + "folderAsset: yes\n" + OTHER
    if path.name == "package.json":
        return head + MANIFEST
    return head + IMPORTERS.get(path.suffix, OTHER)


def pinned(pins: Path) -> dict[str, str]:
    """Return the listed GUIDs by path."""
    lines = pins.read_text(encoding="utf-8").splitlines() if pins.exists() else []
    return {line[33:]: line[:32] for line in lines if line}


def problems(package: Path = PACKAGE, pins: Path = PINS) -> list[str]:
    """Return missing, orphaned, duplicate and changed .meta files, one a line."""
    faults, seen = [], {}
    listed = pinned(pins)
    for path in assets(package):
        name = path.relative_to(package).as_posix()
        if not meta_of(path).exists():
            faults.append(f"missing: {name} has no .meta")
            continue
        guid = guid_in(meta_of(path))
        if not guid:
            faults.append(f"malformed: {name}.meta has no GUID")
        elif guid in seen:
            faults.append(f"duplicate: {name} has the GUID of {seen[guid]}")
        elif name not in listed:
            faults.append(f"unlisted: {name} is not in {pins.name}")
        elif listed[name] != guid:
            faults.append(f"changed: {name} had {listed[name]}, has {guid}")
        seen[guid] = name
    for meta in sorted(package.rglob("*.meta")):
        if not meta.with_suffix("").exists():
            faults.append(f"orphan: {meta.relative_to(package).as_posix()} has no asset")
    deleted = [name for name in listed if not (package / name).exists()]
    return faults + [f"gone: {name} is in {pins.name} only" for name in deleted]


def make(package: Path = PACKAGE, pins: Path = PINS) -> int:
    """Write missing .meta files, remove orphans; return the number of new ones.

    A GUID that differs from the list is not changed: `check` reports it.
    """
    listed, created = pinned(pins), 0
    for meta in package.rglob("*.meta"):
        if not meta.with_suffix("").exists():
            meta.unlink()
    current = {}
    for path in assets(package):
        name, meta = path.relative_to(package).as_posix(), meta_of(path)
        if not meta.exists():
            digest = hashlib.md5(f"{NAME}/{name}".encode(), usedforsecurity=False).hexdigest()
            meta.write_text(text_of(path, listed.get(name, digest)), encoding="utf-8")
            created += 1
        current[name] = listed.get(name, guid_in(meta))
    lines = [f"{guid} {name}\n" for name, guid in sorted(current.items())]
    pins.write_text("".join(lines), encoding="utf-8")
    return created


def main(action: str) -> int:
    """Run `make` or `check`; return the exit status."""
    if action == "make":
        print(f"{make()} new")
    faults = problems()
    print("\n".join(faults) or f"{len(pinned(PINS))} .meta files are valid")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:] or ["check"]))
