"""An estimate as fusion takes it: checked, clipped, as plain numbers."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from sentio_bridge.affect.fusion.settings import FusionSettings
from sentio_models import AFFECT, EMOTIONS, INDICES, MODALITIES, Estimate

DIMENSIONS = AFFECT + INDICES
"""What the filter tracks, in its order."""

LOW: tuple[float, ...] = (-1.0,) * len(AFFECT) + (0.0,) * len(INDICES)
"""Lower ends of the dimensions' ranges; the upper end is always 1."""

MODALITY_INDEX: Mapping[str, int] = {name: i for i, name in enumerate(MODALITIES)}

_PLACES: Mapping[str, tuple[int, float, float, bool]] = {
    name: (i, LOW[i], (1.0 - LOW[i]) / 2.0, name in AFFECT) for i, name in enumerate(DIMENSIONS)
}
_WIDEST = 25.0  # far beyond the square of the widest range, a variance carries no information
_LEAST_INFORMATIVE = 0.2  # less would amplify every small change of the mean
_DIRECT = frozenset({"self"})


class Measurement(msgspec.Struct, frozen=True, gc=False):
    """One estimate, placed in time.

    Attributes:
        time: Capture time, seconds of the LSL clock.
        modality: Index into ``MODALITIES``.
        quality: 0..1.
        readings: Index into ``DIMENSIONS``, value and error variance, without the prior and with
            quality taken in.
        emotions: Probabilities over ``EMOTIONS``, or None.
    """

    time: float
    modality: int
    quality: float
    readings: tuple[tuple[int, float, float], ...]
    emotions: tuple[float, ...] | None

    @property
    def values(self) -> tuple[float, ...]:
        """The measured values alone."""
        return tuple([reading[1] for reading in self.readings])

    @property
    def key(self) -> tuple[float, int]:
        """Return its place in the order of all measurements, whenever it arrives."""
        return (self.time, self.modality)


def measure(
    estimate: Estimate, time: float, settings: FusionSettings
) -> tuple[Measurement, tuple[str, ...]]:
    """Turn a finite estimate into a measurement; return what was bounded.

    A model that was fitted to people gives a posterior: the mean it expects, given what it saw,
    and the variance that is left. Both already contain the prior. Taken as a measurement they
    would be shrunk twice, and again with each repetition, so the prior is divided out: a model
    whose error is as large as the spread of people is no evidence, and a single one is used
    unchanged. Self-ratings are a measurement already.

    Args:
        estimate: With ``finite()`` true and a modality of ``MODALITIES``.
        time: When it was captured.
        settings: Gives the prior and the least deviation.

    Returns:
        The measurement, and reason codes such as ``out_of_range``.
    """
    quality = min(1.0, max(0.0, estimate.quality))
    widening = 1.0 / max(quality, settings.min_quality)
    direct = estimate.modality in _DIRECT
    reasons: tuple[str, ...] = ()
    readings = []
    affect = 0.0, settings.affect_sd**2
    indices = settings.index_mean, settings.index_sd**2
    floor = settings.min_sd * settings.min_sd
    for name, reading in estimate.readings.items():
        place = _PLACES.get(name)
        if place is None:
            continue
        index, low, half, is_affect = place
        value = min(1.0, max(low, reading.mean))
        if value != reading.mean:
            reasons = ("out_of_range",)
        variance = max(floor * half * half, reading.variance)
        middle, spread = affect if is_affect else indices
        informative = 1.0 if direct else max(_LEAST_INFORMATIVE, 1.0 - variance / spread)
        value = middle + (value - middle) / informative
        readings.append((index, value, min(_WIDEST, variance / informative) * widening))
    emotions = None
    if estimate.emotions is not None:
        emotions = _simplex(estimate.emotions)
        if emotions is None:
            reasons += ("bad_emotions",)
    modality = MODALITY_INDEX[estimate.modality]
    return Measurement(time, modality, quality, tuple(readings), emotions), reasons


def _simplex(named: Mapping[str, float]) -> tuple[float, ...] | None:
    """Return probabilities that sum to 1, or None where nothing positive was given."""
    values = [named.get(name, 0.0) for name in EMOTIONS]
    if min(values) < 0.0 or max(values) > 1.0:
        values = [min(1.0, max(0.0, value)) for value in values]
    total = sum(values)
    return tuple([value / total for value in values]) if total > 1e-9 else None
