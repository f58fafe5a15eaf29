"""Draw the result: each person's change, and the course over a condition."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import plan
from matplotlib.figure import Figure

COLOURS = {"adapted": "#0072B2", "control": "#D55E00"}
"""Colours that people with colour blindness can distinguish (Okabe & Ito 2008)."""


def people(table: pd.DataFrame, measure: str, path: Path) -> None:
    """Draw a line for each person between the two conditions, and the means."""
    figure = Figure(figsize=(3.5, 3.5), layout="constrained")
    axis = figure.subplots()
    wide = table.pivot(index="participant", columns="condition", values=measure)
    for _, row in wide.iterrows():
        axis.plot([0, 1], [row[c] for c in plan.CONDITIONS], color="0.7", lw=0.8, marker="o", ms=2)
    axis.errorbar(
        [0, 1], [wide[c].mean() for c in plan.CONDITIONS],
        [1.96 * wide[c].sem() for c in plan.CONDITIONS], color="k", capsize=3, lw=1.5,
    )  # fmt: skip
    axis.set_xticks([0, 1], plan.CONDITIONS)
    axis.set_xlim(-0.3, 1.3)
    axis.set_ylabel(measure.replace("_", " "))
    figure.savefig(path, dpi=200)


def course(table: pd.DataFrame, measure: str, path: Path) -> None:
    """Draw the mean over people and its 95 % interval, by second of the condition."""
    figure = Figure(figsize=(6, 3), layout="constrained")
    axis = figure.subplots()
    for condition, part in table.groupby("condition"):
        by = part.groupby("second")[measure]
        mean, error = by.mean(), 1.96 * by.sem()
        colour = COLOURS[str(condition)]
        axis.plot(mean.index, mean, color=colour, label=condition)
        axis.fill_between(mean.index, mean - error, mean + error, color=colour, alpha=0.2, lw=0)
    axis.set_xlabel("seconds since the condition began")
    axis.set_ylabel(measure.replace("_", " "))
    axis.legend(frameon=False)
    figure.savefig(path, dpi=200)
