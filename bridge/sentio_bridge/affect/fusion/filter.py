"""Filter of all dimensions and emotions: one step at a time; no I/O, no clock."""

from __future__ import annotations

from math import inf

import msgspec

from sentio_bridge.affect.fusion.emotion_pool import EmotionPool
from sentio_bridge.affect.fusion.error_state import Dimension, Errors, ErrorState, Noise
from sentio_bridge.affect.fusion.measurement import DIMENSIONS, Measurement
from sentio_bridge.affect.fusion.settings import FusionSettings
from sentio_bridge.affect.fusion.trust import (
    INITIAL,
    LastMeasurement,
    TrustEstimator,
    TrustState,
)
from sentio_models import AFFECT, MODALITIES

_NOTHING = (0.0,) * len(MODALITIES)
_NO_NOISE: tuple[Noise | None, ...] = (None,) * len(DIMENSIONS)
_CONTRADICTS = 8.0  # factor on its variance from which a person is informed


class Prediction(msgspec.Struct, frozen=True, gc=False):
    """State of the filter at a time; never changed in place.

    Attributes:
        time: Seconds of the LSL clock; -inf before the first measurement.
        since: For which time the tracks' evidence is written down; it has faded since then.
        tracks: By dimension; None where nothing was ever measured.
        measurements: Newest by modality; None before the first.
        trust: Penalties of the modalities.
    """

    time: float
    since: float
    tracks: tuple[ErrorState | None, ...]
    measurements: tuple[LastMeasurement | None, ...]
    trust: TrustState


class FilterState(msgspec.Struct, frozen=True, gc=False):
    """Estimate of one dimension.

    Attributes:
        mean: Near its range; clip before showing.
        variance: Above 0, at most the prior's.
        share: Share of each modality in it, in the order of ``MODALITIES``.
    """

    mean: float
    variance: float
    share: tuple[float, ...]


def _dimension(name: str, settings: FusionSettings) -> Dimension:
    if name in AFFECT:
        return Dimension(0.0, settings.affect_sd, settings.affect_tau, settings)
    tau = settings.index_tau if name == "stress" else settings.mental_tau
    return Dimension(settings.index_mean, settings.index_sd, tau, settings)


class Filter:
    """Step of all dimensions from one measurement to the next.

    Args:
        settings: Assumptions about people and modalities.
    """

    def __init__(self, settings: FusionSettings) -> None:
        self._settings = settings
        self.dimensions = tuple(_dimension(name, settings) for name in DIMENSIONS)
        self._errors = Errors(settings)
        self._trust = TrustEstimator([dimension.mean for dimension in self.dimensions], settings)
        self._senses = tuple(name not in ("text", "game", "self") for name in MODALITIES)

    def start(self) -> Prediction:
        """Return the state before any measurement."""
        return Prediction(-inf, -inf, (None,) * len(DIMENSIONS), (None,) * len(MODALITIES), INITIAL)

    def believe(self, at: Prediction, index: int, time: float) -> FilterState:
        """Return the estimate of a dimension at ``time``, not before the state's own."""
        dimension, track = self.dimensions[index], at.tracks[index]
        if track is None:
            return FilterState(dimension.mean, dimension.variance, _NOTHING)
        mean, variance, left = dimension.at(track, at.since, max(time, at.time))
        return FilterState(mean, variance, tuple([part * left for part in track.share]))

    def step(self, at: Prediction, measured: Measurement) -> Prediction:
        """Apply a measurement, not captured before ``at``."""
        settings, time, modality = self._settings, measured.time, measured.modality
        before = at.measurements[modality]
        same = before is not None and before.values == measured.values
        since = before.since if before is not None and same else time
        stuck = same and self._senses[modality] and time - since > settings.stuck_after
        factor = settings.max_trust_penalty if stuck else 1.0
        trust = at.trust
        if time - trust.compared_at[modality] >= settings.trust_every:
            trust = self._trust.update(trust, measured, factor, at.measurements)
        tracks, written = self._written(at, time)
        if trust.inverted - at.trust.inverted:  # a modality has just been found to be inverted
            tracks = [
                None if track is None else dimension.reduced(track)
                for dimension, track in zip(self.dimensions, tracks, strict=True)
            ]
        noise = list(before.noise) if before is not None else list(_NO_NOISE)
        elapsed = time - before.last if before is not None else 0.0
        errors = self._errors.left(modality, time - written)
        penalties, passed, tau = trust.penalty[modality], None, 0.0
        for index, z, r in measured.readings:
            dimension = self.dimensions[index]
            if passed is None or dimension.tau != tau:
                passed, tau = dimension.passed(modality, written, time, errors), dimension.tau
            trusted = r * factor * penalties[index]
            current = self._errors.noise(noise[index], modality, elapsed, trusted)
            noise[index] = current
            track = tracks[index] or dimension.start(time)
            tracks[index] = dimension.step(track, passed, modality, z, current)
        emotions = before.emotions if before is not None else None
        if measured.emotions is not None:
            tau = settings.emotion_tau
            emotions = EmotionPool.after(emotions, measured.emotions, measured.quality, time, tau)
        measurements = list(at.measurements)
        measurements[modality] = LastMeasurement(
            time, measured.readings, measured.values, since, tuple(noise), emotions
        )
        return Prediction(time, written, tuple(tracks), tuple(measurements), trust)

    def _written(self, at: Prediction, time: float) -> tuple[list[ErrorState | None], float]:
        """Return the tracks, and the time at which their evidence is expressed."""
        if time - at.since <= self._errors.longest:
            return list(at.tracks), at.since
        faded: list[ErrorState | None] = [
            None if track is None else dimension.faded(track, time - at.since)
            for dimension, track in zip(self.dimensions, at.tracks, strict=True)
        ]
        return faded, time

    def stuck(self, at: Prediction, modality: int) -> bool:
        """Return whether a modality's readings have been identical for too long."""
        newest = at.measurements[modality]
        return (
            newest is not None
            and bool(newest.readings)
            and self._senses[modality]
            and newest.last - newest.since > self._settings.stuck_after
        )

    def contradicts(self, at: Prediction, modality: int) -> bool:
        """Return whether a modality contradicts the rest by more than its variance allows."""
        return max(at.trust.penalty[modality]) > _CONTRADICTS
