"""Features of how a game is operated, from statistics that an engine counts."""

from __future__ import annotations

from collections.abc import Mapping
from math import log1p

import numpy as np
from numpy.typing import NDArray

from sentio_models.window import Signal

Floats = NDArray[np.float64]

CHANNELS = (
    "keys",
    "buttons",
    "pointer_speed",
    "pointer_jerk",
    "stick_speed",
    "stick_jerk",
    "errors",
    "idle",
)
"""Channels of the role ``input``; any subset will do.

``keys`` and ``buttons``: presses per second. ``pointer_speed``: path of the mouse, screen heights
per second; ``pointer_jerk``: mean absolute change of that speed per second. ``stick_speed`` and
``stick_jerk``: the same of sticks, full deflections. ``errors``: failures that the game counts per
second. ``idle``: seconds since the last input. Nothing identifies the pressed key."""

SPANS = (5.0, 15.0, 60.0)
"""Seconds that are averaged over."""

ACTIVITIES = ("actions", "movement")
"""Kinds of activity: presses, and paths of mouse and sticks."""

NAMES = tuple(f"{kind}_{span:.0f}_s" for kind in ACTIVITIES for span in SPANS)
"""Features that the model reads: ln(1 + mean rate) of each kind over each span."""


def rows(signal: Signal) -> dict[str, Floats]:
    """Return the known channels as columns; negative and missing numbers are 0."""
    return {
        name: np.maximum(np.nan_to_num(signal.values[:, i].astype(np.float64), posinf=0.0), 0.0)
        for i, name in enumerate(signal.channels)
        if name in CHANNELS
    }


def measure(columns: Mapping[str, Floats], offsets: Floats) -> Floats:
    """Return the features in the order of ``NAMES``; NaN if not counted.

    Args:
        columns: Rates by channel, all of one length.
        offsets: Seconds relative to the window's end, ascending, at most 0.
    """
    kinds = {
        "actions": ("keys", "buttons"),
        "movement": ("pointer_speed", "stick_speed"),
    }
    values: list[float] = []
    for kind in ACTIVITIES:
        parts = [columns[name] for name in kinds[kind] if name in columns]
        for span in SPANS:
            newest = offsets > -span
            if parts and newest.any():
                values.append(log1p(float(sum(part[newest].mean() for part in parts))))
            else:
                values.append(float("nan"))
    return np.array(values)
