"""Convert a chat line to numbered features: words, word pairs, word pieces.

The same code runs live, in training and in evaluation. It does not store the line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from sentio_models.modalities.text.slang import meaning

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

TURNED = -0.6
"""Amount of a negated word: 'not bad' is less good than 'good' (Polanyi & Zaenen 2006)."""

_URL = re.compile(r"https?://\S+|www\.\S+")
_NAME = re.compile(r"(?<!\w)@\w+|(?<!\w)[ur]/\w+|\[\w+\]")
_HANDLE = re.compile(r"\b(?=\w*[a-z][A-Z])\w{5,}\b")
"""A player's name such as ``DarkLord``: a capital within the word."""

_MIXED = re.compile(r"[a-z][A-Z]\w*")

_LONG = re.compile(r"([^\W\d_])\1{2,}")
_DRAWN = re.compile(r"\b\w*?([^\W\d_])\1{2,}\w*")
_TOKEN = re.compile(
    r"<\w+>"
    r"|[:;=8xX]['`^]?-?[)(\]\[dDpPoO/\\|*]+|<3+|\^_?\^|[oO]_[oO]|t_t"
    r"|\w+(?:['\u2019]\w+)?"
    r"|[!?]+|\.{1,}|[,;]"
    r"|[\u2190-\u2bff\u3030\U0001f000-\U0001f3fa\U0001f400-\U0001faff]"
)
_NOT = re.compile(
    r"^(?:not|no|never|none|nobody|nothing|cannot|neither|nor|without|hardly|barely|aint)$|n't$"
    r"|^(?:ca|do|does|did|is|was|are|were|wo|would|could|should|has|have|had)nt$"
)
_IDIOM = re.compile(
    r"(?:no (?:way|doubt|wonder|joke|kidding|cap|lie|matter)"
    r"|not (?:only|just|to mention|gonna lie|going to lie)"
    r"|ca(?:n't|nt|nnot) (?:believe|wait|stop|get enough)"
    r"|could(?:n't|nt) (?:believe|wait|stop|agree more)"
    r"|nothing beats"
    r"|never (?:had|been|seen|played|felt|met|laughed|enjoyed) (?:\w+ )?"
    r"(?:so|such|this much|this good|more|better))(?!\S)"
)
"""Phrases of a negation that turn nothing round behind them: 'cannot believe we won', 'never had
so much fun'."""

_IDIOM_WORDS = 5
_STOP = frozenset(("but", "because", "though"))
_PAUSE = frozenset(",.;")
_LIGHT = frozenset(
    "a an the to be been at all that this it its so very really even any my your our of".split()
)
"""Words that a negation passes over."""

_DOUBLED = frozenset(
    "too see free boo zoo bee tree three agree knee all ball call fall hall small tall wall kill"
    " will skill still ill bill hill pull full dull bull bell hell sell well yell smell spell"
    " shell roll troll poll doll boss loss miss pass class grass glass mess less guess press dress"
    " stress kiss toss cross ass piss bliss off stuff buff staff cliff add odd egg inn buzz app"
    " butt noo woo ooh aww hmm".split()
)
"""Words that end in a double letter, so that a drawn-out one keeps two: 'toooo' is 'too', 'soooo'
is 'so'. A drawn-out 'no' is a cry, not a negation, and keeps two as well."""


@dataclass(frozen=True, slots=True)
class Line:
    """Content of a line.

    Attributes:
        tokens: Words, emoticons, emoji and marks, in order, in lower case.
        cut: Whether it was truncated.
        foreign: Share of its letters that are not Latin, 0..1.
        negated: For each token, whether a negation before it turns it round.
    """

    tokens: tuple[str, ...]
    cut: bool
    foreign: float
    negated: tuple[bool, ...] = ()


def read(text: str) -> Line:
    """Tokenise a line; any text is valid."""
    cut = len(text) > MOST_CHARACTERS
    text = unicodedata.normalize("NFKC", text[:MOST_CHARACTERS])
    text = text.replace("\u2019", "'").replace("\u0060", "'")
    letters = [c for c in text if c.isalpha()]
    foreign = sum(not _latin(c) for c in letters) / len(letters) if letters else 0.0
    shouted = [w for w in re.findall(r"[A-Za-z]{3,}", text) if w.isupper()]
    text = _NAME.sub(" <name> ", _URL.sub(" <link> ", text))
    if 2 * len(_MIXED.findall(text)) <= len(text.split()):  # more: LiKe ThIs, which mocks
        text = _HANDLE.sub(" <name> ", text)
    text = text.lower()
    drawn = len(_LONG.findall(text))
    text = _DRAWN.sub(_shortened, text)
    tokens = _TOKEN.findall(text)
    cut = cut or len(tokens) > MOST_WORDS
    tokens = tokens[:MOST_WORDS]
    negated = _negated(tokens)
    kept = [i for i, token in enumerate(tokens) if token not in _PAUSE]
    marks = ["<caps>"] * bool(shouted) + ["<drawn>"] * bool(drawn)
    return Line(
        (*(tokens[i] for i in kept), *marks),
        cut,
        foreign,
        (*(negated[i] for i in kept), *(False for _ in marks)),
    )


def number(line: Line) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the numbers of a line's features and how much of each the line has.

    Words that a negation turns round count below 0, their pieces and meanings too; that they are
    negated is a feature of its own.

    Returns:
        Different numbers, ascending, 0..BUCKETS - 1, and for each the damped sum of its
        occurrences: ``1 + log(n)`` for ``n`` from 1 on, with the sign of ``n``.
    """
    tokens = line.tokens
    found = [f"2 {a} {b}" for a, b in zip(tokens, tokens[1:], strict=False)]
    found += [f"3 {a} {c}" for a, c in zip(tokens, tokens[2:], strict=False)]
    found += [f"n {token}" for token, turned in zip(tokens, line.negated, strict=True) if turned]
    counts = [1.0] * len(found)
    for token, turned in zip(tokens, line.negated, strict=True):
        of_word = [f"1 {word}" for word in (token, *meaning(token))]
        if token[0].isalpha() and len(token) > 2:
            word = f"^{token[:24]}$"
            of_word += [
                f"p {word[i : i + size]}" for size in PIECES for i in range(len(word) - size + 1)
            ]
        found += of_word
        counts += [TURNED if turned else 1.0] * len(of_word)
    hashed = np.array([crc32(name.encode()) % BUCKETS for name in found], np.int64)
    numbers, where = np.unique(hashed, return_inverse=True)
    total = np.bincount(where, counts, len(numbers)) if len(numbers) else np.zeros(0)
    damped = np.sign(total) * (1 + np.log(np.maximum(np.abs(total), 1.0)))
    amounts = np.where(np.abs(total) < 1, total, damped)
    return numbers, amounts.astype(np.float32)


def places(words: Sequence[str]) -> NDArray[np.int64]:
    """Return two places in the tables of words for each word, one after the other."""
    found = [crc32(f"{half} {word}".encode()) % WORDS for word in words for half in ("w", "v")]
    return np.array(found, np.int64)


def spelt_out(line: Line) -> tuple[list[str], NDArray[np.float32]]:
    """Return a line's words, slang and emoji in plain words, and what each counts.

    Returns:
        Words, and 1 for each, ``TURNED`` where a negation turns it round.
    """
    words: list[str] = []
    turns: list[float] = []
    for token, turned in zip(line.tokens, line.negated, strict=True):
        plain = meaning(token) or (token,)
        words += plain
        turns += [TURNED if turned else 1.0] * len(plain)
    return words, np.array(turns, np.float32)


def feed(line: Line) -> dict[str, NDArray[np.generic]]:
    """Return the inputs of the text network for a line that has tokens."""
    numbers, amounts = number(line)
    words, turns = spelt_out(line)
    return {
        "numbers": numbers[None],
        "amounts": amounts[None],
        "places": places(line.tokens)[None],
        "words": places(words)[None],
        "turns": turns[None],
    }


def weigh(
    numbers: NDArray[np.int64], amounts: NDArray[np.float32], rarity: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Weight features by rarity, with length 1 (Salton & Buckley 1988).

    Args:
        numbers: Of ``number``.
        amounts: Of ``number``.
        rarity: Inverse document frequency of each number, shape ``(BUCKETS,)``; 0 where it was
            never met.

    Returns:
        The known numbers, ascending, and their weights; both empty where none is known.
    """
    weights = amounts * rarity[numbers]
    known = weights != 0
    numbers, weights = numbers[known], weights[known]
    length = float(np.sqrt((weights**2).sum()))
    return numbers, (weights / max(length, 1e-9)).astype(np.float32)


def _negated(tokens: list[str]) -> list[bool]:
    """Return for each token whether one of the negations before it reaches it."""
    left, found, end = 0, [], len(tokens)
    for at, token in enumerate(tokens):
        if at >= end or token in _STOP or not token[0].isalnum():
            left, end = 0, len(tokens)
        negation = _NOT.search(token) is not None
        reached = left > 0 and not negation and token not in _LIGHT
        found.append(reached)
        left = NEGATED if negation else left - reached
        if negation:
            idiom = _IDIOM.match(" ".join(tokens[at : at + _IDIOM_WORDS]))
            end = at + len(idiom[0].split()) if idiom else len(tokens)
    return found


def _shortened(drawn: re.Match[str]) -> str:
    """Return a drawn-out word as it is usually written, as far as its end shows it."""
    word = _LONG.sub(r"\1\1", drawn[0])
    end = len(word) > 2 and drawn[0][-3:] == drawn[0][-1] * 3 and word not in _DOUBLED
    return word[:-1] if end else word


def _latin(letter: str) -> bool:
    return "LATIN" in unicodedata.name(letter, "")
