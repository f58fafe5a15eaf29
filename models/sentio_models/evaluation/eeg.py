"""Measures the EEG estimator on real recordings: what injected artefacts do to its indices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_models.eeg.estimator import EegEstimator
from sentio_models.eeg.indices import RAW
from sentio_models.errors import ModelMissingError
from sentio_models.estimate import Estimate
from sentio_models.evaluation.metrics import auc
from sentio_models.window import Signal, Window

Floats = NDArray[np.float64]
Progress = Callable[[str, int, int], None]
Fault = Callable[[Floats, tuple[str, ...], float], Floats]

EVERY = 4.0
"""Seconds between the windows that are measured."""

SECONDS = 2.0
MICROVOLTS = 0.1
"""What one count of the EEGMAT file is."""


def blink(samples: Floats, labels: tuple[str, ...], rate: float) -> Floats:
    """Add one eye blink, 150 microvolts at Fp1 and Fp2, smaller towards the back."""
    t = np.arange(len(samples)) / rate
    wave = 150 * np.exp(-0.5 * ((t - t[-1] / 2) / 0.08) ** 2)
    reach = {"FP": 1.0, "F": 0.4, "C": 0.15, "T": 0.1}
    share = [next((v for k, v in reach.items() if n.upper().startswith(k)), 0.03) for n in labels]
    added: Floats = samples + wave[:, None] * np.array(share)
    return added


def jaw(samples: Floats, labels: tuple[str, ...], rate: float) -> Floats:
    """Add the muscle noise of a clenched jaw, 40 microvolts above 20 Hz."""
    noise = np.random.default_rng(0).normal(0, 40, samples.shape)
    lines = np.fft.rfft(noise, axis=0)
    lines[np.fft.rfftfreq(len(noise), 1 / rate) < 20] = 0
    added: Floats = samples + np.fft.irfft(lines, len(noise), axis=0)
    return added


def mains(samples: Floats, labels: tuple[str, ...], rate: float) -> Floats:
    """Add 60 microvolts of 50 Hz hum."""
    t = np.arange(len(samples)) / rate
    added: Floats = samples + 60 * np.sin(2 * np.pi * 50 * t)[:, None]
    return added


def lost(samples: Floats, labels: tuple[str, ...], rate: float) -> Floats:
    """Take every fourth electrode off the head: a wandering potential of a millivolt."""
    off = samples.copy()
    count = len(range(0, samples.shape[1], 4))
    off[:, ::4] = np.random.default_rng(0).normal(0, 100, (len(samples), count)).cumsum(axis=0)
    return off


FAULTS: Mapping[str, Fault] = {"blink": blink, "jaw": jaw, "mains": mains, "electrode loss": lost}


def evaluate(
    data: Path, *, figures: Path | None = None, progress: Progress | None = None
) -> dict[str, Any]:
    """Recompute the figures of ``models/cards/eeg.md``.

    Args:
        data: Folder that holds ``eeg_eegmat``.
        figures: Where to draw; nothing is drawn if None.
        progress: Told ``(what, done, of)``.

    Raises:
        ModelMissingError: The data or the weights are not there.
    """
    path = data / "eeg_eegmat" / "eegmat_60s_128hz_int16_0p1uV.npz"
    if not path.is_file():
        raise ModelMissingError(f"{path} is not there", "give --data the folder that holds it")
    with np.load(path) as held:
        recordings, labels = held["X"], tuple(str(c) for c in held["channels"])
        task, rate = held["task"].astype(np.int64), float(held["fs"])
    estimator = EegEstimator()
    clean: list[Estimate] = []
    truth: list[int] = []
    faulty: dict[str, list[Estimate]] = {name: [] for name in FAULTS}
    for done, (counts, says) in enumerate(zip(recordings, task, strict=True)):
        samples = counts.T * MICROVOLTS
        for end in np.arange(SECONDS * rate, len(samples) + 1, EVERY * rate).astype(int):
            cut = samples[end - round(SECONDS * rate) : end]
            clean.append(_read(estimator, cut, labels, rate))
            truth.append(int(says))
            for name, fault in FAULTS.items():
                faulty[name].append(_read(estimator, fault(cut, labels, rate), labels, rate))
        if progress is not None:
            progress("eegmat", done + 1, len(recordings))
    stability = {name: _change(clean, said) for name, said in faulty.items()}
    if figures is not None:
        from sentio_models.evaluation.figures import spread_figure

        spread_figure(
            {n: s["ln_engagement_change"] for n, s in stability.items()},
            figures / "eeg_stability.png",
            "What artefacts move engagement by, where it is still told",
            "median |change|, ln",
        )
    return {
        "windows": len(clean),
        "quality_of_real_recordings": float(np.mean([e.quality for e in clean])),
        "stability": stability,
        "mental_arithmetic_against_eyes_closed_rest_auc": _tell_apart(clean, np.array(truth)),
    }


def _read(
    estimator: EegEstimator, samples: Floats, labels: tuple[str, ...], rate: float
) -> Estimate:
    offsets = (np.arange(len(samples)) - (len(samples) - 1)) / rate
    signal = Signal(samples.astype(np.float32), offsets, rate, labels)
    return estimator.estimate(Window({"eeg": signal}))


def _change(clean: list[Estimate], faulty: list[Estimate]) -> dict[str, float]:
    told = [(a, b) for a, b in zip(clean, faulty, strict=True) if a.readings and b.readings]
    spread = {n: float(np.std([a.features[n] for a in clean if n in a.features])) for n in RAW}
    result = {
        "quality": float(np.mean([e.quality for e in faulty])),
        "still_told": len(told) / max(1, len(clean)),
    }
    for name in RAW:
        moved = [
            abs(a.features[name] - b.features[name])
            for a, b in told
            if name in a.features and name in b.features
        ]
        if moved:
            result[f"{name}_change"] = float(np.median(moved))
            result[f"{name}_change_in_spreads"] = float(np.median(moved)) / spread[name]
    return result


def _tell_apart(clean: list[Estimate], truth: NDArray[np.int64]) -> dict[str, float]:
    result = {}
    for name in RAW:
        known = np.array([name in e.features for e in clean])
        values = np.array([e.features.get(name, 0.0) for e in clean])
        result[name] = auc(truth[known], values[known])
    return result
