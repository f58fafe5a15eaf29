"""Settings of the fusion; docs/fusion.md derives the defaults."""

from __future__ import annotations

from typing import Annotated

import msgspec

Seconds = Annotated[float, msgspec.Meta(gt=0, le=86_400)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Deviation = Annotated[float, msgspec.Meta(gt=0, le=2)]


class ErrorMemory(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Seconds over which a modality's errors are alike: about its window."""

    face: Seconds = 3.0
    voice: Seconds = 5.0
    body: Seconds = 30.0
    eeg: Seconds = 8.0
    text: Seconds = 10.0
    headset: Seconds = 3.0
    game: Seconds = 10.0
    self: Seconds = 30.0


class FusionSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table ``[fusion]`` of the configuration.

    Attributes:
        horizon: Seconds by which an estimate may be late and still be placed exactly. Slow
            models take under a second; network streams buffer a few.
        max_log: Maximum number of estimates kept for that, so that a flood cannot fill memory.
        max_clock_lead: Seconds by which a capture time may lie in the future (clock jitter) before
            it gets the reason ``clock_ahead``. It is placed at its arrival either way.
        affect_tau: Time constant of valence, arousal and dominance, seconds (e-fold).
        index_tau: The same for stress as the body measures it, over a minute.
        mental_tau: The same for engagement, relaxation and focus.
        affect_sd: Spread of valence, arousal and dominance over people and moments.
        index_sd: Spread of the indices: people in an experiment are stressed or
            not, which leaves them spread as wide as the range allows.
        index_mean: Value to which an index returns without evidence.
        bias_tau: Seconds in which a modality's offset for this person and scene drifts.
        bias_share: Share of a modality's error variance that is such an offset.
        coloured_share: Share that successive estimates have in common, since their windows
            overlap and faces and voices change slowly. The rest is white.
        memory: Seconds that the coloured part lasts, by modality.
        trust_tau: Seconds over which modalities are compared to find out which one is wrong.
        trust_prior: Seconds of comparison that their claimed variances count for.
        trust_every: Seconds between two comparisons; errors hardly change in less.
        trust_apart: Seconds after which two comparisons count as independent.
        tolerance: How many times its claimed variance a modality's errors may have before they
            weigh even less than noise of that size, since they are no longer taken for noise.
        inverted_prior: Prior probability that a modality is inverted: all its signs are wrong.
        max_trust_penalty: Largest factor on the variance of a modality that contradicts others.
        student_t_dof: Degrees of freedom of the Student-t for outliers (lower: they
            count less).
        min_sd: Least standard deviation of a reading, as a share of its range's half width.
        min_quality: Estimates of a lower quality are not fused.
        stuck_after: Seconds of bit-identical readings after which a sensing modality is taken
            to be stuck; its variance then grows by ``max_trust_penalty``.
        stale_after: Seconds without an estimate after which a modality is ``stale``.
        emotion_tau: Seconds over which one modality's emotion probabilities are averaged.
        emotion_age: Seconds in which its weight fades after the last of them.
        physiology_age: Maximum seconds for which a heart rate and other vital signs count as
            known; each has a shorter window of its own (``vitals``).
        known_share: Share of evidence below which a dimension is unknown.
    """

    horizon: Seconds = 5.0
    max_log: Annotated[int, msgspec.Meta(ge=16, le=65_536)] = 1024
    max_clock_lead: Seconds = 0.25
    affect_tau: Seconds = 14.0
    index_tau: Seconds = 180.0
    mental_tau: Seconds = 90.0
    affect_sd: Deviation = 0.52
    index_sd: Deviation = 0.5
    index_mean: Share = 0.35
    bias_tau: Seconds = 900.0
    bias_share: Share = 0.25
    coloured_share: Share = 0.55
    memory: ErrorMemory = ErrorMemory()
    trust_tau: Seconds = 180.0
    trust_prior: Seconds = 1.0
    trust_every: Seconds = 1.0
    trust_apart: Seconds = 4.0
    tolerance: Annotated[float, msgspec.Meta(ge=1, le=100)] = 3.0
    inverted_prior: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.05
    max_trust_penalty: Annotated[float, msgspec.Meta(ge=1, le=1000)] = 100.0
    student_t_dof: Annotated[float, msgspec.Meta(ge=1, le=1000)] = 3.0
    min_sd: Share = 0.05
    min_quality: Share = 0.1
    stuck_after: Seconds = 5.0
    stale_after: Seconds = 5.0
    emotion_tau: Seconds = 1.0
    emotion_age: Seconds = 8.0
    physiology_age: Seconds = 20.0
    known_share: Share = 0.02

    def __post_init__(self) -> None:
        """Refuse shares that leave no white noise, without which the filter is degenerate."""
        if self.bias_share + self.coloured_share > 0.99:
            raise ValueError("bias_share and coloured_share may be at most 0.99 together")
