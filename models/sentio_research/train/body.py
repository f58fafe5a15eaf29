"""Fit the body head on Stress-Predict and CogWear and write its weights.

    python -m sentio_research.train.body --data DIR --out DIR

Needs the extra ``train``. About six minutes on two cores. The spread that the estimator reports
comes from people left out of the fit; the figures of the card from ``sentio eval body``.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sentio_models.runtime.onnx_session import OnnxSession
from sentio_research.data.body import Rows, cogwear, replay, stress_predict
from sentio_research.evaluation.body_unseen import left_out
from sentio_research.fitting.body import Recipe, fit, inputs_of, ship_head

TRAINED_ON = (
    "Stress-Predict (Iqbal et al. 2022, MIT): 34 people; contains information from CogWear "
    "(Grzeszczyk et al. 2023, ODbL): 24 people; Empatica E4"
)


def main() -> None:
    """Fit, compare the ONNX file with the fitted head, and print its path."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of labelled data")
    parser.add_argument("--out", type=Path, required=True, help="folder for the weights")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    sessions = [*stress_predict(given.data), *cogwear(given.data)]
    people = [r for r in map(replay, sessions) if (r.labels >= 0).any()]
    print(export(people, given.out, given.seed))


def export(people: Sequence[Rows], out: Path, seed: int = 0) -> str:
    """Fit and write the head; return where it is and how well it was checked.

    Raises:
        SystemExit: The ONNX file differs from the fitted head.
    """
    head = fit(people, Recipe(seed=seed))
    heads = left_out(people, lambda done, of: print(f"left out {done} of {of}", flush=True))
    off = []
    for rows in people:
        one = heads[rows.person]
        predicted = one.stress(inputs_of(rows.features, one.prior))
        known = rows.labels >= 0
        share = np.bincount(rows.labels[known], minlength=2)
        weight = 1 / np.maximum(share, 1)[rows.labels[known]]
        off.append(np.average((predicted[known] - rows.labels[known]) ** 2, weights=weight))
    sd = float(np.sqrt(np.mean(off)))
    # Arousal spans -1..1, stress 0..1: the same error is twice as large.
    path = ship_head(out, head, {"stress": sd, "arousal": 2 * sd}, TRAINED_ON)

    inputs = inputs_of(people[0].features, head.prior).astype(np.float32)
    shipped = OnnxSession.shipped("body", out).run({"features": inputs})["stress"][:, 0]
    difference = float(np.abs(shipped - head.stress(inputs.astype(np.float64))).max())
    if difference > 1e-5:
        raise SystemExit(f"ONNX differs from the fitted head by {difference}")
    return f"{path}: ONNX equal within {difference:.1e}, error of left-out people {sd:.3f}"


if __name__ == "__main__":
    main()
