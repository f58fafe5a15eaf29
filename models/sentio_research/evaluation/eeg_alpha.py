"""Compare the live alpha with Welch's spectrum of whole recordings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sentio_models.modalities.eeg.bands import EDGES
from sentio_models.modalities.eeg.estimator import EegEstimator
from sentio_models.window import Signal, Window
from sentio_research.data.eeg import Recording
from sentio_research.metrics import auc

Floats = NDArray[np.float64]

SECONDS = 2.0


def closed_eyes(recordings: Sequence[Recording], channels: Sequence[str]) -> dict[str, float]:
    """Count the people whose alpha is higher with closed eyes (rest) than at work.

    Args:
        recordings: Rest and work of each person.
        channels: The cap.

    Returns:
        ``live`` and ``welch``: shares of people by ln alpha power; ``live_share`` and
        ``welch_share``: the same by alpha's share of 4 to 30 Hz; ``live_auc``: of single
        windows, over people.
    """
    alpha: dict[str, dict[bool, Floats]] = {}
    truth: list[int] = []
    values: list[float] = []
    for one in recordings:
        samples = one.samples[:, [one.labels.index(name) for name in channels]]
        live = _live(samples, tuple(channels), one.rate_hz)
        alpha.setdefault(one.person, {})[one.work] = np.concatenate(
            [live.mean(axis=0), _welch(samples, one.rate_hz)]
        )
        truth += [int(not one.work)] * len(live)
        values += live[:, 0].tolist()
    fall = np.array([_higher(both) for both in alpha.values()])
    names = ("live", "live_share", "welch", "welch_share")
    return dict(zip(names, fall.mean(axis=0).tolist(), strict=True)) | {
        "live_auc": auc(np.array(truth), np.array(values))
    }


def _higher(both: Mapping[bool, Floats]) -> NDArray[np.bool_]:
    return both[False] > both[True]


def _live(samples: NDArray[np.float32], labels: tuple[str, ...], rate_hz: float) -> Floats:
    """Return ln alpha and ln share of each window that is reported."""
    estimator, length = EegEstimator(), round(SECONDS * rate_hz)
    offsets = (np.arange(length) - (length - 1)) / rate_hz
    rows = []
    for end in range(length, len(samples) + 1, round(rate_hz)):
        signal = Signal(samples[end - length : end], offsets, rate_hz, labels)
        features = estimator.estimate(Window({"eeg": signal}, 1.0)).features
        if "alpha" in features:
            rows.append((np.log(features["alpha"]), features["ln_relaxation"]))
    return np.array(rows)


def _welch(samples: NDArray[np.float32], rate_hz: float) -> Floats:
    from scipy.signal import welch

    frequency, density = welch(samples.T.astype(float), rate_hz, nperseg=round(SECONDS * rate_hz))
    low, high = EDGES["alpha"]
    alpha = density[:, (frequency >= low) & (frequency < high)].sum(axis=1)
    total = density[:, (frequency >= 4) & (frequency < 30)].sum(axis=1)
    used = total > 0
    return np.array([np.log(alpha[used]).mean(), np.log(alpha[used] / total[used]).mean()])
