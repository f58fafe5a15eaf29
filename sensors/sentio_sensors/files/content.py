"""What a reader finds in a file of another program."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.gravity import unit_of

LARGEST = 1e30
"""Larger numbers are damage: no signal has them, and a float32 ends at 3e38."""


@dataclass(frozen=True, slots=True)
class Hints:
    """What the user states about a file, for what the file itself does not contain.

    Attributes:
        rate_hz: Samples a second of a table that has no time column.
        board: BrainFlow board that wrote the file; ``NAME:BLOCK`` names its data block
            (``default``, ``auxiliary``, ``ancillary``) if several have as many columns.
        time_unit: Unit of the time column, one of ``time_unit.UNITS``.
    """

    rate_hz: float | None = None
    board: str | int | None = None
    time_unit: str | None = None


@dataclass(frozen=True, slots=True)
class FileChannel:
    """One column.

    Attributes:
        label: Name of the channel.
        unit: Unit as the file states it; empty if unknown.
        kind: Type of the channel in the words of XDF (``EEG``, ``PPG``, ``EOG``); empty if unknown.
    """

    label: str
    unit: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class FileStream:
    """Channels that share times and a rate.

    Attributes:
        name: Name within the file, such as ``bvp``; unique there.
        kind: Type of all channels, as ``FileChannel.kind``; ``Markers`` for texts.
        rate_hz: Samples a second, measured over the whole span; 0 if irregular.
        channels: One entry a column.
        times: Seconds, float64 ``(n,)``, ascending; one clock for all streams of a file.
        values: ``(n, channels)`` in the file's units: float64, or an object array of ``str``.
    """

    name: str
    kind: str
    rate_hz: float
    channels: tuple[FileChannel, ...]
    times: NDArray[np.float64]
    values: NDArray[Any]


@dataclass(slots=True)
class FileContent:
    """Streams of one file.

    Attributes:
        format: Name of the format, for people.
        streams: Streams that have samples.
        notes: What the reader had to decide or leave out, one sentence each.
    """

    format: str
    streams: list[FileStream] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(
        self,
        name: str,
        kind: str,
        rate_hz: float,
        channels: tuple[FileChannel, ...],
        times: NDArray[np.float64],
        values: NDArray[Any],
    ) -> None:
        """Add a stream, if it has samples with a time and a number; times are sorted."""
        kind = kind if kind == "Markers" else kind.upper()
        values = values if values.ndim == 2 else values[:, None]
        good = np.isfinite(times)
        if values.dtype != object:
            known = np.abs(values) < LARGEST  # false for NaN too
            good &= known.any(axis=1)
            if not known[good].all():  # NaN in one channel costs the others nothing
                values = np.where(known, values, np.nan)
        if kind in ("HEART_RATE", "RR"):
            good &= (values > 0).all(axis=1)  # programs write 0 or -1 where none is known
        if not good.all():
            times, values = times[good], values[good]
        if len(times) and np.any(np.diff(times) < 0):
            order = np.argsort(times, kind="stable")
            times, values = times[order], values[order]
        if len(times) and kind == "ACCEL":
            channels = self._by_gravity(name, channels, values)
        if len(times):
            self.streams.append(FileStream(name, kind, rate_hz, channels, times, values))

    def _by_gravity(
        self, name: str, channels: tuple[FileChannel, ...], values: NDArray[Any]
    ) -> tuple[FileChannel, ...]:
        """Return axes of an acceleration with the unit of its gravity."""
        unit = unit_of(values, [channel.unit for channel in channels])
        if not unit:
            return channels
        if unit != "g":
            self.notes.append(f"{name} states no unit: by the gravity in it, it is {unit}")
        return tuple(replace(channel, unit=unit) for channel in channels)

    def add_markers(self, times: NDArray[np.float64], texts: list[str], name: str = "tags") -> None:
        """Add a stream of texts."""
        values = np.empty((len(texts), 1), object)
        values[:, 0] = texts
        self.add(name, "Markers", 0.0, (FileChannel("marker", "", "Markers"),), times, values)


def evenly(start: float, count: int, rate_hz: float) -> NDArray[np.float64]:
    """Return ``count`` times from ``start`` on, ``rate_hz`` a second."""
    times: NDArray[np.float64] = start + np.arange(count) / rate_hz
    return times
