"""Roles and units of the rows that BrainFlow describes; no BrainFlow is imported."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.channel_roles import Choices, Column, Described, assign
from sentio_sensors.stream import Role, StreamSpec

logger = logging.getLogger(__name__)

_KEYS: Mapping[str, tuple[str, Role]] = {
    "eeg_channels": ("eeg", Role.EEG),
    "ecg_channels": ("ecg", Role.ECG),
    "eog_channels": ("eog", Role.EOG),
    "emg_channels": ("emg", Role.EMG),
    "ppg_channels": ("ppg", Role.PPG),
    "eda_channels": ("eda", Role.EDA),
    "temperature_channels": ("temp", Role.TEMP),
    "accel_channels": ("accel", Role.ACCEL),
    "gyro_channels": ("gyro", Role.OTHER),
    "magnetometer_channels": ("magnetometer", Role.OTHER),
    "rotation_channels": ("rotation", Role.OTHER),
    "optical_channels": ("optical", Role.OTHER),
    "analog_channels": ("analog", Role.OTHER),
    "resistance_channels": ("resistance", Role.OTHER),
    "battery_channel": ("battery", Role.OTHER),
    "other_channels": ("other", Role.OTHER),
}
"""Name and role of each key of a description; a row has the first that lists it."""


class Row(NamedTuple):
    """One row of a data block: its number, name and stated role."""

    number: int
    label: str
    role: Role


@dataclass(frozen=True, slots=True)
class BoardStream:
    """The rows of one role.

    Attributes:
        spec: Their stream.
        rows: Their numbers in the board's data.
        columns: Label, unit and conversion of each.
    """

    spec: StreamSpec
    rows: NDArray[np.intp]
    columns: tuple[Column, ...]

    def of_block(self, number: int) -> BoardStream:
        """Return the stream, with an own id if an earlier block has that role."""
        return replace(self, spec=replace(self.spec, id=f"{self.spec.id}{number}"))

    def values(self, data: NDArray[np.float64]) -> NDArray[np.float32]:
        """Return the samples of this stream from a board's data, one row a sample."""
        values = data[self.rows].T
        if not all(column.conversion.none for column in self.columns):
            values = np.stack(
                [c.conversion.apply(values[:, i]) for i, c in enumerate(self.columns)], axis=1
            )
        return np.ascontiguousarray(values, np.float32)


def rows_of(description: Mapping[str, Any], wanted: Sequence[Role] = ()) -> list[Row]:
    """Return the rows that hold signals or accompany them.

    Amplifiers list their inputs as EEG, ECG, EOG and EMG at once: such a row is EEG, unless the
    others alone are wanted.

    Args:
        description: BrainFlow's description of one data block.
        wanted: Only these roles; empty for all.
    """
    found: list[Row] = []
    taken: set[int] = set()
    for key, (name, role) in _KEYS.items():
        listed = description.get(key) or []
        numbers = [listed] if isinstance(listed, int) else list(listed)
        if wanted and role not in wanted:
            continue
        labels = description.get("eeg_names", "").split(",") if role is Role.EEG else []
        if len(labels) != len(numbers):
            labels = [f"{name}{index + 1}" for index in range(len(numbers))]
        for number, label in zip(numbers, labels, strict=True):
            if number not in taken or (wanted and role is not Role.OTHER):
                found.append(Row(number, label.strip(), role))
            taken.add(number)
    return found


def streams_of(
    description: Mapping[str, Any], wanted: Sequence[Role] = (), choices: Choices | None = None
) -> Iterator[BoardStream]:
    """Yield a stream for each role of a data block.

    Args:
        description: BrainFlow's description of it.
        wanted: Only these roles; empty for all.
        choices: What the user states about its channels.
    """
    name = description["name"]
    rows = rows_of(description, wanted)
    described = [Described(row.label, "", row.role.value) for row in rows]
    assigned = assign(described, "", choices)
    for note in assigned.notes:
        logger.warning("board %s: %s; set units in the configuration", name, note)
    for role, columns in assigned.columns.items():
        spec = StreamSpec(
            f"brainflow:{name}/{role.value}",
            role,
            float(description["sampling_rate"]),
            tuple(column.channel for column in columns),
            name,
        )
        yield BoardStream(spec, np.array([rows[c.index].number for c in columns], np.intp), columns)
