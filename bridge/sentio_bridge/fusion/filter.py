"""All dimensions and emotions together: one step from moment to moment; no I/O, no clock."""

from __future__ import annotations

from math import inf

import msgspec

from sentio_bridge.fusion.measurement import DIMENSIONS, Measurement
from sentio_bridge.fusion.opinion import Opinion
from sentio_bridge.fusion.settings import FusionSettings
from sentio_bridge.fusion.track import Dimension, Track
from sentio_models import AFFECT, MODALITIES

_CONTRADICTS = 8.0  # a factor on its variance that is worth telling a person


class Voice(msgspec.Struct, frozen=True, gc=False):
    """What is remembered of one modality.

    Attributes:
        last: Time of its newest measurement.
        values: What that said.
        since: Since when it has said exactly this.
        opinion: Of the emotions, or None.
    """

    last: float
    values: tuple[float, ...] = ()
    since: float = inf
    opinion: Opinion | None = None


class Moment(msgspec.Struct, frozen=True, gc=False):
    """What is known at a time; never changed in place.

    Attributes:
        time: Seconds of the LSL clock; -inf before the first measurement.
        tracks: By dimension; None where nothing was ever measured.
        voices: By modality; None where it has not spoken.
    """

    time: float
    tracks: tuple[Track | None, ...]
    voices: tuple[Voice | None, ...]


class Belief(msgspec.Struct, frozen=True, gc=False):
    """What is believed of one dimension.

    Attributes:
        mean: Near its range; clip before showing.
        variance: Above 0, at most the prior's.
        share: How much of it each modality makes up, in the order of ``MODALITIES``.
    """

    mean: float
    variance: float
    share: tuple[float, ...]


class Filter:
    """The step.

    Args:
        settings: What is assumed of people and modalities.
    """

    def __init__(self, settings: FusionSettings) -> None:
        self._settings = settings
        self.dimensions = tuple(
            Dimension(0.0, settings.affect_sd, settings.affect_tau, settings)
            if name in AFFECT
            else Dimension(settings.index_mean, settings.index_sd, settings.index_tau, settings)
            for name in DIMENSIONS
        )
        self._senses = tuple(name not in ("text", "game", "self") for name in MODALITIES)

    def start(self) -> Moment:
        """Return what is known of nobody in particular."""
        return Moment(-inf, (None,) * len(DIMENSIONS), (None,) * len(MODALITIES))

    def believe(self, at: Moment, index: int, time: float) -> Belief:
        """Return what is believed of a dimension at ``time``, not before the moment's own."""
        dimension, track = self.dimensions[index], at.tracks[index]
        if track is None:
            return Belief(dimension.mean, dimension.variance, (0.0,) * len(MODALITIES))
        mean, variance, left = dimension.at(track, time)
        return Belief(mean, variance, tuple(part * left for part in track.share))

    def step(self, at: Moment, measured: Measurement) -> Moment:
        """Take in a measurement, not captured before ``at``."""
        time, modality = measured.time, measured.modality
        before = at.voices[modality] or Voice(time)
        values, since = measured.values, before.since
        if values != before.values:
            since = time
        stuck = self._senses[modality] and time - since > self._settings.stuck_after
        doubt = self._settings.distrust if stuck else 1.0
        tracks = list(at.tracks)
        for index, z, r in measured.readings:
            dimension = self.dimensions[index]
            track = tracks[index] or dimension.start(time)
            tracks[index] = dimension.step(track, time, modality, z, r, doubt)
        opinion = before.opinion
        if measured.emotions is not None:
            tau = self._settings.emotion_tau
            opinion = Opinion.after(opinion, measured.emotions, measured.quality, time, tau)
        voices = list(at.voices)
        voices[modality] = Voice(time, values, since, opinion)
        return Moment(time, tuple(tracks), tuple(voices))

    def stuck(self, at: Moment, modality: int) -> bool:
        """Tell whether a modality's readings have not changed by a bit for too long."""
        voice = at.voices[modality]
        return (
            voice is not None
            and bool(voice.values)
            and self._senses[modality]
            and voice.last - voice.since > self._settings.stuck_after
        )

    def doubted(self, at: Moment, modality: int) -> bool:
        """Tell whether a modality contradicts the rest by more than its variance allows."""
        for track in at.tracks:
            if track is not None and track.jury.doubt[modality] > _CONTRADICTS:
                return True
        return False
