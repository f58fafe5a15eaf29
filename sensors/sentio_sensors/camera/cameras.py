"""List this machine's cameras with names that stay the same after replugging."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from sentio_sensors.camera import codec
from sentio_sensors.errors import AbsentError

_SYSFS, _BY_ID, _DEV = Path("/sys/class/video4linux"), Path("/dev/v4l/by-id"), Path("/dev")


@dataclass(frozen=True, slots=True)
class CameraInfo:
    """A camera.

    Attributes:
        index: Position in the list, as in ``device = "0"``.
        path: Device file; may change when the camera is plugged in again.
        id: Stable identifier; a part of it can be given as ``device``.
        name: Product name.
        problem: Reason why it cannot be used, or empty.
        fix: How to solve the problem.
    """

    index: int
    path: str
    id: str
    name: str
    problem: str = ""
    fix: str = ""


def list_cameras() -> list[CameraInfo]:
    """Return the cameras of this machine; may be empty.

    Raises:
        AbsentError: Not on Linux, and PyAV, which lists cameras there, is missing.
    """
    if sys.platform == "linux":
        return linux_cameras(_SYSFS, _BY_ID, _DEV)
    return [
        CameraInfo(index, name, name, description or name)
        for index, (name, description) in enumerate(codec.devices())
    ]


def linux_cameras(sysfs: Path, by_id: Path, dev: Path) -> list[CameraInfo]:
    """List the cameras from the files of video4linux.

    Args:
        sysfs: ``/sys/class/video4linux``.
        by_id: ``/dev/v4l/by-id``.
        dev: ``/dev``.
    """
    ids = {link.resolve().name: link.name for link in by_id.iterdir()} if by_id.is_dir() else {}
    nodes = sorted(sysfs.iterdir(), key=_number) if sysfs.is_dir() else []
    found = []
    for node in nodes:
        # A camera's further nodes (index above 0) carry metadata, not pictures.
        if not node.name.startswith("video") or _text(node / "index", "0") != "0":
            continue
        path, name = dev / node.name, _text(node / "name", node.name)
        problem = fix = ""
        if not path.exists():
            problem, fix = "no device file", "start the container with --device " + str(path)
        elif not os.access(path, os.R_OK | os.W_OK):
            problem, fix = "no permission", codec.PERMIT_GROUP
        identity = ids.get(node.name, name)
        found.append(CameraInfo(_number(node), str(path), identity, name, problem, fix))
    return found


def find(device: str, cameras: list[CameraInfo]) -> CameraInfo:
    """Return the camera named by ``device``: index, path, or part of an id or name.

    Raises:
        AbsentError: No camera matches.
    """
    for camera in cameras:
        if device in (str(camera.index), camera.path, camera.id, camera.name):
            return camera
    for camera in cameras:
        if not device.isdigit() and device.lower() in f"{camera.id} {camera.name}".lower():
            return camera
    there = ", ".join(f"{camera.index}: {camera.name}" for camera in cameras) or "none"
    raise AbsentError(
        f"camera {device!r} not found (found: {there})",
        "plug it in, or choose one from: sentio devices",
    )


def _number(node: Path) -> int:
    digits = "".join(c for c in node.name if c.isdigit())
    return int(digits) if digits else -1


def _text(path: Path, default: str) -> str:
    try:
        return path.read_text().strip() or default
    except OSError:
        return default
