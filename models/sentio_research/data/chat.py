"""Read this project's own chat lines: 200 labelled twice, 450 translated.

The 450 are in nine languages.

These are for evaluation alone; other lines are for development. Both files were written, and the
200 labelled twice, before any model had read them; a test holds their SHA-256.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

TARGETS = ("none", "game", "people")
"""At what anger, blame or contempt is aimed."""

LINES = Path(__file__).parent / "chat_lines.csv"
DEV = Path(__file__).parent / "chat_dev.csv"
NEGATION_DEV = Path(__file__).parent / "chat_negation_dev.csv"
"""More negation pairs, written before the model that was chosen with them."""

WORDS_FILE = Path(__file__).parent / "chat_words.txt"
SARCASM = Path(__file__).parent / "chat_sarcasm.csv"
"""Twenty sarcastic lines and twenty that mean such words, for evaluation alone."""

SARCASM_FRESH = Path(__file__).parent / "chat_sarcasm_fresh.csv"
"""Forty of each, written after the fit; the forty that are meant often name a mishap too."""

LANGUAGES = Path(__file__).parent / "chat_languages.csv"
LANGUAGES_DEV = Path(__file__).parent / "chat_languages_dev.csv"
"""Other lines in other languages, on which the language gate was chosen."""

FRESH = Path(__file__).parent / "chat_fresh.csv"
FRESH_LANGUAGES = Path(__file__).parent / "chat_fresh_languages.csv"
"""Lines that were written after the fit, for evaluation alone; some of the second are English."""

SECOND = Path(__file__).parent / "chat_second.csv"
"""Lines of a second writer, who had read the templates and no evaluation line; labelled in one
pass, for evaluation alone."""


@dataclass(frozen=True, slots=True)
class ChatLines:
    """Lines of game chat and game reviews, each labelled in two passes.

    Attributes:
        lines: The texts.
        pairs: Number of the negation pair that a line belongs to, 0 for none; shape ``(n,)``.
        negated: Whether the line is the negated one of its pair.
        valence: What the line expresses, -1..1, one column a pass; shape ``(n, 2)``.
        frustrated: Whether the writer is annoyed about play, game or players; shape ``(n, 2)``.
        target: Index into ``TARGETS``; shape ``(n, 2)``.
    """

    lines: list[str]
    pairs: NDArray[np.int64]
    negated: NDArray[np.bool_]
    valence: NDArray[np.float64]
    frustrated: NDArray[np.bool_]
    target: NDArray[np.int64]


def chat_lines(path: Path = LINES) -> ChatLines:
    """Read the labelled chat lines."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    passes = ("1", "2")
    return ChatLines(
        [row["line"] for row in rows],
        np.array([int(row["pair"] or 0) for row in rows]),
        np.array([row["negated"] == "1" for row in rows]),
        np.array([[float(row[f"valence_{p}"]) for p in passes] for row in rows]),
        np.array([[row[f"frustrated_{p}"] == "1" for p in passes] for row in rows]),
        np.array([[TARGETS.index(row[f"target_{p}"]) for p in passes] for row in rows]),
    )


def chat_dev(path: Path = DEV) -> ChatLines:
    """Read the development lines, labelled in one pass: everything is chosen on these."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    pairs = [int(row["pair"] or 0) for row in rows]
    return ChatLines(
        [row["line"] for row in rows],
        np.array(pairs),
        np.array([pair > 0 and pair in pairs[:at] for at, pair in enumerate(pairs)]),
        np.array([[float(row["valence"])] for row in rows]),
        np.array([[row["frustrated"] == "1"] for row in rows]),
        np.array([[TARGETS.index(row["target"])] for row in rows]),
    )


def chat_languages(path: Path = LANGUAGES) -> dict[str, list[str]]:
    """Read chat lines by the ISO 639-1 code of their language; none is English."""
    found: dict[str, list[str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["language"], []).append(row["line"])
    return found


@dataclass(frozen=True, slots=True)
class SarcasmLines:
    """Lines with pleasant words that are meant, or that stand for something bad.

    Attributes:
        lines: The texts.
        sarcastic: Whether each is sarcasm; shape ``(n,)``.
        valence: What each expresses, -1..1; shape ``(n,)``.
    """

    lines: list[str]
    sarcastic: NDArray[np.bool_]
    valence: NDArray[np.float64]


def sarcasm_lines(path: Path = SARCASM) -> SarcasmLines:
    """Read the lines that sarcasm is evaluated on."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return SarcasmLines(
        [row["line"] for row in rows],
        np.array([row["sarcastic"] == "1" for row in rows]),
        np.array([float(row["valence"]) for row in rows]),
    )
