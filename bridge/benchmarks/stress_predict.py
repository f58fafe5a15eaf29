"""Stress-Predict recordings (Iqbal et al. 2022) as features and labels."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentio_models.modalities.body.features import NAMES as HEAD
from sentio_models.modalities.body.features import measure, row
from sentio_models.modalities.body.quick import quick
from sentio_models.modalities.body.recent import NAMES as RECENT
from sentio_models.window import Signal, Window

Floats = NDArray[np.float64]

SECONDS = 60.0
"""Length of each window, seconds."""

HOP = 10.0
"""Seconds between the ends of two windows."""

NAMES = HEAD[: -len(RECENT)]
"""Features of one window alone, without what is followed from window to window."""

_TABLE = "Improved_All_Combined_hr_rsp_binary.csv"
_STREAMS = (("BVP", "ppg", 1.0), ("EDA", "eda", 1.0), ("TEMP", "temp", 1.0), ("ACC", "accel", 64.0))


@dataclass(frozen=True, slots=True)
class Subject:
    """Data of one subject, about an hour.

    Attributes:
        number: Number in the data set.
        times: Ends of the windows, seconds from the start.
        features: In the order of ``NAMES``; NaN if unknown.
        stress: 1 in a stress task, else 0, at ``times``.
    """

    number: int
    times: Floats
    features: Floats
    stress: NDArray[np.int64]


def load(folder: Path) -> list[Subject]:
    """Read all labelled subjects; takes about a minute, mostly for beat detection.

    Args:
        folder: ``physio_stress_predict``.

    Raises:
        FileNotFoundError: The label table is missing.
    """
    labels: dict[int, list[tuple[float, int]]] = {}
    with (folder / _TABLE).open(newline="", encoding="utf-8") as file:
        for entry in csv.DictReader(file):
            labels.setdefault(int(entry["Participant"]), []).append(
                (float(entry["Time(sec)"]), int(entry["Label"]))
            )
    return [
        _subject(folder, number, subject_labels)
        for number, subject_labels in sorted(labels.items())
    ]


def _subject(folder: Path, number: int, subject_labels: list[tuple[float, int]]) -> Subject:
    with np.load(folder / f"S{number:02d}.npz") as archive:
        data = dict(archive)  # an archive decompresses at each access
    start = max(float(data[f"{stream}_t0"]) for stream, _, _ in _STREAMS)
    table = np.array(subject_labels)
    end = table[-1, 0]
    times, rows, stress = [], [], []
    for at in np.arange(start + SECONDS, end, HOP):
        nearest = int(np.argmin(np.abs(table[:, 0] - at)))
        if abs(table[nearest, 0] - at) > 1.0:
            continue  # this part was removed by the authors
        times.append(at - start)
        window = _window(data, at)
        body = measure(window)
        rows.append(row(body, quick(window.signals, body.column))[: len(NAMES)])
        stress.append(int(table[nearest, 1]))
    return Subject(number, np.array(times), np.array(rows), np.array(stress, np.int64))


def _window(data: Mapping[str, NDArray[np.float64]], at: float) -> Window:
    signals = {}
    for stream, role, divisor in _STREAMS:
        rate = float(data[f"{stream}_fs"])
        values, first = data[stream], float(data[f"{stream}_t0"])
        last = min(int((at - first) * rate), len(values))
        begin = max(0, last - int(SECONDS * rate))
        offsets = first + np.arange(begin, last) / rate - at
        piece = (values[begin:last] / divisor).astype(np.float32)
        channels = tuple(str(i) for i in range(piece.shape[1]))
        signals[role] = Signal(piece, offsets, rate, channels)
    return Window(signals, HOP)


__all__ = ["HOP", "NAMES", "SECONDS", "Subject", "load"]
