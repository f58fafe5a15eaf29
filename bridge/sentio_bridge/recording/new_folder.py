"""The folder of a recording that a client named: below the configured one, nowhere else."""

from __future__ import annotations

from pathlib import Path

from sentio_bridge.errors import RequestError
from sentio_bridge.protocol import names
from sentio_sensors import SensorError

LONGEST_NAME = 128
"""Characters."""

FIX = "set [recording] folder to one that can be written"


def check(name: str) -> None:
    """Check the name of a recording's folder.

    Raises:
        RequestError: It is no plain name.
    """
    problem = names.problem(name, LONGEST_NAME)
    if problem:
        raise RequestError(
            "bad_argument",
            f"folder: {name[:80]!r} {problem}; expected a name below the recordings folder",
            f"use {names.RULE}, or leave folder out; where recordings go is configured: "
            "[recording] folder",
        )


def new_folder(below: str, name: str) -> Path:
    """Make a new folder and return its absolute path.

    Args:
        below: The configured folder, any path; made where it is missing.
        name: Of the new folder.

    Raises:
        RequestError: The name is no plain name, or something of that name is there: a folder, a
            file, or a link that could lead elsewhere.
        SensorError: The configured folder cannot be written.
    """
    check(name)
    parent = Path(below).resolve()
    path = parent / name
    try:
        parent.mkdir(parents=True, exist_ok=True)
        taken = path.is_symlink() or path.resolve().parent != parent
        if not taken:
            path.mkdir()  # follows no link, and fails where anything is: nobody slips in between
    except FileExistsError as error:
        if error.filename != str(path):
            raise SensorError(f"{below} is no folder", FIX) from None
        taken = True
    except OSError as error:
        raise SensorError(f"{below}: {error}", FIX) from None
    if taken:
        raise RequestError(
            "bad_argument",
            f"folder: {name!r} is there already in {parent}",
            "choose a new name, or leave folder out",
        )
    return path
