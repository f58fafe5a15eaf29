"""Read EEGMAT and measure it with the live front end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelMissingError
from sentio_models.modalities.eeg.front import SECONDS, FrontEnd, newest_segment
from sentio_models.modalities.eeg.montage import Montage
from sentio_models.modalities.eeg.workload import HOP, region_powers
from sentio_models.window import Signal

Floats = NDArray[np.float64]

MICROVOLTS = 0.1
"""Microvolts of one count in the file."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One minute of one person at rest or at work.

    Attributes:
        person: Person; rows of a person stay in one split.
        work: Whether they calculated.
        samples: Shape ``(n, channels)``, microvolts.
        labels: 10-20 names.
        rate_hz: Sampling rate.
    """

    person: str
    work: bool
    samples: NDArray[np.float32]
    labels: tuple[str, ...]
    rate_hz: float


@dataclass(frozen=True, slots=True)
class MeasuredRecording:
    """Outputs of the front end for a recording, one row a second.

    Attributes:
        person: Person.
        work: Whether they calculated.
        densities: Densities of ``bands.WORK``, shape ``(n, channels, 4)``.
        alpha: Alpha power, shape ``(n, channels)``; not an input of the head.
        quality: Shape ``(n, channels)``.
        labels: 10-20 names.
    """

    person: str
    work: bool
    densities: Floats
    alpha: Floats
    quality: Floats
    labels: tuple[str, ...]

    def moments(self, channels: Sequence[str]) -> Floats:
        """Return the head's inputs for a device with only these channels."""
        columns = [self.labels.index(name) for name in channels]
        montage = Montage.of(tuple(channels))
        return np.array(
            [
                region_powers(row[columns], weight[columns], montage)
                for row, weight in zip(self.densities, self.quality, strict=True)
            ]
        )


def eegmat(data: Path) -> Iterator[Recording]:
    """Read EEGMAT (Zyma et al. 2019): rest with eyes closed, then mental subtraction.

    Raises:
        ModelMissingError: The file is missing.
    """
    path = data / "eeg_eegmat" / "eegmat_60s_128hz_int16_0p1uV.npz"
    if not path.is_file():
        raise ModelMissingError(f"{path} does not exist", "set --data to its parent folder")
    with np.load(path) as held:
        labels, rate = tuple(str(c) for c in held["channels"]), float(held["fs"])
        people, tasks = held["subject"], held["task"]
        for counts, person, task in zip(held["X"], people, tasks, strict=True):
            samples = (counts.T * MICROVOLTS).astype(np.float32)
            yield Recording(str(person), bool(task), samples, labels, rate)


def measure_recording(
    recording: Recording,
    change: Callable[[NDArray[np.float32], float], NDArray[np.float32]] | None = None,
) -> MeasuredRecording:
    """Measure a recording like the live estimator, once a second.

    Args:
        recording: The recording.
        change: Changes the samples first: noise, other gains.
    """
    front = FrontEnd()
    rate = recording.rate_hz
    length = round(SECONDS * rate)
    offsets = (np.arange(length) - (length - 1)) / rate
    samples = recording.samples if change is None else change(recording.samples, rate)
    densities, alpha, quality = [], [], []
    for end in range(length, len(samples) + 1, round(HOP * rate)):
        newest = newest_segment(
            Signal(samples[end - length : end], offsets, rate, recording.labels)
        )
        if newest is None:
            continue
        measurement = front.measure(newest, front.montage_of(recording.labels, samples.shape[1]))
        densities.append(measurement.work)
        alpha.append(measurement.powers[:, 2])
        quality.append(measurement.artefacts.quality)
    return MeasuredRecording(
        recording.person,
        recording.work,
        np.array(densities),
        np.array(alpha),
        np.array(quality),
        recording.labels,
    )
