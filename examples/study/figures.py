"""Draw the result: each person's change, and the course over a condition.

Intervals are those of the comparison within people: each person's own level is taken out first
(Morey 2008, Tutorials in Quantitative Methods for Psychology 4).
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import plan
from matplotlib.figure import Figure
from scipy import stats

COLOURS = {"adapted": "#0072B2", "control": "#D55E00"}
"""Colours that people with colour blindness can distinguish (Okabe & Ito 2008)."""


LABELS = {
    "stress": "stress (0 to 1)",
    "arousal": "arousal (-1 to 1)",
    "valence": "valence (-1 to 1)",
    "heart_rate_change": "heart rate, change from rest (beats/min)",
}


def within(table: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return mean and half of the 95 % interval within people by condition."""
    wide = table.pivot_table(index="participant", columns="condition", values=measure).dropna()
    people, conditions = wide.shape
    own = wide.sub(wide.mean(axis=1), axis=0) * (conditions / (conditions - 1)) ** 0.5
    half = own.sem() * stats.t.ppf(0.975, max(people - 1, 1))
    return pd.DataFrame({"mean": wide.mean(), "half": half})


def people(table: pd.DataFrame, measure: str, path: Path) -> None:
    """Draw a line for each person between the conditions, and the means."""
    figure = Figure(figsize=(3.5, 3.5), layout="constrained")
    axis = figure.subplots()
    wide = table.pivot_table(index="participant", columns="condition", values=measure).dropna()
    for _, row in wide.iterrows():
        axis.plot([0, 1], [row[c] for c in plan.CONDITIONS], color="0.7", lw=0.8, marker="o", ms=2)
    found = within(table, measure).loc[list(plan.CONDITIONS)]
    axis.errorbar([0, 1], found["mean"], found["half"], color="k", capsize=3, lw=1.5)
    axis.set_xticks([0, 1], plan.CONDITIONS)
    axis.set_xlim(-0.3, 1.3)
    axis.set_ylabel(LABELS.get(measure, measure.replace("_", " ")))
    figure.savefig(path, dpi=200)


def course(table: pd.DataFrame, measure: str, path: Path) -> None:
    """Draw the mean over people and its interval, by second of the condition."""
    figure = Figure(figsize=(6, 3), layout="constrained")
    axis = figure.subplots()
    seconds = {second: within(part, measure) for second, part in table.groupby("second")}
    whole = pd.concat(seconds, names=["second", "condition"])
    for condition in plan.CONDITIONS:
        part = whole.xs(condition, level="condition")
        low, high = part["mean"] - part["half"], part["mean"] + part["half"]
        axis.plot(part.index, part["mean"], color=COLOURS[condition], label=condition)
        axis.fill_between(part.index, low, high, color=COLOURS[condition], alpha=0.2, lw=0)
    axis.set_xlabel("seconds since the condition began")
    axis.set_ylabel(LABELS.get(measure, measure.replace("_", " ")))
    axis.legend(frameon=False)
    figure.savefig(path, dpi=200)
