"""Cost and robustness of encrypted recordings."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from secrets import token_bytes, token_hex
from typing import Any

from benchmarks.recording_harm import killed
from benchmarks.recording_scene import MANIFEST, scene
from sentio_recording.disk import AppendFile
from sentio_recording.recorder import Recorder
from sentio_recording.sealed.data_keys import DataKeys
from sentio_recording.sealed.writer import SealedFile
from sentio_sensors import ManualClock, Role

ROUNDS = 7
"""Measurements of each kind, alternately; the least is reported."""


def new_keys() -> DataKeys:
    """Return keys of one person that are stored nowhere."""
    return DataKeys(token_hex(16), ("", "player"), {0: token_bytes(32), 1: token_bytes(32)})


def sealed_kill(room: Path, count: int, seed: int) -> dict[str, Any]:
    """Kill the writer of an encrypted recording; see ``killed``."""
    return killed(room, count, seed, new_keys())


def sealed_cost(room: Path, seconds: float) -> dict[str, Any]:
    """Measure the additional processor time of encryption at full rates.

    All modalities with video of 640x480 at 30 pictures a second, lossless. What a recording appends
    to its files is appended again, with and without encryption, on one thread.
    """
    appended = _appended(room / "plain", seconds)
    plain, encrypted = [], []
    for number in range(ROUNDS):
        plain.append(_again(room / f"plain{number}", appended, None))
        encrypted.append(_again(room / f"sealed{number}", appended, new_keys()))
    extra = min(encrypted) - min(plain)
    return {
        "seconds": seconds,
        "appends": len(appended),
        "bytes": sum(len(data) for _, data in appended),
        "plain_s": round(min(plain), 4),
        "encrypted_s": round(min(encrypted), 4),
        "share_of_a_core": round(extra / seconds, 5),
        "met": extra / seconds < 0.02,
    }


def _appended(folder: Path, seconds: float) -> list[tuple[str, bytes]]:
    """Return what a recording appends: name of the file, bytes."""
    found: list[tuple[str, bytes]] = []

    class Noted(AppendFile):
        def append(self, data: bytes) -> None:
            found.append((self._path.name, data))
            super().append(data)

    specs, chunks = scene(seconds, tuple(Role), width=640, height=480)
    recorder = Recorder(folder, MANIFEST, ManualClock(), open_file=Noted)
    recorder.start()
    for spec in specs:
        recorder.stream(spec)
    for chunk in chunks:
        while recorder.status.waiting > 16 << 20:  # or the recorder drops pictures
            time.sleep(0.001)
        recorder.chunk(chunk)
    assert not recorder.stop().dropped
    shutil.rmtree(folder)
    return found


def _again(folder: Path, appended: list[tuple[str, bytes]], keys: DataKeys | None) -> float:
    """Append everything again; return the processor time of the thread, seconds."""
    folder.mkdir()
    files: dict[str, AppendFile | SealedFile] = {}
    begun = time.thread_time()
    for name, data in appended:
        if name not in files:
            file = AppendFile(folder / name)
            files[name] = file if keys is None else SealedFile(file, keys)
        files[name].append(data)
    for each in files.values():
        each.close()
    used = time.thread_time() - begun
    shutil.rmtree(folder)
    return used
