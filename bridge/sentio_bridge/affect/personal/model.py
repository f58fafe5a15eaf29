"""A small linear model of one person, as weights; no I/O, no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Annotated

import msgspec
import numpy as np

from sentio_models import Estimate, Reading

CLIP = 4.0
"""Standard deviations at which a feature is cut off: beyond, it carries no more information."""

Positive = Annotated[float, msgspec.Meta(gt=0)]


class PersonalModel(msgspec.Struct, frozen=True, kw_only=True):
    """A linear model that was trained on this person's own labelled moments.

    It reads ``clip((features - mean) / scale, -CLIP, CLIP) @ weights + bias``.

    Attributes:
        modality: Whose features it reads.
        dimension: What it reads from them.
        features: Names of its inputs, in order.
        mean: Subtracted from each, in the feature's unit.
        scale: Divides each, in the feature's unit.
        weights: Multiply each; the dimension's unit per standard deviation.
        bias: Added.
        variance: Mean squared error on moments that it was not trained on.
        gain: Share by which that error is below the generic model's.
        gain_low: Lower end of the 95 % interval of the gain.
        labels: How many moments it was trained on.
    """

    modality: str
    dimension: str
    features: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[Positive, ...]
    weights: tuple[float, ...]
    bias: float
    variance: Positive
    gain: float
    gain_low: float
    labels: int

    def __post_init__(self) -> None:
        """Refuse rows of different lengths and numbers that are not finite."""
        lengths = {len(self.features), len(self.mean), len(self.scale), len(self.weights)}
        if len(lengths) > 1:
            raise ValueError("features, mean, scale and weights have different lengths")
        if not all(map(isfinite, (*self.mean, *self.scale, *self.weights, self.bias))):
            raise ValueError("a weight is not finite")

    def read(self, features: Mapping[str, float]) -> Reading | None:
        """Return the model's reading.

        Args:
            features: By name, of one estimate of the modality.

        Returns:
            None where a feature is missing.
        """
        if any(name not in features for name in self.features):
            return None
        row = np.array([features[name] for name in self.features])
        scaled = np.clip((row - self.mean) / self.scale, -CLIP, CLIP)
        return Reading(float(scaled @ np.asarray(self.weights)) + self.bias, self.variance)


def personalised(estimate: Estimate, models: Sequence[PersonalModel]) -> Estimate:
    """Return an estimate with personal readings in place of the generic ones."""
    if not models:
        return estimate
    readings = dict(estimate.readings)
    for model in models:
        reading = model.read(estimate.features) if model.modality == estimate.modality else None
        if reading is not None:
            readings[model.dimension] = reading
    return msgspec.structs.replace(estimate, readings=readings)
