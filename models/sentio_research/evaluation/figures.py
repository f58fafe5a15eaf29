"""Draw the figures of model cards: confusion, calibration, ROC, spread.

Each function writes one PNG; matplotlib (extra ``report``) is imported when the first is drawn,
without window system and global state.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelMissingError
from sentio_research.metrics import auc, ece

INK = "#1f2a44"
ACCENT = "#2a6fdb"
MUTED = "#9aa5b8"
LINES = ("#2a6fdb", "#d1495b", "#2e8b57", "#8a5fbf", "#c98a1b", "#4a4e69")
"""Colours that differ in print and for most colour-blind readers, darkest first."""


def _figure(width: float, height: float) -> tuple[Any, Any]:
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        raise ModelMissingError(
            "figures need matplotlib, which is not installed", "pip install 'sentio-affect[report]'"
        ) from None
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(MUTED)
    axes.tick_params(colors=INK, labelsize=9)
    return figure, axes


def _save(figure: Any, axes: Any, path: Path, title: str) -> None:
    axes.set_title(title, color=INK, fontsize=11, loc="left")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=130, metadata={"Software": None})  # the same bytes every time


def confusion_figure(
    table: NDArray[np.int64], labels: Sequence[str], path: Path, title: str
) -> None:
    """Draw a confusion matrix as shares of the true class, with counts.

    Args:
        table: Shape ``(n, n)``, rows are the truth (``metrics.confusion``).
        labels: A name for each class.
        path: PNG to write; its folder is created.
        title: One line above the picture.

    Raises:
        ModelMissingError: matplotlib is not installed.
    """
    size = 1.6 + 0.72 * len(labels)
    figure, axes = _figure(size + 0.4, size)
    shares = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row, column in np.ndindex(*table.shape):
        share = shares[row, column]
        axes.text(
            column,
            row,
            f"{share:.2f}\n({table[row, column]})",
            ha="center",
            va="center",
            fontsize=7.5,
            color="white" if share > 0.55 else INK,
        )
    axes.set_xticks(range(len(labels)), labels, rotation=35, ha="right")
    axes.set_yticks(range(len(labels)), labels)
    axes.set_xlabel("predicted by the model", color=INK)
    axes.set_ylabel("truth", color=INK)
    _save(figure, axes, path, title)


def reliability_figure(
    truth: NDArray[np.int64],
    probabilities: NDArray[np.float64],
    path: Path,
    title: str,
    bins: int = 15,
) -> None:
    """Draw the accuracy of the model over its confidence.

    Args:
        truth: Class of each row.
        probabilities: Shape ``(n, classes)``.
        path: PNG to write.
        title: One line above the picture.
        bins: Equal-width confidence bins; a bar's opacity is its share of the rows.

    Raises:
        ModelMissingError: matplotlib is not installed.
    """
    figure, axes = _figure(4.6, 4.2)
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    bin_of = np.minimum((confidence * bins).astype(int), bins - 1)
    counts = np.bincount(bin_of, minlength=bins)
    hits = np.bincount(bin_of, weights=right, minlength=bins)
    there = counts > 0
    middle = (np.arange(bins) + 0.5) / bins
    solid = 0.25 + 0.75 * np.sqrt(counts / counts.max())
    share = hits / np.maximum(counts, 1)
    for index in np.flatnonzero(there):
        axes.bar(
            middle[index], share[index], width=0.9 / bins, color=ACCENT, alpha=float(solid[index])
        )
    axes.plot([0, 1], [0, 1], color=MUTED, lw=1, ls="--")
    axes.text(0.03, 0.93, f"ECE {ece(truth, probabilities, bins):.3f}", color=INK, fontsize=9)
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.set_xlabel("confidence of the winning class", color=INK)
    axes.set_ylabel("share that was right", color=INK)
    _save(figure, axes, path, title)


def roc_figure(
    curves: Mapping[str, tuple[NDArray[np.int64], NDArray[np.float64]]], path: Path, title: str
) -> None:
    """Draw one ROC curve for each name, with its area in the legend.

    Args:
        curves: By name, truth (0 or 1) and score of each row; curves with only one class are
            omitted.
        path: PNG to write.
        title: One line above the picture.

    Raises:
        ModelMissingError: matplotlib is not installed.
    """
    figure, axes = _figure(4.8, 4.4)
    drawable = {n: c for n, c in curves.items() if 0 < int(np.sum(c[0] == 1)) < len(c[0])}
    for index, (name, (truth, score)) in enumerate(drawable.items()):
        order = np.argsort(-score, kind="stable")
        last_of_tie = np.r_[np.flatnonzero(np.diff(score[order])), len(score) - 1]
        hits = np.cumsum(truth[order] == 1)[last_of_tie]
        alarms = np.cumsum(truth[order] != 1)[last_of_tie]
        axes.plot(
            np.r_[0, alarms / alarms[-1]],
            np.r_[0, hits / hits[-1]],
            color=LINES[index % len(LINES)],
            ls="-" if index < len(LINES) else ":",
            lw=1.6,
            label=f"{name}  {auc(truth, score):.3f}",
        )
    axes.plot([0, 1], [0, 1], color=MUTED, lw=1, ls="--")
    axes.set(xlim=(0, 1), ylim=(0, 1.005))
    axes.set_xlabel("false alarms", color=INK)
    axes.set_ylabel("hits", color=INK)
    if drawable:
        axes.legend(loc="lower right", frameon=False, fontsize=8, title="area")
    _save(figure, axes, path, title)


def spread_figure(per_subject: Mapping[str, float], path: Path, title: str, unit: str) -> None:
    """Draw one figure per person, sorted, with the median.

    Args:
        per_subject: The figure by person (or by condition); NaN entries are omitted.
        path: PNG to write.
        title: One line above the picture.
        unit: Label of the axis.

    Raises:
        ModelMissingError: matplotlib is not installed.
    """
    known = {n: v for n, v in per_subject.items() if np.isfinite(v)}
    names = sorted(known, key=lambda n: known[n])
    values = np.array([known[n] for n in names])
    figure, axes = _figure(max(4.8, 1.2 + 0.26 * len(names)), 3.4)
    axes.bar(range(len(names)), values, color=ACCENT, width=0.75)
    if len(values):
        median = float(np.median(values))
        axes.axhline(median, color=LINES[1], lw=1)
        axes.text(-0.5, median, f"median {median:.2f}", color=LINES[1], fontsize=8, va="bottom")
    axes.set_xticks(range(len(names)), names, rotation=60, ha="right", fontsize=7)
    axes.set_ylabel(unit, color=INK)
    _save(figure, axes, path, title)
