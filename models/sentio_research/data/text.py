"""Read GoEmotions and EmoBank, and users' tables of lines."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelMissingError

Floats = NDArray[np.float64]

COARSE = ("anger", "disgust", "fear", "joy", "neutral", "sadness", "surprise")
"""Ekman's six and neutral, in the order of the data."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Lines with their labels or ratings.

    Attributes:
        lines: The texts.
        values: Shape ``(n, k)``: labels 0 or 1, or valence, arousal and dominance -1..1.
    """

    lines: list[str]
    values: Floats


def goemotions(data: Path, split: str, form: str = "ekman") -> Corpus:
    """Read a split of GoEmotions (``train``, ``dev``, ``test``).

    Args:
        data: Folder of ``text_goemotions/``.
        split: Name of the split.
        form: ``ekman`` (seven labels) or ``original`` (28).

    Raises:
        ModelMissingError: The data is missing.
    """
    count = len(COARSE) if form == "ekman" else 28
    lines, values = [], []
    for row in _open(data / "text_goemotions" / f"{form}_{split}.tsv").split("\n"):
        parts = row.split("\t")
        if len(parts) >= 2:
            marks = np.zeros(count)
            marks[[int(mark) for mark in parts[1].split(",")]] = 1
            lines.append(parts[0])
            values.append(marks)
    return Corpus(lines, np.array(values))


def labels_of(data: Path, form: str = "original") -> list[str]:
    """Return the names of GoEmotions' labels, in the order of the data.

    Raises:
        ModelMissingError: The data is not there.
    """
    return _open(data / "text_goemotions" / f"{form}_labels.txt").split()


def emobank(data: Path, split: str) -> Corpus:
    """Read a split of EmoBank; its ratings of 1..5 become -1..1.

    Raises:
        ModelMissingError: The data is missing.
    """
    text = _open(data / "text_emobank" / "emobank.csv")
    rows = [row for row in csv.DictReader(text.splitlines(keepends=True)) if row["split"] == split]
    values = np.array([[float(row[name]) for name in "VAD"] for row in rows])
    return Corpus([row["text"] for row in rows], (values - 3) / 2)


def table(path: Path) -> list[dict[str, str]]:
    """Read a user's CSV with the column ``text``.

    Raises:
        ModelMissingError: It is missing, or has no such column.
    """
    rows = list(csv.DictReader(_open(path).splitlines(keepends=True)))
    if not rows or "text" not in rows[0]:
        raise ModelMissingError(f"{path} has no column 'text'", "see docs/evaluation.md")
    return rows


def _open(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ModelMissingError(f"{path} cannot be read: {error}", "set --data DIR") from None
