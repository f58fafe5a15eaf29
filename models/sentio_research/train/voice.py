"""Fit the voice network on EmoDB and the EmoGator bursts and write its weights.

    python -m sentio_research.train.voice --data DIR --out DIR

Needs the extra ``train``; some minutes on two cores. Temperature and spreads come from speakers
left out of the fit; the figures of the card from ``sentio eval voice``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch

from sentio_models.runtime.onnx_session import OnnxSession
from sentio_research.data.voice import read
from sentio_research.fitting.voice import (
    COPIES,
    calibrate,
    export,
    fit,
    left_out,
    measure,
    spreads,
    unseen_logits,
)

TRAINED_ON = (
    "EmoDB (Burkhardt et al. 2005, CC0-1.0): 10 actors, German; "
    "bursts of EmoGator (Buhl 2023, Apache-2.0): 100 people"
)
EQUAL = 2e-3
"""Tolerated difference to the fitted network: weights have 16 bits."""


def main() -> None:
    """Fit, compare the ONNX file with the fitted network, and print its path."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of labelled data")
    parser.add_argument("--out", type=Path, required=True, help="folder for the weights")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    voices = read(given.data)
    rows = measure(voices, COPIES, given.seed)
    print(f"{len(rows.values)} rows of {len(voices.labels)} recordings", flush=True)

    folds = left_out(rows, voices, given.seed, lambda d, n: print(f"left out {d}/{n}", flush=True))
    outputs = unseen_logits(folds, rows, len(voices.labels))
    net = fit(rows, voices, np.ones(len(voices.labels), np.bool_), given.seed)
    net, outputs = calibrate(net, outputs, voices)
    path = export(net, given.out, spreads(outputs, voices), TRAINED_ON)

    session, worst = OnnxSession.shipped("voice", given.out), 0.0
    for values in rows.values[::50].astype(np.float32):
        with torch.no_grad():
            wanted = net(torch.from_numpy(values[None]))
        got = session.run({"statistics": values[None]})
        for name, tensor in zip(got, wanted, strict=True):
            worst = max(worst, float(np.abs(got[name] - tensor.numpy()).max()))
    if worst > EQUAL:
        raise SystemExit(f"ONNX differs from the fitted network by {worst}")
    print(f"{path}: ONNX equal within {worst:.1e}, temperature {net.temperature:.2f}")
    print(f"doubts {net.doubt.tolist()}, spreads {spreads(outputs, voices)}")


if __name__ == "__main__":
    main()
