"""Load MediaPipe; the only module that imports it."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sentio_models.errors import ModelMissingError

INSTALL = "pip install 'sentio-affect[face]'"

LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxcb.so.1": "libxcb1",
    "libEGL.so.1": "libegl1",
    "libGLESv2.so.2": "libgles2",
}
"""What MediaPipe and its OpenCV load from a Linux system, and Debian's package of each."""


def load() -> tuple[Any, Any, Any]:
    """Import MediaPipe: the package, its tasks and its vision tasks.

    Raises:
        ModelMissingError: It is not installed, or a library of the system is missing.
    """
    _refuse_uploads()
    try:
        with _undone_if_it_fails():
            import mediapipe
            from mediapipe.tasks import python as tasks
            from mediapipe.tasks.python import vision
    except ModuleNotFoundError:
        raise ModelMissingError("faces need mediapipe, which is not installed", INSTALL) from None
    except (ImportError, OSError) as error:
        raise not_loaded(error) from None
    return mediapipe, tasks, vision


def not_loaded(error: Exception) -> ModelMissingError:
    """Return the error for a MediaPipe, or a part of it, that cannot be loaded."""
    what, fix = missing_libraries() or (f"mediapipe cannot be loaded: {error}", INSTALL)
    return ModelMissingError(what, fix)


def missing_libraries() -> tuple[str, str] | None:
    """Return which libraries of the system are missing, and what installs them.

    MediaPipe's packages do not contain them, and a server or container often has none. A bundled
    program has its own.
    """
    if sys.platform != "linux" or getattr(sys, "frozen", False):
        return None
    missing = [name for name in LIBRARIES if not _is_there(name)]
    if not missing:
        return None
    packages = " ".join(LIBRARIES[name] for name in missing)
    return (
        f"mediapipe needs libraries of the system that are missing: {', '.join(missing)}",
        f"on Debian or Ubuntu: sudo apt install {packages}",
    )


def _is_there(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


@contextmanager
def _undone_if_it_fails() -> Iterator[None]:
    """Restore what OpenCV changes before it loads its library.

    It puts its own folder, whose ``typing`` hides Python's, into ``sys.path`` and leaves it there
    if the library cannot be loaded. Processes that are started later then fail.
    """
    path, variable = list(sys.path), os.environ.get("LD_LIBRARY_PATH")
    try:
        yield
    except (ImportError, OSError):
        sys.path[:] = path
        os.environ.pop("LD_LIBRARY_PATH", None)
        if variable is not None:
            os.environ["LD_LIBRARY_PATH"] = variable
        vars(sys).pop("OpenCV_LOADER", None)  # else a second try fails by another reason
        raise


def _refuse_uploads() -> None:
    """Make every upload of MediaPipe fail before a name is looked up.

    It sends data about its use to its maker, without a switch (google-ai-edge/mediapipe#6291),
    with a libcurl of its own. That reads this variable and refuses an unknown kind of proxy.
    ``putenv`` alone: Python's own variables, and programs started with these, stay as they are.
    """
    os.putenv("https_proxy", "none://none")
