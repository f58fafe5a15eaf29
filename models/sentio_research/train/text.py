"""Fit the text model on GoEmotions and EmoBank and write its weights.

    python -m sentio_research.train.text --data DIR --out DIR

Needs the extra ``train``. About five minutes on one core. Every choice is made on the dev
splits; the figures of the card come from ``sentio eval text``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentio_models.estimate import AFFECT, EMOTIONS
from sentio_models.runtime.manifest import Tensor
from sentio_models.runtime.onnx_session import OnnxSession
from sentio_research.data.text import COARSE, emobank, goemotions
from sentio_research.fitting import text as fitting
from sentio_research.fitting.shipping import ship
from sentio_research.fitting.text_export import OPSET, to_onnx
from sentio_research.metrics import macro_f1_of_labels

Floats = NDArray[np.float64]

TRAINED_ON = (
    "GoEmotions (Demszky et al. 2020, Apache-2.0) and EmoBank (Buechel & Hahn 2017, CC BY-SA 4.0)"
)
WRITER = 0.3
"""Standard deviation, on -1..1, between expressed affect and the writer's affect: an assumption,
since the writers were not asked."""

EQUAL = 0.05
"""Tolerated difference of a probability to the fitted network: weights have 8 bits."""


def sharpness_of(shares: Floats, labels: Floats) -> float:
    """Return the exponent with the highest likelihood on lines with one label."""
    one = labels.sum(axis=1) == 1
    truth = labels[one].argmax(axis=1)

    def loss(power: float) -> float:
        raised = shares[one] ** power
        raised /= raised.sum(axis=1, keepdims=True)
        return float(-np.log(raised[np.arange(len(truth)), truth] + 1e-9).mean())

    return min((p / 20 for p in range(8, 41)), key=loss)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of labelled data")
    parser.add_argument("--out", type=Path, required=True, help="folder for the weights")
    given = parser.parse_args()
    coarse = {s: goemotions(given.data, s) for s in ("train", "dev")}
    fine = goemotions(given.data, "train", "original")
    bank = {s: emobank(given.data, s) for s in ("train", "dev")}

    numbered = fitting.features(coarse["train"].lines)
    rarity = fitting.rarity_of([*numbered, *fitting.features(bank["train"].lines)])
    met = fitting.met_of([*coarse["train"].lines, *bank["train"].lines])
    weight = np.asarray(rarity * fitting.RARITY_STEP, np.float64)
    x = fitting.matrix(numbered, weight)
    fine_head = fitting.fit_emotions(x, fine.values, 2.0, scaled=False)
    print("fitted 28 emotions", flush=True)
    coarse_head = fitting.fit_emotions(x, coarse["train"].values, 2.0, scaled=True)
    print("fitted 7 emotions", flush=True)

    dev = fitting.matrix(fitting.features(coarse["dev"].lines), weight)
    shares = fitting.sigmoid(dev @ coarse_head[0] + coarse_head[1])
    truth = coarse["dev"].values
    edges = fitting.thresholds(shares, truth)
    print(f"dev macro-F1 {macro_f1_of_labels(truth, shares > edges):.4f}", flush=True)
    affect, bends, errors = fitting.fit_affect(bank["train"], bank["dev"], weight, fine_head)
    heads = fitting.Heads(fine_head, coarse_head, affect, bends)

    path = ship(
        given.out,
        "text",
        to_onnx(heads, rarity, met, sharpness_of(shares, truth)),
        modality="text",
        opset=OPSET,
        inputs=[
            Tensor("numbers", [1, -1], "features of a line, each once"),
            Tensor("counts", [1, -1], "how often each occurs"),
            Tensor("places", [1, -1], "two places in the filter of words for each"),
        ],
        outputs=[
            Tensor("labels", [1, len(COARSE)], "probability of each", list(COARSE)),
            Tensor("emotions", [1, len(EMOTIONS)], "probability", list(EMOTIONS)),
            Tensor("affect", [1, 3], "-1..1", list(AFFECT)),
            Tensor("seen", [1, -1], "1 where the place in the filter of words is taken"),
        ],
        constants={
            "edges": dict(zip(COARSE, edges.tolist(), strict=True)),
            "sd": {
                name: float(np.hypot(error, WRITER))
                for name, error in zip(AFFECT, errors, strict=True)
            },
        },
        trained_on=TRAINED_ON,
        preprocessing="sentio_models.modalities.text.features",
        card="models/cards/text.md",
    )
    worst = compare(OnnxSession.shipped("text", given.out), coarse["dev"].lines[:300], shares[:300])
    if worst > EQUAL:
        raise SystemExit(f"ONNX differs from the fitted network by {worst}")
    print(f"{path}: ONNX equal within {worst:.1e}, errors {errors.round(3).tolist()}")


def compare(session: OnnxSession, lines: list[str], shares: Floats) -> float:
    """Return the largest difference of label probabilities, ONNX to fitted network."""
    worst = 0.0
    for numbers, wanted in zip(fitting.features(lines), shares, strict=True):
        different, counts = np.unique(numbers, return_counts=True)
        if len(different):
            got = session.run(
                {
                    "numbers": different[None],
                    "counts": counts[None].astype(np.float32),
                    "places": np.zeros((1, 2), np.int64),
                }
            )
            worst = max(worst, float(np.abs(got["labels"][0] - wanted).max()))
    return worst


if __name__ == "__main__":
    main()
