"""Drive the rows of the plans and judge each by its steps and by the common rule."""

from __future__ import annotations

import importlib.util
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import SubprocessError
from typing import Any

import psutil

from benchmarks.faults import boards, disks, hostile, models, programs, steps
from benchmarks.faults.listener import longest_pause, missing
from benchmarks.faults.plan import Group, Row, load
from benchmarks.faults.programs import godot
from benchmarks.faults.steps import Clock, FaultError, Step
from benchmarks.faults.world import World
from sentio_bridge.errors import BridgeError
from sentio_models import ModelError
from sentio_models.runtime.bundle import FACE_LANDMARKER, locate

STEPS: dict[str, Step] = {
    **steps.STEPS, **boards.STEPS, **disks.STEPS, **hostile.STEPS, **models.STEPS,
    **programs.STEPS,
}  # fmt: skip

Steps = dict[str, dict[str, Any] | None]

PACKAGES = {
    "lsl": "pylsl", "brainflow": "brainflow", "camera": "av", "microphone": "soundfile",
    "onnx": "onnx", "pyxdf": "pyxdf",
}  # fmt: skip


@dataclass(slots=True)
class Result:
    """Outcome of one row.

    Attributes:
        row: The row.
        outcome: ``pass``, ``FAIL`` or ``not driven``.
        why: Why it failed, or why it was not driven.
        measured: Measures of its steps and of the common rule.
        seconds: Duration.
    """

    row: Row
    outcome: str
    why: str = ""
    measured: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0


def run(
    names: Iterable[str] = (), *, quick: bool = False, groups: list[Group] | None = None
) -> Iterator[Result]:
    """Drive rows and yield their results.

    Args:
        names: Numbers of rows; empty for all.
        quick: Only the quick subset.
        groups: Plans; default: those of this package.
    """
    chosen = set(names)
    for group in load() if groups is None else groups:
        for row in group.rows:
            if (not chosen or row.row in chosen) and (row.quick or not quick):
                yield drive(row)


def drive(row: Row) -> Result:
    """Drive one row."""
    absent = row.not_driven or _missing(row.needs)
    if absent:
        return Result(row, "not driven", absent)
    started = time.monotonic()
    measured: dict[str, Any] = {}
    why = ""
    with tempfile.TemporaryDirectory() as folder:
        try:
            world = World(row, Path(folder))
            try:
                _carry_out(world, Clock(world.pids), row.before, measured)
                world.open()
                _drive(world, measured)
            finally:
                world.close()
        except (FaultError, BridgeError, OSError, SubprocessError) as error:
            why = str(error) or type(error).__name__
    outcome = "FAIL" if why else "pass"
    return Result(row, outcome, why, measured, round(time.monotonic() - started, 1))


def _drive(world: World, measured: dict[str, Any]) -> None:
    clock = Clock(world.pids)
    if world.row.companion:
        steps.until(world, clock, status="health.frames", min=5)
    first = time.monotonic()
    clock.on_first = world.weigh
    _carry_out(world, clock, world.row.steps, measured)
    if clock.on_first is not None:  # the fault was there from the start
        clock.mark()
    _common_rule(world, first, measured)


def _carry_out(world: World, clock: Clock, wanted: list[Steps], measured: dict[str, Any]) -> None:
    for step in wanted:
        for verb, arguments in step.items():
            if verb not in STEPS:
                raise BridgeError(f"row {world.row.row}: unknown step {verb!r}")
            measured.update(STEPS[verb](world, clock, **(arguments or {})))


def _common_rule(world: World, first: float, measured: dict[str, Any]) -> None:
    """Check every row's common rule: frames go on, nothing is lost or breaks."""
    row = world.row
    health = world.status()["health"]
    frames = world.listener.since(first)
    pause, gaps = longest_pause(frames), missing(frames)
    growth = (world.process.memory_info().rss - world.weight) / 1e6
    measured.update(
        frames=len(frames), pause_s=round(pause, 2), missing=gaps, growth_mb=round(growth, 1)
    )
    if row.companion and longest_pause(frames, waits=False) > row.pause:
        raise FaultError(f"{pause:.1f} s without a frame, expected at most {row.pause:g}")
    if gaps and not row.gaps:
        raise FaultError(f"{gaps} frames are missing")
    if world.listener.malformed or not all(frame.finite for frame in frames):
        raise FaultError("a frame was malformed or not finite")
    if health["defects"] > row.defects or world.tracebacks() > row.defects:
        raise FaultError(f"{health['defects']} defects, {world.tracebacks()} tracebacks in the log")
    if growth > row.memory:
        raise FaultError(f"memory grew by {growth:.0f} MB, expected at most {row.memory:g}")


def _missing(needs: Iterable[str]) -> str:
    """Return what this machine lacks; empty if nothing."""
    for need in needs:
        if need == "root":
            if not hasattr(os, "geteuid") or os.geteuid() != 0:
                return "needs root"
        elif need == "linux":
            if not psutil.LINUX:
                return "needs Linux"
        elif need == "godot":
            if godot() is None:
                return "needs Godot: set SENTIO_GODOT"
        elif need == "landmarker":
            try:
                locate(FACE_LANDMARKER)
            except ModelError as error:
                return error.what
        elif importlib.util.find_spec(PACKAGES[need]) is None:
            return f"needs the package {PACKAGES[need]}"
    return ""
