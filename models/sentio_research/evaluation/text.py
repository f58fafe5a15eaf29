"""Measure the text model on GoEmotions, EmoBank and game chat."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelMissingError
from sentio_models.estimate import AFFECT, EMOTIONS
from sentio_models.modalities.text.encoder import EncodedAffect, SentenceEncoder
from sentio_models.modalities.text.estimator import TextEstimator
from sentio_models.modalities.text.features import feed, read
from sentio_models.runtime.onnx_session import OnnxSession
from sentio_research.data.text import COARSE, Corpus, emobank, goemotions, table
from sentio_research.evaluation import figures as draw
from sentio_research.evaluation.text_chat import measure_chat
from sentio_research.metrics import bootstrap, confusion, ece, macro_f1_of_labels, pearson, recalls

Floats = NDArray[np.float64]

ROUNDS = 500
TYPOS = 0.1
"""Share of words with two swapped letters, for the shifted condition."""


@dataclass(frozen=True, slots=True)
class Predictions:
    """Predictions for lines; rows that the model rejects are NaN.

    Attributes:
        labels: Probability of each of ``COARSE``, shape ``(n, 7)``.
        emotions: Shares over ``EMOTIONS``.
        affect: Valence, arousal, dominance.
        quality: 0..1.
    """

    labels: Floats
    emotions: Floats
    affect: Floats
    quality: Floats


def predict(lines: list[str], session: OnnxSession) -> Predictions:
    """Predict lines like the live pipeline; labels come from the same network."""
    estimator = TextEstimator(session)
    count = len(lines)
    labels = np.zeros((count, len(COARSE)))
    emotions = np.full((count, len(EMOTIONS)), np.nan)
    affect, quality = np.full((count, 3), np.nan), np.zeros(count)
    for row, line in enumerate(lines):
        estimate = estimator.read(line)
        quality[row] = estimate.quality
        found = read(line)
        if found.tokens:
            labels[row] = session.run(feed(found))["labels"][0]
        if estimate.emotions is not None:
            emotions[row] = [estimate.emotions[name] for name in EMOTIONS]
            affect[row] = [estimate.readings[name].mean for name in AFFECT]
    return Predictions(labels, emotions, affect, quality)


def evaluate(data: Path, figures: Path | None = None, table: Path | None = None) -> dict[str, Any]:
    """Return the figures of the text card.

    Args:
        data: Folder of ``text_goemotions/`` and ``text_emobank/``.
        figures: Folder for figures, or None.
        table: A user's CSV instead: ``text`` with ``label`` or with ``valence``, ``arousal`` and
            ``dominance``.

    Raises:
        ModelMissingError: Data or weights are missing.
    """
    session = OnnxSession.shipped("text")
    if table is not None:
        return _own(table, session)
    edges = np.array([session.manifest.constants["edges"][name] for name in COARSE])
    chat, bank = goemotions(data, "test"), emobank(data, "test")
    predicted, rated = predict(chat.lines, session), predict(bank.lines, session)
    result: dict[str, Any] = {
        "data": "test splits of GoEmotions and EmoBank as published; rows are lines",
        "protocol": "shipped weights through the live front end; unread lines count as no label",
        "goemotions": _emotions(chat, predicted, edges),
        "emobank": _affect(bank, rated.affect),
        "shifted": _shifted(chat, bank, session, edges),
        "chat": measure_chat(TextEstimator(session).read, chat.lines),
        "cost_ms": _cost(chat.lines[:500], TextEstimator(session)),
        "encoder": _encoded(bank, session),
    }
    if figures is not None:
        _draw(chat, predicted, figures)
    return result


def _emotions(corpus: Corpus, predicted: Predictions, edges: Floats) -> dict[str, Any]:
    truth, guess = corpus.values, predicted.labels > edges
    rows = np.arange(len(truth))
    figure = bootstrap(lambda r: macro_f1_of_labels(truth[r], guess[r]), rows, rounds=ROUNDS)
    one, classes, shares = _single(corpus, predicted)
    return {
        "n": len(truth),
        "read": float((predicted.quality > 0).mean()),
        "macro_f1": asdict(figure),
        "f1": {
            name: macro_f1_of_labels(truth[:, k : k + 1], guess[:, k : k + 1])
            for k, name in enumerate(COARSE)
        },
        "recall": {
            name: float((guess[:, k] & (truth[:, k] > 0)).sum() / truth[:, k].sum())
            for k, name in enumerate(COARSE)
        },
        "one_label": {
            "n": int(one.sum()),
            "accuracy": float((shares.argmax(axis=1) == classes).mean()),
            "uar": float(np.nanmean(recalls(classes, shares.argmax(axis=1), len(EMOTIONS)))),
            "ece": ece(classes, shares),
        },
    }


def _single(
    corpus: Corpus, predicted: Predictions
) -> tuple[NDArray[np.bool_], NDArray[np.int64], Floats]:
    """Return which lines have one label and a prediction, their class, and shares."""
    names = ["happiness" if name == "joy" else name for name in COARSE]
    one = (corpus.values.sum(axis=1) == 1) & np.isfinite(predicted.emotions[:, 0])
    places = np.array([EMOTIONS.index(name) for name in names])
    return one, places[corpus.values[one].argmax(axis=1)], predicted.emotions[one]


def _affect(corpus: Corpus, affect: Floats) -> dict[str, Any]:
    read_ = np.isfinite(affect[:, 0])
    # Without a prediction the middle of the scale is used.
    guess = np.where(read_[:, None], affect, 0.0)
    rows = np.arange(len(guess))

    def one(column: int) -> Callable[[NDArray[np.int64]], float]:
        return lambda r: pearson(corpus.values[r, column], guess[r, column])

    return {
        "n": len(guess),
        "read": float(read_.mean()),
        **{name: asdict(bootstrap(one(k), rows, rounds=ROUNDS)) for k, name in enumerate(AFFECT)},
    }


def _shifted(chat: Corpus, bank: Corpus, session: OnnxSession, edges: Floats) -> dict[str, Any]:
    """Evaluate lines as typed in a game, and the first half of each."""
    rng = np.random.default_rng(0)
    found: dict[str, Any] = {}
    changes: dict[str, Callable[[str], str]] = {
        "typed_in_a_hurry": lambda line: hurried(line, rng),
        "first_half": lambda line: " ".join(line.split()[: max(1, len(line.split()) // 2)]),
    }
    for name, change in changes.items():
        predicted = predict([change(line) for line in chat.lines], session)
        rated = predict([change(line) for line in bank.lines], session)
        guess = np.nan_to_num(rated.affect)
        found[name] = {
            "goemotions_macro_f1": macro_f1_of_labels(chat.values, predicted.labels > edges),
            **{
                f"emobank_{n}": pearson(bank.values[:, k], guess[:, k])
                for k, n in enumerate(AFFECT)
            },
        }
    return found


def hurried(line: str, rng: np.random.Generator) -> str:
    """Return a line in lower case, without punctuation, with swapped letters."""
    words = "".join(c for c in line.lower() if c.isalnum() or c.isspace() or c == "'").split()
    typed = []
    for word in words:
        if len(word) > 3 and rng.random() < TYPOS:
            at = int(rng.integers(1, len(word) - 2))
            word = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        typed.append(word)
    return " ".join(typed)


def _encoded(bank: Corpus, session: OnnxSession) -> dict[str, Any]:
    """Evaluate the extra ``text-encoder``, if installed."""
    try:
        encoded = EncodedAffect(SentenceEncoder())
    except ModelMissingError as error:
        return {"left_out": f"{error.what}: {error.fix}"}
    estimator = TextEstimator(session, encoded)
    return {
        "chat": measure_chat(estimator.read, ()),
        "emobank": _affect(bank, _rated(bank.lines, estimator)),
        "emobank_typed_in_a_hurry": _affect(bank, _rated(_typed(bank.lines), estimator)),
        "cost_ms": _cost(bank.lines[:200], estimator),
    }


def _typed(lines: list[str]) -> list[str]:
    rng = np.random.default_rng(0)
    return [hurried(line, rng) for line in lines]


def _rated(lines: list[str], estimator: TextEstimator) -> Floats:
    """Return valence, arousal and dominance of lines; NaN without prediction."""
    readings = [estimator.read(line).readings for line in lines]
    return np.array([[r[n].mean if r else np.nan for n in AFFECT] for r in readings])


def _cost(lines: list[str], estimator: TextEstimator) -> dict[str, float]:
    took = []
    for line in lines:
        start = time.perf_counter()
        estimator.read(line)
        took.append(1000 * (time.perf_counter() - start))
    return {"p50": float(np.percentile(took, 50)), "p95": float(np.percentile(took, 95))}


def _draw(chat: Corpus, predicted: Predictions, folder: Path) -> None:
    _, classes, shares = _single(chat, predicted)
    kept = [k for k in range(len(EMOTIONS)) if k in set(classes.tolist())]
    among = shares[:, kept] / shares[:, kept].sum(axis=1, keepdims=True)
    truth = np.array([kept.index(c) for c in classes.tolist()])
    names = [EMOTIONS[k] for k in kept]
    counted = confusion(truth, among.argmax(axis=1), len(kept))
    draw.confusion_figure(
        counted, names, folder / "text_confusion.png", "GoEmotions test, lines with one label"
    )
    draw.reliability_figure(truth, among, folder / "text_reliability.png", "GoEmotions test")
    draw.roc_figure(
        {
            name: ((chat.values[:, k] > 0).astype(np.int64), predicted.labels[:, k])
            for k, name in enumerate(COARSE)
        },
        folder / "text_roc.png",
        "GoEmotions test",
    )


def _own(path: Path, session: OnnxSession) -> dict[str, Any]:
    """Evaluate a user's lines."""
    rows = table(path)
    predicted = predict([row["text"] for row in rows], session)
    result: dict[str, Any] = {"n": len(rows), "read": float((predicted.quality > 0).mean())}
    known = [name for name in AFFECT if name in rows[0]]
    for name in known:
        truth = np.array([float(row[name]) for row in rows])
        result[name] = pearson(truth, np.nan_to_num(predicted.affect[:, AFFECT.index(name)]))
    if "label" in rows[0]:
        guess = np.nan_to_num(predicted.emotions).argmax(axis=1)
        right = [EMOTIONS[g] == row["label"] for g, row in zip(guess, rows, strict=True)]
        result["accuracy"] = float(np.mean(right))
    return result
