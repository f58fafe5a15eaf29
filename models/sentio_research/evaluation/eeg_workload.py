"""Evaluate mental work on unseen people with refitted heads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_models.modalities.eeg.workload import CALM, MEMORY, NAMES
from sentio_research.data.eeg import MeasuredRecording
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
"""Positions of dry headsets that EEGMAT contains."""

BEHIND = ("T5", "T6", "P3", "Pz", "P4", "O1", "O2")
"""Positions at which alpha of closed eyes is strongest."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """Predictions of heads for unseen people."""

    truth: Ints
    score: Floats
    who: NDArray[np.str_]

    def figures(self) -> dict[str, Any]:
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
        """Return the error's standard deviation, rest and work weighted equally."""
        off = (self.score - self.truth) ** 2
        return float(np.sqrt(np.mean([off[self.truth == k].mean() for k in (0, 1)])))

    def by_person(self) -> dict[str, float]:
        """Return each person's own AUC."""
        return {
            str(w): auc(self.truth[self.who == w], self.score[self.who == w])
            for w in np.unique(self.who)
        }


class Folds:
    """Heads that are each fitted without one person, for many devices.

    Args:
        measured: Recordings of all people.
        recipe: Settings of the fit.
        keep: Which of ``NAMES`` the head may use; all if None.
        steady: Correction of the inputs, by inputs and change of alpha.
        progress: Called with ``(done, of)``.
    """

    def __init__(
        self,
        measured: Sequence[MeasuredRecording],
        recipe: Recipe | None = None,
        *,
        keep: Callable[[str], bool] = lambda _: True,
        progress: Callable[[int, int], None] = lambda *_: None,
    ) -> None:
        self._looks = measured
        self._mask = np.array([keep(name) for name in NAMES], np.float64)
        recipe = recipe or Recipe()
        labels = measured[0].labels
        # The prior is a median over all people's rest and has a tenth of the weight of calm.
        self.prior = prior_of(measured, labels)
        by_device = [sessions(measured, one, self.prior) for one in devices(labels, recipe)]
        people = sorted(by_device[0])
        self.heads: dict[str, Head] = {}
        for done, person in enumerate(people):
            others = [self._only(rows[p]) for rows in by_device for p in people if p != person]
            self.heads[person] = fit(others, self.prior, recipe)
            progress(done + 1, len(people))

    def predict(
        self,
        channels: Sequence[str],
        *,
        backwards: bool = False,
        measured: Sequence[MeasuredRecording] = (),
    ) -> Unseen:
        """Predict the left-out person of each head with these channels."""
        rows = sessions(measured or self._looks, channels, self.prior, backwards=backwards)
        return Unseen(
            np.concatenate([r.labels for r in rows.values()]),
            np.concatenate([self.heads[p].workload(self._only(r).inputs) for p, r in rows.items()]),
            np.concatenate([[p] * len(r.labels) for p, r in rows.items()]),
        )

    def _only(self, rows: Rows) -> Rows:
        return Rows(rows.person, rows.inputs * self._mask, rows.labels)


def regressed(measured: Sequence[MeasuredRecording], recipe: Recipe | None = None) -> Unseen:
    """Regress alpha out of every input, then fit and predict again with all channels.

    The change of alpha from calm, of the whole head and of its back, is regressed out with
    coefficients from the other people. This also removes effects of work that change alpha and
    other bands together, so it is a lower bound.
    """
    labels = measured[0].labels
    prior = prior_of(measured, labels)
    rows = sessions(measured, labels, prior)
    alphas = _alphas(measured)
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


def alpha_alone(measured: Sequence[MeasuredRecording]) -> Unseen:
    """Predict from the fall of occipital alpha alone, the effect of closed eyes."""
    alphas = _alphas(measured)
    rows = sessions(measured, measured[0].labels, prior_of(measured, measured[0].labels))
    return Unseen(
        np.concatenate([rows[p].labels for p in rows]),
        np.concatenate([1 / (1 + np.exp(alphas[p][:, 1])) for p in rows]),
        np.concatenate([[p] * len(rows[p].labels) for p in rows]),
    )


def _alphas(measured: Sequence[MeasuredRecording]) -> dict[str, Floats]:
    """Return the change of alpha from calm, of the whole head and its back, by row."""
    parts: dict[str, dict[bool, Floats]] = {}
    for one in measured:
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
    measured: Sequence[MeasuredRecording],
    noisy: Sequence[MeasuredRecording],
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> tuple[dict[str, Any], Unseen]:
    """Return the card's figures, and the predictions with all channels.

    Args:
        measured: All people, as recorded.
        noisy: The same people with noise.
        progress: Called with ``(what, done, of)``.
    """
    labels = measured[0].labels
    folds = Folds(measured, progress=lambda done, of: progress("left out", done, of))
    whole = folds.predict(labels)
    front = tuple(n for n in labels if n not in BEHIND)
    no_muscle = Folds(measured, keep=lambda name: not name.startswith("gamma"))
    result: dict[str, Any] = {
        "protocol": "leave one person out; the head is refitted without the person; calm is the "
        "first 30 s of rest, answers are over the newest 10 s",
        "all": whole.figures() | {"per_subject_auc": whole.by_person(), "error": whole.error()},
        "positions": {name: folds.predict(cap).figures() for name, cap in CAPS.items()},
        "alpha": {
            "alpha at the back alone": alpha_alone(measured).figures()["auc"],
            "alpha regressed out of everything": regressed(measured).figures()["auc"],
            "without temples' back, parietal and occipital channels": folds.predict(
                front
            ).figures()["auc"],
        },
        "without_gamma": {
            "all": no_muscle.predict(labels).figures()["auc"],
            **{name: no_muscle.predict(cap).figures()["auc"] for name, cap in CAPS.items()},
        },
        "work_first": folds.predict(labels, backwards=True).figures(),
        "noise": {
            "all": folds.predict(labels, measured=noisy).figures()["auc"],
            **{
                name: folds.predict(cap, measured=noisy).figures()["auc"]
                for name, cap in CAPS.items()
            },
        },
    }
    return result, whole
