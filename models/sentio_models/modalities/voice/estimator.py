"""Estimate arousal, weak valence and emotion from the sound of a voice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelMissingError
from sentio_models.estimate import Estimate, Reading
from sentio_models.estimator import Needs, Norm
from sentio_models.modalities.voice.frame_buffer import SECONDS, FrameBuffer
from sentio_models.modalities.voice.frames import HOP as FRAME
from sentio_models.modalities.voice.frames import RATES
from sentio_models.modalities.voice.gate import VoiceGate
from sentio_models.modalities.voice.network import VoiceNetwork, arousal_of
from sentio_models.modalities.voice.person import Person
from sentio_models.modalities.voice.quality import NOISY_DB, VoiceQuality, assess, median
from sentio_models.modalities.voice.speech_detector import SpeechDetector
from sentio_models.modalities.voice.statistics import summarise
from sentio_models.runtime.onnx_session import OnnxSession
from sentio_models.window import Window

Floats = NDArray[np.float64]

EVERY = 0.25
"""Seconds between two runs of the network: an eighth of two seconds is new."""

HOP = 0.02
"""Seconds between estimates: about one block of a microphone."""

CLEAR = 0.7
"""Quality from which a window describes the person's voice."""

SPEECH_SHARE = 0.6
"""Mean probability of speech from which a window is speech and not a laugh or a sigh."""

WHISPER = 0.5
"""Seconds of voiceless speech from which it counts as a whisper."""

WHISPER_VOICED = 0.18
"""Share of the speech with a pitch below which it counts as a whisper: in 800 windows of EmoDB it
is .25 and more, in the same utterances with noise in place of the voice .12 and less in 95 %."""

OTHER = 0.5
"""Factor of the quality of a voice that differs from the session's first."""


SIMULATED = "simulated"
"""Reason of synthetic sound, which the detector does not take for speech; it is not gated."""


@dataclass(frozen=True, slots=True)
class VoiceReadings:
    """Last outputs of the models.

    Attributes:
        readings: Arousal and valence.
        emotions: Probabilities of the emotions.
        features: Laughter, rate of syllables, spread of pitch.
        refused: Whether the gate refused the sound.
        other: Whether the voice differs from the session's first.
    """

    readings: Mapping[str, Reading] = field(default_factory=dict)
    emotions: Mapping[str, float] | None = None
    features: Mapping[str, float] = field(default_factory=dict)
    refused: bool = False
    other: bool = False


class VoiceEstimator:
    """Estimator from a microphone: loudness, pitch and voice activity at every block.

    During speech, laughter or shouts a network processes the last two seconds four times a second.
    Without a voice there are no readings: silence is not calm, and music is not a voice. Without
    the package of the speech detector the gate is coarser, with the reason ``no_speech_detector``.

    Args:
        session: The voice network; the shipped one if None.
        detect_speech: Use the speech detector if it is installed.
        person: The model that compares a voice with itself; the shipped one if None.

    Raises:
        ModelMissingError: onnxruntime or the weights are missing.
        ModelRefusedError: The weights differ from their manifest.
    """

    def __init__(
        self,
        session: OnnxSession | None = None,
        *,
        detect_speech: bool = True,
        person: OnnxSession | None = None,
    ) -> None:
        self._network = VoiceNetwork(session or OnnxSession.shipped("voice"))
        self._person = Person(person)
        detector = _detector() if detect_speech else None
        self._gate = None if detector is None else VoiceGate()
        self._buffer = FrameBuffer(detector)
        self._restart()

    @property
    def modality(self) -> str:
        """``voice``."""
        return "voice"

    @property
    def needs(self) -> Needs:
        """Two seconds of sound, at every block or two."""
        return Needs(frozenset({"audio"}), SECONDS, HOP)

    @property
    def detects_speech(self) -> bool:
        """Whether the speech detector is in use."""
        return self._gate is not None

    def personalise(self, baseline: Mapping[str, Norm]) -> None:
        """Reset, and erase what is known of the session's voice."""
        del baseline
        self._restart()

    def close(self) -> None:
        """Erase what is known of the session's voice."""
        self._restart()

    def _restart(self) -> None:
        self._buffer.restart()
        self._person.restart()
        self._forget_output()

    def _forget_output(self) -> None:
        self._output = VoiceReadings()
        self._since_run = float("inf")

    def estimate(self, window: Window) -> Estimate:
        """Estimate from the newest sound.

        Raises:
            ModelFailedError: A model failed.
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
        voiceless = None if SIMULATED in signal.reasons else self._voiceless()
        if voiceless and quality.quality > 0:
            quality = quality.instead(voiceless)
        if quality.quality == 0:
            self._forget_output()
        elif self._since_run >= EVERY:
            gated = self._gate is not None and SIMULATED not in signal.reasons
            self._output, self._since_run = self._run(quality, self._since_run, gated), 0.0
        output = self._output
        if output.refused:
            quality = quality.instead("not_voice")
        elif quality.quality == 0 and voiceless:
            quality = quality.instead(voiceless)
        reasons = list(quality.reasons)
        if self._gate is None:
            reasons.append("no_speech_detector")
        if output.other:
            reasons.append("other_voice")
        if signal.quality < 1.0:
            reasons.extend(signal.reasons)
        return Estimate(
            self.modality,
            output.readings,
            output.emotions,
            quality=quality.quality
            * (OTHER if output.other else 1.0)
            * min(1.0, max(0.0, signal.quality)),
            reasons=tuple(dict.fromkeys(reasons)),
            features={**self._measured(quality), **output.features},
        )

    def _run(self, quality: VoiceQuality, since: float, gated: bool) -> VoiceReadings:
        buffer = self._buffer
        values = summarise(buffer.frames, buffer.active, buffer.voiced)
        if values is None:
            return VoiceReadings()
        steady = "music" in quality.reasons
        if gated and self._gate and not self._gate(values, buffer.speech, steady=steady):
            return VoiceReadings(refused=True)
        output = self._network(values)
        compared = self._person(
            values,
            output.arousal_logit,
            step=min(since, EVERY),
            clear=quality.quality >= CLEAR,
            speech=gated and float(buffer.speech.mean()) >= SPEECH_SHARE,
        )
        arousal = Reading(arousal_of(compared.arousal), self._person.sd**2)
        return VoiceReadings(
            {"arousal": arousal, "valence": output.valence},
            compared.emotions,
            output.features,
            other=compared.other,
        )

    def _voiceless(self) -> str | None:
        """Return the reason if there is speech nearly without a voice, else None.

        No reading holds for it. ``whisper``, or ``too_quiet`` where the speech is hardly above
        the noise, which hides its pitch.
        """
        buffer = self._buffer
        speech = buffer.speech > 0.5
        frames = int(np.count_nonzero(speech))
        if frames * FRAME < WHISPER:
            return None
        if int(np.count_nonzero(buffer.voiced & speech)) >= WHISPER_VOICED * frames:
            return None
        above = median(buffer.frames.level[speech]) - buffer.floor
        return "whisper" if above >= NOISY_DB else "too_quiet"

    def _measured(self, quality: VoiceQuality) -> dict[str, float]:
        """Return measured features; loudness and pitch only during voice activity."""
        buffer = self._buffer
        if not len(buffer.frames):
            return {}
        voice = quality.quality > 0
        measured = {
            "level_db": float(buffer.frames.level[-1]),
            "noise_db": buffer.floor,
            "voice_share": int(np.count_nonzero(buffer.active)) / len(buffer.active)
            if voice or self._gate is None
            else 0.0,
            "speaking": self._speaking(),
        }
        if voice:
            measured |= {"loudness_db": quality.loudness_db, "snr_db": quality.snr_db}
            if buffer.voiced.any():
                measured["pitch_hz"] = median(buffer.frames.pitch[buffer.voiced])
        return measured

    def _speaking(self) -> float:
        """Return the probability of speech in the newest tenth of a second, 0..1."""
        buffer = self._buffer
        if self._gate is None:
            return float(buffer.active[-10:].any())
        return 0.0 if self._output.refused else float(buffer.speech[-10:].mean())


def _detector() -> SpeechDetector | None:
    try:
        return SpeechDetector()
    except ModelMissingError:
        return None
