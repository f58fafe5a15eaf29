"""Decide whether two seconds of sound contain a voice.

The speech detector alone loses laughter, sighs and shouts where it refuses music. A linear model on
its probabilities and on the statistics of the sound keeps them; a low bound on the detector's
probability refuses clicks and whistles that resemble a shout.
"""

from __future__ import annotations

from math import log

import numpy as np
from numpy.typing import NDArray

from sentio_models.modalities.voice.frames import HOP
from sentio_models.runtime.onnx_session import OnnxSession

Floats = NDArray[np.float64]

RUN = round(0.16 / HOP)
"""Frames of a run of speech: five blocks of the detector."""

LEAST = 1e-4
"""Least probability, so that its logarithm is finite."""


class VoiceGate:
    """Gate of the voice model.

    Args:
        session: The gate's model; the shipped one if None.

    Raises:
        ModelMissingError: onnxruntime or the weights are missing.
        ModelRefusedError: The weights differ from their manifest.
    """

    def __init__(self, session: OnnxSession | None = None) -> None:
        self._session = session or OnnxSession.shipped("voice_gate")
        constants = self._session.manifest.constants
        self._least_run = float(constants["least_run"])
        self._least = float(constants["least"])
        self._sure = float(constants["sure"])

    def __call__(self, values: Floats, speech: Floats, *, steady: bool = False) -> bool:
        """Return whether the sound contains a voice.

        Args:
            values: Statistics of the sound, in the order of ``statistics.NAMES``.
            speech: Probability of speech at each frame, 0..1.
            steady: Whether the pitch is as constant as that of an instrument.

        Raises:
            ModelFailedError: The model failed.
        """
        run, share = speech_of(speech)
        if share >= self._sure:
            return True
        if steady or run < self._least_run:
            return False
        inputs = {
            "statistics": values.astype(np.float32)[None],
            "speech": gate_inputs(speech).astype(np.float32)[None],
        }
        return float(self._session.run(inputs)["voice"][0, 0]) > self._least


def speech_of(speech: Floats) -> tuple[float, float]:
    """Return the greatest mean over 160 ms, and the mean, of speech probability."""
    if not len(speech):
        return 0.0, 0.0
    padded = np.concatenate([np.zeros(RUN), np.cumsum(speech)])
    runs = (padded[RUN:] - padded[:-RUN]) / RUN
    return float(runs.max()), float(speech.mean())


def gate_inputs(speech: Floats) -> Floats:
    """Return the logits of ``speech_of``, as the model reads them."""
    run, share = speech_of(speech)
    return np.array([_logit(run), _logit(share)])


def _logit(p: float) -> float:
    return log((p + LEAST) / (1 - p + LEAST))
