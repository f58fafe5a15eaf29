"""Estimate engagement, relaxation and focus from EEG, relative to the person."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, isfinite

import numpy as np

from sentio_models.estimate import Estimate, Reading
from sentio_models.estimator import Needs, Norm
from sentio_models.modalities.eeg import workload
from sentio_models.modalities.eeg.front import (
    SECONDS,
    FrontEnd,
    WindowMeasurement,
    newest_segment,
)
from sentio_models.modalities.eeg.indices import LEAST, RAW, Powers, gather
from sentio_models.modalities.eeg.montage import Montage
from sentio_models.modalities.eeg.second_opinion import SecondOpinion
from sentio_models.runtime.norms import RunningReference, norms
from sentio_models.runtime.onnx_session import OnnxSession
from sentio_models.window import Window

HOP = 0.02
SLOWEST_HZ = 64.0
"""Sample rate below which beta cannot be measured."""

SETTLED = 6
"""Entries (half a minute) after which the person's own baseline dominates."""


class EegEstimator:
    """Estimator for 1 to 64 EEG channels of any montage.

    Args:
        session: The index model; the shipped one if None.
        head: The workload model; the shipped one if None.
        second_opinion: BrainFlow's classifiers, whose outputs are added to the features once a
            second; not used if None.

    Raises:
        ModelMissingError: onnxruntime or the weights are missing.
        ModelRefusedError: The weights differ from their manifest.
    """

    def __init__(
        self,
        session: OnnxSession | None = None,
        head: OnnxSession | None = None,
        second_opinion: SecondOpinion | None = None,
    ) -> None:
        self._second_opinion = second_opinion
        self._session = session or OnnxSession.shipped("eeg_indices")
        self._head = head or OnnxSession.shipped("eeg_workload")
        learnt = self._head.manifest.constants
        self._change = workload.CalmChange(np.array([learnt["prior"][n] for n in workload.NAMES]))
        self._work: dict[str, float] = {}
        self._work_sd = float(learnt["sd"]["workload"])
        constants = self._session.manifest.constants
        self._reference = RunningReference(norms(constants["prior"]), memory=1800.0)
        self._sd = constants["sd"]
        self._front = FrontEnd()

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
        self._change.restart(baseline)
        self._work = {}

    def estimate(self, window: Window) -> Estimate:
        """Compute band powers, the published indices and mental work.

        Raises:
            ModelFailedError: One of the two models failed.
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
        gathered = gather(measured.powers, channel_quality, montage)
        reasons = [*newest.reasons, *measured.artefacts.reasons, *signal.reasons]
        brain = float(montage.brain.sum())
        quality = min(1.0, 1.2 * float(channel_quality.sum()) / brain) * signal.quality
        if "gap" in newest.reasons:
            quality *= 0.7
        if gathered is None:
            return Estimate("eeg", quality=0.0, reasons=tuple(dict.fromkeys(reasons)))
        if self._reference.moments < SETTLED:
            reasons.append("warming")
        readings, features = self._index(gathered, window.step, quality)
        if quality >= LEAST and self._change.due(window.step):
            features |= self._run_workload(measured, montage)
        if self._work:
            sd = self._work_sd * (1 + self._change.uncertainty)
            readings["focus"] = Reading(self._work["workload"], sd**2 * _channel_factor(gathered))
            features |= self._work
        return Estimate(
            "eeg",
            readings,
            quality=quality,
            reasons=tuple(dict.fromkeys(reasons)),
            features=features,
        )

    def _run_workload(self, measured: WindowMeasurement, montage: Montage) -> dict[str, float]:
        """Run the workload model; return the features that calibrations store."""
        values = workload.region_powers(measured.work, measured.artefacts.quality, montage)
        change = self._change.add(values).astype(np.float32)
        self._work = {"workload": float(self._head.run({"change": change[None]})["workload"][0, 0])}
        moment = {
            n: float(v) for n, v in zip(workload.NAMES, values, strict=True) if np.isfinite(v)
        }
        if self._second_opinion is not None:
            moment |= self._second_opinion.classify(measured.powers, measured.artefacts.quality)
        return moment

    def _index(
        self, powers: Powers, step: float, quality: float
    ) -> tuple[dict[str, Reading], dict[str, float]]:
        outputs = self._session.run(
            {
                "powers": powers.logs,
                "centre": self._reference.centre[None].astype(np.float32),
                "spread": self._reference.scale[None].astype(np.float32),
            }
        )
        raw = outputs["raw"][0].astype(np.float64)
        if not powers.paired:
            raw[RAW.index("asymmetry")] = np.nan
        if quality >= LEAST:
            self._reference.learn(raw, step)
        unsettled = exp(-self._reference.moments / SETTLED)
        few = _channel_factor(powers)
        indices = dict(zip(RAW, outputs["indices"][0].tolist(), strict=True))
        readings = {
            name: Reading(indices[f"ln_{name}"], (self._sd[name] * (1 + unsettled)) ** 2 * few)
            for name in ("engagement", "relaxation")
        }
        features = {n: v for n, v in zip(RAW, raw.tolist(), strict=True) if isfinite(v)}
        features |= powers.geometric()
        return readings, features


def _channel_factor(powers: Powers) -> float:
    """Return the variance factor of few electrodes: half of it is channel noise."""
    return 0.5 + 0.5 * 4 / min(powers.channels, 8)
