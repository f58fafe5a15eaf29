"""Estimate engagement, relaxation and focus from EEG, relative to the person."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, isfinite, nan, sqrt

import numpy as np

from sentio_models.estimate import Estimate, Reading
from sentio_models.estimator import Needs, Norm
from sentio_models.modalities.eeg import workload
from sentio_models.modalities.eeg.averaging import PowerAverage
from sentio_models.modalities.eeg.bands import NAMES
from sentio_models.modalities.eeg.front import (
    SECONDS,
    FrontEnd,
    WindowMeasurement,
    newest_segment,
)
from sentio_models.modalities.eeg.indices import (
    LEAST,
    PRIOR,
    RAW,
    Powers,
    gather,
    raw_indices,
    relative,
)
from sentio_models.modalities.eeg.montage import Montage
from sentio_models.modalities.eeg.second_opinion import SecondOpinion
from sentio_models.modalities.eeg.work_filter import Expected, WorkFilter
from sentio_models.runtime.norms import RunningReference
from sentio_models.runtime.onnx_session import OnnxSession
from sentio_models.window import Window

HOP = 0.02
SLOWEST_HZ = 64.0
"""Sample rate below which beta cannot be measured."""

_ASYMMETRY = RAW.index("asymmetry")

INDEX_SD = 0.25
"""Standard deviation of engagement and relaxation once the person's own norm is known."""

SETTLED = 6
"""Entries (half a minute) after which the person's own baseline dominates."""


class EegEstimator:
    """Estimator for 1 to 64 EEG channels of any montage.

    Args:
        head: The workload model; the shipped one if None.
        second_opinion: BrainFlow's classifiers, whose outputs are added to the features once a
            second; not used if None.

    Raises:
        ModelMissingError: onnxruntime or the weights are missing.
        ModelRefusedError: The weights differ from their manifest.
    """

    def __init__(
        self,
        head: OnnxSession | None = None,
        second_opinion: SecondOpinion | None = None,
    ) -> None:
        self._second_opinion = second_opinion
        self._head = head or OnnxSession.shipped("eeg_workload")
        learnt = self._head.manifest.constants
        self._population = np.array([learnt["prior"][n] for n in workload.NAMES])
        self._calm = self._population
        self._filter = WorkFilter(Expected.of(learnt["filter"]))
        self._work: dict[str, float] = {}
        self._work_sd = float(learnt["sd"]["scale"]), float(learnt["sd"]["floor"])
        self._due = 0.0
        self._since = float("inf")
        self._reference = RunningReference(PRIOR, memory=1800.0)
        self._use_reference()
        self._front = FrontEnd()
        self._average = PowerAverage()

    @property
    def modality(self) -> str:
        """``eeg``."""
        return "eeg"

    @property
    def needs(self) -> Needs:
        """Two seconds of EEG, at every chunk."""
        return Needs(frozenset({"eeg"}), SECONDS, HOP)

    def personalise(self, baseline: Mapping[str, Norm]) -> None:
        """Reset to a person's baseline.

        Args:
            baseline: Norms of the features in ``indices.RAW``, and of calm in ``workload.NAMES``.
        """
        self._reference.restart(baseline)
        self._use_reference()
        given = np.array([baseline[n].mean if n in baseline else np.nan for n in workload.NAMES])
        calm = bool(np.isfinite(given).any())
        self._calm = given if calm else self._population
        self._filter.restart(calm=calm)
        self._work = {}

    def estimate(self, window: Window) -> Estimate:
        """Compute band powers, the published indices and mental work.

        Raises:
            ModelFailedError: A power is not finite, or the workload model failed.
        """
        signal = window.signals.get("eeg")
        if signal is None or signal.values.ndim != 2 or not signal.values.shape[1]:
            return Estimate("eeg", reasons=("no_signal",))
        newest = newest_segment(signal)
        if newest is None:
            return Estimate("eeg", reasons=("warming",))
        if newest.rate_hz < SLOWEST_HZ:
            return Estimate("eeg", reasons=("rate_too_low",))
        montage = self._front.montage_of(signal.channels, len(newest.samples))
        measured = self._front.measure(newest, montage)
        channel_quality = measured.artefacts.quality
        powers = self._average.add(measured.powers, channel_quality, window.step)
        gathered = gather(powers, channel_quality, montage)
        reasons = [*newest.reasons, *measured.artefacts.reasons, *signal.reasons]
        # Sums of lists: numpy on a few elements costs several times as much.
        brain = sum(montage.brain.tolist())
        quality = min(1.0, 1.2 * sum(channel_quality.tolist()) / brain) * signal.quality
        if "gap" in newest.reasons:
            quality *= 0.7
        if gathered is None:
            return Estimate("eeg", quality=0.0, reasons=tuple(dict.fromkeys(reasons)))
        if self._reference.moments < SETTLED:
            reasons.append("warming")
        readings, features = self._index(gathered, window.step, quality)
        self._since += window.step
        if quality >= LEAST and self._is_due(window.step):
            features |= self._run_workload(measured, montage)
        if self._work:
            work = self._work["workload"]
            readings["focus"] = Reading(work, focus_sd(work, *self._work_sd) ** 2)
            features |= self._work
        return Estimate(
            "eeg",
            readings,
            quality=quality,
            reasons=tuple(dict.fromkeys(reasons)),
            features=features,
        )

    def _is_due(self, step: float) -> bool:
        """Return whether to add an entry ``step`` seconds after the last window."""
        self._due -= step
        if self._due > 1e-6:
            return False
        self._due = workload.HOP + (max(self._due, -workload.HOP) if step < workload.HOP else 0.0)
        return True

    def _run_workload(self, measured: WindowMeasurement, montage: Montage) -> dict[str, float]:
        """Run the workload model; return the features that calibrations store."""
        values = workload.region_powers(measured.work, measured.artefacts.quality, montage)
        if not np.isfinite(values - self._calm).any():
            # The profile is of a cap that has no region in common with this one.
            self._calm = self._population
            self._filter.restart(calm=False)
        inputs = workload.inputs_of(values, self._calm).astype(np.float32)
        score = float(self._head.run({"change": inputs[None]})["score"][0, 0])
        self._work = {"workload": self._filter.add(score, self._since)}
        self._since = 0.0
        moment = {
            n: float(v) for n, v in zip(workload.NAMES, values, strict=True) if np.isfinite(v)
        }
        if self._second_opinion is not None:
            moment |= self._second_opinion.classify(measured.powers, measured.artefacts.quality)
        return moment

    def _use_reference(self) -> None:
        self._centre: list[float] = self._reference.centre.tolist()
        self._spread: list[float] = self._reference.scale.tolist()

    def _index(
        self, powers: Powers, step: float, quality: float
    ) -> tuple[dict[str, Reading], dict[str, float]]:
        raw = raw_indices(powers.logs)
        indices = dict(zip(RAW, relative(raw, self._centre, self._spread), strict=True))
        if not powers.paired:
            raw[_ASYMMETRY] = nan
        if quality >= LEAST and self._reference.learn(raw, step):
            self._use_reference()
        unsettled = exp(-self._reference.moments / SETTLED)
        few = _channel_factor(powers)
        readings = {
            name: Reading(indices[f"ln_{name}"], (INDEX_SD * (1 + unsettled)) ** 2 * few)
            for name in ("engagement", "relaxation")
        }
        features = {n: v for n, v in zip(RAW, raw, strict=True) if isfinite(v)}
        # Geometric mean of each band's power over the head, uV^2.
        features.update(zip(NAMES, map(exp, powers.logs), strict=False))
        return readings, features


def focus_sd(work: float, scale: float, floor: float) -> float:
    """Return the standard deviation of focus, largest between rest and work."""
    return scale * sqrt(work * (1 - work) + floor)


def _channel_factor(powers: Powers) -> float:
    """Return the variance factor of few electrodes: half of it is channel noise."""
    return 0.5 + 0.5 * 4 / min(powers.channels, 8)
