"""Find and delete recordings whose retention period has passed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sentio_recording.manifest import Manifest, decode
from sentio_recording.storage import MANIFEST
from sentio_sensors.errors import SensorError

ACTIVE_S = 60.0
"""Seconds; a folder with a younger file may be a running recording, flushed every second."""


PLAUSIBLE = timedelta(days=30)
"""Longest time between two starts that needs no second one."""

CONFIRMED = timedelta(days=1)
"""Time after a longer one, after which a start deletes: a wrong clock is set right meanwhile."""

CLOCK = ".clock.json"
"""File in the folder of the recordings: time of the last start, and of one that was too late."""


@dataclass(frozen=True, slots=True)
class StoredRecording:
    """A recording on the disk.

    Attributes:
        path: Its folder.
        began: Start, in UTC; None if unknown.
        expires: Time after which it may be deleted, in UTC; None for never.
        size: Bytes of all its files.
        newest: Time of the last write to one of its files, in UTC.
    """

    path: Path
    began: datetime | None
    expires: datetime | None
    size: int
    newest: datetime

    def expired(self, now: datetime) -> bool:
        """Return whether its date has passed and it is not being written."""
        idle = (now - self.newest).total_seconds() > ACTIVE_S
        return self.expires is not None and self.expires < now and idle


def recordings(folder: Path) -> Iterator[StoredRecording]:
    """Yield the recordings in ``folder`` by name; links are not followed.

    Folders without a readable manifest are not recordings and are never included.
    """
    for path, manifest in _manifests(folder):
        with suppress(OSError):
            yield _stored(path, manifest)


def expired(folder: Path, now: datetime) -> list[StoredRecording]:
    """Return those of ``recordings`` that have expired."""
    found = []
    for path, manifest in _manifests(folder):
        date = _moment(manifest.expires)
        if date is not None and date < now:
            with suppress(OSError):
                found.append(_stored(path, manifest))
    return [recording for recording in found if recording.expired(now)]


def plausible(folder: Path, now: datetime) -> bool:
    """Return whether the clock may be trusted to delete, and note this start.

    A clock that is years ahead for one start (an empty battery, a wrong entry) would delete every
    recording that expires. A start that is more than ``PLAUSIBLE`` after the last one, or after
    the newest file of a recording, is therefore noted only; one at least a day later deletes.

    Raises:
        OSError: The note cannot be written.
    """
    path, late = folder / CLOCK, None
    try:
        noted = json.loads(path.read_bytes())
        last, late = _moment(noted["last"]), _moment(noted["late"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        last = max((recording.newest for recording in recordings(folder)), default=None)
    if last is None or now - last > PLAUSIBLE:
        late = now
    elif late is not None and not timedelta(0) <= now - late < CONFIRMED:
        late = None
    text = {"last": now.isoformat(), "late": late.isoformat() if late else ""}
    path.write_text(json.dumps(text), encoding="ascii")
    return late is None


def remove(recording: StoredRecording) -> None:
    """Delete a recording with everything in its folder.

    The manifest is deleted last: after an interruption it is still an expired recording.

    Raises:
        OSError: A file cannot be deleted.
    """
    for path in recording.path.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != MANIFEST:
            path.unlink()
    (recording.path / MANIFEST).unlink()
    recording.path.rmdir()


def _manifests(folder: Path) -> Iterator[tuple[Path, Manifest]]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_symlink() or not (path / MANIFEST).is_file():
            continue
        try:
            manifest = decode((path / MANIFEST).read_bytes())
        except (SensorError, OSError):
            continue
        yield path, manifest


def _stored(path: Path, manifest: Manifest) -> StoredRecording:
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
