"""Estimate arousal, weak valence and emotion from the sound of a voice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sentio_models.estimate import EMOTIONS, Estimate, Reading
from sentio_models.estimator import Needs, Norm
from sentio_models.modalities.voice.frame_buffer import SECONDS, FrameBuffer
from sentio_models.modalities.voice.frames import RATES
from sentio_models.modalities.voice.quality import VoiceQuality, assess, median
from sentio_models.modalities.voice.statistics import NAMES, summarise
from sentio_models.runtime.onnx_session import OnnxSession
from sentio_models.window import Window

EVERY = 0.25
"""Seconds between two runs of the network: an eighth of two seconds is new."""

HOP = 0.02
"""Seconds between estimates: about one block of a microphone."""


@dataclass(frozen=True, slots=True)
class VoiceReadings:
    """Last outputs of the network."""

    readings: Mapping[str, Reading] = field(default_factory=dict)
    emotions: Mapping[str, float] | None = None
    features: Mapping[str, float] = field(default_factory=dict)


class VoiceEstimator:
    """Estimator from a microphone: loudness, pitch and voice activity at every block.

    During speech, laughter or shouts a network processes the last two seconds four times a second.
    Without a voice there are no readings: silence is not calm.

    Args:
        session: The voice network; the shipped one if None.

    Raises:
        ModelMissingError: onnxruntime or the weights are missing.
        ModelRefusedError: The weights differ from their manifest.
    """

    def __init__(self, session: OnnxSession | None = None) -> None:
        self._session = session or OnnxSession.shipped("voice")
        self._sd = self._session.manifest.constants["sd"]
        self._buffer = FrameBuffer()
        self._restart()

    @property
    def modality(self) -> str:
        """``voice``."""
        return "voice"

    @property
    def needs(self) -> Needs:
        """Two seconds of sound, at every block or two."""
        return Needs(frozenset({"audio"}), SECONDS, HOP)

    def personalise(self, baseline: Mapping[str, Norm]) -> None:
        """Reset; the network has no personal state."""
        del baseline
        self._restart()

    def _restart(self) -> None:
        self._buffer.restart()
        self._output = VoiceReadings()
        self._since_run = float("inf")

    def estimate(self, window: Window) -> Estimate:
        """Estimate from the newest sound.

        Raises:
            ModelFailedError: The network failed.
        """
        signal = window.signals.get("audio")
        if signal is None or not len(signal.values):
            return Estimate(self.modality, reasons=("no_signal",))
        if not RATES[0] <= signal.rate_hz <= RATES[1]:
            return Estimate(self.modality, reasons=("wrong_rate",))
        buffer = self._buffer
        buffer.update(signal, window.step)
        quality = assess(buffer.frames, buffer.active, buffer.voiced, buffer.floor)
        self._since_run += max(window.step, 0.0)
        if quality.quality == 0:
            self._output, self._since_run = VoiceReadings(), float("inf")
        elif self._since_run >= EVERY:
            self._output, self._since_run = self._run_network(), 0.0
        output = self._output
        reasons = [*quality.reasons, *(signal.reasons if signal.quality < 1.0 else ())]
        return Estimate(
            self.modality,
            output.readings,
            output.emotions,
            quality=quality.quality * min(1.0, max(0.0, signal.quality)),
            reasons=tuple(dict.fromkeys(reasons)),
            features={**self._measured(quality), **output.features},
        )

    def _run_network(self) -> VoiceReadings:
        buffer = self._buffer
        values = summarise(buffer.frames, buffer.active, buffer.voiced)
        return VoiceReadings() if values is None else run_network(self._session, values, self._sd)

    def _measured(self, quality: VoiceQuality) -> dict[str, float]:
        """Return measured features; loudness and pitch only during voice activity."""
        buffer = self._buffer
        if not len(buffer.frames):
            return {}
        measured = {
            "level_db": float(buffer.frames.level[-1]),
            "noise_db": buffer.floor,
            "voice_share": int(np.count_nonzero(buffer.active)) / len(buffer.active),
            "speaking": float(buffer.active[-10:].any()),
        }
        if quality.quality > 0:
            measured |= {"loudness_db": quality.loudness_db, "snr_db": quality.snr_db}
            if buffer.voiced.any():
                measured["pitch_hz"] = median(buffer.frames.pitch[buffer.voiced])
        return measured


def run_network(
    session: OnnxSession, values: NDArray[np.float64], sd: Mapping[str, float]
) -> VoiceReadings:
    """Run the network on one row of ``statistics.NAMES``."""
    outputs = session.run({"statistics": values.astype(np.float32)[None]})
    emotions = dict(zip(EMOTIONS, outputs["emotions"][0].tolist(), strict=True))
    readings = {
        name: Reading(float(outputs[name][0, 0]), sd[name] ** 2) for name in ("arousal", "valence")
    }
    features = {
        "laughter": float(outputs["laughter"][0, 0]),
        "syllable_rate": float(values[NAMES.index("voiced_runs")]),
        "pitch_spread": float(values[NAMES.index("pitch_sd")]),
    }
    return VoiceReadings(readings, emotions, features)
