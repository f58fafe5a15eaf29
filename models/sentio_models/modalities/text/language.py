"""Decides whether a line is English, from its words and from pieces of them.

The text network is fitted on English. A Spanish or Dutch line that it reads gives a neutral
result at full quality, so such lines are refused here first. Nothing of a line is kept.
"""

from __future__ import annotations

import re
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from sentio_models.modalities.text.slang import PHRASES, listed
from sentio_models.runtime.onnx_session import OnnxSession

BUCKETS = 2**16
"""Features are numbered by a hash, so that no list of words is shipped."""

SIZES = (1, 2, 3, 4)
"""Lengths of the pieces of a word, its ends marked (Cavnar & Trenkle 1994)."""

MOST_WORDS = 40
"""More of a line does not change the answer."""

KNOWN = 3.0
"""What known words add to the evidence, a logarithm of odds; chosen on development lines."""

SHARED = frozenset(
    (
        "no non sim come dove wat was toll gut stark genial mist bald also tot alter links mal war"
        " rot grave sole yo a i o to on me in is so an am as we of im aus bin hat ton net"
        " sea hay"
    ).split()
)
"""English words that are words of German, French, Spanish, Italian, Portuguese, Dutch or Polish as
well, and at least half as frequent there (wordfreq): a line of one of them alone is of any."""

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_DRAWN = re.compile(r"(.)\1{2,}")
_DRAWN_END = re.compile(r"(.)\1+$")


def is_word(token: str) -> bool:
    """Return whether a token is a word of some language: slang of games is none."""
    return _WORD.fullmatch(token) is not None and not listed(token)


def number(tokens: tuple[str, ...]) -> NDArray[np.int64]:
    """Return the feature numbers of a line's words, 0..BUCKETS - 1.

    Args:
        tokens: Of ``features.read``, in lower case.
    """
    found: list[str] = []
    for token in _words(tokens)[:MOST_WORDS]:
        short = _DRAWN.sub(r"\1\1", token)[:24]
        word = f"^{short}$"
        found.append(f"w {word}")
        for size in SIZES:
            found += [word[i : i + size] for i in range(len(word) - size + 1)]
    return np.array([crc32(name.encode("utf-8", "replace")) % BUCKETS for name in found], np.int64)


def _words(tokens: tuple[str, ...]) -> list[str]:
    """Return a line's words, with abbreviated phrases spelt out.

    Other slang has no language.
    """
    return [
        word
        for token in tokens
        for word in (listed(token) if token in PHRASES else (token,) if is_word(token) else ())
    ]


class LanguageGate:
    """Refuses lines that are not in English.

    Args:
        session: The shipped network ``text_language`` if None.

    Raises:
        ModelMissingError: onnxruntime or the weights are not there.
        ModelRefusedError: The weights do not match their manifest.
    """

    def __init__(self, session: OnnxSession | None = None) -> None:
        self._session = session or OnnxSession.shipped("text_language")
        self._edge = float(self._session.manifest.constants["edge"])

    def english(self, tokens: tuple[str, ...], *, known: bool = False) -> bool:
        """Return whether a line is read as English; so is one without words.

        One word alone that several languages have ('no') is not.

        Args:
            tokens: Of ``features.read``.
            known: Whether every word was met in English training: the other evidence must then
                be strong to refuse the line, which saves short ones.

        Raises:
            ModelFailedError: The network failed.
        """
        words = {_DRAWN_END.sub(r"\1", token) for token in tokens if is_word(token)}
        if len(words) == 1 and words <= SHARED and not any(map(listed, tokens)):
            return False
        return self.score(tokens) >= (self._edge - KNOWN if known else self._edge)

    def score(self, tokens: tuple[str, ...]) -> float:
        """Return the logarithm of the odds that a line is English; the edge without words."""
        numbers = number(tokens)
        if not len(numbers):
            return self._edge
        return float(self._session.run({"numbers": numbers[None]})["english"][0, 0])
