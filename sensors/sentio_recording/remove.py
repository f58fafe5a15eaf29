"""Remove streams and texts from a recording without leaving any byte."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

import numpy as np
from msgspec.structs import replace

from sentio_recording.errors import DamagedError
from sentio_recording.manifest import Manifest
from sentio_recording.manifest_file import SEALED
from sentio_recording.media.store import media_file
from sentio_recording.recording import Recording
from sentio_recording.sealed.key_folder import unlock as unlock_by_default
from sentio_recording.sealed.reader import Unlock
from sentio_recording.storage import DATA, DETAILS, JOURNAL, MANIFEST, STAMPS, Storage
from sentio_recording.xdf.headers import StreamInfo


@dataclass(frozen=True, slots=True)
class Removal:
    """What to remove.

    Attributes:
        stream: Returns whether a stream goes, with its media.
        text: Returns whether a text goes: name of its stream, time, text.
        manifest: Returns the manifest without what goes.
    """

    stream: Callable[[StreamInfo], bool]
    text: Callable[[str, float, str], bool]
    manifest: Callable[[Manifest], Manifest]


def remove(folder: Path, removal: Removal, unlock: Unlock = unlock_by_default) -> int:
    """Write a recording again without what goes; return the number of removed bytes.

    The new files are complete before the old ones are replaced. Files that do not belong to the
    recording format, such as pages and exports in its folder, are deleted: they may show what goes.
    Chunks keep their order, times and values; damaged parts are lost. An encrypted recording stays
    encrypted, with the same keys.

    Raises:
        DamagedError: It has no readable manifest.
        FullError: There is no room for the new files; nothing has changed.
    """
    before = _size(folder)
    beside = folder.with_name(f".{folder.name[:64]}-{token_hex(4)}")
    try:
        with Recording(folder, unlock=unlock) as recording:
            if recording.manifest is None:
                raise DamagedError(f"{folder}: no readable manifest", "delete the whole folder")
            media = _copy(recording, beside, removal)
        _swap(folder, beside, media)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return max(0, before - _size(folder))


def _copy(recording: Recording, beside: Path, removal: Removal) -> set[Path]:
    """Write what stays into a new folder; return the media files that stay."""
    old = recording.manifest
    assert old is not None
    manifest = removal.manifest(old)
    ending, start = manifest.ending, manifest.clocks.monotonic
    keys = recording.keys
    storage = Storage(beside, replace(manifest, ending=None), start, reserved=0, keys=keys)
    details = recording.details()
    opened: set[int] = set()
    counts: dict[int, int] = {}
    media: set[Path] = set()
    now = start
    stays = {
        number: info
        for number, info in recording.streams.items()
        if info.name != DETAILS and not removal.stream(info)
    }
    for owner, side in recording.sides.items():
        if owner not in stays:
            stays.pop(side, None)
    for part in recording.chunks(stays.keys()):
        number, info = part.stream, stays[part.stream]
        index = counts[number] = counts.get(number, -1) + 1
        times, values = part.times, part.values
        if info.format == "string":
            rows = zip(times.tolist(), values[:, 0], strict=True)
            kept = np.array([not removal.text(info.name, t, str(v)) for t, v in rows], bool)
            times, values = times[kept], values[kept]
        if not len(times):
            continue
        if number not in opened:
            opened.add(number)
            storage.open(str(number), info, now)
        if "media" in info.meta and recording.folder is not None:
            kind = info.meta["media"]
            media |= {media_file(recording.folder, kind, int(n)) for n in set(values[:, 0])}
        known = details.get((number, index), (1.0, (), 0))
        storage.samples(str(number), times, values, known, owner=recording.owner(part))
        if info.kind != STAMPS:  # stamps of other clocks
            now = max(now, float(times[-1]))
        storage.upkeep(now)
    for number, info in stays.items():
        if number not in opened:
            storage.open(str(number), info, now)
    reason = "stopped" if ending is None else ending.reason
    problem = storage.end(
        now if ending is None else ending.monotonic, reason, ending.dropped if ending else {}
    )
    if problem:
        raise DamagedError(problem)
    return media


def _swap(folder: Path, beside: Path, media: set[Path]) -> None:
    # Without a journal both data files are readable, so a crash in between is harmless; and its
    # absence states that the removal is to be done again.
    (folder / JOURNAL).unlink(missing_ok=True)
    names = [n for n in (DATA, SEALED, MANIFEST, JOURNAL) if (beside / n).exists()]
    keep = {folder / name for name in names} | media
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path not in keep:
            path.unlink()
    for name in names:
        os.replace(beside / name, folder / name)


def _size(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())
