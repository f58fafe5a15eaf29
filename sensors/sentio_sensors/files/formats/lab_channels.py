"""What the exports of laboratory recorders share: meaning of channels, even times."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.files.content import evenly
from sentio_sensors.files.table.rules import Column, column_of, plain
from sentio_sensors.files.table.time_unit import scale_of, unit_named

_DIGITAL = re.compile(r"^(?:digital|stp|trigger|trig|marker|mr_trigger|stim|event)(?:_|$)")
_QUANTITY = re.compile(r"^\s*([+-]?[\d.,]+(?:[eE][+-]?\d+)?)\s*(\S+)")


def channel(title: str, unit: str) -> Column:
    """Return what a channel is, by its title such as ``EDA, Y, PPGED-R``.

    Args:
        title: As the user or the amplifier's module named it.
        unit: As the file states it.
    """
    name = title.strip() or "channel"
    word = plain(name)
    if _DIGITAL.match(word):
        return Column(name, "", "Markers")
    rate = unit.strip().lower() in ("bpm", "hz", "/min")
    if re.match(r"^(?:finger_|ear_)?pulse", word) and not rate:
        return Column(name, unit, "PPG")
    if re.match(r"^(?:skin_conductance|electrodermal|scl?|scr)(?:_|$)", word):
        return Column(name, unit, "EDA")
    found = column_of(name, unit)
    return Column(name, unit, "" if found.kind == "time" else found.kind)


def interval_of(text: str) -> float:
    """Return the seconds of ``0.001 s`` or ``0,5 ms``; 0 if there are none."""
    found = _QUANTITY.match(text)
    unit = unit_named(found[2]) if found is not None else None
    if found is None or unit is None:
        return 0.0
    try:
        interval = float(found[1].replace(",", ".")) * scale_of(unit)
    except ValueError:
        return 0.0
    return interval if 1e-6 <= interval <= 1e5 else 0.0


def on_grid(times: NDArray[np.float64], interval: float) -> NDArray[np.float64]:
    """Return even times if the given ones are, apart from rounding.

    Programs round the times that they write; a selection, or every tenth sample alone, has others.
    """
    if not interval or len(times) < 2 or not np.isfinite(times).all():
        return times
    even = evenly(float(times[0]), len(times), 1 / interval)
    return even if np.abs(times - even).max() < 0.75 * interval else times
