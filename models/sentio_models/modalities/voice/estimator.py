"""Estimates arousal, weak valence and emotion from how somebody sounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sentio_models.estimate import EMOTIONS, Estimate, Reading
from sentio_models.estimator import Needs, Norm
from sentio_models.modalities.voice.frames import RATES
from sentio_models.modalities.voice.listener import SECONDS, Listener
from sentio_models.modalities.voice.quality import Judgement, judge, median
from sentio_models.modalities.voice.statistics import NAMES, summarise
from sentio_models.runtime.onnx_session import OnnxSession
from sentio_models.window import Window

EVERY = 0.25
"""Seconds between two runs of the network: of two seconds, an eighth is new."""

HOP = 0.02
"""Seconds between estimates: about one block of a microphone."""


@dataclass(frozen=True, slots=True)
class VoiceReadings:
    """What the network said last."""

    readings: Mapping[str, Reading] = field(default_factory=dict)
    emotions: Mapping[str, float] | None = None
    features: Mapping[str, float] = field(default_factory=dict)


class VoiceEstimator:
    """Listens to a microphone: loudness, pitch and voice activity with every block.

    While somebody speaks, laughs or shouts, a network reads the last two seconds four times a
    second. While nobody does there are no readings: silence is not calm.

    Args:
        session: The voice network; the shipped one if None.

    Raises:
        ModelMissingError: onnxruntime or the weights are not there.
        ModelRefusedError: The weights are not what their manifest says.
    """

    def __init__(self, session: OnnxSession | None = None) -> None:
        self._session = session or OnnxSession.shipped("voice")
        self._sd = self._session.manifest.constants["sd"]
        self._listener = Listener()
        self._restart()

    @property
    def modality(self) -> str:
        """``voice``."""
        return "voice"

    @property
    def needs(self) -> Needs:
        """Two seconds of sound, with every block or two."""
        return Needs(frozenset({"audio"}), SECONDS, HOP)

    def personalise(self, baseline: Mapping[str, Norm]) -> None:
        """Start over for a person; the network knows people in general only."""
        del baseline
        self._restart()

    def _restart(self) -> None:
        self._listener.restart()
        self._opinion = VoiceReadings()
        self._waited = float("inf")

    def estimate(self, window: Window) -> Estimate:
        """Hear what is new and say how the person sounds.

        Raises:
            ModelFailedError: The network failed.
        """
        signal = window.signals.get("audio")
        if signal is None or not len(signal.values):
            return Estimate(self.modality, reasons=("no_signal",))
        if not RATES[0] <= signal.rate_hz <= RATES[1]:
            return Estimate(self.modality, reasons=("wrong_rate",))
        ear = self._listener
        ear.hear(signal, window.step)
        judged = judge(ear.frames, ear.active, ear.voiced, ear.floor)
        self._waited += max(window.step, 0.0)
        if judged.quality == 0:
            self._opinion, self._waited = VoiceReadings(), float("inf")
        elif self._waited >= EVERY:
            self._opinion, self._waited = self._listen(), 0.0
        opinion = self._opinion
        reasons = [*judged.reasons, *(signal.reasons if signal.quality < 1.0 else ())]
        return Estimate(
            self.modality,
            opinion.readings,
            opinion.emotions,
            quality=judged.quality * min(1.0, max(0.0, signal.quality)),
            reasons=tuple(dict.fromkeys(reasons)),
            features={**self._measured(judged), **opinion.features},
        )

    def _listen(self) -> VoiceReadings:
        ear = self._listener
        values = summarise(ear.frames, ear.active, ear.voiced)
        return VoiceReadings() if values is None else opinion_of(self._session, values, self._sd)

    def _measured(self, judged: Judgement) -> dict[str, float]:
        """Return what is plain to hear; loudness and pitch only while somebody speaks."""
        ear = self._listener
        if not len(ear.frames):
            return {}
        measured = {
            "level_db": float(ear.frames.level[-1]),
            "noise_db": ear.floor,
            "voice_share": int(np.count_nonzero(ear.active)) / len(ear.active),
            "speaking": float(ear.active[-10:].any()),
        }
        if judged.quality > 0:
            measured |= {"loudness_db": judged.loudness_db, "snr_db": judged.snr_db}
            if ear.voiced.any():
                measured["pitch_hz"] = median(ear.frames.pitch[ear.voiced])
        return measured


def opinion_of(
    session: OnnxSession, values: NDArray[np.float64], sd: Mapping[str, float]
) -> VoiceReadings:
    """Ask the network about one row of ``statistics.NAMES``."""
    said = session.run({"statistics": values.astype(np.float32)[None]})
    emotions = dict(zip(EMOTIONS, said["emotions"][0].tolist(), strict=True))
    readings = {
        name: Reading(float(said[name][0, 0]), sd[name] ** 2) for name in ("arousal", "valence")
    }
    features = {
        "laughter": float(said["laughter"][0, 0]),
        "syllable_rate": float(values[NAMES.index("voiced_runs")]),
        "pitch_spread": float(values[NAMES.index("pitch_sd")]),
    }
    return VoiceReadings(readings, emotions, features)
