"""Fit the text model on GoEmotions and EmoBank and write its weights.

    python -m sentio_research.train.text --data DIR --lexicon FILE --out DIR

Needs the extras ``train`` and ``text-encoder``, and ``vader_lexicon.txt`` of the package
vaderSentiment (Hutto & Gilbert 2014, MIT). About ten minutes on one core. Every choice is made
on the dev splits and on the development chat lines; the figures of the card come from ``sentio
eval text``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sentio_models.estimate import AFFECT, EMOTIONS
from sentio_models.modalities.text.encoder import SentenceEncoder
from sentio_models.modalities.text.estimator import TextEstimator
from sentio_models.modalities.text.features import feed, read
from sentio_models.runtime.manifest import Tensor
from sentio_models.runtime.onnx_session import OnnxSession
from sentio_research.data.chat import WORDS_FILE, ChatLines, chat_dev, chat_lines, sarcasm_lines
from sentio_research.data.chat_drawn import DrawnLines, drawn_lines
from sentio_research.data.chat_negated import negated_lines
from sentio_research.data.text import COARSE, emobank, goemotions, labels_of
from sentio_research.fitting import text as fitting
from sentio_research.fitting import text_chat as chat
from sentio_research.fitting.shipping import ship
from sentio_research.fitting.text_agreement import valence_of_emotions
from sentio_research.fitting.text_export import OPSET, Network, to_onnx
from sentio_research.metrics import macro_f1_of_labels

Floats = NDArray[np.float64]

TRAINED_ON = (
    "GoEmotions (Demszky et al. 2020, Apache-2.0), EmoBank (Buechel & Hahn 2017, CC BY-SA 4.0), "
    "VADER's word list (Hutto & Gilbert 2014, MIT), chat lines drawn from templates of this project"
)
ANGER = ("frustration", "anger_at_game", "anger_at_people")
SEED = 1
PART = 4
"""One of this number of GoEmotions lines goes into the heads of chat."""

NEGATED = 2000
"""Negated words that are fitted on, one line each."""

PRECISE = 0.8
MISSED = 0.1
"""See ``set_anger``."""

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
    parser.add_argument("--lexicon", type=Path, required=True, help="vader_lexicon.txt")
    parser.add_argument("--out", type=Path, required=True, help="folder for the weights")
    parser.add_argument("--keep", type=Path, help="take emotions fitted before, or keep them")
    given = parser.parse_args()
    coarse = {s: goemotions(given.data, s) for s in ("train", "dev")}
    fine = goemotions(given.data, "train", "original")
    bank = {s: emobank(given.data, s) for s in ("train", "dev")}
    moods = chat.word_moods(given.lexicon, WORDS_FILE)
    drawn = lines_of_chat(moods)

    counted = {
        "fine": fitting.features(fine.lines),
        "bank": fitting.features(bank["train"].lines),
        "chat": fitting.features(drawn.lines),
    }
    # Lines that are labelled for valence alone change no feature of the other heads.
    whole = np.flatnonzero(drawn.anger_known)
    usual = [*counted["fine"], *counted["bank"], *(counted["chat"][k] for k in whole)]
    rarity = fitting.rarity_of(usual)
    met = fitting.met_of([*fine.lines, *bank["train"].lines, *(drawn.lines[k] for k in whole)])
    weight = np.asarray(rarity * fitting.RARITY_STEP, np.float64)
    x = fitting.matrix(counted["fine"], weight)
    fine_head, coarse_head = emotion_heads(x, fine.values, coarse["train"].values, given.keep)

    dev = fitting.matrix(fitting.features(coarse["dev"].lines), weight)
    shares = fitting.sigmoid(dev @ coarse_head[0] + coarse_head[1])
    truth = coarse["dev"].values
    edges = fitting.thresholds(shares, truth)
    print(f"dev macro-F1 {macro_f1_of_labels(truth, shares > edges):.4f}", flush=True)

    known = chat.word_table(met, moods)

    def inputs(lines: list[str], counted: list[fitting.Counted] | None = None) -> chat.Inputs:
        return chat.inputs_of(lines, weight, fine_head, known, counted)

    part = slice(None, None, PART)
    fit = chat.HeadFit(
        inputs(bank["train"].lines, counted["bank"]),
        chat.smoothed(bank["train"].values, encoded(bank["train"].lines)),
        inputs(drawn.lines, counted["chat"]),
        drawn,
        inputs(fine.lines[part], counted["fine"][part]),
        fine.values[part],
        labels_of(given.data),
    )
    heads, errors = fit.fit(inputs(bank["dev"].lines), bank["dev"].values)
    tuning = chat_dev()
    denied = set_anger(heads, inputs(tuning.lines), tuning)
    wanted = heads.output(inputs(tuning.lines))
    network = Network(fine_head, coarse_head, heads, rarity, known, sharpness_of(shares, truth))

    path = ship(
        given.out,
        "text",
        to_onnx(network),
        modality="text",
        opset=OPSET,
        inputs=[
            Tensor("numbers", [1, -1], "features of a line, each once"),
            Tensor("amounts", [1, -1], "how much of each, below 0 where negated"),
            Tensor("places", [1, -1], "two places in the filter of words for each token"),
            Tensor("words", [1, -1], "two places for each word, slang and emoji spelt out"),
            Tensor("turns", [1, -1], "1 for each of these words, below 0 where negated"),
        ],
        outputs=[
            Tensor("labels", [1, len(COARSE)], "probability of each", list(COARSE)),
            Tensor("emotions", [1, len(EMOTIONS)], "probability", list(EMOTIONS)),
            Tensor("affect", [1, 3], "-1..1", list(AFFECT)),
            Tensor("anger", [1, 3], "probability of each", list(ANGER)),
            Tensor("seen", [1, -1], "1 where the place in the filter of words is taken"),
        ],
        constants={
            "edges": dict(zip(COARSE, edges.tolist(), strict=True)),
            "sd": {
                name: float(np.hypot(error, WRITER))
                for name, error in zip(AFFECT, errors, strict=True)
            },
            "denied": denied,
        },
        trained_on=TRAINED_ON,
        preprocessing="sentio_models.modalities.text.features",
        card="models/cards/text.md",
    )
    session = OnnxSession.shipped("text", given.out)
    worst = compare(session, coarse["dev"].lines[:300], shares[:300], "labels")
    angry = compare(session, tuning.lines, fitting.sigmoid(wanted[:, -3:]), "anger")
    if max(worst, angry) > EQUAL:
        raise SystemExit(f"ONNX differs from the fitted network by {worst}, {angry}")
    measured = valence_of_emotions(
        TextEstimator(session).read, fine.lines, coarse["train"].values, COARSE
    )
    print("valence by emotion, constants of text.agreement:", measured)
    print(f"{path}: ONNX equal within {worst:.1e}, errors {errors.round(3).tolist()}")


def lines_of_chat(moods: dict[str, float]) -> DrawnLines:
    """Draw the lines of chat to fit on: of templates, and negated words."""
    rng = np.random.default_rng(SEED)
    drawn = drawn_lines(rng, [*chat_lines().lines, *sarcasm_lines().lines])
    return drawn.with_(negated_lines(rng, moods, NEGATED, int(drawn.template.max()) + 1))


def encoded(lines: list[str]) -> Floats:
    """Return a sentence encoder's numbers for lines, about four minutes for EmoBank's."""
    encoder = SentenceEncoder()
    return np.array([encoder.encode(line) for line in lines], np.float64)


def emotion_heads(
    x: sparse.csr_matrix, fine: Floats, coarse: Floats, keep: Path | None
) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """Fit the heads of 28 and 7 emotions, or read them from ``keep``."""
    if keep is not None and keep.exists():
        with np.load(keep) as kept:
            return (kept["fine"], kept["fine_0"]), (kept["coarse"], kept["coarse_0"])
    fine_head = fitting.fit_emotions(x, fine, 2.0, scaled=False)
    print("fitted 28 emotions", flush=True)
    coarse_head = fitting.fit_emotions(x, coarse, 2.0, scaled=True)
    print("fitted 7 emotions", flush=True)
    if keep is not None:
        (fine, fine_0), (coarse, coarse_0) = fine_head, coarse_head
        np.savez(keep, fine=fine, fine_0=fine_0, coarse=coarse, coarse_0=coarse_0)
    return fine_head, coarse_head


def set_anger(heads: chat.Heads, inputs: chat.Inputs, tuning: ChatLines) -> dict[str, float]:
    """Shift frustration and its targets so that .5 is where they are stated.

    Stated from the lowest probability from which on ``PRECISE`` of the development lines are
    right.

    Returns:
        For each below what it is denied: ``MISSED`` of the right lines lie there.
    """
    denied = {}
    truths = (tuning.frustrated[:, 0], tuning.target[:, 0] == 1, tuning.target[:, 0] == 2)
    for column, name, truth in zip((5, 6, 7), ANGER, truths, strict=True):
        logits = heads.output(inputs)[:, column]
        steps = np.linspace(-3, 3, 61)
        good = [s for s in steps if truth[logits >= s].sum() >= PRECISE * (logits >= s).sum()]
        edge = float(min(good, default=3.0))
        heads.offsets[column] -= edge
        denied[name] = min(0.5, float(np.quantile(fitting.sigmoid(logits - edge)[truth], MISSED)))
        caught = float((logits[truth] >= edge).mean())
        print(f"chat dev, {name}: logit {edge:.1f} becomes 0, recall {caught:.2f}", flush=True)
    return denied


def compare(session: OnnxSession, lines: list[str], wanted: Floats, output: str) -> float:
    """Return the largest difference of probabilities between ONNX and what was fitted."""
    worst = 0.0
    for line, row in zip(lines, wanted, strict=True):
        found = read(line)
        if found.tokens:
            worst = max(worst, float(np.abs(session.run(feed(found))[output][0] - row).max()))
    return worst


if __name__ == "__main__":
    main()
