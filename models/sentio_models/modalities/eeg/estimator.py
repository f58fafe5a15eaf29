"""Estimates engagement, relaxation and focus from EEG, against what is usual for the person."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, isfinite

import numpy as np

from sentio_models.estimate import Estimate, Reading
from sentio_models.estimator import Needs, Norm
from sentio_models.modalities.eeg import workload
from sentio_models.modalities.eeg.front import SECONDS, FrontEnd, Seen, cut
from sentio_models.modalities.eeg.indices import LEAST, RAW, Powers, gather
from sentio_models.modalities.eeg.montage import Montage
from sentio_models.modalities.eeg.second_opinion import SecondOpinion
from sentio_models.runtime.norms import RunningReference, norms
from sentio_models.runtime.onnx_session import OnnxSession
from sentio_models.window import Window

HOP = 0.02
SLOWEST_HZ = 64.0
"""Sample rate below which beta cannot be seen."""

SETTLED = 6
"""Remembered moments (half a minute) after which the person's own baseline counts."""


class EegEstimator:
    """Reads 1 to 64 EEG channels of any montage.

    Args:
        session: The index model; the shipped one if None.
        head: The head that follows mental work; the shipped one if None.
        second_opinion: BrainFlow's classifiers, told among the features once a second; not asked
            if None.

    Raises:
        ModelMissingError: onnxruntime or the weights are not there.
        ModelRefusedError: The weights are not what their manifest says.
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
        self._change = workload.Change(np.array([learnt["prior"][n] for n in workload.NAMES]))
        self._work: dict[str, float] = {}
        self._work_sd = float(learnt["sd"]["workload"])
        constants = self._session.manifest.constants
        self._usual = RunningReference(norms(constants["prior"]), memory=1800.0)
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
        """Start over for a person.

        Args:
            baseline: Their norms of the features in ``indices.RAW``, and of their calm in
                ``workload.NAMES``.
        """
        self._usual.restart(baseline)
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
        newest = cut(signal)
        if newest is None:
            return Estimate("eeg", reasons=("warming",))
        if newest.rate_hz < SLOWEST_HZ:
            return Estimate("eeg", reasons=("rate_too_low",))
        montage = self._front.place(signal.channels, len(newest.samples))
        seen = self._front.look(newest, montage)
        gathered = gather(seen.powers, seen.verdict.quality, montage)
        worth = seen.verdict.quality
        reasons = [*newest.reasons, *seen.verdict.reasons, *signal.reasons]
        brain = float(montage.brain.sum())
        quality = min(1.0, 1.2 * float(worth.sum()) / brain) * signal.quality
        if "gap" in newest.reasons:
            quality *= 0.7
        if gathered is None:
            return Estimate("eeg", quality=0.0, reasons=tuple(dict.fromkeys(reasons)))
        if self._usual.moments < SETTLED:
            reasons.append("warming")
        readings, features = self._index(gathered, window.step, quality)
        if quality >= LEAST and self._change.due(window.step):
            features |= self._follow(seen, montage)
        if self._work:
            sd = self._work_sd * (1 + self._change.youth)
            readings["focus"] = Reading(self._work["workload"], sd**2 * _few(gathered))
            features |= self._work
        return Estimate(
            "eeg",
            readings,
            quality=quality,
            reasons=tuple(dict.fromkeys(reasons)),
            features=features,
        )

    def _follow(self, seen: Seen, montage: Montage) -> dict[str, float]:
        """Ask the head, and return the moment for calibrations to remember."""
        values = workload.region_powers(seen.work, seen.verdict.quality, montage)
        change = self._change.remember(values).astype(np.float32)
        self._work = {"workload": float(self._head.run({"change": change[None]})["workload"][0, 0])}
        moment = {
            n: float(v) for n, v in zip(workload.NAMES, values, strict=True) if np.isfinite(v)
        }
        if self._second_opinion is not None:
            moment |= self._second_opinion.ask(seen.powers, seen.verdict.quality)
        return moment

    def _index(
        self, powers: Powers, step: float, quality: float
    ) -> tuple[dict[str, Reading], dict[str, float]]:
        said = self._session.run(
            {
                "powers": powers.logs,
                "centre": self._usual.centre[None].astype(np.float32),
                "spread": self._usual.scale[None].astype(np.float32),
            }
        )
        raw = said["raw"][0].astype(np.float64)
        if not powers.paired:
            raw[RAW.index("asymmetry")] = np.nan
        if quality >= LEAST:
            self._usual.learn(raw, step)
        young = exp(-self._usual.moments / SETTLED)
        few = _few(powers)
        told = dict(zip(RAW, said["indices"][0].tolist(), strict=True))
        readings = {
            name: Reading(told[f"ln_{name}"], (self._sd[name] * (1 + young)) ** 2 * few)
            for name in ("engagement", "relaxation")
        }
        features = {n: v for n, v in zip(RAW, raw.tolist(), strict=True) if isfinite(v)}
        features |= powers.geometric()
        return readings, features


def _few(powers: Powers) -> float:
    """Fewer electrodes, more noise: half the variance is the channels' own."""
    return 0.5 + 0.5 * 4 / min(powers.channels, 8)
