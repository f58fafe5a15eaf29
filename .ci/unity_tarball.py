"""Build the Unity package's tarball for Unity's package manager.

The same files give the same bytes: names in order, one time, no owner.
"""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "unity_plugin"
TIME = 1767225600
"""Time of every entry, 2026-01-01."""


def members() -> list[Path]:
    """Return the files of the package, in a fixed order."""
    return sorted(p for p in PACKAGE.rglob("*") if p.is_file() and p.name != ".DS_Store")


def build(folder: Path) -> Path:
    """Write `NAME-VERSION.tgz` into `folder`; return its path."""
    about = json.loads((PACKAGE / "package.json").read_text(encoding="utf-8"))
    target = folder / f"{about['name']}-{about['version']}.tgz"
    folder.mkdir(parents=True, exist_ok=True)
    with (
        target.open("wb") as raw,
        gzip.GzipFile("", "wb", fileobj=raw, mtime=TIME) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for path in members():
            data = path.read_bytes()
            entry = tarfile.TarInfo(f"package/{path.relative_to(PACKAGE).as_posix()}")
            entry.size, entry.mtime, entry.mode = len(data), TIME, 0o644
            archive.addfile(entry, io.BytesIO(data))
    return target


if __name__ == "__main__":
    built = build(ROOT / "dist")
    print(f"{built.relative_to(ROOT)}: {len(members())} files, {built.stat().st_size // 1024} kB")
