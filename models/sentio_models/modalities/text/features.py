"""Turns a line of chat into numbered features: words, pairs of words and pieces of words.

The same code runs live, in training and in evaluation. It keeps nothing of the line.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

BUCKETS = 2**17
"""Features are numbered by a hash: some share a number, and no list of words need be shipped."""

WORDS = 2**18
"""Room of the filter that tells whether a word was met (Bloom 1970): of 25,000 words, one in
thirty that was never met passes for one that was."""

MOST_CHARACTERS = 2000
"""More of a line is not read: what somebody pastes is not what they feel."""

MOST_WORDS = 200
PIECES = (3, 4, 5)
"""Lengths of pieces of words, which carry through typing errors and endings."""

NEGATED = 3
"""Words after a negation that are turned round by it (Pang, Lee & Vaithyanathan 2002)."""

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
    """What a line holds.

    Attributes:
        tokens: Words, emoticons, emoji and marks, in order, in lower case.
        cut: Whether it was longer than what is read.
        foreign: Share of its letters that are not Latin, 0..1.
    """

    tokens: tuple[str, ...]
    cut: bool
    foreign: float


def read(text: str) -> Line:
    """Take a line apart; any text is fine."""
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
    """Return the numbers of a line's features, each as often as it occurs, 0..BUCKETS - 1."""
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
    """Return two places in the filter of words for each token, one after the other."""
    found = [
        crc32(f"{half} {token}".encode()) % WORDS for token in line.tokens for half in ("w", "v")
    ]
    return np.array(found, np.int64)


def weigh(
    numbers: NDArray[np.int64], rarity: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Weigh features by how rare they are; the weights' squares sum to 1 (Salton & Buckley 1988).

    Args:
        numbers: Of ``number``.
        rarity: Inverse document frequency of each number, shape ``(BUCKETS,)``; 0 where it was
            never met.

    Returns:
        Different numbers, ascending, and their weights; both empty where none is known.
    """
    different, counts = np.unique(numbers, return_counts=True)
    weights = (1.0 + np.log(counts)) * rarity[different]
    known = weights > 0
    different, weights = different[known], weights[known]
    length = float(np.sqrt((weights**2).sum()))
    return different, (weights / max(length, 1e-9)).astype(np.float32)


def _latin(letter: str) -> bool:
    return "LATIN" in unicodedata.name(letter, "")
