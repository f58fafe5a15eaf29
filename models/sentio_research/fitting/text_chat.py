"""Fit the text network's heads of affect, frustration and target."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sentio_models.errors import ModelMissingError
from sentio_models.modalities.text.features import BUCKETS, WORDS, places, read, spelt_out
from sentio_research.data.chat import TARGETS
from sentio_research.data.chat_drawn import DrawnLines
from sentio_research.fitting.text import Counted, bent, features, matrix

Floats = NDArray[np.float64]

OUTPUTS = (
    "valence",
    "arousal",
    "dominance",
    "chat_valence",
    "chat",
    "frustrated",
    "game",
    "people",
)
"""Heads: ratings of EmoBank; valence of chat; whether a line is chat; frustration; its targets."""

MOOD_STEP = 1 / 30
"""Valence of a word is kept in even steps of this, in a byte; words have -4..4."""

MOODS = 7
"""Numbers that ``moods`` gives for a line."""

MOOD_CALM = 15.0
"""Sums of word valences are squashed to ``s / sqrt(s**2 + this)`` (Hutto & Gilbert 2014)."""

SHARE = 0.1
"""Spread of each input that is an emotion, against the features', whose squares sum to 1."""

MOOD_SHARE = 0.5
"""Weight of the inputs that come from the valence of words."""

ALPHAS = (0.3, 0.5, 0.8, 1.2, 2.0)
CHAT_WEIGHT, PLAIN_WEIGHT = 0.5, 0.1
"""Weights of a chat line and of a GoEmotions line in the valence of chat, against an EmoBank one;
chosen on the development lines, as are the next."""

FRUSTRATION = (20.0, 0.05)
"""Inverse strength, and weight of a GoEmotions line, in the regression of frustration."""

TARGET = 10.0
GATE = (30.0, 1.0)
"""Inverse strength of the regression that separates chat from EmoBank, and what is added to its
logit: lines like neither count as chat."""

TEACHER = (300.0, 0.3)
"""Strength of the teacher's ridge regression, and its share in the ratings that are fitted."""

FINE_VALENCE = {
    "admiration": 0.7, "amusement": 0.6, "anger": -0.7, "annoyance": -0.5, "approval": 0.4,
    "caring": 0.5, "confusion": -0.1, "curiosity": 0.1, "desire": 0.3, "disappointment": -0.6,
    "disapproval": -0.4, "disgust": -0.7, "embarrassment": -0.4, "excitement": 0.7, "fear": -0.6,
    "gratitude": 0.7, "grief": -0.7, "joy": 0.8, "love": 0.8, "nervousness": -0.3,
    "optimism": 0.5, "pride": 0.6, "realization": 0.0, "relief": 0.4, "remorse": -0.4,
    "sadness": -0.6, "surprise": 0.1, "neutral": 0.0,
}  # fmt: skip
"""Valence that a label of GoEmotions is given where its lines help to fit chat: a choice."""

_ANGRY = ("anger", "annoyance")
_NEAR = (*_ANGRY, "disappointment", "disapproval", "disgust", "embarrassment")


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the heads take of lines.

    Attributes:
        x: Weighed features, shape ``(n, BUCKETS)``.
        dense: ``bent`` fine emotions and ``moods``, shape ``(n, 63)``.
    """

    x: sparse.csr_matrix
    dense: Floats


@dataclass(frozen=True, slots=True)
class Heads:
    """Linear heads, a column for each of ``OUTPUTS``.

    Attributes:
        weights: On the features, shape ``(BUCKETS, 8)``.
        dense_weights: On the other inputs, shape ``(63, 8)``.
        offsets: Shape ``(8,)``.
    """

    weights: Floats
    dense_weights: Floats
    offsets: Floats

    def output(self, inputs: Inputs) -> Floats:
        """Return all heads, shape ``(n, 8)``; the last four are logits."""
        found: Floats = inputs.x @ self.weights + inputs.dense @ self.dense_weights + self.offsets
        return found


def word_moods(general: Path, own: Path) -> dict[str, float]:
    """Read valences of words, -4..4: a general list, and ours, which goes before it.

    Args:
        general: ``vader_lexicon.txt`` of the package vaderSentiment.
        own: ``chat_words.txt`` of this project.

    Raises:
        ModelMissingError: A list is not there.
    """
    found: dict[str, float] = {}
    try:
        for row in own.read_text(encoding="utf-8").splitlines():
            if row and not row.startswith("#"):
                value, *words = row.split()
                found.update(dict.fromkeys(words, float(value)))
        for row in general.read_text(encoding="utf-8").splitlines():
            word, _, rest = row.partition("\t")
            if rest:
                found.setdefault(word.lower(), float(rest.split("\t")[0]))
    except OSError as error:
        raise ModelMissingError(
            f"{error.filename} cannot be read", "pip install vaderSentiment"
        ) from None
    return inflected(found)


def inflected(moods: dict[str, float]) -> dict[str, float]:
    """Return the valences with the forms that a list of verbs lacks: -s, -ed and -ing.

    A word counts as a verb if one of these forms is listed beside it with a valence of its sign.
    """
    found = dict(moods)
    for word, value in moods.items():
        if not word.isalpha() or len(word) < 4:
            continue
        stem = word[:-1] if word.endswith("e") else word
        plural = "es" if word.endswith(("s", "x", "z", "ch", "sh")) else "s"
        forms = (f"{word}{plural}", f"{stem}ed", f"{stem}ing")
        if any(moods.get(form, 0.0) * value > 0 for form in forms):
            for form in forms:
                found.setdefault(form, value)
    return found


def word_table(met: NDArray[np.uint8], moods: dict[str, float]) -> NDArray[np.int8]:
    """Return the table of words: entries in both places of a word apply to it.

    0 for a word that was never met, 1 for one that has no valence, else its valence in steps of
    ``MOOD_STEP``, which is even. A word of which a place is taken by another valence is left out;
    earlier words stay.

    Args:
        met: The filter of the words of training, 0 or 1.
        moods: Valence by word, -4..4.
    """
    table = np.zeros(WORDS, np.int8)
    for word, value in moods.items():
        pair = places([word])
        step = 2 * round(value / MOOD_STEP / 2)
        if all(taken in (0, step) for taken in table[pair].tolist()):
            table[pair] = step
    table[(table == 0) & (met > 0)] = 1
    return table


def moods(lines: list[str], table: NDArray[np.int8]) -> Floats:
    """Return sum and maximum of word valences of each line.

    In order: sum of all; of the pleasant, of the unpleasant; the same of negated words alone; and
    the greatest of each side.
    """
    found = np.zeros((len(lines), MOODS))
    for row, line in enumerate(lines):
        words, turns = spelt_out(read(line))
        if words:
            pair = table[places(words).reshape(-1, 2)].astype(float)
            known = (pair[:, 0] == pair[:, 1]) & (pair[:, 0] != 1)
            values = np.where(known, pair[:, 0], 0.0) * MOOD_STEP * turns
            up, down = np.maximum(values, 0), np.maximum(-values, 0)
            negated = turns < 0
            sums = np.array(
                [values.sum(), up.sum(), down.sum(), up[negated].sum(), down[negated].sum()]
            )
            found[row, :5] = sums / np.sqrt(sums**2 + MOOD_CALM)
            found[row, 5:] = up.max() / 4, down.max() / 4
    return found


def inputs_of(
    lines: list[str],
    rarity: Floats,
    fine: tuple[Floats, Floats],
    table: NDArray[np.int8],
    counted: list[Counted] | None = None,
) -> Inputs:
    """Return the heads' inputs for lines; ``counted`` are known features."""
    x = matrix(counted or features(lines), rarity)
    return Inputs(x, np.concatenate([bent(x @ fine[0] + fine[1]), moods(lines, table)], axis=1))


class HeadFit:
    """Fits one head after another on stacked inputs of equal spread.

    Args:
        bank: Inputs of EmoBank's training lines, whose spread sets the scale.
        bank_goal: Their valence, arousal and dominance.
        chat: Inputs of drawn chat lines.
        drawn: Their labels.
        plain: Inputs of GoEmotions lines.
        plain_labels: Their 28 labels.
        plain_names: Names of the labels.
    """

    def __init__(
        self,
        bank: Inputs,
        bank_goal: Floats,
        chat: Inputs,
        drawn: DrawnLines,
        plain: Inputs,
        plain_labels: Floats,
        plain_names: list[str],
    ) -> None:
        emotions = bank.dense[:, :-MOODS]
        self._middle = np.concatenate([emotions.mean(axis=0), np.zeros(MOODS)])
        self._spread = np.concatenate(
            [emotions.std(axis=0) / SHARE, np.full(MOODS, 1 / MOOD_SHARE)]
        )
        self._bank, self._chat, self._plain = (self._stack(i) for i in (bank, chat, plain))
        self._goal, self._drawn = bank_goal, drawn
        self._labels, self._names = plain_labels, plain_names

    def fit(self, dev: Inputs, dev_goal: Floats) -> tuple[Heads, Floats]:
        """Fit all heads; the strength of those of EmoBank is chosen on its dev split.

        Returns:
            The heads, and the standard deviations of the errors on ``dev``.
        """
        found = [self._rating(k, self._stack(dev), dev_goal[:, k]) for k in range(3)]
        columns = [(weights, offset) for weights, offset, _ in found]
        columns += [self._chat_valence(), self._gate(), self._frustrated()]
        columns += [self._target(k) for k in range(1, len(TARGETS))]
        weights = np.stack([column for column, _ in columns], axis=1)
        dense_weights = weights[BUCKETS:] / self._spread[:, None]
        offsets = np.array([offset for _, offset in columns]) - self._middle @ dense_weights
        return Heads(weights[:BUCKETS], dense_weights, offsets), np.array(
            [error for *_, error in found]
        )

    def _stack(self, inputs: Inputs) -> sparse.csr_matrix:
        dense = sparse.csr_matrix((inputs.dense - self._middle) / self._spread)
        return sparse.hstack([inputs.x, dense]).tocsr()

    def _rating(
        self, k: int, dev: sparse.csr_matrix, dev_goal: Floats
    ) -> tuple[Floats, float, float]:
        mean = float(self._goal[:, k].mean())
        tried = []
        for alpha in ALPHAS:
            weights = _ridge(self._bank, self._goal[:, k] - mean, alpha)
            guess = dev @ weights
            tried.append((float(np.corrcoef(guess, dev_goal)[0, 1]), weights, guess))
        right, weights, guess = max(tried, key=lambda t: t[0])
        print(f"EmoBank dev, {OUTPUTS[k]}: r {right:.3f}", flush=True)
        return weights, mean, float(np.std(dev_goal - guess - mean))

    def _chat_valence(self) -> tuple[Floats, float]:
        value = np.array([FINE_VALENCE[name] for name in self._names])
        plain = (self._labels @ value) / np.maximum(1, self._labels.sum(axis=1))
        x = sparse.vstack([self._bank, self._chat, self._plain]).tocsr()
        goal = np.concatenate([self._goal[:, 0], self._drawn.valence, plain])
        sizes = (len(self._goal), len(self._drawn.lines), len(plain))
        weight = np.repeat([1.0 * CHAT_WEIGHT, 1.0, PLAIN_WEIGHT], sizes)
        return _ridge(x, goal, 1.0, weight), 0.0

    def _gate(self) -> tuple[Floats, float]:
        x = sparse.vstack([self._bank, self._chat]).tocsr()
        chat = np.arange(x.shape[0]) >= self._bank.shape[0]
        strength, lift = GATE
        weights, offset = _logistic(x, chat, strength)
        return weights, offset + lift

    def _frustrated(self) -> tuple[Floats, float]:
        angry, near = self._any(_ANGRY), self._any(_NEAR)
        sure = np.flatnonzero(angry | ~near)
        strength, plain_weight = FRUSTRATION
        known = np.flatnonzero(self._drawn.anger_known)
        x = sparse.vstack([self._chat[known], self._plain[sure]]).tocsr()
        truth = np.concatenate([self._drawn.frustrated[known], angry[sure]])
        weight = np.repeat([1.0, plain_weight], [len(known), len(sure)])
        return _logistic(x, truth, strength, weight)

    def _target(self, which: int) -> tuple[Floats, float]:
        calm = np.flatnonzero(~self._any(_NEAR))
        known = np.flatnonzero(self._drawn.anger_known)
        x = sparse.vstack([self._chat[known], self._plain[calm]]).tocsr()
        truth = np.concatenate([self._drawn.target[known] == which, np.zeros(len(calm), bool)])
        weight = np.repeat([1.0, FRUSTRATION[1]], [len(known), len(calm)])
        return _logistic(x, truth, TARGET, weight)

    def _any(self, names: tuple[str, ...]) -> NDArray[np.bool_]:
        columns = [self._names.index(name) for name in names]
        found: NDArray[np.bool_] = np.any(self._labels[:, columns] > 0, axis=1)
        return found


def smoothed(values: Floats, encoding: Floats) -> Floats:
    """Return ratings mixed with a sentence encoder's held-out predictions.

    A rating is the mean of a few raters; the mixture has less noise (Hinton et al. 2015).

    Args:
        values: Shape ``(n, 3)``.
        encoding: Of the same lines, shape ``(n, 384)``.
    """
    from sklearn.linear_model import Ridge
    from sklearn.model_selection import cross_val_predict

    scaled = (encoding - encoding.mean(axis=0)) / encoding.std(axis=0)
    strength, share = TEACHER
    held_out: Floats = cross_val_predict(Ridge(alpha=strength), scaled, values, cv=5)
    return (1 - share) * values + share * held_out


def _ridge(
    x: sparse.csr_matrix, goal: Floats, alpha: float, weight: Floats | None = None
) -> Floats:
    from sklearn.linear_model import Ridge

    model = Ridge(alpha=alpha, solver="sparse_cg", fit_intercept=False, max_iter=300, tol=1e-3)
    model.fit(x, goal, sample_weight=weight)
    weights: Floats = model.coef_
    return weights


def _logistic(
    x: sparse.csr_matrix,
    truth: NDArray[np.bool_],
    strength: float,
    weight: Floats | None = None,
) -> tuple[Floats, float]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=strength, solver="liblinear")
    model.fit(x, truth, sample_weight=weight)
    return model.coef_[0], float(model.intercept_[0])
