"""Small models of one person, from moments that they labelled; no I/O, no clock.

Training is here because it is small: a ridge regression on a dozen features takes milliseconds.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sentio_bridge.errors import BridgeError
from sentio_models import Estimate, Reading

Floats = NDArray[np.float64]

LABEL_VARIANCE = 0.04
"""Error variance of a self-report: people who rate the same moment twice on -1..1 differ by
about 0.3, a deviation of 0.2 each."""

MOST_LABELS = 2000
"""Labels kept; the oldest go first."""

FRESH = 5.0
"""Seconds by which features may be older than the label that they are kept with."""

LEAST_LABELS = 24
"""Labels below which nothing is trained: cross-validation would be a lottery."""

BLOCKS = 8
"""Blocks of cross-validation. Whole stretches of time are held out, since neighbours are alike:
held out one by one, any model that remembers the time would look good."""

_PENALTIES = (0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
_ROUNDS = 2000
_CLIP = 4.0  # deviations beyond which a feature says nothing more


class PersonalError(BridgeError):
    """A personal model cannot be made, or is no better than the generic one."""


class PersonalHead(Protocol):
    """A personal model that is ready to run."""

    @property
    def dimension(self) -> str:
        """What it reads."""
        ...

    def read(self, features: Mapping[str, float]) -> Reading | None:
        """Return its reading, or None where a feature is missing or the model failed."""
        ...


@dataclass(frozen=True, slots=True)
class LabelledMoment:
    """A labelled moment.

    Attributes:
        time: Seconds of the LSL clock.
        name: Of the dimension that was labelled.
        value: In its range.
        generic: What the fused state said just before.
        features: By modality and name.
    """

    time: float
    name: str
    value: float
    generic: float
    features: Mapping[str, Mapping[str, float]]


@dataclass(slots=True)
class LabelBook:
    """Labelled moments, with the features of the same time."""

    moments: deque[LabelledMoment] = field(default_factory=lambda: deque(maxlen=MOST_LABELS))
    _newest: dict[str, tuple[float, Mapping[str, float]]] = field(default_factory=dict)

    def __len__(self) -> int:
        """Count the labels."""
        return len(self.moments)

    def take(self, estimate: Estimate, captured: float) -> None:
        """Remember an estimate's features until the next one of its modality."""
        if estimate.features:
            before = self._newest.get(estimate.modality)
            if before is None or captured >= before[0]:
                self._newest[estimate.modality] = (captured, estimate.features)

    def label(self, name: str, value: float, time: float, generic: float) -> None:
        """Keep a label with the features that are fresh enough."""
        fresh = {
            modality: dict(features)
            for modality, (captured, features) in self._newest.items()
            if abs(time - captured) <= FRESH
        }
        self.moments.append(LabelledMoment(time, name, value, generic, fresh))

    def forget(self, modality: str) -> None:
        """Drop all features of a modality, also those kept with labels."""
        self._newest.pop(modality, None)
        kept = [
            replace(m, features={k: v for k, v in m.features.items() if k != modality})
            for m in self.moments
        ]
        self.moments = deque(kept, maxlen=MOST_LABELS)


@dataclass(frozen=True, slots=True)
class Trained:
    """A linear model and how good it is on moments that it was not trained on.

    Attributes:
        modality: Whose features it reads.
        dimension: What it reads from them.
        features: Names of its inputs, in order.
        centre: Subtracted from each.
        scale: Divides each.
        weights: Multiply each.
        bias: Added.
        sd: Deviation of its held-out errors.
        gain: Share by which its held-out squared error is below the generic model's.
        gain_low: Lower end of the 95 % interval of that, over blocks of time.
        gain_high: Upper end.
        labels: How many moments.
    """

    modality: str
    dimension: str
    features: tuple[str, ...]
    centre: Floats
    scale: Floats
    weights: Floats
    bias: float
    sd: float
    gain: float
    gain_low: float
    gain_high: float
    labels: int

    def predict(self, rows: Floats) -> Floats:
        """Return the readings of feature rows, shape ``(n, features)``."""
        scaled = np.clip((rows - self.centre) / self.scale, -_CLIP, _CLIP)
        said: Floats = scaled @ self.weights + self.bias
        return said


def train(moments: Sequence[LabelledMoment], modality: str, dimension: str) -> Trained:
    """Fit a personal head and compare it with the generic model, each on held-out time.

    The generic model is given its best chance: an offset that fits it to the person is learnt on
    the same training blocks, so that a gain is more than a shift.

    Args:
        moments: Labelled ones; those without the features are left out.
        modality: Whose features to read.
        dimension: What to read.

    Raises:
        PersonalError: Too few labels or features, labels that do not vary, or no gain that is
            sure to be one. The message says by how much.
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
            f"no sure gain: held-out error {gain:+.0%} below the generic model's, "
            f"95 % interval {low:+.0%} to {high:+.0%}",
            "keep the generic model; more labels may help",
        )
    centre, scale, weights, bias = _fit(rows, truth, block)
    sd = float(np.sqrt(own.mean()))
    return Trained(
        modality, dimension, names, centre, scale, weights, bias, sd, gain, low, high, len(used)
    )


def personalised(estimate: Estimate, heads: Sequence[PersonalHead]) -> Estimate:
    """Return an estimate with the readings of personal heads in place of the generic ones."""
    if not heads:
        return estimate
    readings = dict(estimate.readings)
    for head in heads:
        reading = head.read(estimate.features)
        if reading is not None:
            readings[head.dimension] = reading
    return replace(estimate, readings=readings)


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
    scaled = np.clip((rows - centre) / scale, -_CLIP, _CLIP)
    bias = float(truth.mean())
    system = scaled.T @ scaled + penalty * np.eye(rows.shape[1])
    weights: Floats = np.linalg.solve(system, scaled.T @ (truth - bias))
    return centre, scale, weights, bias


def _apply(model: _Model, rows: Floats) -> Floats:
    centre, scale, weights, bias = model
    said: Floats = np.clip((rows - centre) / scale, -_CLIP, _CLIP) @ weights + bias
    return said


def _gain(own: Floats, other: Floats, block: NDArray[np.int64]) -> tuple[float, float, float]:
    """Return the gain and its interval, resampling whole blocks."""
    mine = np.array([own[block == g].sum() for g in range(BLOCKS)])
    theirs = np.array([other[block == g].sum() for g in range(BLOCKS)])
    draws = np.random.default_rng(0).integers(BLOCKS, size=(_ROUNDS, BLOCKS))
    ratios = mine[draws].sum(axis=1) / np.maximum(theirs[draws].sum(axis=1), 1e-12)
    low, high = np.percentile(1.0 - ratios, (2.5, 97.5))
    return 1.0 - float(mine.sum() / max(theirs.sum(), 1e-12)), float(low), float(high)
