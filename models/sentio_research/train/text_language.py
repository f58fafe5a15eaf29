"""Fit the network that separates English lines from others and write its weights.

    python -m sentio_research.train.text_language --data DIR --words DIR --out DIR

Needs the extra ``train``, and ``wordfreq/data`` of the package wordfreq (Speer 2022): lists of
words with their frequencies, of which lines are drawn. About one minute on one core.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from sentio_models.modalities.text.features import read
from sentio_models.modalities.text.language import LanguageGate
from sentio_models.runtime.manifest import Tensor
from sentio_models.runtime.onnx_session import OnnxSession
from sentio_research.data.chat import chat_lines
from sentio_research.data.chat_drawn import drawn_lines
from sentio_research.data.text import emobank, goemotions
from sentio_research.fitting import text_language as fitting
from sentio_research.fitting.shipping import ship

TRAINED_ON = (
    "Word frequencies of wordfreq (Speer 2022, CC BY-SA 4.0); GoEmotions (Demszky et al. 2020, "
    "Apache-2.0), EmoBank (Buechel & Hahn 2017, CC BY-SA 4.0) and this project's drawn chat lines "
    "as English"
)
REFUSED = 0.01
"""Share of GoEmotions' dev lines that the edge would refuse if no words were known."""

STRENGTH = 200.0
MOST, FEWER, ENGLISH = 5000, 1500, 15000
"""Lines that are drawn of languages often met in game chat, of others, and of English."""

OF_GAMES = 4000
"""English lines that are drawn of words of games, which are no evidence of another language."""

OFTEN = frozenset("de es fr it nl pl pt".split())


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of labelled data")
    parser.add_argument("--words", type=Path, required=True, help="wordfreq/data")
    parser.add_argument("--out", type=Path, required=True, help="folder for the weights")
    given = parser.parse_args()
    rng = np.random.default_rng(0)
    words = fitting.word_frequencies(given.words, fitting.ENGLISH)
    english = [*goemotions(given.data, "train").lines, *emobank(given.data, "train").lines]
    english += fitting.draw(words, ENGLISH, rng)
    english += drawn_lines(rng, chat_lines().lines).lines
    of_games = fitting.GAME_WORDS.read_text(encoding="utf-8").split()
    shares = np.ones(len(of_games))
    english += fitting.draw((of_games, shares), OF_GAMES, rng, words)
    others: list[str] = []
    for language in fitting.OTHERS:
        count = MOST if language in OFTEN else FEWER
        own = fitting.word_frequencies(given.words, language)
        others += fitting.draw(own, count, rng, words, of_games)
    truth = np.repeat([True, False], [len(english), len(others)])
    weights, offset = fitting.fit(fitting.matrix([*english, *others]), truth, STRENGTH)
    dev = goemotions(given.data, "dev").lines
    scores = fitting.matrix(dev) @ weights + offset
    ship(
        given.out,
        "text_language",
        fitting.to_onnx(weights, offset),
        modality="text",
        opset=fitting.OPSET,
        inputs=[Tensor("numbers", [1, -1], "features of a line's words")],
        outputs=[Tensor("english", [1, 1], "logarithm of the odds that it is English")],
        constants={"edge": float(np.quantile(scores, REFUSED))},
        trained_on=TRAINED_ON,
        preprocessing="sentio_models.modalities.text.language",
        card="models/cards/text.md",
    )
    gate = LanguageGate(OnnxSession.shipped("text_language", given.out))
    live = np.array([gate.score(read(line).tokens) for line in dev[:300]])
    print(f"edge {np.quantile(scores, REFUSED):.2f}")
    print(f"ONNX equal within {np.abs(live - scores[:300]).max():.2f} (logits)")


if __name__ == "__main__":
    main()
