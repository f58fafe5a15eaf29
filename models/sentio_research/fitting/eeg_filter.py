"""Replay sessions through the workload filter and fit its expectations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sentio_models.modalities.eeg.work_filter import Expected, advance, start
from sentio_models.modalities.eeg.workload import HOP, inputs_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SETTLING = 9
"""Seconds at the start of each part that are not judged: windows of 2 s that hold both parts, and
the delay of ten seconds that ``focus`` is allowed."""

CALM = 30
"""Seconds of rest that a profile holds."""

BEGIN = Expected(0.0, 1.0, 1.4, 1.6, 0.5, 1.4)


@dataclass(frozen=True, slots=True)
class Sessions:
    """Sessions of equal length: rest then work, or work then rest.

    Attributes:
        score: Shape ``(sessions, seconds)``; NaN without a usable channel.
        work: Shape ``(sessions, seconds)``, 0 or 1.
        scored: Shape ``(sessions, seconds)``: later than ``SETTLING`` in its part.
        work_first: Shape ``(sessions,)``.
        person: Shape ``(sessions,)``.
    """

    score: Floats
    work: Ints
    scored: NDArray[np.bool_]
    work_first: NDArray[np.bool_]
    person: NDArray[np.str_]


def inputs(both: Mapping[bool, Floats], prior: Floats, *, calm: bool = False) -> dict[bool, Floats]:
    """Return the head's inputs of a person's rest and work, one row a second.

    Args:
        both: Entries of rest (False) and of work (True).
        prior: The population's reference.
        calm: Use the mean of the first ``CALM`` seconds of rest as reference, as a profile would;
            only the remaining rest is returned.
    """
    if not calm:
        return {work: inputs_of(part, prior) for work, part in both.items()}
    known = np.isfinite(both[False][:CALM])
    total = np.where(known, both[False][:CALM], 0.0).sum(axis=0)
    count = known.sum(axis=0)
    reference = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return {
        False: inputs_of(both[False][CALM:], reference),
        True: inputs_of(both[True], reference),
    }


def sessions(scores: Mapping[str, Mapping[bool, Floats]]) -> Sessions:
    """Join each person's scores of rest and work in both orders.

    Args:
        scores: One score a second of rest (False) and of work (True), by person.
    """
    length = {work: min(len(both[work]) for both in scores.values()) for work in (False, True)}
    score, work, scored, first, person = [], [], [], [], []
    for name, both in scores.items():
        for order in ((False, True), (True, False)):
            parts = [both[part][: length[part]] for part in order]
            score.append(np.concatenate(parts))
            work.append(np.repeat([int(part) for part in order], [len(p) for p in parts]))
            scored.append(np.concatenate([np.arange(len(p)) >= SETTLING for p in parts]))
            first.append(order[0])
            person.append(name)
    return Sessions(
        np.array(score), np.array(work), np.array(scored), np.array(first), np.array(person)
    )


def joined(parts: Sequence[Sessions]) -> Sessions:
    """Join sessions of several caps."""
    return Sessions(
        *(
            np.concatenate([getattr(one, name) for one in parts])
            for name in ("score", "work", "scored", "work_first", "person")
        )
    )


def track(score: Floats, expected: Expected, *, calm: bool = False) -> Floats:
    """Return the probability of work after each score, shape as ``score``."""
    belief, means = start((len(score),)), expected.means(calm)
    result = np.empty_like(score)
    for second in range(score.shape[1]):
        known = np.isfinite(score[:, second])
        moved = advance(belief, np.where(known, score[:, second], 0.0), means, expected, HOP)
        belief = np.where(known[:, None, None], moved, belief)
        result[:, second] = belief[:, 1].sum(axis=-1)
    return result


def fit_filter(given: Sessions, calm: Sessions, rounds: int = 120) -> Expected:
    """Fit the expectations by log loss, with and without a profile.

    Args:
        given: Sessions of left-out people, without a profile.
        calm: The same with one.
        rounds: Evaluations of the loss.
    """
    first = _minimise(
        lambda x: _loss(given, _expected([x[0], *np.exp(x[1:]), 1.0, 1.0]), calm=False),
        [BEGIN.centre, *np.log([BEGIN.spread, BEGIN.step, BEGIN.noise])],
        rounds,
    )
    first_four = [first[0], *np.exp(first[1:])]
    second = _minimise(
        lambda x: _loss(calm, _expected([*first_four, *np.exp(x)]), calm=True),
        list(np.log([BEGIN.calm_spread, BEGIN.calm_step])),
        rounds // 2,
    )
    return _expected([*first_four, *np.exp(second)])


def _expected(values: Sequence[float]) -> Expected:
    """Return expectations of the six fitted values."""
    centre, spread, step, noise, calm_spread, calm_step = map(float, values)
    return Expected(centre, spread, step, noise, calm_spread, calm_step)


def _minimise(loss: Callable[[Floats], float], begin: Sequence[float], rounds: int) -> Floats:
    from scipy.optimize import minimize

    first = np.array(begin)
    simplex = np.vstack([first, first + 0.5 * np.eye(len(first))])
    options = {"maxfev": rounds, "initial_simplex": simplex}
    return np.asarray(minimize(loss, first, method="Nelder-Mead", options=options).x, np.float64)


def _loss(replayed: Sessions, expected: Expected, *, calm: bool) -> float:
    work = track(replayed.score, expected, calm=calm)[replayed.scored]
    true = replayed.work[replayed.scored] == 1
    return float(-np.mean(np.log(np.where(true, work, 1 - work) + 1e-6)))
