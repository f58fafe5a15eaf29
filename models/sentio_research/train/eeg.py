"""Fit the EEG workload head on EEGMAT; write the weights of both EEG models.

    python -m sentio_research.train.eeg --data DIR --out DIR

Needs the extra ``train``. About two minutes on one core. The deviation that the estimator
reports comes from left-out people; the figures of the card from ``sentio eval eeg``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from sentio_models.modalities.eeg.workload import INPUTS
from sentio_models.runtime.onnx_session import OnnxSession
from sentio_research.data.eeg import eegmat, measure_recording, worn_copies
from sentio_research.data.eeg_caps import CAPS
from sentio_research.evaluation.eeg_workload import Folds
from sentio_research.fitting.eeg import Recipe, ship_head

TRAINED_ON = (
    "EEGMAT (Zyma et al. 2019, ODC-By 1.0): 36 people, simulated caps of 1 to 8 of 19 sites"
)


def main() -> None:
    """Fit, compare the ONNX file with the fitted head, and print its path."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of labelled data")
    parser.add_argument("--out", type=Path, required=True, help="folder for the weights")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    recordings = list(eegmat(given.data))
    measured = [measure_recording(recording) for recording in recordings]
    folds = Folds(measured, worn_copies(recordings, given.seed), Recipe(seed=given.seed))
    head = folds.final()
    path = ship_head(given.out, head, TRAINED_ON)

    rows = np.random.default_rng(0).normal(0, 1, (64, len(INPUTS))).astype(np.float32)
    scores = OnnxSession.shipped("eeg_workload", given.out).run({"change": rows})["score"][:, 0]
    difference = float(np.abs(scores - rows.astype(np.float64) @ head.weights).max())
    if difference > 1e-4:
        raise SystemExit(f"ONNX differs from the fitted head by {difference}")
    print(f"{path}: ONNX equal within {difference:.1e}; {head.expected}")
    for name, cap in CAPS.items():
        figures = folds.predict(cap).figures()
        area, order = figures["auc_both_orders"]["value"], figures["auc_work_first"]["value"]
        inside = figures["coverage_95"]
        print(f"{name}: AUC {area:.3f}, work first {order:.3f}, within 95 % {inside:.3f}")


if __name__ == "__main__":
    main()
