"""Measures mental work on people whom the head never saw; the head is refitted without each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_models.modalities.eeg.workload import CALM, MEMORY, NAMES
from sentio_research.data.eeg import Look
from sentio_research.fitting.eeg import Head, Recipe, Rows, devices, fit, prior_of, sessions
from sentio_research.metrics import auc, bootstrap, ece, recalls, uar

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CAPS: Mapping[str, tuple[str, ...]] = {
    "F3 Fz F4 C3 C4 Pz O1 O2": ("F3", "Fz", "F4", "C3", "C4", "Pz", "O1", "O2"),
    "Fp1 Fp2 C3 C4 T5 T6 O1 O2": ("Fp1", "Fp2", "C3", "C4", "T5", "T6", "O1", "O2"),
    "Fp1 Fp2 F7 F3 F4 F8": ("Fp1", "Fp2", "F7", "F3", "F4", "F8"),
    "Fp1 Fp2 T5 T6": ("Fp1", "Fp2", "T5", "T6"),
    "F7 F8 T5 T6": ("F7", "F8", "T5", "T6"),
    "Fp1 Fp2": ("Fp1", "Fp2"),
}
"""Positions of dry headsets, as far as EEGMAT has them."""

BEHIND = ("T5", "T6", "P3", "Pz", "P4", "O1", "O2")
"""Where alpha of closed eyes is strongest."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """What heads said of people whom they never saw."""

    truth: Ints
    score: Floats
    who: NDArray[np.str_]

    def told(self) -> dict[str, Any]:
        """Return AUC, UAR with intervals over people, recalls, calibration and error."""
        guess = (self.score > 0.5).astype(np.int64)
        area = bootstrap(lambda i: auc(self.truth[i], self.score[i]), self.who)
        mean = bootstrap(lambda i: uar(self.truth[i], guess[i]), self.who)
        both = np.stack([1 - self.score, self.score], axis=1)
        return {
            "auc": asdict(area),
            "uar": asdict(mean),
            "recall": dict(
                zip(("rest", "work"), recalls(self.truth, guess, 2).tolist(), strict=True)
            ),
            "ece": ece(self.truth, both),
            "windows": len(self.truth),
            "people": len(np.unique(self.who)),
        }

    def error(self) -> float:
        """Return the error's standard deviation, rest and work weighing the same."""
        off = (self.score - self.truth) ** 2
        return float(np.sqrt(np.mean([off[self.truth == k].mean() for k in (0, 1)])))

    def by_person(self) -> dict[str, float]:
        """Return each person's own AUC."""
        return {
            str(w): auc(self.truth[self.who == w], self.score[self.who == w])
            for w in np.unique(self.who)
        }


class Folds:
    """One head for each person left out, fitted on everybody else through many devices.

    Args:
        looks: Everybody's recordings.
        recipe: How heads are fitted.
        keep: Which of ``NAMES`` the head may use; all if None.
        steady: What is taken from the inputs first, given them and the alpha's change.
        progress: Told ``(done, of)``.
    """

    def __init__(
        self,
        looks: Sequence[Look],
        recipe: Recipe | None = None,
        *,
        keep: Callable[[str], bool] = lambda _: True,
        progress: Callable[[int, int], None] = lambda *_: None,
    ) -> None:
        self._looks = looks
        self._mask = np.array([keep(name) for name in NAMES], np.float64)
        recipe = recipe or Recipe()
        labels = looks[0].labels
        # The prior is a median over everybody's rest and counts a tenth of the person's calm.
        self.prior = prior_of(looks, labels)
        seen = [sessions(looks, one, self.prior) for one in devices(labels, recipe)]
        people = sorted(seen[0])
        self.heads: dict[str, Head] = {}
        for done, person in enumerate(people):
            others = [self._only(rows[p]) for rows in seen for p in people if p != person]
            self.heads[person] = fit(others, self.prior, recipe)
            progress(done + 1, len(people))

    def ask(
        self, channels: Sequence[str], *, backwards: bool = False, looks: Sequence[Look] = ()
    ) -> Unseen:
        """Ask each head about its own left-out person, wearing these channels."""
        rows = sessions(looks or self._looks, channels, self.prior, backwards=backwards)
        return Unseen(
            np.concatenate([r.labels for r in rows.values()]),
            np.concatenate([self.heads[p].workload(self._only(r).inputs) for p, r in rows.items()]),
            np.concatenate([[p] * len(r.labels) for p, r in rows.items()]),
        )

    def _only(self, rows: Rows) -> Rows:
        return Rows(rows.person, rows.inputs * self._mask, rows.labels)


def regressed(looks: Sequence[Look], recipe: Recipe | None = None) -> Unseen:
    """Take out of every input what alpha explains, then fit and ask again, whole cap.

    Alpha's change from calm, of the whole head and of its back, is regressed out of the inputs
    with coefficients from the other people. Work that moves alpha and other bands together goes
    with it: this is a lower bound.
    """
    labels = looks[0].labels
    prior = prior_of(looks, labels)
    rows = sessions(looks, labels, prior)
    alphas = _alphas(looks)
    truth, score, who = [], [], []
    for person in rows:
        others = [p for p in rows if p != person]
        a = np.concatenate([alphas[p] for p in others])
        x = np.concatenate([rows[p].inputs for p in others])
        share = np.linalg.lstsq(a, x, rcond=None)[0]
        left = {p: Rows(p, rows[p].inputs - alphas[p] @ share, rows[p].labels) for p in rows}
        head = fit([left[p] for p in others], prior, recipe)
        truth.append(rows[person].labels)
        score.append(head.workload(left[person].inputs))
        who.append([person] * len(rows[person].labels))
    return Unseen(np.concatenate(truth), np.concatenate(score), np.concatenate(who))


def alpha_alone(looks: Sequence[Look]) -> Unseen:
    """Ask the fall of alpha at the back of the head alone: what closed eyes give away."""
    alphas = _alphas(looks)
    rows = sessions(looks, looks[0].labels, prior_of(looks, looks[0].labels))
    return Unseen(
        np.concatenate([rows[p].labels for p in rows]),
        np.concatenate([1 / (1 + np.exp(alphas[p][:, 1])) for p in rows]),
        np.concatenate([[p] * len(rows[p].labels) for p in rows]),
    )


def _alphas(looks: Sequence[Look]) -> dict[str, Floats]:
    """Return alpha's change from calm, of the whole head and of its back, row for row."""
    parts: dict[str, dict[bool, Floats]] = {}
    for one in looks:
        logs = np.log(np.maximum(one.alpha, 1e-6))
        behind = [i for i, name in enumerate(one.labels) if name in BEHIND]
        pair = np.stack([logs.mean(axis=1), logs[:, behind].mean(axis=1)], axis=1)
        parts.setdefault(one.person, {})[one.work] = pair
    result = {}
    for person, both in parts.items():
        calm = both[False][:CALM].mean(axis=0)
        rest = _recent(both[False])[CALM + MEMORY - 1 :]
        result[person] = np.concatenate([rest, _recent(both[True])[MEMORY - 1 :]]) - calm
    return result


def _recent(values: Floats) -> Floats:
    total = np.cumsum(values, axis=0)
    total[MEMORY:] = total[MEMORY:] - np.cumsum(values, axis=0)[:-MEMORY]
    return total / np.minimum(np.arange(len(values)) + 1, MEMORY)[:, None]


def measure(
    looks: Sequence[Look],
    noisy: Sequence[Look],
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> tuple[dict[str, Any], Unseen]:
    """Return the card's figures, and what was said of the whole cap.

    Args:
        looks: Everybody, as recorded.
        noisy: The same people with noise.
        progress: Told ``(what, done, of)``.
    """
    labels = looks[0].labels
    folds = Folds(looks, progress=lambda done, of: progress("left out", done, of))
    whole = folds.ask(labels)
    front = tuple(n for n in labels if n not in BEHIND)
    no_muscle = Folds(looks, keep=lambda name: not name.startswith("gamma"))
    result: dict[str, Any] = {
        "protocol": "leave one person out; the head is refitted without the person; calm is the "
        "first 30 s of rest, answers are over the newest 10 s",
        "all": whole.told() | {"per_subject_auc": whole.by_person(), "error": whole.error()},
        "positions": {name: folds.ask(cap).told() for name, cap in CAPS.items()},
        "alpha": {
            "alpha at the back alone": alpha_alone(looks).told()["auc"],
            "alpha regressed out of everything": regressed(looks).told()["auc"],
            "without temples' back, parietal and occipital channels": folds.ask(front).told()[
                "auc"
            ],
        },
        "without_gamma": {
            "all": no_muscle.ask(labels).told()["auc"],
            **{name: no_muscle.ask(cap).told()["auc"] for name, cap in CAPS.items()},
        },
        "work_first": folds.ask(labels, backwards=True).told(),
        "noise": {
            "all": folds.ask(labels, looks=noisy).told()["auc"],
            **{name: folds.ask(cap, looks=noisy).told()["auc"] for name, cap in CAPS.items()},
        },
    }
    return result, whole
