"""Fit arousal from input statistics on League of Legends and write its weights.

    python -m sentio_research.train.game --data DIR --out DIR

Needs the extra ``train``. Half a minute on one core. The figures of the card come from
``sentio eval game``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from sentio_models.runtime.onnx_session import OnnxSession
from sentio_research.data.game import league
from sentio_research.evaluation.game import unseen
from sentio_research.fitting.game import AFFECT_SD, fit, prior_of, rows_of, ship_model

TRAINED_ON = "eSports Sensors Dataset (Smerdov et al. 2020, CC BY 4.0): ten matches of five seats"


def main() -> None:
    """Fit, compare the ONNX file with the weights, and print its path."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of labelled data")
    parser.add_argument("--out", type=Path, required=True, help="folder for the weights")
    given = parser.parse_args()
    plays = list(league(given.data))
    prior = prior_of(plays)
    rows = [rows_of(play, prior) for play in plays]
    weights = fit(rows)

    # What the sign of unseen players' changes leaves of the spread of arousal.
    explained = []
    for r, score in zip(rows, unseen(rows), strict=True):
        for label in r.labels.values():
            side = np.tanh(score / 2.0)
            explained.append(float(np.mean((2 * label - 1) * side)))
    share = max(0.0, float(np.mean(explained)))
    sd = AFFECT_SD * float(np.sqrt(1.0 - (0.8 * share) ** 2))
    path = ship_model(given.out, weights, prior, sd, TRAINED_ON)

    inputs = rows[0].inputs.astype(np.float32)
    shipped = OnnxSession.shipped("game_input", given.out).run({"activity": inputs})
    expected = 0.8 * AFFECT_SD * np.tanh(inputs.astype(np.float64) @ weights / 2.0)
    difference = float(np.abs(shipped["arousal"][:, 0] - expected).max())
    if difference > 1e-5:
        raise SystemExit(f"ONNX differs from the fitted model by {difference}")
    print(f"{path}: ONNX equal within {difference:.1e}, share {share:.4f}, deviation {sd:.4f}")
    print(dict(zip(prior, weights.round(4).tolist(), strict=True)))


if __name__ == "__main__":
    main()
