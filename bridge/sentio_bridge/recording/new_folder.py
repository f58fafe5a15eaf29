"""Folder of a new recording: always directly below the configured folder."""

from __future__ import annotations

import shutil
from pathlib import Path

from sentio_bridge.errors import RequestError
from sentio_bridge.protocol import names
from sentio_recording.recorder import Recorder
from sentio_recording.sealed.key_folder import KeyFolder
from sentio_sensors import SensorError

LONGEST_NAME = 128
"""Maximum length of a name, characters."""

FIX = "set [recording] folder to a writable folder"


def check(name: str) -> None:
    """Check the name of a recording's folder.

    Raises:
        RequestError: The name is invalid.
    """
    problem = names.problem(name, LONGEST_NAME)
    if problem:
        raise RequestError(
            "bad_argument",
            f"folder: {name[:80]!r} {problem}; expected a name below the recordings folder",
            f"use {names.RULE}, or omit folder; the recordings folder is configured in "
            "[recording] folder",
        )


def new_folder(below: str, name: str) -> Path:
    """Create a new folder and return its absolute path.

    Args:
        below: The configured folder, any path; created if it is missing.
        name: Name of the new folder.

    Raises:
        RequestError: The name is invalid, or already exists as a folder, a file, or a link (which
            could lead to another folder).
        SensorError: The configured folder cannot be written.
    """
    check(name)
    parent = Path(below).resolve()
    path = parent / name
    try:
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        taken = path.is_symlink() or path.resolve().parent != parent
        if not taken:
            path.mkdir(mode=0o700)  # follows no link, fails if the path exists: no race
    except FileExistsError as error:
        if error.filename != str(path):
            raise SensorError(f"{below} is not a folder", FIX) from None
        taken = True
    except OSError as error:
        raise SensorError(f"{below}: {error}", FIX) from None
    if taken:
        raise RequestError(
            "bad_argument",
            f"folder: {name!r} already exists in {parent}",
            "choose a new name, or omit folder",
        )
    return path


def discard(recorder: Recorder, keys: KeyFolder | None) -> None:
    """End a recording that must not exist, and delete its files and keys.

    Waits for the disk.

    Args:
        recorder: A started recorder.
        keys: Folder with its keys; None if it is not encrypted.

    Raises:
        SensorError: Something is left on the disk.
    """
    folder = Path(recorder.status.folder)
    try:
        if not recorder.stop().reason:
            raise SensorError(f"{folder} is still being written", "delete it once the disk replies")
        shutil.rmtree(folder)
        if keys is not None and recorder.keys is not None:
            keys.forget(recorder.keys.id)
    except OSError as error:
        raise SensorError(f"{folder} cannot be deleted: {error}", "delete it") from None
