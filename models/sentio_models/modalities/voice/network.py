"""Run the voice network on one row of statistics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import atanh, tanh

import numpy as np
from numpy.typing import NDArray

from sentio_models.estimate import EMOTIONS, Reading
from sentio_models.modalities.voice.statistics import NAMES
from sentio_models.runtime.onnx_session import OnnxSession

Floats = NDArray[np.float64]

SCALE = 0.5
"""Arousal of a typical high or low voice."""

LEAST = 1e-6
"""Least probability, so that its logarithm is finite."""


@dataclass(frozen=True, slots=True)
class VoiceOutput:
    """Outputs for two seconds of voice.

    Attributes:
        arousal_logit: Logit of high arousal, not yet corrected for the person.
        valence: Weak valence.
        emotions: Probabilities over ``EMOTIONS``.
        features: Laughter, rate of syllables, spread of pitch.
    """

    arousal_logit: float
    valence: Reading
    emotions: Mapping[str, float]
    features: Mapping[str, float]


class VoiceNetwork:
    """The voice network with its calibration across corpora.

    Args:
        session: The network.
    """

    def __init__(self, session: OnnxSession) -> None:
        self._session = session
        constants = session.manifest.constants
        self._valence_sd = float(constants["sd"]["valence"])
        across = constants["across"]
        self._degree = float(across["temperature"])
        self._sent = np.array([name in across["sent"] for name in EMOTIONS])

    def __call__(self, values: Floats) -> VoiceOutput:
        """Run on one row of ``statistics.NAMES``.

        Raises:
            ModelFailedError: The network failed.
        """
        outputs = self._session.run({"statistics": values.astype(np.float32)[None]})
        shares = across_corpora(outputs["emotions"][0].astype(np.float64), self._degree, self._sent)
        return VoiceOutput(
            logit_of(float(outputs["arousal"][0, 0])),
            Reading(float(outputs["valence"][0, 0]), self._valence_sd**2),
            dict(zip(EMOTIONS, shares.tolist(), strict=True)),
            {
                "laughter": float(outputs["laughter"][0, 0]),
                "syllable_rate": float(values[NAMES.index("voiced_runs")]),
                "pitch_spread": float(values[NAMES.index("pitch_sd")]),
            },
        )


def across_corpora(shares: Floats, degree: float, sent: NDArray[np.bool_]) -> Floats:
    """Return shares that hold on other people's data.

    Classes that are not sent keep the uniform share, which is no evidence in the fusion; the others
    divide the rest by the softened shares.
    """
    soft = np.maximum(shares[sent], LEAST) ** (1 / degree)
    held = np.full(len(shares), 1 / len(shares))
    held[sent] = soft / soft.sum() * np.count_nonzero(sent) / len(shares)
    return held


def arousal_of(logit: float) -> float:
    """Return arousal, -1..1, of a logit of high arousal."""
    return SCALE * tanh(logit / 2)


def logit_of(arousal: float) -> float:
    """Return the logit of an output of the network, whose range is -0.5..0.5."""
    return 2 * atanh(min(max(arousal / SCALE, -0.9999), 0.9999))
