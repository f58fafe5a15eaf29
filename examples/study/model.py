"""Fit a mixed model: `python model.py out/measures.csv`.

    measure ~ condition + position + (1 | participant)

Each person has a level of their own; `position` is the order effect. With statsmodels
(`pip install 'sentio-affect[study]'`) by restricted maximum likelihood, else a paired t test. Of
several visits of a person the mean counts.
"""

from __future__ import annotations

import argparse
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

LEAST = 3
"""People in both conditions from which a model is fitted."""

OUTCOMES = ("stress", "arousal", "valence", "heart_rate_change")


@dataclass(frozen=True)
class Effect:
    """Effect of the control condition against the adapted one."""

    measure: str
    how: str
    estimate: float
    low: float
    high: float
    p: float
    people: int

    def line(self) -> str:
        if self.people < LEAST:
            return f"{self.measure:18} {self.people} people, {self.how}"
        return (
            f"{self.measure:18} {self.estimate:+.3f} (95 % {self.low:+.3f} to {self.high:+.3f}), "
            f"p {self.p:.2g}, {self.people} people, {self.how}"
        )


def effect(table: pd.DataFrame, measure: str) -> Effect:
    """Fit one measure; people without it in a condition are left out."""
    known = table.dropna(subset=[measure])
    visits = known.groupby(["participant", "condition"], as_index=False)
    known = visits[[measure, "position"]].mean()
    complete = known.groupby("participant").filter(lambda part: len(part) == 2)
    people = complete["participant"].nunique()
    if people < LEAST:
        return Effect(measure, f"under {LEAST}: no model", *[float("nan")] * 4, people)
    try:
        import statsmodels.formula.api as smf
    except ImportError:
        return _paired(complete, measure)
    data = complete.assign(control=(complete["condition"] == "control").astype(float))
    balanced = data.groupby("condition")["position"].nunique().min() > 1
    order = " + C(position)" if balanced else ""
    with warnings.catch_warnings():
        # A variance between people of 0 is at the boundary; no convergence is stated below.
        warnings.simplefilter("ignore")
        model = smf.mixedlm(f"{measure} ~ control{order}", data, groups=data["participant"])
        fitted = model.fit(reml=True)
    low, high = fitted.conf_int().loc["control"]
    how = "mixed model" if balanced else "mixed model without the order: all had the same"
    how += "" if fitted.converged else ", which did not converge"
    return Effect(
        measure, how, float(fitted.params["control"]), float(low), float(high),
        float(fitted.pvalues["control"]), people,
    )  # fmt: skip


def _paired(complete: pd.DataFrame, measure: str) -> Effect:
    wide = complete.pivot(index="participant", columns="condition", values=measure)
    difference = (wide["control"] - wide["adapted"]).to_numpy()
    test = stats.ttest_1samp(difference, 0.0)
    interval = test.confidence_interval()
    return Effect(
        measure, "paired t test (statsmodels is not installed)", float(np.mean(difference)),
        float(interval.low), float(interval.high), float(test.pvalue), len(difference),
    )  # fmt: skip


def effects(table: pd.DataFrame) -> list[Effect]:
    return [effect(table, measure) for measure in OUTCOMES]


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("measures", type=Path)
    chosen = options.parse_args()
    for found in effects(pd.read_csv(chosen.measures, dtype={"participant": str})):
        print(found.line())
