"""Read treadmill runs of the IEEE Signal Processing Cup 2015.

Wrist pulse, accelerometer and ECG.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelMissingError
from sentio_research.data.body import Stream

FITTED = ("01_type01", "02_type02", "03_type02")
"""Runs, of three people, that the heart tracker's numbers were chosen on; the others test it."""

SPAN, EVERY = 8.0, 2.0
"""The reference is the ECG's mean rate: its window and its step, seconds."""


@dataclass(frozen=True, slots=True)
class Run:
    """One person on a treadmill.

    Attributes:
        name: Person and kind of run.
        streams: ``ppg`` (two columns), ``accel`` (g) and ``ecg``, from 0 s.
        rates: The reference, beats a minute: of the ``SPAN`` that ends at ``times``.
        times: Seconds since the beginning.
    """

    name: str
    streams: Mapping[str, Stream]
    rates: NDArray[np.float64]
    times: NDArray[np.float64]


def ppg_motion(data: Path) -> Iterator[Run]:
    """Read every run.

    Raises:
        ModelMissingError: The folder is not there.
    """
    folder = data / "ppg_motion"
    if not folder.is_dir():
        raise ModelMissingError(f"{folder} is not there", "give --data the folder that holds it")
    for path in sorted(folder.glob("*.npz")):
        with np.load(path) as held:
            rate = float(held["rate_hz"])
            streams = {
                "ppg": Stream(held["ppg"].T, rate, 0.0),
                "accel": Stream(held["accel"].T, rate, 0.0),
                "ecg": Stream(held["ecg"][:, None], rate, 0.0),
            }
            rates = held["bpm"].astype(np.float64)
        times: NDArray[np.float64] = SPAN + EVERY * np.arange(len(rates), dtype=np.float64)
        yield Run(path.stem, streams, rates, times)
