"""Speeds of head and hands from their positions; pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sentio_models.window import Signal

Floats = NDArray[np.float64]

PARTS = ("head", "left", "right")
"""Parts of the body; each has channels ``PART_x``, ``PART_y``, ``PART_z`` in metres."""

STEP = 0.066
"""Shortest time between two positions that are compared: over less, noise of the tracking is taken
for speed."""

FASTEST = 20.0
"""Metres per second that no part moves at: the tracking has jumped, or the player was moved."""

JOLT_SECONDS = 0.5
"""Newest seconds of which the highest acceleration is taken."""


@dataclass(frozen=True, slots=True)
class Path:
    """Course of one part.

    Attributes:
        times: Of the positions, seconds relative to the window's end, ascending, ``(n,)``.
        speed: Metres per second between them, ``(n - 1,)``.
        velocity: The same as vectors, ``(n - 1, 3)``.
        turning: Degrees per second of the view; None where it is not reported.
    """

    times: Floats
    speed: Floats
    velocity: Floats
    turning: Floats | None = None

    @property
    def middles(self) -> Floats:
        """Times of the speeds."""
        middles: Floats = 0.5 * (self.times[1:] + self.times[:-1])
        return middles

    def newest(self, values: Floats, seconds: float) -> float:
        """Return the mean of a course over the newest ``seconds``."""
        recent = values[self.middles > self.times[-1] - seconds]
        return float((recent if len(recent) else values[-1:]).mean())

    def jolt(self) -> float:
        """Return the highest acceleration of the newest half second, m/s²."""
        change = np.diff(self.velocity, axis=0) / np.diff(self.middles)[:, None]
        recent = self.times[1:-1] > self.times[-1] - JOLT_SECONDS
        if not recent.any():
            return 0.0
        return float(np.sqrt((change[recent] ** 2).sum(axis=1)).max())


def path_of(signal: Signal, part: str) -> Path | None:
    """Return the course of a part; None where it is not reported or not tracked.

    Args:
        signal: Stream of the role ``motion``, in metres.
        part: One of ``PARTS``.
    """
    columns = {name: i for i, name in enumerate(signal.channels)}
    wanted = [f"{part}_{axis}" for axis in "xyz"]
    if not all(name in columns for name in wanted):
        return None
    places = signal.values[:, [columns[name] for name in wanted]].astype(np.float64)
    ahead = [f"{part}_forward_{axis}" for axis in "xyz"]
    view = None
    if all(name in columns for name in ahead):
        view = signal.values[:, [columns[name] for name in ahead]].astype(np.float64)
    sound = _sound(places) if view is None else _sound(places) & _sound(view)
    rows = np.flatnonzero(sound)
    kept = rows[_apart(signal.offsets[rows])]
    if len(kept) < 4:
        return None
    times = np.asarray(signal.offsets[kept], np.float64)
    step = np.diff(times)[:, None]
    velocity = np.diff(places[kept], axis=0) / step
    speed = np.sqrt((velocity**2).sum(axis=1))
    jumped = speed > FASTEST
    velocity[jumped], speed[jumped] = 0.0, 0.0
    turning = None if view is None else _turning(view[kept]) / step[:, 0]
    return Path(times, speed, velocity, turning)


def _sound(values: Floats) -> NDArray[np.bool_]:
    """Return the rows whose numbers can be positions."""
    near = np.isfinite(values) & (np.abs(values) < 1e4)
    return np.asarray(near.all(axis=1), np.bool_)


def _apart(times: Floats) -> list[int]:
    """Return the rows that are at least ``STEP`` apart, counted from the newest."""
    chosen: list[int] = []
    for index in range(len(times) - 1, -1, -1):
        if not chosen or times[chosen[-1]] - times[index] >= STEP * 0.99:
            chosen.append(index)
    return chosen[::-1]


def _turning(view: Floats) -> Floats:
    """Return the angle between successive views, degrees."""
    size = np.sqrt((view**2).sum(axis=1, keepdims=True))
    unit = view / np.maximum(size, 1e-9)
    chord = np.sqrt((np.diff(unit, axis=0) ** 2).sum(axis=1))
    angle: Floats = np.degrees(2.0 * np.arcsin(np.clip(0.5 * chord, 0.0, 1.0)))
    return angle
