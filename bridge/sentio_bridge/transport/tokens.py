"""Token files, by which clients of the same user find their token.

One file for each of the sidecar's ports, readable by its user only. A token is new at every
start: a program that waits on the port of a sidecar that has ended learns nothing that is valid.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from sentio_bridge.errors import BridgeError
from sentio_bridge.transport.listening import parse

VARIABLE = "SENTIO_TOKEN"
"""Environment variable with the token that a launcher gives to its sidecar and to its client."""

FOLDER_VARIABLE = "SENTIO_RUNTIME_DIR"
"""Environment variable with the folder of the token files, instead of the user's."""

MAX_BYTES = 256
"""Size of a token file; PLAIN passwords have at most 255 bytes."""


def folder(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """Return the folder of the user's token files.

    Args:
        environ: Environment variables.
        platform: As ``sys.platform``.
    """
    chosen = environ.get(FOLDER_VARIABLE)
    if chosen:
        return Path(chosen)
    home = Path(environ.get("USERPROFILE" if platform == "win32" else "HOME") or Path.home())
    if platform == "win32":
        local = environ.get("LOCALAPPDATA")
        return (Path(local) if local else home / "AppData" / "Local") / "sentio" / "run"
    if platform == "darwin":
        return home / "Library" / "Application Support" / "sentio" / "run"
    runtime = environ.get("XDG_RUNTIME_DIR")
    return Path(runtime) / "sentio" if runtime else home / ".cache" / "sentio" / "run"


def new() -> str:
    """Return a new random token."""
    return secrets.token_urlsafe(32)


def find(endpoint: str, where: Path | None = None) -> str:
    """Return the token for an endpoint of this machine; empty if there is none.

    Args:
        endpoint: State or control endpoint.
        where: Folder of the token files; default: the user's.
    """
    try:
        host, port = parse(endpoint)
    except BridgeError:
        return ""
    if host not in ("127.0.0.1", "localhost", "::1"):
        return ""
    path = (where or folder()) / f"{port}.token"
    try:
        with path.open("rb") as file:
            if not _is_private(os.fstat(file.fileno())):
                return ""
            return file.read(MAX_BYTES).decode("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


class TokenFiles:
    """Token files of one sidecar.

    Args:
        ports: The sidecar's ports.
        token: Token to write.
        where: Folder of the token files; default: the user's.

    Raises:
        BridgeError: They cannot be written, or others could read them; none is left.
    """

    def __init__(self, ports: Sequence[int], token: str, where: Path | None = None) -> None:
        self._token = token
        self._paths: list[Path] = []
        parent = where or folder()
        try:
            _private_folder(parent)
            for port in ports:
                path = parent / f"{port}.token"
                _write(path, token)
                self._paths.append(path)
        except OSError as error:
            self.remove()
            raise BridgeError(
                f"cannot write the token file in {parent}: {error.strerror or error}",
                f"set {FOLDER_VARIABLE} to a folder of your own, or [sidecar] token",
            ) from None
        except BridgeError:
            self.remove()
            raise

    def remove(self) -> None:
        """Remove the files, unless another sidecar has replaced them."""
        for path in self._paths:
            with contextlib.suppress(OSError):
                if path.read_text("ascii").strip() == self._token:
                    path.unlink()


def _private_folder(path: Path) -> None:
    """Create a folder that only its user can use.

    Raises:
        BridgeError: It exists, and others own it or can use it.
    """
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if sys.platform == "win32":  # a user's folders are private there
        return
    status = path.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
        raise BridgeError(
            f"{path} is not a folder of this user", f"remove it, or set {FOLDER_VARIABLE}"
        )
    if status.st_mode & 0o077:
        path.chmod(0o700)


def _write(path: Path, token: str) -> None:
    """Write a file that only its user can read, at once and complete."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with contextlib.suppress(FileNotFoundError):
        temporary.unlink()
    descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        line = token.encode("ascii") + b"\n"
        if os.write(descriptor, line) != len(line):
            raise OSError(errno.ENOSPC, "the disk is full")
    finally:
        os.close(descriptor)
    temporary.replace(path)


def _is_private(status: os.stat_result) -> bool:
    """Return whether only this user can read the file."""
    if sys.platform == "win32":
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & 0o077
