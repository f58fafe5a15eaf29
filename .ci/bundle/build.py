"""Collect the sidecar for players into one folder and a zip: `make bundle`.

The folder needs no Python. It holds the interpreter, every model and every device library of this
platform, and is tested by its own `sentio --self-test` before it is zipped.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import stat
import subprocess
import sys
import time
import zipfile
from pathlib import Path

from licences import update_page
from licences import write as write_licences

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "models"))
EPOCH = (2026, 1, 1, 0, 0, 0)
"""Time of all entries of the zip."""
WITHOUT_CAMERA = ("face", "camera")
"""Checks that a bundle without the camera's runtime leaves out."""


def collect(build: Path, face_model: Path | None) -> Path:
    """Run PyInstaller; return the folder with the program.

    Args:
        build: Folder of intermediate files.
        face_model: MediaPipe's landmarker; None for a bundle without the camera's runtime.
    """
    build.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level=WARN"]
    command += [f"--distpath={build / 'out'}", f"--workpath={build / 'work'}"]
    environment = {
        **os.environ,
        "SENTIO_BUNDLE_CAMERA": "1" if face_model else "0",
        "SENTIO_BUNDLE_FACE_MODEL": str(face_model or ""),
        "SENTIO_BUNDLE_PARTS": str(build / "parts.json"),
    }
    subprocess.run([*command, str(HERE / "sentio.spec")], env=environment, check=True)
    return build / "out" / "sentio"


def program(folder: Path) -> Path:
    """Return the path of the program in a bundle."""
    return folder / ("sentio.exe" if os.name == "nt" else "sentio")


def check(folder: Path, camera: bool) -> None:
    """Run the bundle's self-test without this Python and without the user's models.

    Raises:
        subprocess.CalledProcessError: A part is missing or does not work.
    """
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "SENTIO"))}
    environment["XDG_CACHE_HOME"] = str(folder.parent / "no-cache")
    skipped = [] if camera else [part for name in WITHOUT_CAMERA for part in ("--without", name)]
    subprocess.run([program(folder), "self-test", *skipped], env=environment, check=True)


def pack(folder: Path, target: Path) -> None:
    """Write the folder into a zip; permissions and links of Linux and macOS are kept."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder.parent).as_posix()
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            if path.is_symlink():
                entry.external_attr = (stat.S_IFLNK | 0o777) << 16
                out.writestr(entry, os.readlink(path))
            elif path.is_file():
                mode = 0o755 if os.access(path, os.X_OK) else 0o644
                entry.external_attr = (stat.S_IFREG | mode) << 16
                out.writestr(entry, path.read_bytes(), compresslevel=9)


def size(folder: Path) -> int:
    """Return the bytes of all files; links count nothing."""
    return sum(p.lstat().st_size for p in folder.rglob("*") if p.is_file() and not p.is_symlink())


def landmarker(given: Path | None) -> Path:
    """Return the face model: the given file, or the one in the cache."""
    from sentio_models.errors import ModelError
    from sentio_models.runtime.bundle import FACE_LANDMARKER, locate, read

    try:
        read(FACE_LANDMARKER, given)  # checks its hash
        return locate(FACE_LANDMARKER, given)
    except ModelError as error:
        sys.exit(f"{error.what}\n  {error.fix}, or --face-model FILE, or --without-camera")


def main() -> None:
    """Build, test and pack."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--face-model", type=Path, help="MediaPipe's face_landmarker.task")
    parser.add_argument("--without-camera", action="store_true", help="leave out its runtime")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="folder of the results")
    parser.add_argument("--no-zip", action="store_true", help="only the folder")
    parser.add_argument("--page", action="store_true", help="update the table of docs/shipping.md")
    given = parser.parse_args()

    from sentio_bridge.version import VERSION

    system = {"darwin": "macos", "win32": "windows"}.get(sys.platform, "linux")
    kind = "-no-camera" if given.without_camera else ""
    name = f"sentio-{VERSION}-{system}-{platform.machine().lower()}{kind}"
    build = ROOT / "build" / f"bundle{kind}"
    start = time.monotonic()
    face_model = None if given.without_camera else landmarker(given.face_model)
    made = collect(build, face_model)
    write_licences(json.loads((build / "parts.json").read_text(encoding="utf-8")), made)
    check(made, camera=not given.without_camera)
    folder = given.out / name / "sentio"
    shutil.rmtree(folder.parent, ignore_errors=True)
    folder.parent.mkdir(parents=True)
    shutil.move(made, folder)
    print(f"{folder}: {size(folder) / 1e6:.0f} MB, {time.monotonic() - start:.0f} s")
    if given.page:
        update_page(folder, ROOT / "docs/shipping.md")
    if not given.no_zip:
        target = given.out / f"{name}.zip"
        pack(folder, target)
        print(f"{target}: {target.stat().st_size / 1e6:.0f} MB")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "bridge"))
    main()
