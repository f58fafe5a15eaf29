"""Reads EEGMAT and looks at it through the front end that runs live."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelMissingError
from sentio_models.modalities.eeg.front import SECONDS, FrontEnd, cut
from sentio_models.modalities.eeg.montage import Montage
from sentio_models.modalities.eeg.workload import HOP, region_powers
from sentio_models.window import Signal

Floats = NDArray[np.float64]

MICROVOLTS = 0.1
"""What one count of the file is."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A minute of one person at rest or at work.

    Attributes:
        person: Whom it must not be split from.
        work: Whether they calculated.
        samples: Shape ``(n, channels)``, microvolts.
        labels: 10-20 names.
        rate_hz: Of the samples.
    """

    person: str
    work: bool
    samples: NDArray[np.float32]
    labels: tuple[str, ...]
    rate_hz: float


@dataclass(frozen=True, slots=True)
class Look:
    """A recording as the front end sees it, one row a second.

    Attributes:
        person: Whose.
        work: Whether they calculated.
        densities: Of ``bands.WORK``, shape ``(n, channels, 4)``.
        alpha: Alpha power, shape ``(n, channels)``; never given to the head.
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
        """Return what the head would be shown had the device these channels only."""
        columns = [self.labels.index(name) for name in channels]
        montage = Montage.of(tuple(channels))
        return np.array(
            [
                region_powers(row[columns], worth[columns], montage)
                for row, worth in zip(self.densities, self.quality, strict=True)
            ]
        )


def eegmat(data: Path) -> Iterator[Recording]:
    """Read EEGMAT (Zyma et al. 2019): rest with eyes closed, then mental subtraction.

    Raises:
        ModelMissingError: The file is not there.
    """
    path = data / "eeg_eegmat" / "eegmat_60s_128hz_int16_0p1uV.npz"
    if not path.is_file():
        raise ModelMissingError(f"{path} is not there", "give --data the folder that holds it")
    with np.load(path) as held:
        labels, rate = tuple(str(c) for c in held["channels"]), float(held["fs"])
        whose, tasks = held["subject"], held["task"]
        for counts, person, task in zip(held["X"], whose, tasks, strict=True):
            samples = (counts.T * MICROVOLTS).astype(np.float32)
            yield Recording(str(person), bool(task), samples, labels, rate)


def look(
    recording: Recording,
    change: Callable[[NDArray[np.float32], float], NDArray[np.float32]] | None = None,
) -> Look:
    """Cut and measure a recording as the live estimator would, once a second.

    Args:
        recording: Which.
        change: Alters the samples first: noise, other gains.
    """
    front = FrontEnd()
    rate = recording.rate_hz
    length = round(SECONDS * rate)
    offsets = (np.arange(length) - (length - 1)) / rate
    samples = recording.samples if change is None else change(recording.samples, rate)
    densities, alpha, quality = [], [], []
    for end in range(length, len(samples) + 1, round(HOP * rate)):
        newest = cut(Signal(samples[end - length : end], offsets, rate, recording.labels))
        if newest is None:
            continue
        seen = front.look(newest, front.place(recording.labels, samples.shape[1]))
        densities.append(seen.work)
        alpha.append(seen.powers[:, 2])
        quality.append(seen.verdict.quality)
    return Look(
        recording.person,
        recording.work,
        np.array(densities),
        np.array(alpha),
        np.array(quality),
        recording.labels,
    )
