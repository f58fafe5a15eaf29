"""Evaluate mental work on unseen people and unseen caps with refitted heads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_models.modalities.eeg.bands import NAMES
from sentio_models.modalities.eeg.indices import LEAST, PRIOR
from sentio_models.modalities.eeg.work_filter import Expected
from sentio_models.modalities.eeg.workload import INPUTS
from sentio_research.data.eeg import MeasuredRecording
from sentio_research.data.eeg_caps import CAPS, random_caps
from sentio_research.fitting.eeg import AVERAGE, Head, Recipe, entries, fit, prior_of, rows_of
from sentio_research.fitting.eeg_filter import (
    Sessions,
    fit_filter,
    inputs,
    joined,
    sessions,
    track,
)
from sentio_research.metrics import auc, bootstrap, ece

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BEHIND = ("T5", "T6", "P3", "Pz", "P4", "O1", "O2")
"""Positions at which alpha of closed eyes is strongest."""

GROUP = 3
"""People left out together."""

FILTER_CAPS = 4
"""Random caps whose scores the filter is fitted on."""

FLOOR = 0.02
"""Variance of ``focus`` where the filter is certain, before scaling."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Unseen:
    """Predictions for unseen people, both orders, judged seconds only."""

    truth: Ints
    score: Floats
    sd: Floats
    who: NDArray[np.str_]
    work_first: NDArray[np.bool_]

    def only(self, rows: NDArray[np.bool_]) -> Unseen:
        """Return some rows."""
        return Unseen(
            self.truth[rows], self.score[rows], self.sd[rows], self.who[rows], self.work_first[rows]
        )

    def figures(self) -> dict[str, Any]:
        """Return AUC with intervals, recalls, calibration and coverage by order.

        Intervals are over people.
        """
        first, both = self.only(self.work_first), np.stack([1 - self.score, self.score], axis=1)
        guess = first.score > 0.5
        inside = np.abs(self.score - self.truth) <= 1.96 * self.sd
        return {
            "auc_work_first": asdict(bootstrap(lambda i: _auc(first, i), first.who)),
            "auc_rest_first": auc(self.truth[~self.work_first], self.score[~self.work_first]),
            "auc_both_orders": asdict(bootstrap(lambda i: _auc(self, i), self.who)),
            "recall_work_first": {
                "rest": float(np.mean(~guess[first.truth == 0])),
                "work": float(np.mean(guess[first.truth == 1])),
            },
            "ece": ece(self.truth, both),
            "coverage_95": float(np.mean(inside)),
            "windows": len(self.truth),
            "people": len(np.unique(self.who)),
        }

    def brief(self) -> dict[str, float]:
        """Return the AUCs and the coverage without intervals."""
        first = self.only(self.work_first)
        return {
            "auc_both_orders": auc(self.truth, self.score),
            "auc_work_first": auc(first.truth, first.score),
            "coverage_95": float(np.mean(np.abs(self.score - self.truth) <= 1.96 * self.sd)),
        }

    def by_person(self) -> dict[str, float]:
        """Return each person's own AUC."""
        return {
            str(w): auc(self.truth[self.who == w], self.score[self.who == w])
            for w in np.unique(self.who)
        }


def _auc(unseen: Unseen, rows: Ints) -> float:
    return auc(unseen.truth[rows], unseen.score[rows])


Source = Sequence[MeasuredRecording]


class Folds:
    """Heads and filters, each fitted without some people.

    None is fitted on any of ``CAPS`` either.

    Args:
        clean: Recordings of all people.
        noisy: The same people, badly worn; only fitted on, not predicted.
        recipe: Settings of the fit.
        keep: Which of ``INPUTS`` the head may use.
        progress: Called with ``(done, of)``.
    """

    def __init__(
        self,
        clean: Source,
        noisy: Sequence[Source] = (),
        recipe: Recipe | None = None,
        *,
        keep: Callable[[str], bool] = lambda _: True,
        progress: Progress = lambda *_: None,
    ) -> None:
        recipe = recipe or Recipe()
        self._clean, self._recipe = clean, recipe
        labels = clean[0].labels
        # The prior is a median over all people's rest: it moves little without one of them.
        self.prior = prior_of(clean, labels)
        self._mask = np.array([keep(name) for name in INPUTS], np.float64)
        caps = random_caps(labels, recipe.caps, recipe.seed)
        self._people = sorted(entries(clean, labels))
        groups = [self._people[i : i + GROUP] for i in range(0, len(self._people), GROUP)]
        rng = np.random.default_rng(recipe.seed)
        self._rows = [
            {person: self._row(both, rng) for person, both in entries(source, cap).items()}
            for number, source in enumerate((clean, *noisy))
            for cap in caps[number :: 2 if number else 1]
        ]
        self.heads: dict[str, Floats] = {}
        for done, group in enumerate(groups):
            others = [p for p in self._people if p not in group]
            weights = self._fit(others)
            self.heads |= dict.fromkeys(group, weights)
            progress(done + 1, len(groups))
        self._train = {
            calm: joined([self.sessions(cap, calm=calm) for cap in caps[:FILTER_CAPS]])
            for calm in (False, True)
        }
        self.filters: dict[str, tuple[Expected, float]] = {}
        for group in groups:
            outside = ~np.isin(self._train[False].person, group)
            self.filters |= dict.fromkeys(group, self._expect(outside))

    def final(self) -> Head:
        """Return the head and filter fitted on all people."""
        all_people = np.ones(len(self._train[False].person), bool)
        expected, scale = self._expect(all_people)
        return Head(self.prior, self._fit(self._people), expected, (scale, FLOOR))

    def sessions(
        self, channels: Sequence[str], *, calm: bool = False, measured: Source = ()
    ) -> Sessions:
        """Score each person with the head that was fitted without this person."""
        scores = {}
        for person, both in entries(measured or self._clean, channels).items():
            weights = self.heads[person] * self._mask
            parts = inputs(both, self.prior, calm=calm)
            scores[person] = {
                work: np.where(x.any(axis=1), x @ weights, np.nan) for work, x in parts.items()
            }
        return sessions(scores)

    def predict(
        self, channels: Sequence[str], *, calm: bool = False, measured: Source = ()
    ) -> Unseen:
        """Predict the left-out people of each head and filter with these channels."""
        replayed = self.sessions(channels, calm=calm, measured=measured)
        work, sd = np.zeros_like(replayed.score), np.zeros_like(replayed.score)
        for person in np.unique(replayed.person):
            rows = replayed.person == person
            expected, scale = self.filters[str(person)]
            work[rows] = track(replayed.score[rows], expected, calm=calm)
            sd[rows] = scale * np.sqrt(work[rows] * (1 - work[rows]) + FLOOR)
        return unseen(replayed, work, sd)

    def _row(self, both: Mapping[bool, Floats], rng: np.random.Generator) -> Floats:
        return rows_of(inputs(both, self.prior), self._recipe, rng) * self._mask

    def _fit(self, people: Sequence[str]) -> Floats:
        return fit([rows[p] for rows in self._rows for p in people], self._recipe)

    def _expect(self, rows: NDArray[np.bool_]) -> tuple[Expected, float]:
        """Fit the filter and the scale of the deviation on some sessions."""
        part = {calm: _some(s, rows) for calm, s in self._train.items()}
        expected = fit_filter(part[False], part[True])
        ratios = []
        for calm, replayed in part.items():
            work = track(replayed.score, expected, calm=calm)
            off = np.abs(work - replayed.work) / np.sqrt(work * (1 - work) + FLOOR)
            ratios.append(off[replayed.scored])
        return expected, float(np.quantile(np.concatenate(ratios), 0.95)) / 1.96


def unseen(replayed: Sessions, work: Floats, sd: Floats) -> Unseen:
    """Return the judged seconds of tracked sessions."""
    kept, seconds = replayed.scored, replayed.score.shape[1]
    return Unseen(
        replayed.work[kept],
        work[kept],
        sd[kept],
        np.repeat(replayed.person, seconds).reshape(kept.shape)[kept],
        np.repeat(replayed.work_first, seconds).reshape(kept.shape)[kept],
    )


def _some(replayed: Sessions, rows: NDArray[np.bool_]) -> Sessions:
    return Sessions(
        replayed.score[rows],
        replayed.work[rows],
        replayed.scored[rows],
        replayed.work_first[rows],
        replayed.person[rows],
    )


def without_alpha(measured: Source) -> list[MeasuredRecording]:
    """Remove from every channel and band what alpha predicts.

    The change of alpha from the person's mean, of the whole head and of its back, is regressed out
    with coefficients of all people. This also removes effects of work that change alpha and other
    bands together, so figures on the result are a lower bound.
    """
    people: dict[str, list[MeasuredRecording]] = {}
    for one in measured:
        people.setdefault(one.person, []).append(one)
    alphas, logs = [], []
    for both in people.values():
        pairs = [_alpha(one) for one in both]
        bands = [np.log(np.maximum(one.densities, 1e-6)) for one in both]
        level, mean = np.mean(np.concatenate(pairs), axis=0), np.mean(np.concatenate(bands), axis=0)
        alphas += [pair - level for pair in pairs]
        logs += [band - mean for band in bands]
    y = np.concatenate(logs)
    share = np.linalg.lstsq(np.concatenate(alphas), y.reshape(len(y), -1), rcond=None)[0]
    return [
        replace(
            one, densities=one.densities * np.exp(-(alpha @ share).reshape(one.densities.shape))
        )
        for one, alpha in zip((o for both in people.values() for o in both), alphas, strict=True)
    ]


def _alpha(one: MeasuredRecording) -> Floats:
    logs = np.log(np.maximum(one.powers[:, :, NAMES.index("alpha")], 1e-6))
    behind = [i for i, name in enumerate(one.labels) if name in BEHIND]
    return np.stack([logs.mean(axis=1), logs[:, behind].mean(axis=1)], axis=1)


def floor(clean: Source, caps: Sequence[tuple[str, ...]]) -> dict[str, dict[str, float]]:
    """Return the AUC of beta/(alpha+theta) in both orders on ``CAPS``.

    Args:
        clean: All people.
        caps: Caps to fit the filter on.

    Returns:
        By cap: ``change``, from the session's running mean, over ten seconds; ``filtered``: tracked
        with the same filter as the head's score, fitted on the index.
    """
    train = joined([_engagement(clean, cap) for cap in caps[:FILTER_CAPS]])
    expected = fit_filter(train, train)
    result = {}
    for name, cap in CAPS.items():
        replayed = _engagement(clean, cap)
        total = np.cumsum(np.nan_to_num(replayed.score), axis=1)
        recent = total.copy()
        recent[:, AVERAGE:] -= total[:, :-AVERAGE]
        count = np.arange(total.shape[1]) + 1
        change = recent / np.minimum(count, AVERAGE) - total / count
        tracked, truth = track(replayed.score, expected), replayed.work[replayed.scored]
        result[name] = {
            "change": auc(truth, change[replayed.scored]),
            "filtered": auc(truth, tracked[replayed.scored]),
        }
    return result


def _engagement(clean: Source, channels: Sequence[str]) -> Sessions:
    """Return sessions with ln beta/(alpha+theta) as score, in spreads."""
    middle, spread = PRIOR["ln_engagement"].mean, PRIOR["ln_engagement"].sd
    theta, alpha, beta = (NAMES.index(band) for band in ("theta", "alpha", "beta"))
    scores: dict[str, dict[bool, Floats]] = {}
    for one in clean:
        columns = [one.labels.index(name) for name in channels]
        weight = np.where(one.quality[:, columns] >= LEAST, one.quality[:, columns], 0.0)
        logs = np.log(np.maximum(one.powers[:, columns], 1e-6))
        mean = (logs * weight[..., None]).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-9)[
            :, None
        ]
        index = mean[:, beta] - np.logaddexp(mean[:, alpha], mean[:, theta])
        index = np.where(weight.sum(axis=1) > 0, (index - middle) / spread, np.nan)
        scores.setdefault(one.person, {})[one.work] = index
    return sessions(scores)


def measure(
    clean: Source,
    noisy: Sequence[Source],
    tests: Mapping[str, Source],
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> tuple[dict[str, Any], Unseen]:
    """Return the card's figures, and the predictions with all channels.

    Args:
        clean: All people, as recorded.
        noisy: The same people, badly worn; fitted on.
        tests: The same people with other noise, by its name; only predicted.
        progress: Called with ``(what, done, of)``.
    """
    labels, recipe = clean[0].labels, Recipe()
    folds = Folds(clean, noisy, recipe, progress=lambda i, n: progress("left out", i, n))
    caps = random_caps(labels, recipe.caps, recipe.seed)
    no_alpha = Folds(without_alpha(clean), recipe=recipe)
    no_muscle = Folds(clean, noisy, recipe, keep=lambda name: not name.startswith("gamma"))
    whole = folds.predict(CAPS["10-20, 19"])
    floors = floor(clean, caps)
    table = {
        name: folds.predict(cap).figures()
        | {
            "profile": folds.predict(cap, calm=True).brief(),
            "tests": {test: folds.predict(cap, measured=m).brief() for test, m in tests.items()},
            "alpha_regressed": no_alpha.predict(cap).brief(),
            "without_gamma": no_muscle.predict(cap).brief(),
            "floor": floors[name],
        }
        for name, cap in CAPS.items()
    }
    return {
        "protocol": "three people left out at a time, no cap of the table fitted on; no rest is "
        "given, except for profile; both orders; ten seconds after each change are not judged",
        "caps": table,
        "per_subject_auc": whole.by_person(),
    }, whole
