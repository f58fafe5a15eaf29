"""Fit the EEG workload head on EEGMAT; write the weights of both EEG models.

    python -m sentio_research.train.eeg --data DIR --out DIR

Needs the extra ``train``. Less than a minute on two cores. The deviation that the estimator
reports comes from left-out people; the figures of the card from ``sentio eval eeg``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from sentio_models.runtime.onnx_session import OnnxSession
from sentio_research.data.eeg import eegmat, measure_recording
from sentio_research.evaluation.eeg_workload import Folds
from sentio_research.fitting.eeg import Recipe, devices, fit, prior_of, sessions, ship_head
from sentio_research.fitting.indices import indices

TRAINED_ON = "EEGMAT (Zyma et al. 2019, ODC-By 1.0): 36 people, 19 channels"


def main() -> None:
    """Fit, compare the ONNX file with the fitted head, and print its path."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of labelled data")
    parser.add_argument("--out", type=Path, required=True, help="folder for the weights")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    recipe = Recipe(seed=given.seed)
    measured = [measure_recording(recording) for recording in eegmat(given.data)]
    labels = measured[0].labels
    prior = prior_of(measured, labels)
    by_device = [sessions(measured, one, prior) for one in devices(labels, recipe)]
    head = fit([rows for one in by_device for rows in one.values()], prior, recipe)
    unseen = Folds(measured, recipe).predict(labels)
    path = ship_head(given.out, head, unseen.error(), TRAINED_ON)
    print(f"{indices(given.out)}: published formulas")

    inputs = next(iter(by_device[0].values())).inputs.astype(np.float32)
    predicted = OnnxSession.shipped("eeg_workload", given.out).run({"change": inputs})["workload"][
        :, 0
    ]
    difference = float(np.abs(predicted - head.workload(inputs.astype(np.float64))).max())
    if difference > 1e-5:
        raise SystemExit(f"ONNX differs from the fitted head by {difference}")
    area = unseen.figures()["auc"]
    print(f"{path}: ONNX equal within {difference:.1e}, AUC of left-out people {area}")


if __name__ == "__main__":
    main()
