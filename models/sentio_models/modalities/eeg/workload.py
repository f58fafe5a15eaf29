"""Turn the rhythms of regions into the inputs of the workload head.

Alpha is excluded: closing the eyes changes it more than any work does. Frequencies below theta are
excluded because of eye movements.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sentio_models.modalities.eeg.bands import WORK
from sentio_models.modalities.eeg.indices import LEAST
from sentio_models.modalities.eeg.montage import REGIONS, Montage

Floats = NDArray[np.float64]

NAMES = tuple(f"{band}_{region}" for region in REGIONS for band in WORK)
"""Log power density of each band in each region, ln uV^2/Hz; stored by calibrations."""

INPUTS = (*(f"{band}_head" for band in WORK), *NAMES)
"""Inputs of the head: each band over the whole head, then in each region."""

HOP = 1.0
"""Seconds between two entries: windows of 2 s overlap by half."""

CLIP = 4.0
"""Limit of the distance from the reference, natural logarithm (a factor of 55)."""


def region_powers(densities: Floats, quality: Floats, montage: Montage) -> Floats:
    """Average log densities over the usable channels of each region.

    Args:
        densities: Shape ``(channels, bands of WORK)``, uV^2/Hz.
        quality: 0..1 of each channel, used as weight.
        montage: Their positions; if none is known, every channel counts for all regions.

    Returns:
        Values in the order of ``NAMES``; NaN for regions without a usable channel.
    """
    weight = montage.members * np.where(quality >= LEAST, quality, 0.0)
    total = weight.sum(axis=1)
    with np.errstate(invalid="ignore"):
        mean = weight @ np.log(np.maximum(densities, 1e-6)) / total[:, None]
    return np.asarray(mean.ravel(), np.float64)


def inputs_of(values: Floats, reference: Floats) -> Floats:
    """Return the head's inputs: distances from a reference, comparable between caps.

    The head adds a weight of the band over the whole head and one of each region. The ridge
    penalty shrinks the second ones, so a region contributes little that the whole head does not.
    Division by the square root of the number of regions keeps the sum's spread the same for one
    pair of electrodes and for a full cap.

    Args:
        values: Shape ``(..., len(NAMES))``; NaN for regions without a usable channel.
        reference: The person's calm or the population's, in the order of ``NAMES``; regions that
            are NaN here are not used either.

    Returns:
        Shape ``(..., len(INPUTS))``; all 0 without any region.
    """
    distance = values - reference
    known = np.isfinite(distance)
    distance = np.clip(np.where(known, distance, 0.0), -CLIP, CLIP)
    regions = known.reshape(*values.shape[:-1], len(REGIONS), -1).any(axis=-1).sum(axis=-1)
    present = np.maximum(regions, 1)[..., None]
    by_region = distance.reshape(*values.shape[:-1], len(REGIONS), -1)
    head = by_region.sum(axis=-2) / present
    return np.concatenate([head, distance / np.sqrt(present)], axis=-1)
