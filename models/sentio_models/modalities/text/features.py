"""Convert a chat line to numbered features: words, word pairs, word pieces.

The same code runs live, in training and in evaluation. It does not store the line.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

BUCKETS = 2**17
"""Number of hash buckets: some features share one, and no word list needs to be shipped."""

WORDS = 2**18
"""Size of the Bloom filter of known words (Bloom 1970): with 25,000 words, one in thirty unknown
words passes."""

MOST_CHARACTERS = 2000
"""Limits of a line: longer text is mostly pasted and does not express a feeling."""

MOST_WORDS = 200
PIECES = (3, 4, 5)
"""Lengths of word pieces, which tolerate typing errors and endings."""

NEGATED = 3
"""Number of words that a negation inverts (Pang, Lee & Vaithyanathan 2002)."""

_URL = re.compile(r"https?://\S+|www\.\S+")
_NAME = re.compile(r"(?<!\w)@\w+|(?<!\w)[ur]/\w+|\[\w+\]")
_LONG = re.compile(r"([^\W\d_])\1{2,}")
_TOKEN = re.compile(
    r"<\w+>"
    r"|[:;=8xX]['`^]?-?[)(\]\[dDpPoO/\\|*]+|<3+|\^_?\^|[oO]_[oO]|t_t"
    r"|\w+(?:['\u2019]\w+)?"
    r"|[!?]+|\.{2,}"
    r"|[\u2190-\u2bff\u3030\U0001f000-\U0001faff]"
)
_NOT = re.compile(r"^(?:not|no|never|none|nobody|nothing|cannot|neither|nor|without)$|n't$|^aint$")
_STOP = re.compile(r"^[!?.]+$")


@dataclass(frozen=True, slots=True)
class Line:
    """Content of a line.

    Attributes:
        tokens: Words, emoticons, emoji and marks, in order, in lower case.
        cut: Whether it was truncated.
        foreign: Share of its letters that are not Latin, 0..1.
    """

    tokens: tuple[str, ...]
    cut: bool
    foreign: float


def read(text: str) -> Line:
    """Tokenise a line; any text is valid."""
    cut = len(text) > MOST_CHARACTERS
    text = unicodedata.normalize("NFKC", text[:MOST_CHARACTERS])
    text = text.replace("\u2019", "'").replace("\u0060", "'")
    letters = [c for c in text if c.isalpha()]
    foreign = sum(not _latin(c) for c in letters) / len(letters) if letters else 0.0
    shouted = [w for w in re.findall(r"[A-Za-z]{3,}", text) if w.isupper()]
    text = _NAME.sub(" <name> ", _URL.sub(" <link> ", text)).lower()
    drawn = len(_LONG.findall(text))
    text = _LONG.sub(r"\1\1", text)
    tokens = _TOKEN.findall(text)
    cut = cut or len(tokens) > MOST_WORDS
    tokens = tokens[:MOST_WORDS]
    if shouted:
        tokens.append("<caps>")
    if drawn:
        tokens.append("<drawn>")
    return Line(tuple(tokens), cut, foreign)


def number(line: Line) -> NDArray[np.int64]:
    """Return the feature numbers of a line with repetitions, 0..BUCKETS - 1."""
    tokens = line.tokens
    found = [f"1 {token}" for token in tokens]
    found += [f"2 {a} {b}" for a, b in zip(tokens, tokens[1:], strict=False)]
    found += [f"3 {a} {c}" for a, c in zip(tokens, tokens[2:], strict=False)]
    left = 0
    for token in tokens:
        if _STOP.match(token):
            left = 0
        elif left:
            found.append(f"n {token}")
            left -= 1
        if _NOT.search(token):
            left = NEGATED
    for token in tokens:
        if token[0].isalpha() and len(token) > 2:
            word = f"^{token[:24]}$"
            found += [
                f"p {word[i : i + size]}" for size in PIECES for i in range(len(word) - size + 1)
            ]
    numbers = [crc32(name.encode()) % BUCKETS for name in found]
    return np.array(numbers, np.int64)


def places(line: Line) -> NDArray[np.int64]:
    """Return two positions in the Bloom filter for each token, in sequence."""
    found = [
        crc32(f"{half} {token}".encode()) % WORDS for token in line.tokens for half in ("w", "v")
    ]
    return np.array(found, np.int64)


def weigh(
    numbers: NDArray[np.int64], rarity: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Weight features by rarity, with length 1 (Salton & Buckley 1988).

    Args:
        numbers: Result of ``number``.
        rarity: Inverse document frequency of each number, shape ``(BUCKETS,)``; 0 for unknown
            ones.

    Returns:
        Distinct numbers, ascending, and their weights; both empty if none is known.
    """
    different, counts = np.unique(numbers, return_counts=True)
    weights = (1.0 + np.log(counts)) * rarity[different]
    known = weights > 0
    different, weights = different[known], weights[known]
    length = float(np.sqrt((weights**2).sum()))
    return different, (weights / max(length, 1e-9)).astype(np.float32)


def _latin(letter: str) -> bool:
    return "LATIN" in unicodedata.name(letter, "")
