"""Folders of keys whose passphrase costs nothing to derive."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from sentio_recording.sealed import locks


def cheap_keys(folder: Path, passphrase: str) -> None:
    """Make a folder of keys with the least costs: the usual ones take .3 s each time."""
    costs = locks.Parameters(os.urandom(16), b"", iterations=1, memory_kib=32)
    lock = locks.MasterLock(locks.PASSPHRASE, locks.derived(passphrase, costs))
    known = msgspec.structs.replace(costs, check=lock.wrap(locks.CHECK, b""))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / locks.PARAMETERS).write_bytes(msgspec.json.encode(known))
