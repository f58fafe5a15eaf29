"""Fit personal models to labelled moments: ridge regressions; no I/O, no clock.

Training is here because it is small: a dozen features take milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_bridge.affect.personal.labels import LabelledMoment
from sentio_bridge.affect.personal.model import CLIP, PersonalModel
from sentio_bridge.errors import BridgeError

Floats = NDArray[np.float64]

LEAST_LABELS = 24
"""Labels below which nothing is trained: cross-validation would be a lottery."""

BLOCKS = 8
"""Blocks of cross-validation. Whole stretches of time are held out, since neighbours are alike:
held out one by one, any model that remembers the time would look good."""

_PENALTIES = (0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
_ROUNDS = 2000


class PersonalError(BridgeError):
    """A personal model cannot be made, or is no better than the generic one."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result for one modality and dimension.

    Attributes:
        modality: Whose features.
        dimension: What was labelled.
        labels: How many of them had such features.
        model: The personal model, or None where it was refused.
        reason: Why it was refused; empty where it was not.
        fix: What a person can do about it.
    """

    modality: str
    dimension: str
    labels: int
    model: PersonalModel | None = None
    reason: str = ""
    fix: str = ""

    def body(self) -> dict[str, Any]:
        """Return it in the form of PROTOCOL.md, section 6."""
        return {
            "modality": self.modality,
            "dimension": self.dimension,
            "labels": self.labels,
            "accepted": self.model is not None,
            "gain": None if self.model is None else self.model.gain,
            "gain_low": None if self.model is None else self.model.gain_low,
            "reason": self.reason,
            "fix": self.fix,
        }


def train_all(moments: Sequence[LabelledMoment]) -> list[Outcome]:
    """Train a model for every modality and dimension that was labelled.

    Args:
        moments: The person's labelled moments.

    Raises:
        PersonalError: Nothing was labelled while a modality had features.
    """
    pairs = sorted({(modality, m.name) for m in moments for modality in m.features})
    if not pairs:
        raise PersonalError(
            "there are no labels with features of the same moment",
            "label moments while sensors run: send 'label' requests from the engine",
        )
    outcomes = []
    for modality, dimension in pairs:
        count = sum(m.name == dimension and bool(m.features.get(modality)) for m in moments)
        try:
            model = train(moments, modality, dimension)
        except PersonalError as error:
            outcomes.append(Outcome(modality, dimension, count, reason=error.what, fix=error.fix))
        else:
            outcomes.append(Outcome(modality, dimension, count, model))
    return outcomes


def together(before: Sequence[PersonalModel], outcomes: Sequence[Outcome]) -> list[PersonalModel]:
    """Return the profile's models: new ones in place of older ones of the same kind."""
    made = {(o.modality, o.dimension): o.model for o in outcomes if o.model is not None}
    kept = [m for m in before if (m.modality, m.dimension) not in made]
    return [*kept, *made.values()]


def train(moments: Sequence[LabelledMoment], modality: str, dimension: str) -> PersonalModel:
    """Fit a personal model and compare it with the generic one on held-out time.

    The generic model is given its best chance: an offset that fits it to the person is learnt on
    the same training blocks, so that a gain is more than a shift.

    Args:
        moments: Labelled ones; those without the features are left out.
        modality: Whose features to read.
        dimension: What to read.

    Raises:
        PersonalError: Too few labels or features, labels that do not vary, or no gain that is
            sure to be one. The message states by how much.
    """
    used = sorted(
        (m for m in moments if m.name == dimension and m.features.get(modality)),
        key=lambda m: m.time,
    )
    if len(used) < LEAST_LABELS:
        raise PersonalError(
            f"{len(used)} labels of {dimension} with {modality} features, "
            f"at least {LEAST_LABELS} are needed",
            "label more moments, spread over different feelings",
        )
    names = tuple(sorted(set.intersection(*(set(m.features[modality]) for m in used))))
    truth = np.array([m.value for m in used])
    generic = np.array([m.generic for m in used])
    rows = np.array([[m.features[modality][name] for name in names] for m in used])
    vary = rows.std(axis=0) > 1e-9 if len(names) else np.zeros(0, np.bool_)
    if not vary.any() or truth.std() < 1e-3:
        raise PersonalError(
            f"the labels of {dimension} or the features of {modality} do not vary",
            "label calm moments and tense ones",
        )
    rows, names = rows[:, vary], tuple(n for n, v in zip(names, vary, strict=True) if v)
    block = np.arange(len(used)) * BLOCKS // len(used)
    mine, theirs = np.empty(len(used)), np.empty(len(used))
    for held in range(BLOCKS):
        test, rest = block == held, block != held
        model = _fit(rows[rest], truth[rest], block[rest])
        mine[test] = _apply(model, rows[test])
        theirs[test] = generic[test] + np.mean(truth[rest] - generic[rest])
    own, other = (truth - np.clip(mine, -1, 1)) ** 2, (truth - theirs) ** 2
    gain, low, high = _gain(own, other, block)
    if low <= 0:
        raise PersonalError(
            f"no clear gain: held-out error {gain:+.0%} below the generic model's, "
            f"95 % interval {low:+.0%} to {high:+.0%}",
            "keep the generic model; more labels may help",
        )
    centre, scale, weights, bias = _fit(rows, truth, block)
    return PersonalModel(
        modality=modality,
        dimension=dimension,
        features=names,
        mean=tuple(centre.tolist()),
        scale=tuple(scale.tolist()),
        weights=tuple(weights.tolist()),
        bias=bias,
        variance=float(own.mean()),
        gain=gain,
        gain_low=low,
        labels=len(used),
    )


_Model = tuple[Floats, Floats, Floats, float]


def _fit(rows: Floats, truth: Floats, block: NDArray[np.int64]) -> _Model:
    """Fit a ridge regression; its penalty is chosen on blocks of the rows given."""
    groups = np.unique(block)
    errors = []
    for penalty in _PENALTIES:
        squares = [
            (
                truth[block == g]
                - _apply(_ridge(rows[block != g], truth[block != g], penalty), rows[block == g])
            )
            ** 2
            for g in groups
        ]
        errors.append(float(np.concatenate(squares).mean()))
    return _ridge(rows, truth, _PENALTIES[int(np.argmin(errors))])


def _ridge(rows: Floats, truth: Floats, penalty: float) -> _Model:
    centre = rows.mean(axis=0)
    scale = np.maximum(rows.std(axis=0), 1e-9)
    scaled = np.clip((rows - centre) / scale, -CLIP, CLIP)
    bias = float(truth.mean())
    system = scaled.T @ scaled + penalty * np.eye(rows.shape[1])
    weights: Floats = np.linalg.solve(system, scaled.T @ (truth - bias))
    return centre, scale, weights, bias


def _apply(model: _Model, rows: Floats) -> Floats:
    centre, scale, weights, bias = model
    predicted: Floats = np.clip((rows - centre) / scale, -CLIP, CLIP) @ weights + bias
    return predicted


def _gain(own: Floats, other: Floats, block: NDArray[np.int64]) -> tuple[float, float, float]:
    """Return the gain and its interval, resampling whole blocks."""
    mine = np.array([own[block == g].sum() for g in range(BLOCKS)])
    theirs = np.array([other[block == g].sum() for g in range(BLOCKS)])
    draws = np.random.default_rng(0).integers(BLOCKS, size=(_ROUNDS, BLOCKS))
    ratios = mine[draws].sum(axis=1) / np.maximum(theirs[draws].sum(axis=1), 1e-12)
    low, high = np.percentile(1.0 - ratios, (2.5, 97.5))
    return 1.0 - float(mine.sum() / max(theirs.sum(), 1e-12)), float(low), float(high)
