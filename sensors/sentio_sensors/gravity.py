"""Unit of an acceleration that states none, by the gravity in it."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.channel_units import SAME, UNSTATED, Conversion, conversion, plain_unit
from sentio_sensors.stream import Role

logger = logging.getLogger(__name__)

LENGTHS = (("g", 0.4, 2.5), ("m/s^2", 4.0, 20.0), ("1/64g", 30.0, 130.0), ("mg", 400.0, 2500.0))
"""Units, and the length of the three axes in each, at rest and in movement."""

AXES = 3


def unit_of(values: NDArray[np.generic], units: Sequence[str]) -> str:
    """Return the unit of the three axes of an accelerometer; empty if unknown.

    Its length is 1 g at rest, and in movement on the average; the units are far apart.

    Args:
        values: ``(n, 3)``.
        units: As the device states them; where one does, none is returned.
    """
    if values.shape[1] != AXES or any(plain_unit(unit) not in UNSTATED for unit in units):
        return ""
    usual = _length(values)
    return next((unit for unit, low, high in LENGTHS if low <= usual <= high), "")


def to_g(values: NDArray[np.generic], units: Sequence[str]) -> tuple[str, Conversion]:
    """Return the unit by gravity, and its conversion to g; none if it is not known."""
    unit = unit_of(values, units)
    return unit, (conversion(Role.ACCEL, unit) or SAME) if unit else SAME


class Gravity:
    """Unit of a live acceleration that states none, from its first samples on.

    Args:
        name: Name of the stream, for the log.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._factor: float | None = None

    def factor(self, rows: NDArray[np.float32]) -> float:
        """Return what these samples ``(n, 3)`` are multiplied by to be in g."""
        if self._factor is None and _length(rows) > 0:
            unit, convert = to_g(rows, ())
            self._factor = convert.factor
            if unit != "g":
                found = f"by gravity, it is {unit}" if unit else "it is taken as g; set units"
                logger.warning(
                    "stream %s states no unit of its acceleration: %s", self._name, found
                )
        return 1.0 if self._factor is None else self._factor


def _length(values: NDArray[np.generic]) -> float:
    """Return the median length of the vectors; 0 without a number."""
    lengths = np.sqrt((values.astype(np.float64) ** 2).sum(axis=1))
    lengths = lengths[np.isfinite(lengths)]
    return float(np.median(lengths)) if len(lengths) else 0.0
