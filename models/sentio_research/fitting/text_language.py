"""Fits the network that decides whether a line is English."""

from __future__ import annotations

import gzip
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from scipy import sparse

from sentio_models.errors import ModelMissingError
from sentio_models.modalities.text.features import read
from sentio_models.modalities.text.language import BUCKETS, number

Floats = NDArray[np.float64]

OPSET = 17
ENGLISH = "en"
OTHERS = (
    "ca cs da de es fi fil fr hu id is it lt lv ms nb nl pl pt ro sh sk sl sv tr vi"
).split()  # fmt: skip
"""Languages in Latin letters; other scripts are refused by their letters."""

FLATTER = 0.8
"""Power of a word's frequency when lines are drawn: rare words occur more often than in speech."""

LENGTHS = (2, 9)
"""Words of a drawn line, both included."""

PLAIN = 0.3
"""Share of drawn lines that lose their accents, as people type them."""

BORROWED = 0.08
"""Share of words of other languages' lines that are English."""

MIXED, OF_GAMES = 0.4, 0.35
"""Share of other languages' lines with English words of games, and of words in these lines."""

GAME_WORDS = Path(__file__).parent.parent / "data" / "chat_borrowed.txt"
"""English words that players of other languages use in chat, written for this project."""


def word_frequencies(folder: Path, language: str) -> tuple[list[str], Floats]:
    """Read the words of a language and their share among all words.

    Args:
        folder: ``wordfreq/data`` of the package wordfreq.
        language: ISO 639-1 code, or 639-3 where there is none.

    Raises:
        ModelMissingError: There is no list of that language.
    """
    for size in ("large", "small"):
        path = folder / f"{size}_{language}.msgpack.gz"
        if path.exists():
            break
    else:
        raise ModelMissingError(f"{folder} has no words of {language!r}", "pip install wordfreq")
    # Words in one list a centibel below the other: 10 ** (-index / 100).
    bins = msgspec.msgpack.decode(gzip.decompress(path.read_bytes()))[1:]
    words = [word for words in bins for word in words]
    shares = np.concatenate([np.full(len(w), 10 ** (-i / 100)) for i, w in enumerate(bins)])
    letters = np.array([word.isalpha() and len(word) < 25 for word in words])
    return [w for w, k in zip(words, letters, strict=True) if k], shares[letters]


def draw(
    words: tuple[list[str], Floats],
    count: int,
    rng: np.random.Generator,
    borrowed: tuple[list[str], Floats] | None = None,
    of_games: Sequence[str] = (),
) -> list[str]:
    """Return lines of words drawn by frequency, in random order.

    Args:
        words: Of ``word_frequencies``.
        count: Of lines.
        rng: Draws.
        borrowed: Words of another language, of which a share is mixed in.
        of_games: Words of games, of which some lines have more.
    """
    lines = []
    odds = _odds(words[1])
    lengths = rng.integers(LENGTHS[0], LENGTHS[1] + 1, count)
    chosen = rng.choice(len(odds), int(lengths.sum()), p=odds)
    if borrowed is not None:
        other = rng.choice(len(borrowed[0]), len(chosen), p=_odds(borrowed[1]))
        mixed = rng.random(len(chosen)) < BORROWED
    at = 0
    for length in lengths.tolist():
        line = [
            borrowed[0][other[i]] if borrowed is not None and mixed[i] else words[0][chosen[i]]
            for i in range(at, at + length)
        ]
        at += length
        if of_games and rng.random() < MIXED:
            line = [str(rng.choice(of_games)) if rng.random() < OF_GAMES else w for w in line]
        text = " ".join(line)
        lines.append(_plain(text) if rng.random() < PLAIN else text)
    return lines


def matrix(lines: Sequence[str]) -> sparse.csr_matrix:
    """Return the relative frequency of each feature, one row a line."""
    columns, values, ends = [], [], [0]
    for line in lines:
        numbers, counts = np.unique(number(read(line).tokens), return_counts=True)
        columns.append(numbers)
        values.append(counts / max(1, counts.sum()))
        ends.append(ends[-1] + len(numbers))
    return sparse.csr_matrix(
        (np.concatenate(values), np.concatenate(columns), ends), shape=(len(lines), BUCKETS)
    )


def fit(x: sparse.csr_matrix, english: NDArray[np.bool_], strength: float) -> tuple[Floats, float]:
    """Fit a logistic regression; return its weights, shape ``(BUCKETS,)``, and offset."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=strength, solver="liblinear", class_weight="balanced")
    model.fit(x, english)
    return model.coef_[0], float(model.intercept_[0])


def to_onnx(weights: Floats, offset: float) -> bytes:
    """Return the network: the mean 8-bit weight of a line's features."""
    scale = np.abs(weights).max() / 127
    held = {
        "table": np.round(weights / scale).astype(np.int8)[:, None],
        "scale": np.float32(scale),
        "offset": np.float32(offset),
        "axis": np.array([1], np.int64),
    }
    nodes = [
        helper.make_node("Gather", ["table", "numbers"], ["small"]),
        helper.make_node("Cast", ["small"], ["weights"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["weights"], ["mean"], axes=[1], keepdims=0),
        helper.make_node("Mul", ["mean", "scale"], ["scaled"]),
        helper.make_node("Add", ["scaled", "offset"], ["english"]),
    ]
    graph = helper.make_graph(
        nodes,
        "text_language",
        [helper.make_tensor_value_info("numbers", TensorProto.INT64, [1, "n"])],
        [helper.make_tensor_value_info("english", TensorProto.FLOAT, [1, 1])],
        [numpy_helper.from_array(np.asarray(v), k) for k, v in held.items() if k != "axis"],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def _odds(shares: Floats) -> Floats:
    flat = shares**FLATTER
    odds: Floats = flat / flat.sum()
    return odds


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(c for c in apart if not unicodedata.combining(c))
