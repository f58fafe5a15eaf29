"""Recordings whose date has passed: found by what their manifest says, and removed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sentio_recording.manifest import Manifest, decode
from sentio_recording.storage import MANIFEST
from sentio_sensors.errors import SensorError

STILL_WRITTEN = 60.0
"""Seconds: a folder with a younger file may be a recording that runs, which is flushed each
second."""


@dataclass(frozen=True, slots=True)
class StoredRecording:
    """A recording on the disk.

    Attributes:
        path: Its folder.
        began: When, in UTC; None where the manifest does not say.
        expires: After which it may go, in UTC; None for never.
        size: Bytes of all its files.
        newest: When a file of it was last written, in UTC.
    """

    path: Path
    began: datetime | None
    expires: datetime | None
    size: int
    newest: datetime

    def expired(self, now: datetime) -> bool:
        """Tell whether its date has passed, and nobody writes it."""
        idle = (now - self.newest).total_seconds() > STILL_WRITTEN
        return self.expires is not None and self.expires < now and idle


def recordings(folder: Path) -> Iterator[StoredRecording]:
    """Yield the recordings right below ``folder``, by name; links are not followed.

    What has no readable manifest is no recording of ours and is never named here.
    """
    for path, manifest in _manifests(folder):
        with suppress(OSError):
            yield _kept(path, manifest)


def expired(folder: Path, now: datetime) -> list[StoredRecording]:
    """Return those of ``recordings`` that have expired; only into these it looks more closely."""
    found = []
    for path, manifest in _manifests(folder):
        date = _moment(manifest.expires)
        if date is not None and date < now:
            with suppress(OSError):
                found.append(_kept(path, manifest))
    return [kept for kept in found if kept.expired(now)]


def remove(kept: StoredRecording) -> None:
    """Delete a recording with everything in its folder.

    The manifest goes last: what is interrupted is still known as an expired recording.

    Raises:
        OSError: A file cannot be deleted.
    """
    for path in kept.path.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != MANIFEST:
            path.unlink()
    (kept.path / MANIFEST).unlink()
    kept.path.rmdir()


def _manifests(folder: Path) -> Iterator[tuple[Path, Manifest]]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_symlink() or not (path / MANIFEST).is_file():
            continue
        try:
            manifest = decode((path / MANIFEST).read_bytes())
        except (SensorError, OSError):
            continue
        yield path, manifest


def _kept(path: Path, manifest: Manifest) -> StoredRecording:
    files = [file.lstat() for file in path.rglob("*")]
    return StoredRecording(
        path,
        _moment(manifest.clocks.wall),
        _moment(manifest.expires),
        sum(file.st_size for file in files),
        datetime.fromtimestamp(max(file.st_mtime for file in files), UTC),
    )


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
