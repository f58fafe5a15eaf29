"""Evaluate the EEG estimator: artefacts, indices, mental work."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_models.estimate import Estimate
from sentio_models.modalities.eeg.estimator import EegEstimator
from sentio_models.modalities.eeg.indices import RAW
from sentio_models.window import Signal, Window
from sentio_research.data.eeg import Recording, eegmat, measure_recording, worn_copies
from sentio_research.data.eeg_caps import CAPS, jaw_and_blinks
from sentio_research.evaluation import eeg_alpha, eeg_workload
from sentio_research.fitting.eeg_filter import SETTLING
from sentio_research.metrics import auc

Floats = NDArray[np.float64]
Progress = Callable[[str, int, int], None]
Fault = Callable[[Floats, tuple[str, ...], float], Floats]

EVERY = 4.0
"""Seconds between evaluated windows."""

SECONDS = 2.0


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
    """Disconnect every fourth electrode: a drifting potential of a millivolt."""
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
        data: Folder of ``eeg_eegmat``.
        figures: Folder for figures; nothing is drawn if None.
        progress: Called with ``(what, done, of)``.

    Raises:
        ModelMissingError: The data or the weights are missing.
    """
    recordings = list(eegmat(data))
    estimator = EegEstimator()
    clean: list[Estimate] = []
    truth: list[int] = []
    faulty: dict[str, list[Estimate]] = {name: [] for name in FAULTS}
    for done, recording in enumerate(recordings):
        samples, labels, rate = (
            recording.samples.astype(np.float64),
            recording.labels,
            recording.rate_hz,
        )
        for end in np.arange(SECONDS * rate, len(samples) + 1, EVERY * rate).astype(int):
            segment = samples[end - round(SECONDS * rate) : end]
            clean.append(_read(estimator, segment, labels, rate))
            truth.append(int(recording.work))
            for name, fault in FAULTS.items():
                faulty[name].append(_read(estimator, fault(segment, labels, rate), labels, rate))
        if progress is not None:
            progress("eegmat", done + 1, len(recordings))
    stability = {name: _change(clean, estimates) for name, estimates in faulty.items()}
    measured = [measure_recording(recording) for recording in recordings]
    tests = {
        "dry": [measure_recording(r, hiss(1.0, k)) for k, r in enumerate(recordings)],
        "very dry": [measure_recording(r, hiss(3.0, k)) for k, r in enumerate(recordings)],
        "jaw and blinks": [
            measure_recording(r, jaw_and_blinks(r.labels, k)) for k, r in enumerate(recordings)
        ],
    }
    work, whole = eeg_workload.measure(
        measured, worn_copies(recordings, 0), tests, progress or (lambda *_: None)
    )
    work["live"] = {name: live(recordings, cap) for name, cap in CAPS.items()}
    work["alpha"] = {name: eeg_alpha.closed_eyes(recordings, cap) for name, cap in CAPS.items()}
    if figures is not None:
        from sentio_research.evaluation.figures import reliability_figure, roc_figure, spread_figure

        both = np.stack([1 - whole.score, whole.score], axis=1)
        title = "Mental work, unseen people, 19 channels"
        roc_figure({"workload": (whole.truth, whole.score)}, figures / "eeg_roc.png", title)
        reliability_figure(whole.truth, both, figures / "eeg_reliability.png", title)
        people = work["per_subject_auc"]
        spread_figure(people, figures / "eeg_spread.png", "Mental work, person by person", "AUC")

        spread_figure(
            {n: s["ln_engagement_change"] for n, s in stability.items()},
            figures / "eeg_stability.png",
            "Change of engagement by artefacts, if still reported",
            "median |change|, ln",
        )
    return {
        "windows": len(clean),
        "quality_of_real_recordings": float(np.mean([e.quality for e in clean])),
        "stability": stability,
        "published_indices_auc": _separation(clean, np.array(truth)),
        "workload": work,
    }


def hiss(level: float, seed: int) -> Callable[[NDArray[np.float32], float], NDArray[np.float32]]:
    """Return a change to a dry headset: white noise and a lower gain.

    The noise has ``level`` uV, and the gain is a sixth lower.
    """

    def change(samples: NDArray[np.float32], rate: float) -> NDArray[np.float32]:
        noise = np.random.default_rng(seed).normal(0, level, samples.shape)
        return np.asarray(samples / 1.2 + noise, np.float32)

    return change


def live(recordings: Sequence[Recording], channels: Sequence[str]) -> dict[str, float]:
    """Run work, then rest, through the live estimator without a profile.

    The weights were fitted on these people: this shows that the live path equals the fitted head,
    not its accuracy on others.
    """
    truth: list[int] = []
    estimates: list[float] = []
    columns = [recordings[0].labels.index(name) for name in channels]
    labels = tuple(channels)
    for person in sorted({r.person for r in recordings}):
        estimator = EegEstimator()
        for recording in sorted(
            (r for r in recordings if r.person == person), key=lambda r: not r.work
        ):
            rate, length = recording.rate_hz, round(SECONDS * recording.rate_hz)
            samples = recording.samples[:, columns]
            for second, end in enumerate(range(length, len(samples) + 1, round(rate))):
                estimate = _read(estimator, samples[end - length : end], labels, rate, step=1.0)
                if second >= SETTLING and "focus" in estimate.readings:
                    truth.append(int(recording.work))
                    estimates.append(estimate.readings["focus"].mean)
    return {"auc": auc(np.array(truth), np.array(estimates)), "windows": len(truth)}


def _read(
    estimator: EegEstimator,
    samples: NDArray[np.floating],
    labels: tuple[str, ...],
    rate: float,
    step: float = float("inf"),
) -> Estimate:
    offsets = (np.arange(len(samples)) - (len(samples) - 1)) / rate
    signal = Signal(samples.astype(np.float32), offsets, rate, labels)
    return estimator.estimate(Window({"eeg": signal}, step))


def _change(clean: list[Estimate], faulty: list[Estimate]) -> dict[str, float]:
    pairs = [(a, b) for a, b in zip(clean, faulty, strict=True) if a.readings and b.readings]
    spread = {n: float(np.std([a.features[n] for a in clean if n in a.features])) for n in RAW}
    result = {
        "quality": float(np.mean([e.quality for e in faulty])),
        "still_known": len(pairs) / max(1, len(clean)),
    }
    for name in RAW:
        changes = [
            abs(a.features[name] - b.features[name])
            for a, b in pairs
            if name in a.features and name in b.features
        ]
        if changes:
            result[f"{name}_change"] = float(np.median(changes))
            result[f"{name}_change_in_spreads"] = float(np.median(changes)) / spread[name]
    return result


def _separation(clean: list[Estimate], truth: NDArray[np.int64]) -> dict[str, float]:
    result = {}
    for name in RAW:
        known = np.array([name in e.features for e in clean])
        values = np.array([e.features.get(name, 0.0) for e in clean])
        result[name] = auc(truth[known], values[known])
    return result
