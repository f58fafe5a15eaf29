"""Steps of disks and recordings: full, slow, damaged, killed."""

from __future__ import annotations

import os
import random
import resource
import subprocess
import time
from pathlib import Path
from typing import Any

from benchmarks.faults.steps import Clock, FaultError, Measures, Step, found
from benchmarks.faults.world import World
from sentio_recording.recording import Recording
from sentio_recording.repair import repair, verify


def file_limit(world: World, clock: Clock, kilobytes: int) -> Measures:
    """Limit the size of every file that the sidecar writes: the disk is full there."""
    clock.mark()
    world.process.rlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, kilobytes * 1024))
    return {}


def small_disk(world: World, clock: Clock, path: str, kilobytes: int) -> Measures:
    """Mount a file system in memory of a given size; it is unmounted with the row."""
    target = Path(world.fill(path))
    target.mkdir(parents=True)
    options = f"size={kilobytes}k"
    mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(target)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        raise FaultError(f"a small file system cannot be mounted here: {done.stderr.strip()}")
    unmount = ["umount", "--lazy", str(target)]
    world.at_end(lambda: subprocess.run(unmount, capture_output=True, check=False))
    return {}


def verified(world: World, clock: Clock, recording: str = "", repaired: bool = False) -> Measures:
    """Check that the newest recording has no damage, after a repair if asked."""
    folder = newest(world) if not recording else Path(world.fill(recording))
    if repaired:
        repair(folder)
    report = verify(folder)
    if not report.ok:
        raise FaultError(f"{folder.name} is damaged: {report.damages[:2]}")
    with Recording(folder) as opened:
        ended = opened.manifest is not None and opened.manifest.ending is not None
    return {"chunks": report.chunks, "samples": sum(report.samples.values()), "ended": ended}


def flipped(world: World, clock: Clock, count: int, seed: int = 1) -> Measures:
    """Flip single bits of the newest recording's data; each must be found."""
    path = newest(world) / "data.xdf"
    data = path.read_bytes()
    rng = random.Random(seed)
    located = 0
    for _ in range(count):
        at, bit = rng.randrange(4, len(data)), rng.randrange(8)
        damaged = bytearray(data)
        damaged[at] ^= 1 << bit
        path.write_bytes(damaged)
        located += not verify(path.parent).ok
    path.write_bytes(data)
    if located < count:
        raise FaultError(f"{count - located} of {count} flipped bits were not found")
    return {"found": located}


def slow_replies(world: World, clock: Clock, op: dict[str, Any], least: float) -> Measures:
    """Send a request that takes ``least`` s at the disk; frames go on."""
    clock.mark()
    before = time.monotonic()
    reply = world.requester.try_call(**op)
    took = time.monotonic() - before
    if not reply["ok"] or took < least:
        raise FaultError(f"{op['op']} took {took:.2f} s: {found(reply, 'error.message') or 'ok'}")
    return {"reply_s": round(took, 2)}


def blocked(world: World, clock: Clock, path: str) -> Measures:
    """Put a file in the place of a folder, so that nothing can be written there."""
    target = Path(world.fill(path))
    clock.mark()
    if target.exists():
        target.rename(target.with_name(target.name + ".away"))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(b"")
    return {}


def write(world: World, clock: Clock, path: str, kind: str, size: int = 0) -> Measures:
    """Write a sound file, or an empty one of ``size`` bytes."""
    target = Path(world.fill(path))
    if kind == "zeros":
        target.write_bytes(bytes(size))
    else:
        from benchmarks.faults.sounds import write_sound

        write_sound(target, kind)
    return {}


def manifest(world: World, clock: Clock, path: str) -> Measures:
    """Write the manifest of a model whose hash does not match."""
    target = Path(world.fill(path))
    target.write_text(
        f'name = "{target.stem}"\nmodality = "body"\nsha256 = "{"0" * 64}"\nopset = 17\n'
        'preprocessing = "samples:ppg"\n[[inputs]]\nname = "x"\nshape = [1, 1, 64]\n'
        '[[outputs]]\nname = "y"\nshape = [1, 1]\nlabels = ["stress"]\n'
        "[constants]\nrate_hz = 64\n",
        encoding="utf-8",
    )
    return {}


def mode(world: World, clock: Clock, path: str, value: int) -> Measures:
    """Change the permissions of a file."""
    os.chmod(world.fill(path), value)
    return {}


def newest(world: World) -> Path:
    """Return the newest recording of this row.

    Raises:
        FaultError: There is none.
    """
    folders = sorted((world.folder / "recordings").glob("*"), key=lambda p: p.stat().st_mtime)
    if not folders:
        raise FaultError("there is no recording")
    return folders[-1]


STEPS: dict[str, Step] = {
    "file_limit": file_limit, "small_disk": small_disk, "verified": verified, "flipped": flipped,
    "slow_replies": slow_replies, "blocked": blocked, "write": write, "manifest": manifest,
    "mode": mode,
}  # fmt: skip
