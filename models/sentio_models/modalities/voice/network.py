"""Run the voice network on one row of statistics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import atanh, tanh

import numpy as np
from numpy.typing import NDArray

from sentio_models.estimate import Reading
from sentio_models.modalities.voice.statistics import NAMES
from sentio_models.runtime.onnx_session import OnnxSession

Floats = NDArray[np.float64]

SCALE = 0.5
"""Arousal of a typical high or low voice."""


@dataclass(frozen=True, slots=True)
class VoiceOutput:
    """Outputs for two seconds of voice.

    Attributes:
        arousal_logit: Logit of high arousal, not yet corrected for the person.
        valence: Weak valence.
        features: Laughter, rate of syllables, spread of pitch.
    """

    arousal_logit: float
    valence: Reading
    features: Mapping[str, float]


class VoiceNetwork:
    """The voice network; what is sent of the emotions comes from ``Person``.

    Args:
        session: The network.
    """

    def __init__(self, session: OnnxSession) -> None:
        self._session = session
        constants = session.manifest.constants
        self._valence_sd = float(constants["sd"]["valence"])

    def __call__(self, values: Floats) -> VoiceOutput:
        """Run on one row of ``statistics.NAMES``.

        Raises:
            ModelFailedError: The network failed.
        """
        outputs = self._session.run({"statistics": values.astype(np.float32)[None]})
        return VoiceOutput(
            logit_of(float(outputs["arousal"][0, 0])),
            Reading(float(outputs["valence"][0, 0]), self._valence_sd**2),
            {
                "laughter": float(outputs["laughter"][0, 0]),
                "syllable_rate": float(values[NAMES.index("voiced_runs")]),
                "pitch_spread": float(values[NAMES.index("pitch_sd")]),
            },
        )


def arousal_of(logit: float) -> float:
    """Return arousal, -1..1, of a logit of high arousal."""
    return SCALE * tanh(logit / 2)


def logit_of(arousal: float) -> float:
    """Return the logit of an output of the network, whose range is -0.5..0.5."""
    return 2 * atanh(min(max(arousal / SCALE, -0.9999), 0.9999))
