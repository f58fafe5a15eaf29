"""Measure the text model on game chat in ten languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_models.estimate import Estimate
from sentio_research.data.chat import (
    FRESH,
    FRESH_LANGUAGES,
    LANGUAGES,
    SARCASM_FRESH,
    SECOND,
    TARGETS,
    ChatLines,
    SarcasmLines,
    chat_dev,
    chat_languages,
    chat_lines,
    sarcasm_lines,
)
from sentio_research.metrics import bootstrap, pearson

Floats = NDArray[np.float64]
Reader = Callable[[str], Estimate]

ROUNDS = 500
CLEAR = 0.2
"""Valence, pleasant or unpleasant, from which an emotion is expected on its side of 0."""

APART = 0.05
"""By how much the better line of a negation pair must be read above the worse."""


def measure_chat(reader: Reader, plain_lines: Sequence[str]) -> dict[str, Any]:
    """Return the figures on chat.

    Args:
        reader: Reads a line, as the live pipeline does.
        plain_lines: English lines of GoEmotions, of which few should be refused.
    """
    chat = chat_lines()
    return {
        "n": len(chat.lines),
        "agreement_of_passes": _agreement(chat),
        **on_lines(chat, [reader(line) for line in chat.lines]),
        "sarcasm": on_sarcasm(sarcasm_lines(), reader),
        "languages": _languages(reader, LANGUAGES),
        "fresh": measure_fresh(reader),
        "second": measure_second(reader),
        "english_refused": _refused(reader, plain_lines) if plain_lines else None,
    }


def measure_fresh(reader: Reader) -> dict[str, Any]:
    """Return the figures on lines that were written after the fit."""
    chat = chat_dev(FRESH)
    return {
        "n": len(chat.lines),
        **on_lines(chat, [reader(line) for line in chat.lines]),
        "sarcasm": on_sarcasm(sarcasm_lines(SARCASM_FRESH), reader),
        "refused": _languages(reader, FRESH_LANGUAGES)["by_language"],
    }


def measure_second(reader: Reader) -> dict[str, Any]:
    """Return the figures on the lines of a second writer."""
    chat = chat_dev(SECOND)
    return {"n": len(chat.lines), **on_lines(chat, [reader(line) for line in chat.lines])}


def on_lines(chat: ChatLines, estimates: list[Estimate]) -> dict[str, Any]:
    """Return figures of valence, negation, frustration and target on lines.

    Valence is the mean of the passes; frustration and target count lines on which the passes
    agree. A line that is not read has valence 0 and is not frustrated. A negation pair is right
    if the line labelled higher is read at least ``APART`` higher, and the negated line on the
    side of 0 that its label has.
    """
    truth = chat.valence.mean(axis=1)
    value = np.array([s.readings["valence"].mean if s.readings else 0.0 for s in estimates])
    rows = np.arange(len(estimates))
    single = rows[chat.pairs == 0]
    order, right = _pairs(chat, truth, value)
    return {
        "read": float(np.mean([s.quality > 0 for s in estimates])),
        "valence": asdict(bootstrap(lambda r: pearson(truth[r], value[r]), rows, rounds=ROUNDS)),
        "valence_without_pairs": pearson(truth[single], value[single]),
        "negation": {
            "pairs": len(right),
            "order": float(order.mean()),
            "right": float(right.mean()),
        }
        if len(right)
        else None,
        "leading_emotion": _sides(truth, estimates),
        "frustration": _found(chat.frustrated, estimates, "frustration"),
        **{
            f"anger_at_{name}": _found(chat.target == k, estimates, f"anger_at_{name}")
            for k, name in enumerate(TARGETS)
            if k > 0
        },
    }


def _sides(truth: Floats, estimates: list[Estimate]) -> dict[str, float]:
    """Return how often the leading emotion has the side of the labelled valence.

    Neutral and surprise have no side, so that the two shares are below 1 together.
    """
    sides = {"neutral": 0, "surprise": 0, "happiness": 1}
    clear = np.flatnonzero(np.abs(truth) >= CLEAR)
    shares = [estimates[row].emotions or {"neutral": 1.0} for row in clear]
    found = np.array([sides.get(max(s, key=lambda name: s[name]), -1) for s in shares])
    return {
        "n": len(clear),
        "right": float((found * truth[clear] > 0).mean()),
        "wrong": float((found * truth[clear] < 0).mean()),
    }


def on_sarcasm(lines: SarcasmLines, reader: Reader) -> dict[str, Any]:
    """Return how often sarcasm and meant praise are on their side of 0."""
    estimates = [reader(line) for line in lines.lines]
    value = np.array([s.readings["valence"].mean if s.readings else 0.0 for s in estimates])
    angry = np.array([s.features.get("frustration", 0.0) >= 0.5 for s in estimates])
    sarcastic = lines.sarcastic
    return {
        "n": len(value),
        "sarcastic_read_below_0": float((value[sarcastic] < 0).mean()),
        "meant_read_above_0": float((value[~sarcastic] > 0).mean()),
        "sarcastic_stated_frustrated": float(angry[sarcastic].mean()),
        "meant_stated_frustrated": float(angry[~sarcastic].mean()),
        "valence_r": pearson(lines.valence, value),
    }


def _pairs(
    chat: ChatLines, truth: Floats, value: Floats
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    order, right = [], []
    for pair in sorted(set(chat.pairs.tolist()) - {0}):
        plain, negated = np.flatnonzero(chat.pairs == pair)
        gap = (value[plain] - value[negated]) * np.sign(truth[plain] - truth[negated])
        order.append(gap > 0)
        right.append(gap >= APART and value[negated] * truth[negated] > 0)
    return np.array(order, bool), np.array(right, bool)


def _found(labels: NDArray[np.bool_], estimates: list[Estimate], name: str) -> dict[str, Any]:
    """Return recall and precision of what is stated, and the share of lines left open."""
    agreed = np.flatnonzero((labels == labels[:, :1]).all(axis=1))
    truth = labels[agreed, 0]
    odds = np.array([estimates[row].features.get(name, np.nan) for row in agreed])
    open_ = np.isnan(odds) & np.array([estimates[row].quality > 0 for row in agreed])
    stated = np.nan_to_num(odds) >= 0.5

    def recall(rows: NDArray[np.int64]) -> float:
        return float(stated[rows][truth[rows]].mean())

    rows = np.arange(len(agreed))
    return {
        "n": int(truth.sum()),
        "of": len(truth),
        "recall": asdict(bootstrap(recall, rows, rounds=ROUNDS)) if truth.any() else None,
        "precision": float(truth[stated].mean()) if stated.any() else None,
        "cannot_tell": float(open_.mean()),
    }


def _agreement(chat: ChatLines) -> dict[str, float]:
    return {
        "valence_r": pearson(chat.valence[:, 0], chat.valence[:, 1]),
        "frustration_kappa": _kappa(chat.frustrated.astype(np.int64)),
        "target_kappa": _kappa(chat.target),
    }


def _kappa(labels: NDArray[np.int64]) -> float:
    """Return Cohen's kappa of two columns."""
    first, second = labels[:, 0], labels[:, 1]
    same = float((first == second).mean())
    chance = sum(float((first == k).mean() * (second == k).mean()) for k in set(labels.ravel()))
    return (same - chance) / (1 - chance)


def _languages(reader: Reader, path: Path) -> dict[str, Any]:
    refused = {
        language: [reader(line).quality == 0 for line in lines]
        for language, lines in chat_languages(path).items()
    }
    return {
        "refused": float(np.mean([mark for marks in refused.values() for mark in marks])),
        "by_language": {language: float(np.mean(marks)) for language, marks in refused.items()},
    }


def _refused(reader: Reader, lines: Sequence[str]) -> dict[str, float]:
    estimates = [reader(line) for line in lines]
    return {
        "n": len(lines),
        "share": float(np.mean([estimate.quality == 0 for estimate in estimates])),
        "language_not_read": float(np.mean(["language_not_read" in e.reasons for e in estimates])),
    }
