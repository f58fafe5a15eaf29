"""Fit the head on a sentence encoder's numbers on EmoBank and write its weights.

    python -m sentio_research.train.text_encoded --data DIR --out DIR

Needs the extras ``train`` and ``text-encoder``. About fifteen minutes on one core, nearly all of
it for the encoder. Every choice is made on the dev split; the figures of the card come from
``sentio eval text``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from sentio_models.estimate import AFFECT
from sentio_models.modalities.text import TextEstimator
from sentio_models.modalities.text.encoder import FILE, SHA256, WIDTH, SentenceEncoder
from sentio_models.runtime.manifest import Tensor
from sentio_models.runtime.onnx_session import OnnxSession
from sentio_research.data.text import emobank
from sentio_research.fitting.shipping import ship
from sentio_research.fitting.text_encoded import OPSET, Lines, fit, to_onnx

from .text import WRITER

TRAINED_ON = (
    "EmoBank (Buechel & Hahn 2017, CC BY-SA 4.0), on multilingual-e5-small (Wang et al. 2024, MIT)"
)


def lines(data: Path, split: str) -> Lines:
    """Read a split as inputs and targets of the head."""
    corpus, encoder, plain = emobank(data, split), SentenceEncoder(), TextEstimator()
    outputs = []
    for line in corpus.lines:
        readings = plain.read(line).readings
        outputs.append([readings[n].mean if readings else np.nan for n in AFFECT])
    encoding = np.array([encoder.encode(line) for line in corpus.lines], np.float64)
    print(f"{split}: {len(outputs)} lines", flush=True)
    return Lines(encoding, np.array(outputs), corpus.values)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of labelled data")
    parser.add_argument("--out", type=Path, required=True, help="folder for the weights")
    given = parser.parse_args()
    dev = lines(given.data, "dev")
    train = lines(given.data, "train")
    head, errors = fit(train, dev)
    path = ship(
        given.out,
        "text_encoded",
        to_onnx(head),
        modality="text",
        opset=OPSET,
        inputs=[
            Tensor("encoding", [1, WIDTH], f"of length 1, by {FILE}, SHA-256 {SHA256}"),
            Tensor("plain", [1, 3], "-1..1, by the network text", list(AFFECT)),
        ],
        outputs=[Tensor("affect", [1, 3], "-1..1", list(AFFECT))],
        constants={
            "sd": {n: float(np.hypot(e, WRITER)) for n, e in zip(AFFECT, errors, strict=True)},
            "usual": np.nanmean(train.plain, axis=0).tolist(),
        },
        trained_on=TRAINED_ON,
        preprocessing="sentio_models.modalities.text.encoder",
        card="models/cards/text.md",
    )
    session = OnnxSession.shipped("text_encoded", given.out)
    row = np.flatnonzero(np.isfinite(dev.plain[:, 0]))[0]
    inputs = {"encoding": dev.encoding[row][None], "plain": dev.plain[row][None]}
    predicted = session.run({k: v.astype(np.float32) for k, v in inputs.items()})["affect"][0]
    difference = float(np.abs(predicted - head.affect(dev.encoding[row], dev.plain[row])).max())
    if difference > 1e-4:
        raise SystemExit(f"ONNX differs from the fitted head by {difference}")
    print(f"{path}: ONNX equal within {difference:.1e}, errors {errors.round(3).tolist()}")


if __name__ == "__main__":
    main()
